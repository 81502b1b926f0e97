"""citewire follow · unfollow · sync, and the web addresses of citewire add: what the terminal says of sources."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from terminal import BUSY, DONE, INTERRUPTED, PARTLY, USAGE, count

if TYPE_CHECKING:
    from index.fetch import Fetcher
    from index.sources import Source, Sources
    from index.store import AddReport, Index, Progress
    from index.sync import Event

LOCK = "sync.lock"
SITES: dict[str, str] = {}  # other addresses of EDGAR's than its own, by `index.edgar.Edgar`'s names for them
_MOST_ALIKE = 3  # lines of one source that say the same

Command = Callable[..., argparse.ArgumentParser]


def follow(options: argparse.Namespace) -> int:
    """Follow a feed, a folder or a company; without a name, list what is followed."""
    from dataclasses import replace

    from index.edgar import NoContact, check_contact
    from index.look import NoSource, begin, source_of
    from index.sources import Sources
    from index.web import FetchError

    with Sources(options.index) as sources:
        try:
            _keep_contact(options, sources)
            if options.name is None:
                return _list(sources, options.skipped)
            source = replace(source_of(options.name), since=options.since, allowed=tuple(options.allow))
            if source.kind == "edgar":
                check_contact(sources.contact)
            if source.kind == "folder" and options.since:
                print("citewire follow: --since is for feeds and companies; a folder is read whole", file=sys.stderr)
                return USAGE
            fetcher = _fetcher(sources)
            try:
                source, is_new = begin(source, sources, fetcher, SITES)
            finally:
                sources.rest(fetcher.resting)
        except (NoSource, NoContact) as error:
            reason = error.reason if isinstance(error, NoContact) else error
            print(f"citewire follow: {reason}", file=sys.stderr)
            return USAGE
        except FetchError as error:
            print(f"{error}; not followed", file=sys.stderr)
            return PARTLY
        waiting = sources.counts(source.address).waiting
    there = {"feed": count(waiting, "release"), "edgar": count(waiting, "filing"), "folder": "its files"}[source.kind]
    print(f"{'following' if is_new else 'already following'} {_named(source)}; citewire sync fetches {there}")
    return DONE


def _list(sources: Sources, with_skipped: bool) -> int:
    """A line a source: what it is, how far it is, what was the matter last."""
    followed = sources.all()
    for source in followed:
        counts = sources.counts(source.address)
        states = ", ".join(f"{number:,} {word}" for number, word in zip(counts, counts._fields, strict=True) if number)
        problem = f"; last time: {source.problem}" if source.problem else ""
        print(f"{_named(source)}{': ' + states if states else ''}{problem}")
        for item in sources.skipped(source.address) if with_skipped else ():
            what = f"the entry {item.title!r}" if item.url == source.address else item.url
            print(f"  skipped  {what}: {item.reason}")
    print(f"{count(len(followed), 'source')} followed" if followed else _NOTHING)
    return DONE


def unfollow(options: argparse.Namespace) -> int:
    """Follow something no longer; what was read from it stays."""
    from index.look import NoSource, source_of
    from index.sources import Sources

    code = DONE
    with Sources(options.index) as sources:
        for name in options.names:
            try:
                address = source_of(name).address
            except NoSource:  # a folder that is gone
                address = os.path.abspath(name)
            source = sources.unfollow(address)
            if source is None:
                print(f"{name}: not followed; citewire follow lists what is", file=sys.stderr)
                code = PARTLY
            else:
                print(f"no longer following {_named(source)}; its releases stay, citewire remove takes them out")
    return code


def sync(options: argparse.Namespace) -> int:
    """Fetch what is new at everything that is followed."""
    from filelock import FileLock, Timeout

    from index.sources import Sources
    from index.store import Index
    from index.sync import Sync

    with Sources(options.index) as sources:
        _keep_contact(options, sources)
        if not sources.all():
            print(f"citewire sync: {_NOTHING}", file=sys.stderr)
            return USAGE
        try:
            with (
                FileLock(Path(options.index) / LOCK, timeout=0),
                Index.open(options.index, embedder=options.embedder) as index,
            ):
                events = Sync(index, sources, _fetcher(sources), SITES).run(options.again)
                return _tell(events, index, sources, options.quiet)
        except Timeout:
            print(f"another citewire sync is at work on {options.index}; nothing done, it does it", file=sys.stderr)
            return BUSY


def fetch_into(
    index: Index, addresses: Sequence[str], options: argparse.Namespace, report: AddReport, on_progress: Progress
) -> None:
    """Fetch and add what ``citewire add`` was given addresses of, or only try it."""
    from index.sources import Sources
    from index.sync import add_addresses
    from index.web import networks

    with Sources(index.folder) as sources:
        _keep_contact(options, sources)
        fetcher = _fetcher(sources)
        try:
            allowed, is_dry = networks(options.allow), options.dry_run
            add_addresses(index, addresses, fetcher, report, allowed=allowed, on_progress=on_progress, dry_run=is_dry)
        finally:
            sources.rest(fetcher.resting)


def is_address(name: str) -> bool:
    """Whether a name is fetched rather than opened."""
    return name.lower().startswith(("http://", "https://"))


def _fetcher(sources: Sources) -> Fetcher:
    from index.edgar import etiquette
    from index.fetch import Fetcher

    return Fetcher(manners_of=etiquette(sources.contact), resting=sources.resting())


def _keep_contact(options: argparse.Namespace, sources: Sources) -> None:
    if options.contact:
        sources.contact = options.contact


# -- output ------------------------------------------------------------------------------------------------------------


def _tell(events: Iterable[Event], index: Index, sources: Sources, is_quiet: bool) -> int:
    """Say what happens as it happens, what it comes to at the end; problems on standard error."""
    total: Counter[str] = Counter()
    interrupted = False
    try:
        for source, happened in groupby(events, key=lambda event: event.source):
            _tell_source(source, happened, total, is_quiet)
    except KeyboardInterrupt:
        interrupted = True
    if not is_quiet:
        followed = sources.all()
        total["waiting"] = sum(sources.counts(source.address).waiting for source in followed)
        done = ", ".join(f"{total[outcome]:,} {word}" for outcome, word in _SUM.items() if total[outcome])
        print(f"{count(len(followed), 'source')}: {done or 'nothing new'}; {count(len(index), 'release')} in the index")
    if interrupted:
        print("stopped; what is done is kept, the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    return PARTLY if total["skipped"] + total["later"] + total["failed"] else DONE


def _tell_source(source: Source, happened: Iterable[Event], total: Counter[str], is_quiet: bool) -> None:
    problems: Counter[str] = Counter()
    is_named = False
    for event in happened:
        total[event.outcome] += 1
        if event.outcome in _WHAT_NOW:
            problems[event.detail] += 1
            if problems[event.detail] <= _MOST_ALIKE:
                where = "" if event.what == source.address else f"{event.what}: "
                print(f"{source.address}: {where}{event.detail}; {_WHAT_NOW[event.outcome]}", file=sys.stderr)
        elif not is_quiet and (event.outcome in ("added", "replaced", "twin") or event.detail):
            if not is_named:
                print(_named(source))
            is_named = True
            print(f"  {_LINES[event.outcome].format(*event[2:])}", flush=True)
    for reason, number in problems.items():
        if number > _MOST_ALIKE:
            print(f"{source.address}: and {number - _MOST_ALIKE:,} more: {reason}", file=sys.stderr)
    if not (is_named or problems or is_quiet):
        print(f"{_named(source)}: nothing new", flush=True)


def _named(source: Source) -> str:
    """A source by its title and its address."""
    return f"{source.title} ({source.address})" if source.title and source.kind != "folder" else source.address


_NOTHING = "nothing is followed; citewire follow FEED_OR_FOLDER begins"
_SUM = {
    "added": "added",
    "replaced": "replaced",
    "twin": "the same as another",
    "skipped": "skipped",
    "waiting": "left for a later run",
    "failed": "of the sources not reached",
}
_WHAT_NOW = {"skipped": "skipped", "later": "to be tried again", "failed": "to be asked again"}
_LINES = {
    "added": "added     {0}",
    "replaced": "replaced  {0}",
    "twin": "the same  {0} as {1}",
    "unchanged": "unchanged {0}",
    "checked": "note: {1}",
}


# -- options -----------------------------------------------------------------------------------------------------------


def add_commands(command: Command, day: Callable[[str], date]) -> None:
    """Add follow, unfollow and sync to the commands."""
    following = command("follow", follow, "read a feed, a folder or a company's filings from now on", _FOLLOW_DETAILS)
    following.add_argument(
        "name", nargs="?", metavar="FEED_OR_FOLDER", help="https://…, a folder, or edgar:TICKER; none lists all"
    )
    following.add_argument("--since", type=day, metavar="DAY", help="leave out what is older: 2024-05-31")
    following.add_argument("--skipped", action="store_true", help="list also what was skipped, and why")
    add_fetching(following)

    leaving = command("unfollow", unfollow, "follow something no longer", "example: citewire unfollow edgar:CLRB")
    leaving.add_argument("names", nargs="+", metavar="NAME", help="as it was followed, or as citewire follow lists it")

    syncing = command("sync", sync, "fetch what is new at all that is followed", _SYNC_DETAILS)
    syncing.add_argument("--quiet", action="store_true", help="say only what went wrong")
    syncing.add_argument("--again", action="store_true", help="try once more what was skipped before")
    add_contact(syncing)


def add_fetching(parser: argparse.ArgumentParser) -> None:
    """Options of commands that are given an address."""
    parser.add_argument(
        "--allow",
        action="append",
        type=_network,
        default=[],
        metavar="NETWORK",
        help="an address or network inside yours that may be fetched from: 10.1.2.3, 10.0.0.0/8",
    )
    add_contact(parser)


def add_contact(parser: argparse.ArgumentParser) -> None:
    """The option that says who asks."""
    parser.add_argument(
        "--contact", type=_contact, metavar="WHO", help='who asks, for the SEC: "Ann Berg ann@example.com"; kept'
    )


def _network(text: str) -> str:
    from index.web import networks

    try:
        return str(networks([text])[0])
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address or network; write it as 10.1.2.3 or 10.0.0.0/8"
        ) from None


def _contact(text: str) -> str:
    from index.edgar import NoContact, check_contact

    try:
        check_contact(text)
    except NoContact as error:
        raise argparse.ArgumentTypeError(error.reason) from None
    return text


_FOLLOW_DETAILS = """\
examples:
  citewire follow https://example.com/news/feed.xml
  citewire follow ~/releases
  citewire follow edgar:CLRB --since 2022-01-01 --contact "Ann Berg ann@example.com"
An RSS or Atom feed is read once to see that it is one; citewire sync fetches its releases. Of a company the exhibits 99
of its current reports (8-K, 6-K) of the last year are fetched, or since the day given."""
_SYNC_DETAILS = """\
example: citewire sync --quiet
What is new is fetched and added, what was changed takes the place of what it was; what could not be had now is fetched
the next time. It may be stopped at any moment. From cron, every hour:
  17 * * * *  cd /home/ann && .venv/bin/citewire sync --quiet
The exit code is 0 when all went well, 1 when something was skipped or left for the next run, 5 when another sync is at
work."""
