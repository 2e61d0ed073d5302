"""What stands before the user's eyes, and how many distinct shows that makes."""


class Screen:
    """Counts shows.

    Invariant: `ghost` is the ghost text on the screen now, "" if none.
    """

    __slots__ = ("_counted_wrong", "ghost", "shows", "wrong")

    def __init__(self) -> None:
        self.ghost = ""
        self.shows = 0
        self.wrong = 0
        self._counted_wrong = False

    def insert(self, text: str) -> None:
        """`text` came in at the caret: of a ghost text typed along, the rest stays."""
        self.ghost = self.ghost[len(text) :] if self.ghost.startswith(text) else ""

    def show(self, ghost: str, *, right: bool) -> bool:
        """The engine's answer after a key: `right` judges the next word of the ghost text.

        Returns whether it is a new show.

        One show lasts as long as its text is the rest of itself. It counts as wrong, once,
        as soon as a word of it that comes next is not what the author wrote.
        """
        new = bool(ghost) and ghost != self.ghost
        if new:
            self.shows += 1
            self._counted_wrong = False
        self.ghost = ghost
        if ghost and not right and not self._counted_wrong:
            self.wrong += 1
            self._counted_wrong = True
        return new
