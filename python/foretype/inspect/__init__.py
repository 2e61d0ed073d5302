"""The report on what Foretype knows of its owner: one page that works without a network.

    inspected = inspect(model_path, profile)
    write_page(path, sections(inspected), about="...", words=True)

The page's plots need the extra: pip install 'foretype[inspect]'.
"""

from foretype.inspect.page.write import check_place, write_page
from foretype.inspect.replay_points import ReplayReport, read_replay
from foretype.inspect.report import Inspected, export, inspect, sections

__all__ = [
    "Inspected",
    "ReplayReport",
    "check_place",
    "export",
    "inspect",
    "read_replay",
    "sections",
    "write_page",
]
