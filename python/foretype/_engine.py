"""The engine: the model and the English background, shared by all sessions."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

from foretype import _core
from foretype._field import Field
from foretype._profile import Profile
from foretype._session import Proposers, Session
from foretype._text import to_bytes
from foretype.profile.keeper import Keeper, open_keeper
from foretype.profile.place import default_folder


class Engine:
    """What all sessions share. Holds nothing of any user.

    >>> engine = Engine.open(language_model=False)
    >>> session = engine.session(engine.profile())
    >>> session.type("Thank yo")
    >>> session.suggest().text
    'u'
    """

    def __init__(self, core: _core.Engine, *, model_path: Path | None) -> None:
        self._core = core
        self._model_path = model_path

    @classmethod
    def open(
        cls,
        model: Path | None = None,
        *,
        language_model: bool = True,
        background: Path | None = None,
        kernels: str | None = None,
    ) -> Engine:
        """Open the model (memory-mapped) and the English background.

        Args:
            model: a model container; None for the one that comes with Foretype.
            language_model: False leaves the language model out: the trie alone proposes.
            background: a background file; None for the one in the package.
            kernels: name of the kernels to force; None for the environment variable
                FORETYPE_KERNELS, and without that the best that this processor can run.

        Raises:
            ModelError: the model is missing, damaged or of a kind that is not supported.
            BackgroundError: the same of the background.
        """
        data = (
            background.read_bytes()
            if background
            else resources.files("foretype").joinpath("data", "background.bin").read_bytes()
        )
        buffer = None
        path = None
        if language_model:
            from foretype import model as models

            path = model or models.default_path()
            buffer = models.open_model(path).buffer
        name = kernels if kernels is not None else os.environ.get("FORETYPE_KERNELS", "")
        return cls(_core.Engine(buffer, data, name), model_path=path)

    @property
    def kernels(self) -> str:
        """Name of the kernels in use, "" without a language model."""
        return self._core.kernels()

    @property
    def model_path(self) -> Path | None:
        """The model container, None without a language model."""
        return self._model_path

    def profile(self, *, today: Callable[[], date] = date.today) -> Profile:
        """A new, empty profile in memory; `today` is asked for the day on which it learns."""
        core = _core.Profile(self._core)
        return Profile(self._core, core, Keeper(core), today=today)

    def open_profile(self, folder: Path | None = None, *, read_only: bool = False) -> Profile:
        """The profile in a folder, made if it is not there. Close it when done.

        Where the files are damaged, cannot be written, or are in use by another process, the
        profile opens as well as it can and `Profile.trouble` says what is the matter.

        Args:
            folder: None for the user's own: FORETYPE_PROFILE, or where the system keeps user data.
            read_only: leave the files alone: what is learned goes when the profile is closed.

        Raises:
            ProfileError: the files were written by a newer version; they are left alone.
        """
        core = _core.Profile(self._core)
        keeper = open_keeper(core, folder or default_folder(), read_only=read_only)
        return Profile(self._core, core, keeper)

    def session(
        self,
        profile: Profile,
        *,
        context: str = "",
        field: Field | None = None,
        proposers: Proposers = "both",
        wrong_per_100_words: float | None = None,
        **tuning: float,
    ) -> Session:
        """Begin an editing session of this profile's owner.

        Args:
            profile: whose words and memory to use, and where to learn.
            context: where the field stands: a client, an app, a site. What is learned in one is
                offered there first, and nowhere else if it is private.
            field: what is known about the field. In one that is refused (a password, a card
                number, a private window) the session reads nothing and shows nothing.
            proposers: "both", or one of them alone for measuring.
            wrong_per_100_words: the user's dial; None shows the best at every key.
            tuning: for experiments; names in python/bindings/engine.cpp.
        """
        core = _core.make_session(
            self._core,
            profile._core,
            to_bytes(context),
            (field or Field())._core(),
            proposers != "lm",
            proposers != "trie",
            -1.0 if wrong_per_100_words is None else wrong_per_100_words,
            tuning,
        )
        return Session(core, profile)

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        """Nats that the language model needs for `text` after `before`."""
        return self._core.negative_log_likelihood(to_bytes(text), to_bytes(before))
