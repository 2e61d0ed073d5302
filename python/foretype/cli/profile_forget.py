"""`foretype profile forget`: a word or phrase, the last minutes, a context, or everything."""

import argparse
import re
import sys
from dataclasses import asdict
from datetime import datetime, timedelta

from foretype import Profile
from foretype.cli.answer import count, print_json
from foretype.cli.profile_open import writing
from foretype.cli.progress import working
from foretype.errors import SettingError
from foretype.profile.facts import Forgotten

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def add_parts(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the part."""
    parser = parts.add_parser(
        "forget",
        parents=[common],
        help="a word or phrase, the last minutes, a context, everything",
        description="Forget a word or phrase in every case form, with every remembered message "
        "that holds it; afterwards no file of the profile holds its bytes.",
    )
    parser.add_argument("text", nargs="*", metavar="WORD", help="a word, or the words of a phrase")
    parser.add_argument(
        "--since", type=_since, metavar="10m", help="what was learned since: 10m, 2h, or a time"
    )
    parser.add_argument("--context", metavar="NAME", help="all that was learned there")
    parser.add_argument("--all", action="store_true", help="everything")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(part=_forget, refuse=parser.error)


def _forget(args: argparse.Namespace) -> int:
    _check_one_thing(args)
    _ask_first(args)
    with writing(args) as profile, working("forgetting"):
        forgotten = _forget_what(profile, args)
    if args.json:
        print_json(asdict(forgotten))
    else:
        print(_told(forgotten))
    return 0


def _check_one_thing(args: argparse.Namespace) -> None:
    asked = (bool(_text(args)), args.since is not None, args.context is not None, args.all)
    if sum(asked) != 1:
        args.refuse("say one thing: a word or phrase, --since 10m, --context NAME, or --all")


def _text(args: argparse.Namespace) -> str:
    return " ".join(args.text).strip()


def _ask_first(args: argparse.Namespace) -> None:
    """The whole of something is gone for good, so that a slip must not be enough."""
    if args.yes or not (args.all or args.context is not None):
        return
    what = "everything" if args.all else f"all that was learned in “{args.context}”"
    if not sys.stdin.isatty():
        raise SettingError(f"Forgetting {what} cannot be taken back: say --yes to do it.")
    print(f"Forget {what}? This cannot be taken back. [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise SettingError("Nothing was forgotten.")


def _forget_what(profile: Profile, args: argparse.Namespace) -> Forgotten:
    if args.all:
        return profile.forget_all()
    if args.context is not None:
        return profile.forget_context(args.context)
    if args.since is not None:
        return profile.forget_since(args.since)
    return profile.forget(_text(args))


def _told(forgotten: Forgotten) -> str:
    if not forgotten.ngrams and not forgotten.messages:
        return f"Nothing of this was known. {forgotten.note}".rstrip()
    ngrams, messages = count(forgotten.ngrams, "n-gram"), count(forgotten.messages, "message")
    return f"Forgotten: {ngrams} and {messages}. {forgotten.note}".rstrip()


def _since(text: str) -> datetime | timedelta:
    """10m, 90s, 2h, 1d, or a time such as 2026-11-24T09:30 (of this machine's clock)."""
    if span := re.fullmatch(r"(\d{1,4})([smhd])", text):
        return timedelta(**{UNITS[span[2]]: int(span[1])})
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):  # or a time before or after all clocks
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: say 10m, 2h, or 2026-11-24T09:30"
        ) from None
