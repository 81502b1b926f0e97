from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import LetterEmbedder
from local_edgar import CONTACT, LocalEdgar
from local_site import Site, entry, page, rss

from index.fetch import Fetcher, Manners
from index.look import begin
from index.read.draft import Draft
from index.read.formats import draft_of
from index.read.kind import Kind
from index.sources import TRIES, Source, Sources
from index.store import DATABASE, AddReport, Index
from index.sync import Event, Sync, add_addresses
from index.web import Limits, networks

ROOT = Path(__file__).parent.parent
HERE = ("127.0.0.1/32",)


@pytest.fixture
def sources(index: Index) -> Iterator[Sources]:
    with Sources(index.folder) as opened:
        yield opened


class World:
    """An index, what it follows, and a run of sync."""

    def __init__(self, index: Index, sources: Sources, site: Site) -> None:
        self.index, self.sources, self.site = index, sources, site
        self.sec = LocalEdgar(site)
        self.slept: list[float] = []

    def fetcher(self) -> Fetcher:
        return Fetcher(
            limits=Limits(connect=1, idle=0.3, total=0.8, size=200_000),
            sleep=self.slept.append,
            manners_of=lambda url: Manners(pause=0),
            resting=self.sources.resting(),
        )

    def follow(self, address: str, **options: Any) -> Source:
        kind = "feed" if address.startswith("http") else "edgar" if address.startswith("edgar:") else "folder"
        source = Source(address, kind, allowed=HERE, **options)  # type: ignore[arg-type]
        return begin(source, self.sources, self.fetcher(), self.sec.sites)[0]

    def feed(self, *entries: str, etag: str = "") -> str:
        return self.site.put("/feed", rss(*entries), "application/rss+xml", etag=etag)

    def run(self, again: bool = False) -> list[Event]:
        return list(Sync(self.index, self.sources, self.fetcher(), self.sec.sites).run(again))

    def brief(self, again: bool = False) -> list[tuple[str, str]]:
        """Outcome and path of each event."""
        return [(event.outcome, event.what.removeprefix(self.site.url)) for event in self.run(again)]

    def indexed(self) -> list[str]:
        return [name.removeprefix(self.site.url) for name, _ in self.index.sources()]


@pytest.fixture
def world(index: Index, sources: Sources, site: Site) -> World:
    return World(index, sources, site)


# -- feeds -------------------------------------------------------------------------------------------------------------


def test_a_feed(world: World) -> None:
    """Its releases are fetched once; what comes later is fetched then."""
    world.site.put("/1", page("one"))
    world.site.put("/2", page("two"))
    url = world.follow(world.feed(entry("/1"), entry("/2"))).address
    assert world.brief() == [("added", "/1"), ("added", "/2"), ("checked", "/feed")]
    assert world.brief() == [("checked", "/feed")]
    world.site.put("/3", page("three"))
    world.feed(entry("/3"), entry("/1"), entry("/2"))
    assert world.brief() == [("added", "/3"), ("checked", "/feed")]
    assert [world.site.asked(path) for path in ("/1", "/2", "/3")] == [1, 1, 1]
    release = world.index.release(world.index.sources()[0][1])
    assert release is not None
    assert (release.url, release.source, release.published) == (f"{url[:-5]}/1", f"{url[:-5]}/1", date(2024, 5, 3))
    assert world.index.verify() == []


def test_a_feed_that_has_not_changed_is_not_sent_again(world: World) -> None:
    """The server is asked with the version that is known."""
    world.site.put("/1", page("one"))
    world.follow(world.feed(entry("/1"), etag='"7"'))
    world.site.put("/feed", status=304)
    assert world.brief() == [("added", "/1"), ("checked", "/feed")]
    assert world.site.seen[-2].headers["if-none-match"] == '"7"'


def test_a_release_that_changed_takes_the_place_of_what_it_was(world: World) -> None:
    """Asked for with its own version; where the server says that nothing changed, nothing does."""
    world.site.put("/1", page("one"), etag='"a"')
    world.follow(world.feed(entry("/1"), entry("/2")))
    world.site.put("/2", page("two"), etag='"b"')
    world.run()
    world.feed(entry("/1", day="4 May 2024"), entry("/2", day="4 May 2024"))
    world.site.put("/1", page("one", "Corrected: of steel."))
    world.site.put("/2", status=304)
    assert world.brief() == [("replaced", "/1"), ("unchanged", "/2"), ("checked", "/feed")]
    assert [seen.headers.get("if-none-match") for seen in world.site.seen[-2:]] == ['"a"', '"b"']
    assert len(world.index) == 2
    assert "of steel" in str([world.index.release(id_) for _, id_ in world.index.sources()])


def test_what_a_person_removed_does_not_come_back(world: World) -> None:
    """Not even when its source says that it was changed, which is told once."""
    url = world.site.put("/1", page("one"))
    world.follow(world.feed(entry("/1")))
    world.run()
    world.index.remove([url])
    world.feed(entry("/1", day="4 May 2024"))
    assert world.brief() == [("skipped", "/1"), ("checked", "/feed")]
    assert world.brief() == [("checked", "/feed")]
    assert len(world.index) == 0


def test_a_release_that_moved_is_fetched_from_there(world: World) -> None:
    """The entry is the same, and it is another page; the entry of another feed's page that is gone is one, too."""
    world.site.put("/1", page("one"))
    world.site.put("/1?utm_source=b", page("one", "Corrected: of steel and of nothing else at all, the company says."))
    world.site.put("/new", page("new"))
    feed = world.follow(world.feed(entry("/1", key="k")))
    world.follow(world.site.put("/other", rss(entry("/1?utm_source=b"))))
    world.run()
    world.feed(entry("/new", key="k", day="4 May 2024"))
    assert world.brief() == [("added", "/new"), ("checked", "/feed"), ("checked", "/other")]
    world.sources.unfollow(feed.address)
    world.index.remove([f"{world.site.url}/1"])
    world.site.put("/other", rss(entry("/1?utm_source=b", day="4 May 2024")))
    assert world.brief() == [("added", "/1?utm_source=b"), ("checked", "/other")]


def test_one_page_in_two_feeds_is_fetched_once(world: World) -> None:
    """Whatever is hung on to its address to see who comes from where."""
    world.site.put("/1", page("one"))
    world.site.put("/1?utm_source=b", page("one"))
    world.follow(world.feed(entry("/1")))
    other = world.site.put("/other", rss(entry("/1?utm_source=b#top")))
    world.follow(other)
    assert world.brief() == [("added", "/1"), ("checked", "/feed"), ("twin", "/1?utm_source=b"), ("checked", "/other")]
    assert world.site.asked("/1?utm_source=b") == 0
    assert world.brief() == [("checked", "/feed"), ("checked", "/other")]


def test_the_same_release_at_two_addresses_is_one_with_two_sources(world: World) -> None:
    """As its words say."""
    world.site.put("/1", page("one"))
    world.site.put("/copy", page("one"))
    world.follow(world.feed(entry("/1"), entry("/copy")))
    events = world.run()
    assert [event.outcome for event in events] == ["added", "twin", "checked"]
    assert events[1].detail == f"{world.site.url}/1"
    assert len(world.index) == 1
    assert len({id_ for _, id_ in world.index.sources()}) == 1
    assert world.indexed() == ["/1", "/copy"]


def test_what_cannot_be_read_is_told_of_once(world: World) -> None:
    """And not tried again, unless someone asks or it changes."""
    world.site.put("/1", b"\x89PNG", "image/png")
    world.site.put("/2", b"%PDF-1.7 \0\0\0", "text/plain")
    world.site.put("/3", "x" * 300_000)
    world.site.put("/4", status=410)
    world.site.put("/5", page("five"))
    world.follow(world.feed(*(entry(f"/{n}") for n in range(1, 6)), "<title>No link</title>"))
    events = world.run()
    assert [event.outcome for event in events] == [*["skipped"] * 4, "added", "checked"]
    for event, said in zip(
        events, ["image/png, and a release is text", "a damaged PDF", "larger than", "410 Gone"], strict=False
    ):
        assert said in event.detail
    before = len(world.site.seen)
    assert world.brief() == [("checked", "/feed")]
    assert len(world.site.seen) == before + 2  # robots.txt and the feed
    assert [event.outcome for event in world.run(again=True)] == [*["skipped"] * 4, "checked"]
    world.site.put("/1", page("one"))
    assert world.brief(again=True)[0] == ("added", "/1")


def test_what_fails_for_a_time_waits(world: World) -> None:
    """It is not asked for at once; it comes when it is there, and in the end is given up."""
    world.follow(world.feed(entry("/late"), entry("/never")))
    assert world.brief() == [("later", "/late"), ("later", "/never"), ("checked", "/feed")]
    world.site.put("/late", page("late"))
    assert world.brief() == [("checked", "/feed")]
    assert world.brief(again=True) == [("added", "/late"), ("later", "/never"), ("checked", "/feed")]
    outcomes = [world.brief(again=True)[0] for _ in range(TRIES - 2)]
    assert outcomes == [*[("later", "/never")] * (TRIES - 3), ("skipped", "/never")]


def test_a_host_that_asks_to_be_left_alone_is(world: World) -> None:
    """By all sources, until its time is over; nothing is given up for that."""
    world.site.put("/1", status=429, retry_after="3600")
    world.site.put("/2", page("two"))
    world.follow(world.feed(entry("/1"), entry("/2")))
    assert world.brief() == [("later", "/1"), ("later", "/2"), ("checked", "/feed")]
    before = len(world.site.seen)
    for _ in range(TRIES + 2):
        assert world.brief(again=True) == [("later", "/1"), ("later", "/2"), ("failed", "/feed")]
    assert len(world.site.seen) == before
    world.sources.rest({world.site.host: time.time() - 1})
    world.site.put("/1", page("one"))
    assert world.brief() == [("added", "/1"), ("added", "/2"), ("checked", "/feed")]


def slow(site: Site, path: str) -> None:
    site.raw(path, *[b"H"] * 40, wait=lambda: time.sleep(0.1))


@pytest.mark.parametrize("fault", ["gone", "no feed", "slow", "broken", "bomb", "loop", "inside", "busy", "robots"])
def test_a_bad_source_stops_no_other(world: World, fault: str, tmp_path: Path) -> None:
    """Those before and after it are read; what it had said before is fetched."""
    bad = Site()
    url = bad.put("/feed", rss(entry("/1")))
    bad.put("/1", page("bad one"))
    first, last = tmp_path / "first", tmp_path / "last"
    for folder in (first, last):
        folder.mkdir()
        (folder / "a.md").write_text(f"# Acme\n\nAcme opened {folder.name}.", encoding="utf-8")
        old = time.time() - 60
        os.utime(folder / "a.md", (old, old))
    world.follow(str(first))
    world.follow(url)
    world.follow(str(last))
    faults: dict[str, Callable[[], object]] = {
        "gone": lambda: bad.pages.pop("/feed"),
        "no feed": lambda: bad.put("/feed", "<html>Down for maintenance"),
        "slow": lambda: slow(bad, "/feed"),
        "broken": lambda: bad.raw("/feed", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<rss"),
        "bomb": lambda: bad.put("/feed", gzip.compress(b" " * 9_000_000), content_encoding="gzip"),
        "loop": lambda: bad.put("/feed", status=302, location="/feed"),
        "inside": lambda: bad.put("/feed", status=302, location=url.replace("127.0.0.1", "127.0.0.2")),
        "busy": lambda: bad.put("/feed", status=503),
        "robots": lambda: bad.put("/robots.txt", "User-agent: *\nDisallow: /feed", "text/plain"),
    }
    faults[fault]()
    outcomes = [event.outcome for event in world.run()]
    if fault == "busy":
        assert outcomes == ["added", "checked", "later", "failed", "added", "checked"]
    else:
        assert outcomes == ["added", "checked", "added", "failed", "added", "checked"]
    assert world.sources.all()[1].problem
    bad.close()


def test_a_page_that_breaks_a_parser_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is skipped, and called our own mistake."""
    right = draft_of

    def broken(data: bytes, kind: Kind) -> Draft:
        if data == b"x":
            raise RecursionError("too deep")
        return right(data, kind)

    monkeypatch.setattr("index.read.draft_of", broken)
    world.site.put("/1", "x", "text/plain")
    world.site.put("/2", page("two"))
    world.follow(world.feed(entry("/1"), entry("/2")))
    events = world.run()
    assert [event.outcome for event in events] == ["skipped", "added", "checked"]
    assert events[0].detail == "citewire's own mistake (RecursionError: too deep); please report it"


def test_a_mistake_of_ours_in_one_source_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and the next source is asked."""
    from index import feed

    def broken(data: bytes, url: str, kind: str) -> feed.Feed:
        raise ZeroDivisionError("oh")

    world.site.put("/1", page("one"))
    world.follow(world.feed(entry("/1")))
    world.sources.contact = CONTACT
    world.follow("edgar:ACM")
    monkeypatch.setattr(feed, "parse", broken)
    events = world.run()
    assert [event.outcome for event in events] == ["failed", "checked"]
    assert events[0].detail == "citewire's own mistake (ZeroDivisionError: oh); please report it"


def test_an_index_made_anew_gets_everything_again(world: World, site: Site, tmp_path: Path) -> None:
    """Though its sources have nothing new."""
    site.put("/1", page("one"))
    world.follow(world.feed(entry("/1"), etag='"1"'))
    world.run()
    world.index.close()
    for name in world.index.folder.glob(f"{DATABASE}*"):
        name.unlink()
    site.put("/feed", status=304)
    with Index.open(world.index.folder, embedder=LetterEmbedder()) as fresh:
        again = World(fresh, world.sources, site)
        assert again.brief() == [("added", "/1"), ("checked", "/feed")]


# -- folders -----------------------------------------------------------------------------------------------------------


def test_a_folder(world: World, tmp_path: Path) -> None:
    """New and changed files are read; one that cannot be is told of once, until it changes; so is one that is gone."""
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "a.md").write_text("# Acme\n\nAcme opened.", encoding="utf-8")
    (folder / "b.txt").write_bytes(b"")
    world.follow(str(folder))

    def happened() -> list[tuple[str, str]]:
        return [(event.outcome, Path(event.what).name) for event in world.run()]

    assert happened() == [("added", "a.md"), ("skipped", "b.txt"), ("checked", "releases")]
    assert world.slept == [1]  # a file that was written this second may not be whole
    for path in folder.iterdir():
        os.utime(path, (1e9, 1e9))
    assert happened() == [("skipped", "b.txt"), ("checked", "releases")]
    assert happened() == [("checked", "releases")]
    assert world.slept == [1]
    (folder / "a.md").write_text("# Acme\n\nAcme opened again.", encoding="utf-8")
    (folder / "b.txt").write_text("Bolt closed.", encoding="utf-8")
    assert happened() == [("added", "b.txt"), ("replaced", "a.md"), ("checked", "releases")]
    assert world.sources.skipped(str(folder)) == []
    (folder / "a.md").unlink()
    assert world.run()[0].detail == "1 of its files gone, their releases kept; citewire remove FILE drops one"
    folder.rename(tmp_path / "elsewhere")
    assert world.run()[0][1:] == ("failed", str(folder), "no such folder now; what was read from it stays in the index")
    assert len(world.index) == 2


# -- EDGAR -------------------------------------------------------------------------------------------------------------


def test_a_company(world: World) -> None:
    """The exhibits 99 of its current reports; the SEC's word for who it is counts where the exhibit is silent."""
    today = date.today().isoformat()
    silent = "<html><body><p>The works were opened, it was said today in Oslo by everyone there.</p></body></html>"
    world.sec.file(
        1, today, [("8-K", "a.htm", page("report")), ("EX-99.1", "b.htm", silent), ("EX-99.2", "c.txt", "Twice.")]
    )
    world.sec.file(2, today, [("8-K", "a.htm", page("nothing"))])
    world.sources.contact = CONTACT
    world.follow("edgar:ACM")
    outcomes = world.brief()
    assert [(outcome, what.rsplit("/", 1)[-1]) for outcome, what in outcomes] == [
        ("added", "b.htm"), ("added", "c.txt"), ("checked", "edgar:ACM")]  # fmt: skip
    refs = world.index.releases()
    assert {(ref.issuer, ref.tickers) for ref in refs} == {("ACME CORP", ("NASDAQ:ACM", "ACMW"))}
    before = len(world.site.seen)
    assert world.brief() == [("checked", "edgar:ACM")]
    assert len(world.site.seen) == before + 1
    world.sec.file(3, today, [("8-K", "a.htm", ""), ("EX-99.1", "d.htm", page("three"))])
    assert [event.outcome for event in world.run()] == ["added", "checked"]


def test_a_company_of_the_nineties(world: World) -> None:
    """One text file that holds several exhibits."""
    world.sec.file_as_one(
        1, "1999-05-03", [("EX-99.1", "ACME OPENS WORKS"), ("EX-27", "1"), ("EX-99.2", "ACME CLOSES")]
    )
    world.sources.contact = CONTACT
    world.follow("edgar:ACM", since=date(1999, 1, 1))
    events = world.run()
    assert [event.outcome for event in events] == ["added", "added", "checked"]
    assert [name.rsplit("/", 1)[-1] for name in world.indexed()] == [
        "0001193125-99-000001.txt#EX-99.1", "0001193125-99-000001.txt#EX-99.2"]  # fmt: skip
    assert world.brief() == [("checked", "edgar:ACM")]


def test_a_block_by_the_sec_loses_nothing(world: World) -> None:
    """What was not fetched waits until it may be."""
    today = date.today().isoformat()
    world.sec.file(
        1, today, [("8-K", "a.htm", ""), ("EX-99.1", "b.htm", page("one")), ("EX-99.2", "c.htm", page("two"))]
    )
    world.sources.contact = CONTACT
    world.follow("edgar:ACM")
    (path,) = (path for path in world.site.pages if path.endswith("b.htm"))
    kept = world.site.pages[path]
    world.site.put(path, status=403)
    assert [event.outcome for event in world.run()] == ["later", "later", "checked"]
    assert [event.outcome for event in world.run()] == ["later", "failed"]
    world.site.pages[path] = kept
    world.sources.rest({})
    assert [event.outcome for event in world.run(again=True)] == ["added", "added", "checked"]


# -- stopping ----------------------------------------------------------------------------------------------------------

RUN = """
import sys; sys.path[:0] = ["tests", "."]
from conftest import LetterEmbedder
from index.fetch import Fetcher, Manners
from index.sources import Sources
from index.store import Index
from index.sync import Sync
folder = sys.argv[1]
with Index.open(folder, embedder=LetterEmbedder()) as index, Sources(folder) as sources:
    print("open", flush=True)
    for event in Sync(index, sources, Fetcher(manners_of=lambda url: Manners(pause=0))).run():
        pass
"""


def test_killed_at_any_moment(site: Site, tmp_path: Path) -> None:
    """Nothing is lost, and at most one release a kill is fetched twice."""
    count = 10
    for number in range(count):
        site.put(f"/{number}", page(f"works {number}"))
    folder = tmp_path / "index"
    url = site.put("/feed", rss(*(entry(f"/{number}") for number in range(count))))
    fetcher = Fetcher(manners_of=lambda url: Manners(pause=0))
    with Sources(folder) as sources:
        begin(Source(url, "feed", allowed=HERE), sources, fetcher, {})
    kills = 0
    for at in (1, 5):
        process = subprocess.Popen([sys.executable, "-c", RUN, folder], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None and sum(site.asked(f"/{number}") for number in range(count)) < at + kills:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.stdout.close()
    assert kills, "the runs were over before they were killed: the test shows nothing"
    with Index.open(folder, embedder=LetterEmbedder()) as index, Sources(folder) as sources:
        assert index.verify() == []
        assert {event.outcome for event in Sync(index, sources, fetcher).run()} <= {"added", "unchanged", "checked"}
        assert len(index) == count
        assert sources.counts(url) == (0, count, 0)
        assert index.verify() == []
    assert count <= sum(site.asked(f"/{number}") for number in range(count)) <= count + kills


def test_stopped_by_a_person(world: World) -> None:
    """What is done is kept, also that a host asked to be left alone."""
    world.site.put("/1", status=429, retry_after="3600")
    other = Site()
    other.put("/2", page("two"))
    other.put("/3", page("three"))
    world.follow(world.feed(entry("/1"), entry(f"{other.url}/2"), entry(f"{other.url}/3")))
    events = Sync(world.index, world.sources, world.fetcher()).run()
    assert [next(events).outcome, next(events).outcome] == ["later", "added"]
    assert isinstance(events, Generator)
    events.close()
    assert world.site.host in world.sources.resting()
    assert [event.outcome for event in world.run()] == ["added", "failed"]
    other.close()


# -- addresses ---------------------------------------------------------------------------------------------------------


def test_addresses_are_added_like_files(world: World) -> None:
    """Each with what became of it; named twice, fetched once."""
    one, two = world.site.put("/1", page("one")), world.site.put("/2", page("one"))
    bad, none = world.site.put("/3", b"x", "image/png"), "http://nowhere.invalid/"
    told: list[tuple[str, int, int]] = []
    report = AddReport()
    add_addresses(
        world.index,
        [one, one + "#part", two, bad, none],
        world.fetcher(),
        report,
        allowed=networks(HERE),
        on_progress=lambda name, done, total, passages: told.append((name, done, total)),
    )
    assert (report.added, report.duplicates) == ([one], [(two, one)])
    assert report.failed[0] == (bad, "image/png, and a release is text; it was not read")
    assert report.failed[1][1].startswith("the host nowhere.invalid is not found")
    assert told == [(one, 1, 4), (two, 2, 4), (bad, 3, 4), (none, 4, 4)]


def test_two_at_once_on_one_index(world: World, tmp_path: Path) -> None:
    """A person adds while sync runs: both are whole."""
    for number in range(20):
        world.site.put(f"/{number}", page(f"works {number}"))
    world.follow(world.feed(*(entry(f"/{number}") for number in range(20))))
    errors: list[BaseException] = []
    fetcher = world.fetcher()

    def add() -> None:
        try:
            with Index.open(world.index.folder, embedder=LetterEmbedder()) as second:
                urls = [f"{world.site.url}/{number}" for number in reversed(range(20))]
                add_addresses(second, urls, fetcher, AddReport(), allowed=networks(HERE))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=add)
    thread.start()
    outcomes = {event.outcome for event in world.run()}
    thread.join()
    assert errors == []
    assert outcomes <= {"added", "unchanged", "twin", "checked"}
    assert len(world.index) == 20
    assert world.index.verify() == []
