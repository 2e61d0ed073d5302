"""`python -m foretype.cli`: the command, where it is not on the path."""

import sys

from foretype.cli import main

sys.exit(main())
