"""What is followed -> Index: fetch what is new, and say what became of each, one event after another.

No source stops the others, and no release those beside it. What fails for a reason that passes waits for the next run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urldefrag

from index import edgar as sec
from index import read as reading
from index.edgar import Edgar
from index.embed import EmbedderError
from index.fetch import UNKNOWN, Document, Fetcher
from index.look import exhibit_item, look, refusing
from index.sources import Item, Source, Sources
from index.sqlite_file import StoreError
from index.store import AddReport, Index, Progress
from index.web import FetchError, Network, Resting, TryLater, networks

# Kinds that hold no text: refused before they are read. What else a release is not, reading says.
_refuse = refusing(
    ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript"), "a release"
)

Outcome = Literal["added", "replaced", "unchanged", "twin", "skipped", "later", "failed", "checked"]


class Event(NamedTuple):
    """One thing that a run did. The last of each source is ``checked``, or ``failed`` where it could not be asked."""

    source: Source
    outcome: Outcome
    what: str  # address or file; the source's own for ``checked`` and ``failed``
    detail: str = ""  # its headline, the reason, or what it is the twin of


@dataclass(slots=True)
class Sync:
    """Brings an index up to date with what is followed beside it.

    Attributes:
        sites: other addresses of EDGAR's, by `Edgar`'s names for them.
    """

    index: Index
    sources: Sources
    fetcher: Fetcher
    sites: Mapping[str, str] = field(default_factory=dict)

    def run(self, again: bool = False) -> Iterator[Event]:
        """Ask every source, fetch what is new, index it.

        Args:
            again: try also what was skipped before.

        Raises:
            StoreError: nothing more can be written; what was written is whole.
        """
        self.sources.belong_to(self.index.identity)
        self.fetcher.resting.update(self.sources.resting())
        before = self.index.generation
        try:
            for source in self.sources.all():
                if again:
                    self.sources.again(source.address)
                yield from self._source(source)
        finally:
            self.sources.rest(self.fetcher.resting)
        if self.index.generation != before:
            self.index.save()

    def _source(self, source: Source) -> Iterator[Event]:
        """Everything of one source; whatever goes wrong with it is told, and stops no other."""
        try:
            yield from self._folder(source) if source.kind == "folder" else self._remote(source)
        except (StoreError, EmbedderError):
            raise
        except Exception as error:
            yield self._not_reached(source, _reason(error))

    def _not_reached(self, source: Source, reason: str) -> Event:
        self.sources.failed(source, reason)
        return Event(source, "failed", source.address, reason)

    def _remote(self, source: Source) -> Iterator[Event]:
        """A feed or a company: take down what it says, then fetch what waits, also where it could not be asked."""
        last = Event(source, "checked", source.address)
        try:
            found = look(source, self.sources, self.fetcher, self.sites)
        except FetchError as error:
            last = self._not_reached(source, error.reason)
        else:
            self.sources.record(source, *(found[1:] if found else ((), source.validators)))
        tried: set[int] = set()
        # A filing that was read adds releases that wait.
        while fresh := [item for item in self.sources.waiting(source.address) if item.id not in tried]:
            for item in fresh:
                tried.add(item.id)
                yield from self._item(source, item)
        yield last

    def _item(self, source: Source, item: Item) -> Iterator[Event]:
        other = None if item.indexed else self.sources.is_done_elsewhere(source.address, item)
        if other:
            self.sources.done(item, indexed=False)
            yield Event(source, "twin", item.url, other)
            return
        if item.indexed and not self._is_indexed(item.url):
            reason = "changed, but it was removed from the index; citewire add brings it back"
            self.sources.skip(item, reason)
            yield Event(source, "skipped", item.url, reason)
            return
        try:
            yield from self._fetched(source, item)
        except Resting as error:
            yield Event(source, "later", item.url, error.reason)
        except TryLater as error:
            is_kept = self.sources.later(item, error.reason)
            yield Event(source, "later" if is_kept else "skipped", item.url, error.reason)
        except (StoreError, EmbedderError):
            raise
        except Exception as error:
            self.sources.skip(item, _reason(error))
            yield Event(source, "skipped", item.url, _reason(error))

    def _is_indexed(self, url: str) -> bool:
        return any(name == url or name.startswith(f"{url}#") for name, _ in self.index.sources())

    def _fetched(self, source: Source, item: Item) -> Iterator[Event]:
        """Fetch one entry, and index it; a filing's page is taken down instead."""
        if item.kind == "filing":
            exhibits = self._edgar(source).exhibits(item.url)
            self.sources.done(item, found=[exhibit_item(exhibit, item) for exhibit in exhibits])
            return
        known = item.validators if item.indexed else UNKNOWN
        if source.kind == "edgar":
            document = self._edgar(source).fetch(item.url, known)
        else:
            allowed = networks(source.allowed)
            document = self.fetcher.get(item.url, validators=known, refuse=_refuse, allowed=allowed)
        if document is None:
            self.sources.done(item, known)
            yield Event(source, "unchanged", item.url)
            return
        outcomes = [self._add(*part, item) for part in _parts(item, document)]
        skipped = [outcome for outcome in outcomes if outcome[0] == "skipped"]
        if len(skipped) == len(outcomes):
            self.sources.skip(item, skipped[0][2] if skipped else "no exhibit 99 in it")
        else:
            self.sources.done(item, document.validators)
        yield from (Event(source, *outcome) for outcome in outcomes)

    def _add(self, name: str, data: bytes, content_type: str, url: str, item: Item) -> tuple[Outcome, str, str]:
        report = AddReport()
        self.index.add_document(name, data, report, content_type=content_type, stated={"url": url, **item.stated})
        return _outcome(report, item.title)

    def _edgar(self, source: Source) -> Edgar:
        return Edgar(self.fetcher, self.sources.contact, allowed=networks(source.allowed), **self.sites)

    # -- folders -------------------------------------------------------------------------------------------------------

    def _folder(self, source: Source) -> Iterator[Event]:
        """Add what is new or changed in it; a file that cannot be read is told of once."""
        if not Path(source.address).is_dir():
            yield self._not_reached(source, "no such folder now; what was read from it stays in the index")
            return
        self._wait_for_writers(source)
        report = self.index.add([source.address])
        if report.interrupted:
            raise KeyboardInterrupt
        told = {(item.key, item.version): item for item in self.sources.skipped(source.address)}
        failed = [Item(file, file, version=_version(file), state="skipped", reason=why) for file, why in report.failed]
        self.sources.record(source, failed)
        for item in told.values():
            if item.key not in {now.key for now in failed}:
                self.sources.done(item)
        yield from (Event(source, "added", file) for file in report.added)
        yield from (Event(source, "replaced", file) for file in report.replaced)
        yield from (Event(source, "twin", file, twin) for file, twin in report.duplicates)
        yield from (
            Event(source, "skipped", item.key, item.reason) for item in failed if (item.key, item.version) not in told
        )
        yield Event(source, "checked", source.address, self._gone(source))

    def _wait_for_writers(self, source: Source) -> None:
        """A file that changed this second may be half written."""
        if any(time.time() - _mtime(file) < 1 for file in reading.find([source.address])):
            self.fetcher.sleep(1)

    def _gone(self, source: Source) -> str:
        inside = source.address + os.sep
        gone = [name for name, _ in self.index.sources() if name.startswith(inside) and not os.path.lexists(name)]
        return f"{len(gone):,} of its files gone, their releases kept; citewire remove FILE drops one" if gone else ""


# -- fetching releases -------------------------------------------------------------------------------------------------


def add_addresses(
    index: Index,
    urls: Iterable[str],
    fetcher: Fetcher,
    report: AddReport,
    *,
    allowed: Sequence[Network] = (),
    on_progress: Progress | None = None,
    dry_run: bool = False,
) -> None:
    """Fetch the releases at these addresses and add them; what became of each is written in the report.

    Args:
        dry_run: fetch, read and report, and write nothing.
    """

    def add(url: str) -> None:
        try:
            document = fetcher.get(url, refuse=_refuse, allowed=allowed)
        except FetchError as error:
            index.skip(url, error.reason, report, dry_run=dry_run)
            return
        assert document is not None  # no version was named that it could be unchanged from
        stated = {"url": document.final_url}
        index.add_document(
            url, document.data, report, content_type=document.content_type, stated=stated, dry_run=dry_run
        )

    index.add_each(list(dict.fromkeys(urldefrag(url).url for url in urls)), add, report, on_progress)


def _parts(item: Item, document: Document) -> list[tuple[str, bytes, str, str]]:
    """What a document holds, each as source name, bytes, content type and address: itself, or a filing's exhibits."""
    name, url = item.url, document.final_url
    if item.kind != "submission":
        return [(name, document.data, document.content_type, url)]
    return [(f"{name}#{kind}", data, type_, url) for kind, data, type_ in sec.exhibits_in(document.data)]


def _outcome(report: AddReport, title: str) -> tuple[Outcome, str, str]:
    """The one thing that a report of one document tells."""
    for names, outcome in ((report.added, "added"), (report.replaced, "replaced"), (report.unchanged, "unchanged")):
        for name in names:
            return outcome, name, title  # type: ignore[return-value]
    for name, twin in report.duplicates:
        return "twin", name, twin
    name, reason = report.failed[0]
    return "skipped", name, reason


def _reason(error: Exception) -> str:
    """Why something failed; whatever strangers' bytes do to a parser must not stop what comes after them."""
    if isinstance(error, FetchError):
        return error.reason
    if isinstance(error, OSError):
        return f"{error.filename or 'it'} cannot be read ({error.strerror})"
    return f"citewire's own mistake ({type(error).__name__}: {error}); please report it"


def _version(file: str) -> str:
    try:
        status = os.stat(file)
    except OSError:
        return ""
    return f"{status.st_mtime_ns} {status.st_size}"


def _mtime(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # gone since it was found
        return 0.0
