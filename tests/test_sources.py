from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.fetch import UNKNOWN, Validators
from index.sources import FILE, TRIES, Counts, Item, Source, Sources, SourcesError

FEED = Source("https://acme.test/feed", "feed", "Acme", since=date(2024, 1, 1), allowed=("10.0.0.0/8",))
COMPANY = Source("edgar:ACM", "edgar", "ACME CORP", cik=5)
ONE = Item("1", "https://acme.test/1", title="One", published=date(2024, 5, 3), version="a", stated={"issuer": "Acme"})
TWO = Item("2", "https://acme.test/2")


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    with Sources(tmp_path) as opened:
        opened.follow(FEED)
        yield opened


def waiting(sources: Sources, address: str = FEED.address) -> list[str]:
    return [item.key for item in sources.waiting(address)]


def test_what_is_followed_comes_back(sources: Sources, tmp_path: Path) -> None:
    """In the order in which it was begun, also from another process."""
    assert sources.follow(COMPANY)
    sources.contact = "Ann ann@example.com"
    with Sources(tmp_path) as other:
        assert other.all() == [FEED, COMPANY]
        assert other.contact == "Ann ann@example.com"
        assert other.unfollow(FEED.address) == FEED
        assert other.unfollow(FEED.address) is None
    assert sources.all() == [COMPANY]


def test_following_again_changes_how(sources: Sources) -> None:
    """Its entries stay as they are; it is asked anew for what it has, for more may be wanted now."""
    sources.record(FEED, [ONE], Validators('"1"', "x"))
    sources.done(sources.waiting(FEED.address)[0])
    assert sources.all()[0].validators == Validators('"1"', "x")
    assert not sources.follow(Source(FEED.address, "feed", "Acme"))
    assert sources.all() == [Source(FEED.address, "feed", "Acme")]
    assert sources.counts(FEED.address) == Counts(0, 1, 0)


def test_entries_are_taken_down_once(sources: Sources) -> None:
    """As they were said."""
    assert sources.record(FEED, [ONE, TWO]) == 2
    assert sources.record(FEED, [ONE, TWO]) == 0
    one, two = sources.waiting(FEED.address)
    assert (one.title, one.published, one.stated, one.name, two.published) == (
        "One", date(2024, 5, 3), {"issuer": "Acme"}, one.url, None)  # fmt: skip


def test_an_entry_that_changed_waits_again(sources: Sources) -> None:
    """It is known to be indexed, and in which version."""
    sources.record(FEED, [ONE, TWO])
    for item in sources.waiting(FEED.address):
        sources.done(item, Validators('"1"', None))
    changed = Item("1", ONE.url, version="b")
    assert sources.record(FEED, [changed, TWO]) == 1
    (item,) = sources.waiting(FEED.address)
    assert (item.key, item.version, item.indexed, item.validators) == ("1", "b", True, Validators('"1"', None))


def test_an_address_that_only_tracks_otherwise_is_no_change(sources: Sources) -> None:
    """The name is the same."""
    sources.record(FEED, [Item("1", "https://acme.test/1?utm_source=a", name="https://acme.test/1")])
    assert sources.record(FEED, [Item("1", "https://acme.test/1?utm_source=b", name="https://acme.test/1")]) == 0


def test_an_entry_that_moved_was_not_read_from_there(sources: Sources) -> None:
    """One whose address only tracks otherwise is asked for where it was read."""
    sources.record(FEED, [Item("1", "https://acme.test/1?utm_source=a", name="https://acme.test/1"), TWO])
    for item in sources.waiting(FEED.address):
        sources.done(item, Validators('"1"', None))
    tracks = Item("1", "https://acme.test/1?utm_source=b", name="https://acme.test/1", version="b")
    moved = Item(TWO.key, "https://acme.test/new/2", version="b")
    assert sources.record(FEED, [tracks, moved]) == 2
    one, two = sources.waiting(FEED.address)
    assert (one.url, one.indexed, one.validators) == ("https://acme.test/1?utm_source=a", True, Validators('"1"', None))
    assert (two.url, two.indexed, two.validators) == ("https://acme.test/new/2", False, UNKNOWN)


def test_what_was_skipped_stays_so(sources: Sources) -> None:
    """Until it changes or someone asks; an entry without an address stays even then."""
    bad = Item("no link", FEED.address, state="skipped", reason="no link")
    sources.record(FEED, [ONE, bad])
    sources.skip(sources.waiting(FEED.address)[0], "a picture")
    sources.record(FEED, [ONE, bad])
    assert [(item.key, item.reason) for item in sources.skipped(FEED.address)] == [("1", "a picture"), ("no link",) * 2]
    sources.again(FEED.address)
    assert waiting(sources) == ["1"]


def test_what_fails_is_tried_ever_more_rarely(tmp_path: Path) -> None:
    """After five minutes, then after ever longer, a day at most; skipped after a week, with its last reason."""
    now = 1_000_000.0
    with Sources(tmp_path, clock=lambda: now) as sources:
        sources.follow(FEED)
        sources.record(FEED, [ONE])
        waits: list[float] = []
        while sources.counts(FEED.address).waiting:
            (item,) = sources.waiting(FEED.address)
            assert sources.later(item, "slow") == (len(waits) < TRIES - 1)
            began = now
            while sources.counts(FEED.address).waiting and not sources.waiting(FEED.address):
                now += 300
            waits.append(now - began)
        assert waits == [300, 1200, 4800, 19_200, 76_800, *[86_400] * 4, 0]
        assert [(item.key, item.reason) for item in sources.skipped(FEED.address)] == [("1", "slow")]


def test_who_asks_need_not_wait(sources: Sources) -> None:
    """All that waits is due, however often it failed."""
    sources.record(FEED, [ONE])
    sources.later(sources.waiting(FEED.address)[0], "slow")
    assert waiting(sources) == []
    sources.again(FEED.address)
    assert waiting(sources) == ["1"]


def test_a_page_that_another_source_has_brought(sources: Sources) -> None:
    """Is known by its name, once it is indexed."""
    other = Source("https://wire.test/feed", "feed")
    sources.follow(other)
    sources.record(FEED, [ONE])
    twin = Item("x", ONE.url + "?a", name=ONE.url)
    assert sources.is_done_elsewhere(other.address, twin) is None
    sources.done(sources.waiting(FEED.address)[0])
    assert sources.is_done_elsewhere(other.address, twin) == FEED.address
    assert sources.is_done_elsewhere(FEED.address, twin) is None


def test_a_filing_gives_way_to_what_it_holds(sources: Sources) -> None:
    """In one transaction."""
    sources.follow(COMPANY)
    sources.record(COMPANY, [Item("f", "https://sec.test/f", "filing")])
    sources.done(sources.waiting(COMPANY.address)[0], found=[ONE, TWO])
    assert waiting(sources, COMPANY.address) == ["1", "2"]
    assert waiting(sources) == []


def test_all_or_nothing(sources: Sources) -> None:
    """What a source says is never taken down by half, and its version never without it."""
    broken = Item("2", "https://acme.test/2", stated={"x": object()})
    with pytest.raises(TypeError):
        sources.record(FEED, [ONE, broken], Validators('"9"', None))
    assert sources.waiting(FEED.address) == []
    assert sources.all()[0].validators == UNKNOWN


def test_another_index_gets_everything_again(sources: Sources) -> None:
    """One that was made anew in the same folder holds nothing."""
    sources.belong_to("first")
    sources.record(FEED, [ONE, TWO])
    one, two = sources.waiting(FEED.address)
    sources.done(one, Validators('"1"', None))
    sources.skip(two, "a picture")
    sources.belong_to("first")
    assert waiting(sources) == []
    sources.belong_to("second")
    (item,) = sources.waiting(FEED.address)
    assert (item.key, item.indexed, item.validators) == ("1", False, UNKNOWN)
    # One that waits, because it changed, is not known to the new index either.
    sources.done(item, Validators('"1"', None))
    sources.record(FEED, [Item("1", ONE.url, version="b")])
    sources.belong_to("third")
    (item,) = sources.waiting(FEED.address)
    assert (item.version, item.indexed, item.validators) == ("b", False, UNKNOWN)


def test_problems_and_rests_are_kept(sources: Sources) -> None:
    """A problem until the source can be asked."""
    sources.failed(FEED, "no connection")
    assert sources.all()[0].problem == "no connection"
    sources.record(FEED, [])
    assert sources.all()[0].problem == ""
    sources.rest({"acme.test": 5.5})
    assert sources.resting() == {"acme.test": 5.5}
    sources.rest({})
    assert sources.resting() == {}


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    """Is left as it is, and said to be so."""
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(SourcesError, match=r"sources\.sqlite cannot be used .*what is indexed is not touched"):
        Sources(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith(b"not a database")
    other = tmp_path / "other"
    other.mkdir()
    with sqlite3.connect(other / FILE) as foreign:
        foreign.execute("CREATE TABLE notes (x)")
    with pytest.raises(SourcesError, match="another program's and was left as it is"):
        Sources(other)
    newer = tmp_path / "newer"
    Sources(newer).close()
    with sqlite3.connect(newer / FILE) as changed:
        changed.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    with pytest.raises(SourcesError, match="has format 99, this citewire reads 1"):
        Sources(newer)
    with pytest.raises(SourcesError, match="cannot be used"):
        Sources(other / FILE)
