"""The extra that training and pruning need: torch. The vocabulary and the texts work without."""

from importlib.util import find_spec

from foretype.errors import SettingError

MISSING = "Compressing a model needs torch: install it with pip install 'foretype[compress]'."


def require() -> None:
    """Raises SettingError, before any work is done, where torch is not installed."""
    if find_spec("torch") is None:
        raise SettingError(MISSING)
