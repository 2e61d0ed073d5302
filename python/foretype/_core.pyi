"""The Foretype engine: what runs at each keystroke."""

from collections.abc import Buffer, Sequence
import enum
from typing import Annotated, Final, overload

import numpy
from numpy.typing import NDArray


class Field:
    """What is known about a text field: core/src/context/field.h."""

    def __init__(self) -> None: ...

    @property
    def type(self) -> str: ...

    @type.setter
    def type(self, arg: str, /) -> None: ...

    @property
    def autocomplete(self) -> str: ...

    @autocomplete.setter
    def autocomplete(self, arg: str, /) -> None: ...

    @property
    def name(self) -> str: ...

    @name.setter
    def name(self, arg: str, /) -> None: ...

    @property
    def id(self) -> str: ...

    @id.setter
    def id(self, arg: str, /) -> None: ...

    @property
    def label(self) -> str: ...

    @label.setter
    def label(self, arg: str, /) -> None: ...

    @property
    def ever_password(self) -> bool: ...

    @ever_password.setter
    def ever_password(self, arg: bool, /) -> None: ...

    @property
    def private_window(self) -> bool: ...

    @private_window.setter
    def private_window(self, arg: bool, /) -> None: ...

    @property
    def terminal(self) -> bool: ...

    @terminal.setter
    def terminal(self, arg: bool, /) -> None: ...

    @property
    def read_only(self) -> bool: ...

    @read_only.setter
    def read_only(self, arg: bool, /) -> None: ...

    @property
    def writing_suggestions(self) -> bool: ...

    @writing_suggestions.setter
    def writing_suggestions(self, arg: bool, /) -> None: ...

def refusal_of(field: Field) -> str:
    """
    Why nothing is shown in the field, a sentence; empty if nothing is refused.
    """

def may_read(field: Field) -> bool:
    """True if the field's text may be read and learned."""

def secret_ranges(text: bytes) -> list[tuple[int, int]]:
    """
    (begin, end) of what must not be learned, in bytes: core/src/context/secrets.h.
    """

def undecided_from(text: bytes) -> int:
    """
    Where the part begins, in bytes, that more typing could still make secret.
    """

def kernels_available() -> list[str]:
    """
    Names of the kernels that can run here, the best first and "scalar" last.
    """

def quantize(kernels: str, x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> tuple:
    """
    Vectors [count, columns] -> (q, scale, sum) in groups of 32 columns: x = scale * q.

    Raises ValueError for unknown kernels.
    """

def matmul_int4(kernels: str, q: Annotated[NDArray[numpy.uint8], dict(shape=(None, None, 64), order='C', device='cpu', writable=False)], scale: Annotated[NDArray[numpy.uint16], dict(shape=(None, None, 16), order='C', device='cpu', writable=False)], offset: Annotated[NDArray[numpy.uint16], dict(shape=(None, None, 16), order='C', device='cpu', writable=False)], x_q: Annotated[NDArray[numpy.int8], dict(shape=(None, None), order='C', device='cpu', writable=False)], x_scale: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], x_sum: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """
    Packed weights times quantised vectors: [count, rows]. Scales are the bits of binary16.

    Raises ValueError for unknown kernels or shapes that do not fit.
    """

def matmul_int8(kernels: str, q: Annotated[NDArray[numpy.int8], dict(shape=(None, None, 16, 4), order='C', device='cpu', writable=False)], scale: Annotated[NDArray[numpy.uint16], dict(shape=(None, None, 16), order='C', device='cpu', writable=False)], x_q: Annotated[NDArray[numpy.int8], dict(shape=(None, None), order='C', device='cpu', writable=False)], x_scale: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], x_sum: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """
    Packed weights times quantised vectors: [count, rows]. Scales are the bits of binary16.

    Raises ValueError for unknown kernels or shapes that do not fit.
    """

class Tokenizer:
    """Byte-level BPE, equal to the `tokenizers` library."""

    def __init__(self, tokens: Sequence[bytes], merges: Annotated[NDArray[numpy.uint32], dict(shape=(None, 2), order='C', device='cpu', writable=False)], specials: Sequence[int]) -> None:
        """
        tokens[id] is the token's bytes; merges: uint32 [count, 2] in rank order.

        Raises foretype.errors.ModelError where these contradict each other.
        """

    @property
    def vocabulary(self) -> int:
        """Number of tokens."""

    def encode(self, text: bytes) -> list[int]:
        """Token ids of any bytes; UTF-8 is meant."""

    def decode(self, tokens: Sequence[int]) -> bytes:
        """Bytes of the tokens; control tokens have none."""

    def bytes(self, token: int) -> bytes:
        """Bytes of one token; empty for a control token or an id out of range."""

    def is_special(self, token: int) -> bool:
        """True for a control token."""

    @staticmethod
    def stable_prefix(text: bytes) -> int:
        """Byte offset up to which tokens stay, whatever is typed after `text`."""

    def sorted(self) -> list[int]:
        """Token ids in the order of their bytes, control tokens left out."""

    def with_prefix(self, prefix: bytes) -> tuple[int, int]:
        """
        (first, last): sorted()[first:last] are the tokens that start with `prefix`.
        """

def units(text: bytes) -> list[tuple[int, int, bool]]:
    """
    (begin, end, space_before) of the units of `text`, in bytes: core/src/context/units.h.
    """

def is_word(unit: bytes) -> bool:
    """True for a unit with a letter or a digit."""

def starts_sentence(before: bytes) -> bool:
    """True if a word after `before` opens a sentence."""

def parse_model(buffer: Buffer) -> dict[str, object]:
    """
    Check a model container; its configuration and what it says of itself.

    Raises foretype.errors.ModelError. Nothing of `buffer` is kept.
    """

class Projection:
    """The public projection of hidden states."""

    def __init__(self, width: int) -> None: ...

    def project(self, x: bytes) -> bytes:
        """float32 [width] -> float32 [64]."""

    @staticmethod
    def is_negative(row: int, column: int) -> bool: ...

class Prototypes:
    """Means of projected states, float32 [64]."""

    def __init__(self) -> None: ...

    def add(self, state: bytes, hit: bool) -> bool:
        """False, and nothing done, for a state that is not usable."""

    def hit_rate(self, arg: bytes, /) -> float: ...

    def all(self) -> tuple[bytes, list[int], list[int]]: ...

    def drop_small(self) -> None: ...

    def write(self) -> bytes: ...

    def read(self, bytes: bytes) -> bool:
        """False, and none, where they are damaged."""

class Signatures:
    """Mini-batches of one layer after the other."""

    def __init__(self) -> None: ...

    def fit(self, units: Sequence[int]) -> None:
        """For a model with so many units in each layer."""

    def layer(self) -> int:
        """The one that is watched, -1 for none."""

    def add(self, layer: int, input: bytes, activations: bytes) -> None: ...

    def tokens(self) -> int:
        """Of the mini-batch that is not finished."""

    def refused(self) -> int: ...

    def take(self) -> list[tuple[int, int, bytes, bytes]]: ...

    def wipe(self) -> None: ...

def cut_units(text: str) -> list[str]:
    """The units of a text: words, marks, line ends."""

def fold_case(text: str) -> str:
    """Every letter small, in the trie's sense: the number of bytes stays."""

class Background:
    """English unigrams and bigrams, read-only."""

    @staticmethod
    def parse(buffer: Buffer) -> Background:
        """
        Check and take a background file. Raises foretype.errors.BackgroundError.
        """

    @property
    def words(self) -> int: ...

class TrieCandidate:
    """A unit that fits, with its probability."""

    @property
    def unit(self) -> str: ...

    @property
    def probability(self) -> float: ...

    @property
    def order(self) -> int: ...

    @property
    def count(self) -> int: ...

class TrieProposal:
    """Candidates, best first, and the prefix's mass."""

    @property
    def candidates(self) -> list[TrieCandidate]: ...

    @property
    def mass(self) -> float: ...

    @property
    def rest(self) -> float: ...

class TrieWeights:
    """The numbers of the trie's probability."""

    def __init__(self) -> None: ...

    @property
    def discount(self) -> list[float]: ...

    @discount.setter
    def discount(self, arg: Sequence[float], /) -> None: ...

    @property
    def strength(self) -> list[float]: ...

    @strength.setter
    def strength(self, arg: Sequence[float], /) -> None: ...

    @property
    def background_bigrams(self) -> float: ...

    @background_bigrams.setter
    def background_bigrams(self, arg: float, /) -> None: ...

    @property
    def recent(self) -> float: ...

    @recent.setter
    def recent(self, arg: float, /) -> None: ...

    @property
    def recent_units(self) -> int: ...

    @recent_units.setter
    def recent_units(self, arg: int, /) -> None: ...

    @property
    def to_title(self) -> float: ...

    @to_title.setter
    def to_title(self, arg: float, /) -> None: ...

    @property
    def to_upper(self) -> float: ...

    @to_upper.setter
    def to_upper(self, arg: float, /) -> None: ...

    @property
    def to_lower(self) -> float: ...

    @to_lower.setter
    def to_lower(self, arg: float, /) -> None: ...

    @property
    def shout_uses(self) -> int: ...

    @shout_uses.setter
    def shout_uses(self, arg: int, /) -> None: ...

    @property
    def opening_capitals(self) -> float: ...

    @opening_capitals.setter
    def opening_capitals(self, arg: float, /) -> None: ...

    @property
    def opening_smalls(self) -> float: ...

    @opening_smalls.setter
    def opening_smalls(self, arg: float, /) -> None: ...

    @property
    def context_unigrams(self) -> float: ...

    @context_unigrams.setter
    def context_unigrams(self, arg: float, /) -> None: ...

    @property
    def half_life_days(self) -> float: ...

    @half_life_days.setter
    def half_life_days(self, arg: float, /) -> None: ...

    @property
    def faded(self) -> float: ...

    @faded.setter
    def faded(self, arg: float, /) -> None: ...

    @property
    def offered(self) -> float: ...

    @offered.setter
    def offered(self, arg: float, /) -> None: ...

    @property
    def phrase_uses(self) -> int: ...

    @phrase_uses.setter
    def phrase_uses(self, arg: int, /) -> None: ...

    @property
    def phrase_share(self) -> float: ...

    @phrase_share.setter
    def phrase_share(self, arg: float, /) -> None: ...

class WordRow:
    """One unit in use, in one case form. Days from 1970-01-01."""

    def __init__(self, unit: str, *, inside: int = 0, opening: int = 0, accepted: int = 0, rejected: int = 0, first_day: int = 0, last_day: int = 0) -> None: ...

    @property
    def unit(self) -> str: ...

    @property
    def inside(self) -> int: ...

    @property
    def opening(self) -> int: ...

    @property
    def accepted(self) -> int: ...

    @property
    def rejected(self) -> int: ...

    @property
    def first_day(self) -> int: ...

    @property
    def last_day(self) -> int: ...

class NgramRow:
    """One n-gram of order 2 to 5; context oldest first."""

    def __init__(self, context: Sequence[str], unit: str, *, count: int, day: int = 0) -> None: ...

    @property
    def context(self) -> list[str]: ...

    @property
    def unit(self) -> str: ...

    @property
    def count(self) -> int: ...

    @property
    def day(self) -> int: ...

class TrieBase(enum.Enum):
    """What a trie stands on."""

    BACKGROUND = 0
    """English."""

    NOTHING = 1
    """Another trie, which gets the rest."""

class Trie:
    """The user's n-grams of orders 1 to 5, on a background."""

    def __init__(self, background: Background | None = None, weights: TrieWeights | None = None) -> None: ...

    def learn(self, history: Sequence[str], unit: str) -> None:
        """One more use of `unit` after `history` (oldest first)."""

    def unlearn(self, history: Sequence[str], unit: str) -> None:
        """The exact inverse of learn()."""

    def set_today(self, day: int) -> None:
        """The day, counted from 1970-01-01."""

    def accepted(self, unit: str, change: int = 1) -> None:
        """Suggestions of `unit` that were taken and kept: so many more."""

    def rejected(self, unit: str, change: int = 1) -> None:
        """Suggestions of `unit` that were taken and then erased: so many more."""

    def propose(self, history: Sequence[str], prefix: str, *, sentence_start: bool = False, limit: int = 5, base: TrieBase = TrieBase.BACKGROUND) -> TrieProposal:
        """Units that begin with `prefix`, at most `limit`, most probable first."""

    def probability(self, history: Sequence[str], unit: str, *, sentence_start: bool = False, base: TrieBase = TrieBase.BACKGROUND) -> float:
        """P(unit | history) of one unit, as it would be shown."""

    def rest(self, history: Sequence[str]) -> float:
        """The share of P that a trie on NOTHING leaves to the one below."""

    def phrase(self, history: Sequence[str]) -> list[str]:
        """The units that follow `history` with near certainty."""

    def words(self) -> list[WordRow]:
        """Every unit in use."""

    def ngram_rows(self, start: int = 0, most: int = 4096) -> tuple[list[NgramRow], int | None]:
        """
        About `most` n-grams of order 2 and more, and where to go on; None at the end.
        """

    def describe(self, word: str) -> list[WordRow]:
        """Every form of a word that is in use."""

    @overload
    def add(self, row: WordRow, sign: int = 1) -> None: ...

    @overload
    def add(self, row: NgramRow, sign: int = 1) -> None:
        """Add the counts of a row (sign 1) or take them away (sign -1)."""

    def add_all(self, other: Trie, sign: int = 1) -> None:
        """The same for every row of another trie."""

    def forget_word(self, word: str) -> int:
        """Forget a word in every case form; the number of n-grams that went."""

    def forget_phrase(self, units: Sequence[str]) -> int:
        """Forget the n-grams that hold neighbouring units of a phrase."""

    def prune(self, most_ngrams: int) -> int:
        """Drop what is least useful until at most so many n-grams are left."""

    def save(self) -> bytes:
        """Everything as bytes: docs/formats/profile.md, trie section."""

    @staticmethod
    def load(buffer: Buffer, background: Background | None = None, weights: TrieWeights | None = None) -> Trie:
        """
        The trie that save() made bytes of. Raises foretype.errors.ProfileError.
        """

    @property
    def ngrams(self) -> int: ...

    @property
    def memory_bytes(self) -> int: ...

    def __eq__(self, arg: Trie, /) -> bool: ...

def features(prefix: bytes, language_model_answered: bool, share: float, proposed: Sequence[tuple[bytes, float, float, int, int, int]]) -> list[list[float]]:
    """
    Of proposals (text, trie, language model, source, order, count) of one round.
    """

class Judgement:
    """What outcomes taught: ranker, calibration, gate."""

    def __init__(self) -> None: ...

    def weights(self) -> list[float]: ...

    def probability(self, arg: Sequence[float], /) -> float: ...

    def learn(self, arg0: Sequence[float], arg1: bool, /) -> None: ...

    def calibrated(self, arg: float, /) -> float: ...

    def calibrate(self, arg0: float, arg1: bool, /) -> None: ...

    def price(self, arg: float, /) -> float: ...

    def finished_word(self, arg0: float, arg1: int, /) -> None: ...

    def save(self) -> bytes: ...

    def load(self, arg: bytes, /) -> bool: ...

class Engine:
    def __init__(self, model: object | None, background: object | None, kernels: str) -> None: ...

    def kernels(self) -> str: ...

    def negative_log_likelihood(self, arg0: bytes, arg1: bytes, /) -> float: ...

    def decode(self, arg0: Sequence[int], arg1: int, arg2: bool, /) -> list[int]: ...

class Profile:
    """What is known about one user. All text is bytes."""

    def __init__(self, arg: Engine, /) -> None: ...

    def learn(self, text: bytes, context: bytes = ...) -> None:
        """Learn a finished message: its n-grams and, as memory, its text."""

    def set_day(self, today: int) -> None:
        """Days since 1970-01-01."""

    @property
    def paused(self) -> bool: ...

    @paused.setter
    def paused(self, arg: bool, /) -> None: ...

    def judgement(self) -> Judgement:
        """A copy of what outcomes taught."""

    def attention(self) -> float: ...

    def habit(self) -> tuple[int, int]:
        """Right suggestions that were seen, and that were typed out by hand."""

    def forget_all(self) -> None: ...

    def forget(self, text: bytes) -> tuple[int, int]:
        """Forget a word or phrase: n-grams and messages that went."""

    def holds(self, arg: bytes, /) -> bool: ...

    def make_room(self, most: int = 1000000) -> int:
        """Drop the least useful n-grams beyond so many; returns how many went."""

    def forget_context(self, name: bytes) -> tuple[int, int]:
        """N-grams and messages that went."""

    def take_back(self, operations: bytes) -> tuple[int, int]:
        """
        What these drained operations added on balance goes: n-grams and messages.
        """

    def set_private(self, context: bytes, private: bool) -> None: ...

    def block(self, arg: bytes, /) -> bool: ...

    def unblock(self, arg: bytes, /) -> bool: ...

    def blocked(self) -> list: ...

    def keep_journal(self, kept: bool) -> None:
        """Whether operations are kept for drain(); they are, at first."""

    def drain(self) -> bytes: ...

    def replay(self, operations: bytes) -> int: ...

    def checkpoint(self) -> tuple[bytes, list[tuple[str, bytes]]]:
        """
        drain() and save() at one moment: between two calls another thread could learn.
        """

    def save(self) -> list[tuple[str, bytes]]: ...

    def save_counts(self) -> list[tuple[str, bytes]]:
        """Of save(), the sections that no operation tells of."""

    def load(self, sections: Sequence[tuple[str, bytes]]) -> None: ...

    max_ngrams: Final[int] = ...
    """Where make_room() cuts."""

    def ngrams(self) -> int: ...

    def memory_bytes(self) -> int: ...

    def contexts(self) -> list[tuple[bytes, bool, int]]:
        """(name, private, n-grams) of each context but the common one."""

    def tally(self) -> tuple:
        """words, shown, accepted, typed_through, missed, retained, keys_saved"""

    def hit_table(self) -> bytes:
        """
        uint32, little-endian: [shown, accepted, typed through, missed, retained][rank 1..5][decile][letters typed 0..3+][trie, language model, both].
        """

    def messages(self) -> list[tuple[bytes, int, bytes]]:
        """(context, day, text), oldest first."""

    def describe(self, word: bytes) -> list[tuple[bytes, int, bytes, int, int, int, int, int, int]]:
        """
        (context, rung, unit, inside, opening, accepted, rejected, first day, last day) of each form in each context.
        """

    def newest_words(self, context: bytes, prefix: bytes, own_only: bool, most: int) -> list[tuple[bytes, int, int, int]]:
        """(folded word, uses, first day, last day), the newest first."""

    def word_count(self, context: bytes) -> int:
        """Words in use, each in all its forms."""

    def words(self, context: bytes, first: int, most: int) -> list[tuple[bytes, int, int, int, int, int, int, int]]:
        """
        (unit, inside, opening, accepted, rejected, first day, last day, rung), at most `most` from number `first` on.
        """

    def ngram_rows(self, context: bytes, first: int, most: int) -> tuple[list[tuple[tuple[bytes, ...], bytes, int, int]], int | None]:
        """
        (context units, unit, count, day), about `most` from `first` on, which is 0 at the start; and where to go on, None at the end.
        """

    def add_word_row(self, context: bytes, unit: bytes, inside: int, opening: int, accepted: int, rejected: int, first_day: int, last_day: int) -> None: ...

    def add_ngram_row(self, context: bytes, units: Sequence[bytes], unit: bytes, count: int, day: int) -> None: ...

    def prototypes(self) -> tuple[bytes, list[int], list[int]]:
        """float32 [n][64] means of projected states; hits; misses."""

    def neighbours(self) -> list[tuple[bytes, list[int]]]:
        """
        The last word starts, oldest first: projected state, float32 [64], and hashes of the proposals, best first.
        """

    def take_signatures(self) -> list[tuple[int, int, bytes, bytes]]:
        """
        Finished mini-batches, which then wait no more: layer, tokens, float32 [units][64] means of activation x projected input, float32 [units] means of |activation|.
        """

    def statistics_refused(self) -> int:
        """
        How many states and tokens were passed over since the start, for numbers that only a damaged model makes.
        """

class Session:
    def set_text(self, before: bytes, after: bytes, untyped: Sequence[tuple[int, int]] | None = None) -> None:
        """
        `untyped`: (begin, end) of bytes of before + after that the user did not type.
        """

    def paste(self, arg: bytes, /) -> None: ...

    def refused(self) -> bool: ...

    def before(self) -> bytes: ...

    def suggest(self, arg: int, /) -> tuple: ...

    def extended(self) -> tuple | None:
        """What is shown, if it grew since it was last asked for; else None."""

    def timing(self) -> tuple: ...

    def accept(self, arg: int, /) -> bytes: ...

    def judged(self) -> list[tuple[bool, int, int, int, int, float, bytes]]:
        """
        The labels that the last change of the text gave: (right, rank, letters typed, source, reaction, probability, features as float32) of each proposal. Reactions: 0 not on screen, 1 passed, 2 dismissed, 3 taken, 4 taken in part, 5 erased.
        """

    def think(self) -> bool: ...

    def dismiss(self) -> None: ...

    def hush(self) -> None: ...

    def finish(self) -> None: ...

def make_session(arg0: Engine, arg1: Profile, arg2: bytes, arg3: Field, arg4: bool, arg5: bool, arg6: float, arg7: dict, /) -> Session: ...
