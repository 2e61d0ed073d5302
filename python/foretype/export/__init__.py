"""A model container written as other runtimes read it: dense, so that they can check our numbers.

What each format needs is imported when it is written.
"""

from foretype.export.export import FORMATS, Format, export, export_steps

__all__ = ["FORMATS", "Format", "export", "export_steps"]
