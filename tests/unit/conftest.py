"""Lets the tests here import what stands beside them, such as `replay_engine`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
