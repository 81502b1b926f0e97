from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from asked import ACME, BOLT, MATERIAL, read
from conftest import LetterEmbedder
from made import plain, tree_of
from numpy.typing import NDArray

from index.release import Span
from index.store import Index
from page.library import Library
from page.panel import READY, Panel
from page.place import Link, Place
from page.timeline import Mark, Marks
from qa import Assistant


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "acme.md").write_text(ACME)
    (tmp_path / "bolt.md").write_text(BOLT)
    embedder = LetterEmbedder()
    with Index.open(tmp_path / "index", embedder=embedder) as index:
        index.add([tmp_path / "acme.md", tmp_path / "bolt.md"])
    library = Library(tmp_path / "index", embedder)
    yield library
    library.close()


@pytest.fixture
def panel(library: Library, tmp_path: Path) -> Panel:
    (tmp_path / "sent").mkdir()
    return Panel(library, tmp_path / "sent")


def acme(library: Library) -> tuple[str, Span, str]:
    """Id of the release, the words that it is asked for, and its sha256."""
    release = library.release(library.releases()[0].id)
    assert release is not None
    start = release.text.index("recycled iron")
    return release.id, Span(release.id, start, start + 13), release.sha256


def marked(rendered: str, kind: str = "cited") -> list[str]:
    return [str(mark.text_content()) for mark in tree_of(rendered).find_class(kind)]


def finished(panel: Panel, begun: dict[str, str]) -> str:
    until = time.monotonic() + 20
    while "data-done" not in (shown := panel.added(begun["job"])):
        assert time.monotonic() < until
        time.sleep(0.02)
    return plain(shown)


# -- releases ----------------------------------------------------------------------------------------------------------


def test_a_source_opens_its_release_at_its_words(panel: Panel, library: Library) -> None:
    release_id, span, _ = acme(library)
    assert marked(panel.source(str(Place(release_id, (span,))))) == ["recycled iron"]
    near = panel.source(str(Place(release_id, (span,), near=True)))
    assert (marked(near), marked(near, "near")) == ([], ["recycled iron"])
    assert "no answer" in plain(near)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("cited 0000000000000000 1-2", "This release is no longer in the index."),
        ("<script>alert(1)</script>", "This source cannot be opened"),
        ("cited 0000000000000000 2-1", "This source cannot be opened"),
    ],
)
def test_a_place_that_cannot_be_opened_is_said_and_escaped(panel: Panel, place: str, message: str) -> None:
    shown = panel.source(place)
    assert plain(shown).startswith(message)
    assert "<script" not in shown


def test_a_place_past_the_end_of_its_release_is_refused(panel: Panel, library: Library) -> None:
    assert "This source cannot be opened" in plain(panel.source(f"cited {acme(library)[0]} 5-999999"))


def test_a_link_opens_the_same_words_later(panel: Panel, library: Library) -> None:
    _, span, sha256 = acme(library)
    assert marked(panel.linked(dict(parse_qsl(str(Link(span, sha256))[1:])))) == ["recycled iron"]


def test_a_link_into_another_text_is_refused_politely(panel: Panel, library: Library) -> None:
    _, span, sha256 = acme(library)
    query = dict(parse_qsl(str(Link(span, sha256))[1:]))
    for wrong in ({"sha256": "0" * 64}, {"release": "0" * 16}):
        shown = panel.linked(query | wrong)
        assert marked(shown) == []
        assert "has changed since the link was made" in plain(shown)
    assert "This link cannot be opened" in plain(panel.linked(query | {"end": "999999"}))
    assert "This link cannot be opened" in plain(panel.linked(query | {"start": "<b>"}))


def test_an_address_without_a_link_says_what_to_do(panel: Panel) -> None:
    assert plain(panel.linked({})) == READY


# -- lists -------------------------------------------------------------------------------------------------------------


def headlines(rendered: str) -> list[str]:
    return [str(row.text_content()) for row in tree_of(rendered).find_class("headline")]


def test_the_title_counts_what_is_there(panel: Panel) -> None:
    assert plain(panel.title()) == "citewire2 releases of 2 issuers"


def test_the_list_is_searched_sorted_and_within_the_scope(panel: Panel) -> None:
    both = ["Acme Corp. opens an anvil works", "Bolt Ltd. alert(1) {{7*7}}"]  # tags are no text
    assert headlines(panel.browse({})) == both
    assert headlines(panel.listed({"order": "oldest"})) == both[::-1]
    assert headlines(panel.listed({"words": "NYSE:acme ANVIL"})) == both[:1]
    assert headlines(panel.listed({"scope": {"until": "2023-12-31"}})) == both[1:]
    none = panel.listed({"words": "zyx"})
    assert headlines(none) == []
    assert "No release has these words" in plain(none)
    assert "No release is of that issuer and those days" in plain(panel.listed({"scope": {"until": "1999-12-31"}}))


def test_the_scope_is_summed_up_with_its_count(panel: Panel) -> None:
    assert plain(panel.summary({})) == "Asking all 2 releases"
    assert plain(panel.summary({"issuer": "acme", "until": "2024-05-03"})) == (
        "Asking 1 of 2 releases: acme, as of 3 May 2024"
    )
    assert "no day lies between them" in plain(panel.summary({"since": "2025-01-01", "until": "2024-01-01"}))


def test_a_scope_of_days_names_what_it_leaves_out(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "undated.txt").write_text("Cog Opens A Mill\n\nCog opens a mill in Ghent.\n")
    finished(panel, panel.add({"folder": str(tmp_path / "more")}))
    assert "1 of 3 releases: from 1 January 2024; 1 without a date left out" in plain(
        panel.summary({"since": "2024-01-01"})
    )
    assert "left out" not in panel.summary({"issuer": "acme", "since": "2024-01-01"})


def test_the_form_offers_each_issuer_with_its_count(panel: Panel) -> None:
    options = tree_of(f"<div>{panel.issuers(None)}</div>").findall("option")
    assert [(one.get("value"), one.text) for one in options] == [
        ("Acme Corp.", "1 release"),
        ("Bolt <b>Ltd.</b> ${1+1}", "1 release"),
    ]


def test_the_releases_of_an_answer_are_listed_under_their_line_of_time(
    panel: Panel, library: Library, tmp_path: Path
) -> None:
    later = ACME.replace("May 3, 2024", "May 3, 2025").replace("recycled iron", "fresh copper")
    (tmp_path / "sent" / "later.md").write_text(later)
    finished(panel, panel.add({"files": [str(tmp_path / "sent" / "later.md")]}))
    new, old = [library.release(ref.id) for ref in library.releases() if ref.issuer == "Acme Corp."]
    assert new is not None
    assert old is not None
    at = old.text.index("recycled iron")
    marks = Marks([Mark(0, new.id, Span(new.id, at, at + 12)), Mark(1, old.id, Span(old.id, at, at + 13))])
    shown = panel.listed({"marks": str(marks)})
    assert len(headlines(shown)) == 2
    named = [mark.get("aria-label") for mark in tree_of(shown).find_class("mark")]
    assert named == ["3 May 2024, said: recycled iron", "3 May 2025, changed: fresh copper"]
    assert "no marks on a timeline" in plain(panel.listed({"marks": "<b>"}))


class Slow(LetterEmbedder):
    """An embedder that waits, when told to, before it embeds documents."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        assert self.may_go_on.wait(20)
        return super().encode_document(sentences)


def test_nobody_waits_while_releases_are_added(tmp_path: Path) -> None:
    """Asking, listing and opening go on while a file is in the middle of being added."""
    (tmp_path / "acme.md").write_text(ACME)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "bolt.md").write_text(BOLT)
    embedder = Slow()
    with Index.open(tmp_path / "index", embedder=embedder) as index:
        index.add([tmp_path / "acme.md"])
        library = Library(tmp_path / "index", embedder)
        panel = Panel(library, tmp_path)
        embedder.may_go_on.clear()
        begun = panel.add({"folder": str(tmp_path / "more")})
        assert Assistant(index, read=read).ask(MATERIAL).text == "recycled iron, a hard metal"
        assert headlines(panel.browse({})) == ["Acme Corp. opens an anvil works"]
        assert "recycled iron" in panel.source(str(Place(library.releases()[0].id)))
        assert "data-done" not in panel.added(begun["job"])
        embedder.may_go_on.set()
        assert finished(panel, begun).startswith("1 release added.")
        assert len(headlines(panel.browse({}))) == 2
        library.close()


# -- adding and removing -----------------------------------------------------------------------------------------------


def test_uploaded_files_are_added_each_with_what_became_of_it(panel: Panel, tmp_path: Path) -> None:
    sent = [tmp_path / "sent" / name for name in ("new.md", "again.md", "broken.txt")]
    for file, data in zip(sent, (ACME.replace("iron", "tin").encode(), ACME.encode(), b"\0\1\2"), strict=True):
        file.write_bytes(data)
    said = finished(panel, panel.add({"files": [str(file) for file in sent]}))
    assert said.startswith("1 release added, 1 already there, 1 file could not be read.")
    assert "new.md: added" in said
    assert "again.md: the same release as acme.md" in said
    assert "broken.txt: not added: not text" in said
    assert plain(panel.title()) == "citewire3 releases of 2 issuers"
    kept = {file.name for file in (tmp_path / "index" / "uploads").iterdir()}
    assert kept == {"new.md", "again.md"}
    assert list((tmp_path / "sent").iterdir()) == []


def test_another_file_of_the_same_name_replaces_nothing(panel: Panel, tmp_path: Path) -> None:
    for material in ("tin", "lead"):
        (tmp_path / "sent" / "news.md").write_text(ACME.replace("iron", material))
        finished(panel, panel.add({"files": [str(tmp_path / "sent" / "news.md")]}))
    assert plain(panel.title()).startswith("citewire4 releases")
    assert {file.name for file in (tmp_path / "index" / "uploads").iterdir()} == {"news.md", "news-2.md"}


@pytest.mark.parametrize("path", ["/etc/passwd", "../acme.md", "", "sent"])
def test_no_file_from_elsewhere_is_taken_for_an_upload(panel: Panel, tmp_path: Path, path: str) -> None:
    begun = panel.add({"files": [str(tmp_path / "sent" / path)]})
    assert "only files that were uploaded" in plain(begun["html"])
    assert plain(panel.title()).startswith("citewire2 releases")


def test_a_folder_of_this_machine_is_added(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "tin.md").write_text(ACME.replace("iron", "tin"))
    assert finished(panel, panel.add({"folder": f" {tmp_path / 'more'} "})).startswith("1 release added.")


@pytest.mark.parametrize("folder", ["", "relative", "/no/such/folder"])
def test_what_is_no_folder_is_said(panel: Panel, folder: str) -> None:
    assert "is no folder of this computer" in plain(panel.add({"folder": folder})["html"])


def test_a_removed_release_is_gone_with_the_file_that_was_uploaded(
    panel: Panel, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "sent" / "tin.md").write_text(ACME.replace("iron", "tin").replace("2024", "2025"))
    finished(panel, panel.add({"files": [str(tmp_path / "sent" / "tin.md")]}))
    newest = library.releases()[0]
    assert "removed" in plain(panel.remove(newest.id))
    assert newest.id not in {ref.id for ref in library.releases()}
    assert list((tmp_path / "index" / "uploads").iterdir()) == []
    assert plain(panel.remove(newest.id)) == "This release is no longer in the index."
    assert "no longer in the index" in plain(panel.remove(str(tmp_path)))


def test_where_nothing_may_be_changed_nothing_is(panel: Panel, library: Library, tmp_path: Path) -> None:
    library.may_change = False
    assert "<input" not in panel.bring(None)
    (tmp_path / "sent" / "tin.md").write_text(ACME.replace("iron", "tin"))
    for refused in (
        panel.add({"files": [str(tmp_path / "sent" / "tin.md")]})["html"],
        panel.add({"folder": str(tmp_path)})["html"],
        panel.remove(library.releases()[0].id),
    ):
        assert "nothing can be added or removed here" in plain(refused)
    assert plain(panel.title()).startswith("citewire2 releases")


def test_folders_are_named_only_where_that_may_be(panel: Panel, library: Library, tmp_path: Path) -> None:
    library.may_name_folders = False
    assert 'name="folder"' not in panel.bring(None)
    assert "folders can be named only" in plain(panel.add({"folder": str(tmp_path)})["html"])


def test_too_many_files_are_refused_before_any_is_read(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "sent" / "tin.md").write_text(ACME)
    begun = panel.add({"files": [str(tmp_path / "sent" / "tin.md")] * 201})
    assert "201 files are too many at once" in plain(begun["html"])


def test_a_job_that_nobody_knows_is_said_and_ends_the_waiting(panel: Panel) -> None:
    assert re.search("data-done.*no longer known", panel.added("x"))
