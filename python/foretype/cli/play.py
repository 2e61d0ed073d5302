"""`foretype play`: opens the local page."""

import argparse
import os
import signal
import socket
import sys
import webbrowser
from pathlib import Path
from types import FrameType

from foretype import Engine, Profile
from foretype.cli.profile_option import add_profile_option
from foretype.serve import DEFAULT_PORT, address, bind, create_app, new_token, serve

LAST_PORT = 65_535


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command and its options."""
    parser = subparsers.add_parser(
        "play",
        help="open a local page and see suggestions as you type",
        description="Starts a page on 127.0.0.1, for this machine only, and opens it. "
        "Nothing typed there leaves the machine. Ctrl-C ends it.",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar="N",
        help="port to listen on; 0 takes a free one (default: %(default)s)",
    )
    parser.add_argument("--no-open", action="store_true", help="print the address only")
    model = parser.add_mutually_exclusive_group()
    model.add_argument(
        "--model", type=Path, metavar="PATH", help="a converted model (default: Foretype's own)"
    )
    model.add_argument(
        "--no-language-model",
        action="store_true",
        help="suggest from your own words and common English only",
    )
    profile = parser.add_mutually_exclusive_group()
    add_profile_option(profile)
    profile.add_argument(
        "--no-profile",
        action="store_true",
        help="begin with an empty profile, which ends with the command",
    )


def run(args: argparse.Namespace) -> int:
    """Runs the page until Ctrl-C or SIGTERM; what was finished is kept."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        listener = bind(args.port)
        engine = _open_engine(args)
        with _open_profile(engine, args) as profile:
            _play(engine, profile, listener, show=not args.no_open)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)
    print("\nGoodbye.", flush=True)
    return 0


def _play(engine: Engine, profile: Profile, listener: socket.socket, *, show: bool) -> None:
    token = new_token()
    where = address(listener, token)
    app = create_app(engine, profile, port=listener.getsockname()[1], token=token)
    print(f"\n  Foretype is at  {where}\n  For this machine only. Ctrl-C ends it.\n", flush=True)
    if show and _has_screen():
        webbrowser.open(where)
    serve(app, listener)


def _end(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the page as Ctrl-C does; once is enough, as then the profile is written."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _open_profile(engine: Engine, args: argparse.Namespace) -> Profile:
    return engine.profile() if args.no_profile else engine.open_profile(args.profile)


def _open_engine(args: argparse.Namespace) -> Engine:
    if args.no_language_model:
        return Engine.open(language_model=False)
    return Engine.open(args.model)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to {LAST_PORT}")
    return int(text)


def _has_screen() -> bool:
    """Whether opening a browser would not start one inside this terminal."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
