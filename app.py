"""The chat in the browser: conversation on the left, the release that answers on the right.

    python app.py                      read the samples on first use, then open http://127.0.0.1:7860
    python app.py --index DIR          answer from another index
    python app.py --host 0.0.0.0       let other machines in: to read, not to add or remove
    python app.py --user NAME          ask for a name and the password in CITEWIRE_PASSWORD

Exit codes: 0 stopped with Ctrl-C · 2 wrong usage · 4 the index or the port cannot be used · 130 stopped before that.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from index import EmbedderError, Index, StoreError
from page.login import Login
from page.serve import CannotServe, check_address, is_loopback, serve
from qa import Assistant
from terminal import DONE, INTERRUPTED, NO_INDEX

SAMPLES = Path(__file__).parent / "releases"
PASSWORD = "CITEWIRE_PASSWORD"


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the chat and serve it until Ctrl-C; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    login = _login(options, parser)
    try:
        check_address(options.host, options.port)
        assistant = _assistant(options)
        served = serve(assistant, options.host, options.port, login=login, mcp=options.mcp)
    except (StoreError, EmbedderError, CannotServe) as error:
        print(f"citewire: {error}", file=sys.stderr)
        return NO_INDEX
    except KeyboardInterrupt:
        print("citewire: stopped; what is read is kept", file=sys.stderr)
        return INTERRUPTED
    print(f"citewire is at {served.url}  (Ctrl-C stops it)", flush=True)
    if not is_loopback(options.host) and not login:
        print("Whoever can reach this machine can read the releases; --user asks for a password.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("\ncitewire: stopped", file=sys.stderr)
    served.close()
    return DONE


def _assistant(options: argparse.Namespace) -> Assistant:
    """The assistant over the index, which gets the samples if it is empty.

    Raises:
        StoreError, EmbedderError: the index cannot be used.
        KeyboardInterrupt: Ctrl-C while the samples were read.
    """
    index = Index.open(options.index, embedder=options.embedder)
    if len(index) == 0:
        report = index.add([options.releases], _tell)
        for file, reason in report.failed:
            print(f"{file}: {reason}; skipped", file=sys.stderr)
        if report.interrupted:
            raise KeyboardInterrupt
        if len(index) == 0:
            where = f"citewire add PATH --index {options.index}"
            print(f"no releases in {options.releases}; add yours: {where}", file=sys.stderr)
    return Assistant(index)


def _tell(file: str, done: int, total: int, passages: int) -> None:
    """One line that counts up on a terminal, and is written once elsewhere."""
    if done == total or sys.stderr.isatty():
        line = f"reading releases for the first time: {done} of {total}"
        print(line, end="\n" if done == total else "\r", file=sys.stderr, flush=True)


def _login(options: argparse.Namespace, parser: argparse.ArgumentParser) -> Login | None:
    password = os.environ.get(PASSWORD, "")
    if options.user and not password:
        parser.error(f"--user needs a password: put it into the environment variable {PASSWORD}")
    if password and not options.user:
        parser.error(f"{PASSWORD} is set, but no user: give one with --user NAME, or unset it")
    if options.user and options.mcp:
        parser.error("MCP knows no password: with --mcp anybody could ask; leave out --mcp or --user")
    return Login(options.user, password) if options.user else None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a number from 1 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", default=".citewire", metavar="DIR", help="folder of the index (default: .citewire)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on (default: 7860)")
    parser.add_argument("--user", metavar="NAME", help=f"let only this user in, with the password in {PASSWORD}")
    parser.add_argument(
        "--mcp", action="store_true", help="offer the calls to language models too (needs gradio[mcp]; no password)"
    )
    parser.add_argument("--embedder", metavar="MODEL", help="a sentence-transformers model, by name or folder")
    parser.add_argument(
        "--releases",
        type=Path,
        default=SAMPLES,
        metavar="DIR",
        help="what an empty index reads first (default: the samples)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
