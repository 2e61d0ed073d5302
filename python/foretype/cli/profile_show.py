"""`foretype profile show | list | stats | contexts | blocked`: looks, and changes nothing."""

import argparse
from dataclasses import asdict
from datetime import date

from foretype.cli.answer import columns, count, print_json, size, visible
from foretype.cli.profile_open import reading
from foretype.errors import SettingError
from foretype.profile.explain import context_name, day, listed, reasons, times
from foretype.profile.facts import ProfileStats, WordFacts

LISTED = 50


def add_parts(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the reading parts."""
    show = parts.add_parser("show", parents=[common], help="why a word is known")
    show.add_argument("word", metavar="WORD")
    show.set_defaults(part=_show)
    _add_list(parts, common)
    stats = parts.add_parser("stats", parents=[common], help="how much is known, room used")
    stats.set_defaults(part=_stats)
    contexts = parts.add_parser("contexts", parents=[common], help="clients, apps, sites")
    contexts.set_defaults(part=_contexts)
    blocked = parts.add_parser("blocked", parents=[common], help="words never to be suggested")
    blocked.set_defaults(part=_blocked)


def _add_list(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    parser = parts.add_parser("list", parents=[common], help="the words known, newest first")
    parser.add_argument(
        "prefix", nargs="?", default="", metavar="PREFIX", help="only words that begin so"
    )
    parser.add_argument("--context", metavar="NAME", help="only words learned there")
    parser.add_argument(
        "--limit",
        type=_limit,
        default=LISTED,
        metavar="N",
        help="at most so many, 0 for no limit (default: %(default)s)",
    )
    parser.add_argument("--all", action="store_true", help="common English words too")
    parser.set_defaults(part=_list)


def _show(args: argparse.Namespace) -> int:
    with reading(args) as profile:
        facts = profile.show(args.word)
        blocked = args.word.casefold() in {word.casefold() for word in profile.blocked}
    if facts is None and not blocked:
        raise SettingError(
            f"“{visible(args.word)}” is not in the profile. "
            "What is there: foretype profile list --all"
        )
    if args.json:
        print_json({"word": args.word, "blocked": blocked, "known": facts and asdict(facts)})
        return 0
    print(visible(facts.word if facts else args.word))
    for sentence in reasons(facts, today=date.today()) if facts else ():
        print(f"  {visible(sentence)}")
    if blocked:
        print("  Blocked: it is never suggested.")
    return 0


def _list(args: argparse.Namespace) -> int:
    limit = args.limit or None
    with reading(args) as profile:
        found = profile.words(
            args.prefix,
            context=args.context,
            own_only=not args.all,
            limit=None if limit is None else limit + 1,
        )
    words = found[:limit]
    if args.json:
        print_json([asdict(word) for word in words])
        return 0
    print(columns(("word", "written", "rung", "last used", "learned in"), map(_row, words)))
    if len(found) > len(words):
        print(f"The newest {limit}; all of them: --limit 0")
    return 0


def _row(facts: WordFacts) -> tuple[str, ...]:
    return (
        facts.word,
        times(facts.uses),
        facts.rung,
        day(facts.last_day, today=date.today()),
        listed(context_name(name) for name in facts.contexts),
    )


def _stats(args: argparse.Namespace) -> int:
    with reading(args) as profile:
        stats = profile.stats()
    if args.json:
        print_json(asdict(stats))
    else:
        for label, value in _stats_lines(stats).items():
            print(f"{label:<12} {visible(value)}")
    return 0


def _stats_lines(stats: ProfileStats) -> dict[str, str]:
    share = 100 * stats.ngrams / stats.max_ngrams
    return {
        "words": f"{stats.words:,}",
        "n-grams": f"{stats.ngrams:,} of at most {stats.max_ngrams:,} ({share:.1f} %)",
        "messages": f"{stats.messages:,} remembered",
        "contexts": f"{stats.contexts:,}",
        "blocked": count(stats.blocked, "word"),
        "learning": "paused" if stats.paused else "on",
        "memory": size(stats.memory_bytes),
        "on disk": size(stats.file_bytes),
        "folder": str(stats.folder),
    }


def _contexts(args: argparse.Namespace) -> int:
    with reading(args) as profile:
        contexts = profile.contexts()
    if args.json:
        print_json([asdict(context) for context in contexts])
        return 0
    rows = (
        (
            context_name(context.name),
            f"{context.words:,}",
            f"{context.ngrams:,}",
            f"{context.messages:,}",
            "private" if context.private else "",
        )
        for context in contexts
    )
    print(columns(("context", "words", "n-grams", "messages", ""), rows))
    return 0


def _blocked(args: argparse.Namespace) -> int:
    with reading(args) as profile:
        blocked = profile.blocked
    if args.json:
        print_json(blocked)
        return 0
    for word in blocked:
        print(visible(word))
    return 0


def _limit(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no count")
    return int(text)
