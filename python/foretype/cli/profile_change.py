"""`foretype profile block | unblock | pause | resume | private | shared | compact`."""

import argparse
from collections.abc import Mapping

from foretype.cli.answer import print_json, size, visible
from foretype.cli.profile_open import writing
from foretype.cli.progress import working
from foretype.errors import SettingError
from foretype.profile.explain import listed


def add_parts(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the parts that change how the profile is used."""
    for name, part, what in (
        ("block", _block, "never suggest these words"),
        ("unblock", _unblock, "suggest them again"),
    ):
        parser = parts.add_parser(name, parents=[common], help=what)
        parser.add_argument("words", nargs="+", metavar="WORD")
        parser.set_defaults(part=part)
    for name, part, what in (
        ("pause", _pause, "learn nothing until `resume`"),
        ("resume", _resume, "learn again"),
        ("compact", _compact, "write the profile anew, as small as it gets"),
    ):
        parts.add_parser(name, parents=[common], help=what).set_defaults(part=part)
    for name, part, what in (
        ("private", _private, "offer what is learned in a context nowhere else"),
        ("shared", _shared, "offer it elsewhere too"),
    ):
        parser = parts.add_parser(name, parents=[common], help=what)
        parser.add_argument(
            "context", type=_name, metavar="NAME", help="the context; see `contexts`"
        )
        parser.set_defaults(part=part)


def _block(args: argparse.Namespace) -> int:
    with writing(args) as profile:
        for word in args.words:
            if not profile.block(word):
                raise SettingError(f"“{visible(word)}” is not one word, and cannot be blocked.")
        blocked = profile.blocked
    return _answer_words(args, blocked, "never suggested from now on")


def _unblock(args: argparse.Namespace) -> int:
    with writing(args) as profile:
        for word in args.words:
            profile.unblock(word)
        blocked = profile.blocked
    return _answer_words(args, blocked, "no longer blocked")


def _answer_words(args: argparse.Namespace, blocked: tuple[str, ...], outcome: str) -> int:
    words = listed(f"“{word}”" for word in args.words)
    verb = "is" if len(args.words) == 1 else "are"
    return _answer(args, {"blocked": blocked}, f"{words} {verb} {outcome}.")


def _pause(args: argparse.Namespace) -> int:
    return _set_paused(args, True, "Nothing is learned until: foretype profile resume")


def _resume(args: argparse.Namespace) -> int:
    return _set_paused(args, False, "What you write is learned again.")


def _set_paused(args: argparse.Namespace, paused: bool, sentence: str) -> int:
    with writing(args) as profile:
        profile.paused = paused
    return _answer(args, {"paused": paused}, sentence)


def _private(args: argparse.Namespace) -> int:
    return _set_private(args, True, "offered nowhere else")


def _shared(args: argparse.Namespace) -> int:
    return _set_private(args, False, "offered elsewhere too")


def _set_private(args: argparse.Namespace, private: bool, outcome: str) -> int:
    with writing(args) as profile, working("sorting"):
        profile.set_private(args.context, private)
    fact = {"context": args.context, "private": private}
    return _answer(args, fact, f"What is learned in “{args.context}” is {outcome}.")


def _compact(args: argparse.Namespace) -> int:
    with writing(args) as profile, working("compacting"):
        before = profile.stats().file_bytes
        profile.compact()
        after = profile.stats().file_bytes
    fact = {"file_bytes_before": before, "file_bytes": after}
    return _answer(args, fact, f"The profile takes {size(after)}; before it took {size(before)}.")


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a context has a name")
    return text


def _answer(args: argparse.Namespace, fact: Mapping[str, object], sentence: str) -> int:
    if args.json:
        print_json(fact)
    else:
        print(visible(sentence))
    return 0
