"""Lets the tests here import what stands beside them, such as `core_lists`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
