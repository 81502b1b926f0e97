from __future__ import annotations

import gc
import weakref
from datetime import date
from pathlib import Path

import pytest

from index.store import Index, ReleaseRef
from qa import correct
from qa.correct import corrected, corrections, without_mark


def ref(id_: str, headline: str, day: date | None = date(2024, 5, 3), issuer: str | None = "Acme Corp.") -> ReleaseRef:
    return ReleaseRef(id_, issuer, headline, day)


@pytest.mark.parametrize(
    "headline",
    [
        "CORRECTING and REPLACING Acme Opens Mill",
        "CORRECTING & REPLACING -- Acme Opens Mill",
        "Correction: Acme Opens Mill",
        "/C O R R E C T I O N -- Acme Corp./ Acme Opens Mill",
        "CORRECTED: Acme Opens Mill",
        "UPDATE -- Acme Opens Mill",
        "Update: Acme Opens Mill",
        "REPLACEMENT: Acme Opens Mill",
        "Acme Opens Mill (Corrected)",
        "Acme Opens Mill - Correction",
        "CORRECTION - Acme Opens Mill",
        "/CORRECTION -- Acme Corp./ Acme Opens Mill",
        "CORRECTING and REPLACING PHOTO Acme Opens Mill",
    ],
)
def test_a_marked_headline_corrects_the_release_of_that_headline(headline: str) -> None:
    """Whatever form the wire gives the mark; letters' case and punctuation apart."""
    first, second = ref("a", "Acme opens mill"), ref("b", headline, date(2024, 5, 4))
    assert corrected([second, first]) == {"a": second}


@pytest.mark.parametrize(
    "headline",
    [
        "Updates by Acme",
        "Acme Provides Corporate Update",
        "Correctional Facilities Buy from Acme",
        "Replacing Steel, Acme Opens Mill",
        "Acme Corrects Its Course",
        "Acme Closes Mill",
        "Update, Upgrade, Uplift: Acme Opens Mill",
    ],
)
def test_words_of_a_headline_are_no_marks(headline: str) -> None:
    """What a company updates or corrects in its business withdraws no release."""
    assert without_mark(headline) == headline
    assert corrected([ref("a", "Acme Opens Mill"), ref("b", headline, date(2024, 5, 4))]) == {}


@pytest.mark.parametrize(
    ("day", "issuer", "is_corrected"),
    [
        (date(2024, 5, 3), "Acme Corp.", True),
        (date(2024, 7, 2), "ACME CORP.", True),
        (date(2024, 7, 3), "Acme Corp.", False),
        (date(2024, 5, 2), "Acme Corp.", False),
        (date(2024, 5, 4), "Bolt Ltd.", False),
        (None, "Acme Corp.", True),
        (date(2024, 5, 4), None, True),
    ],
)
def test_a_correction_is_of_the_same_issuer_and_not_much_later(
    day: date | None, issuer: str | None, is_corrected: bool
) -> None:
    """Headlines come again every quarter; a correction comes within weeks."""
    found = corrected([ref("a", "Acme Opens Mill"), ref("b", "Correction: Acme Opens Mill", day, issuer)])
    assert (found.keys() == {"a"}) is is_corrected


def test_the_newest_of_several_corrections_counts() -> None:
    """A correction may itself be corrected."""
    refs = [
        ref("a", "Acme Opens Mill"),
        ref("b", "Correction: Acme Opens Mill", date(2024, 5, 4)),
        ref("c", "Correction: Acme Opens Mill", date(2024, 5, 6)),
    ]
    assert {id_: by.id for id_, by in corrected(refs).items()} == {"a": "c", "b": "c"}


def test_of_a_headline_that_comes_daily_the_last_is_corrected() -> None:
    """The others stand."""
    days = [ref(f"d{day}", "Transaction in Own Shares", date(2024, 5, day)) for day in (1, 2, 3)]
    correction = ref("c", "Correction: Transaction in Own Shares", date(2024, 5, 3))
    assert corrected([*days, correction]) == {"d3": correction}


def test_corrections_are_looked_for_once_a_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And again when something was added."""
    times: list[int] = []

    def counted(releases: list[ReleaseRef]) -> dict[str, ReleaseRef]:
        times.append(len(releases))
        return corrected(releases)

    monkeypatch.setattr(correct, "corrected", counted)
    with Index.open(tmp_path / "index") as index:
        for name, headline in (("a.md", "Acme Opens Mill"), ("b.md", "Correction: Acme Opens Mill")):
            (tmp_path / name).write_text(f"# {headline}\n\nAcme makes paper of peat.\n", encoding="utf-8")
            index.add([tmp_path / name])
            assert corrections(index) is corrections(index)
        assert [by.headline for by in corrections(index).values()] == ["Correction: Acme Opens Mill"]
    assert times == [1, 2]


def test_what_is_kept_of_an_index_does_not_keep_it_alive(tmp_path: Path) -> None:
    """Nor its vectors, which are large."""
    with Index.open(tmp_path) as index:
        corrections(index)
    alive = weakref.ref(index)
    del index
    gc.collect()
    assert alive() is None
