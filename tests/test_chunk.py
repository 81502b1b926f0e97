"""Chunks: slices of whole sentences, within the budget, with all text in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import BUDGET, Chunk, chunk, count_tokens, sentences, statements, table_header
from index.embed import BundledEmbedder
from index.read import ReadError, parse
from index.release import Block, Release, Span


@pytest.mark.parametrize(
    "sentence",
    [
        "Acme, Inc. reported a profit.",
        "The plant in Madison, Wis. opened.",
        "It was said on Jan. 31 in Oslo.",
        "John Roe, M.D., Ph.D., will speak.",
        "Abstract No. 5 was accepted.",
        "The U.S. Food and Drug Administration agreed.",
        "Revenue was $1.2 million in total.",
        "Dr. Roe and Mr. Doe met at 2:30 p.m. PT in St. Louis.",
        "Acme Corp. and Bolt Ltd. merged.",
    ],
)
def test_sentences_are_not_cut_at_abbreviations(sentence: str) -> None:
    """Nor at figures; and the next sentence begins where it does."""
    text = f"Before this. {sentence} After that."
    assert [text[a:b] for a, b in sentences(text)] == ["Before this.", sentence, "After that."]


@pytest.mark.parametrize("text", ["a " + "<ul><li>" * 5_000, "anvils of " * 5_000, "x" * 40_000], ids=len)
def test_cutting_takes_time_that_grows_with_the_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word or sentence without an end is not counted as a whole again for every piece of it."""
    counted: list[int] = []

    def counting(text: str) -> int:
        counted.append(len(text))
        return count_tokens(text)

    monkeypatch.setattr("index.chunk.count_tokens", counting)
    release = Release.of(text.strip(), headline="", source="a", blocks=(Block("paragraph", 0, len(text.strip())),))
    pieces = chunk(release)
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())
    assert sum(counted) < 200 * len(text)


def test_wrapped_lines_are_one_sentence() -> None:
    """A line end inside a paragraph is a blank."""
    text = "Acme opened\na plant. It is\nlarge."
    assert [text[a:b] for a, b in sentences(text)] == ["Acme opened\na plant.", "It is\nlarge."]


def check(release: Release, chunks: list[Chunk], budget: int) -> None:
    """In order, apart, in the budget; every visible character outside headings is in one."""
    end, covered = 0, [False] * len(release.text)
    for piece in chunks:
        assert piece.text == release.text[piece.span.start : piece.span.end]
        assert end <= piece.span.start
        assert count_tokens(piece.text) <= budget + 10  # white space between sentences is not counted beforehand
        end = piece.span.end
        covered[piece.span.start : piece.span.end] = [True] * len(piece.span)
    for block in release.blocks:
        if block.kind != "heading":
            for at in range(block.start, block.end):
                assert covered[at] or release.text[at].isspace()


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600), st.sampled_from([".txt", ".md"]))
def test_any_release_is_covered(text: str, ending: str) -> None:
    """Any Unicode."""
    try:
        release = parse(text.encode(), "a" + ending)
    except ReadError:
        return
    check(release, chunk(release, 40), 40)


def test_long_words_and_long_sentences_are_cut() -> None:
    """Between words where there are any, inside one that is too long alone."""
    release = parse(("word " * 900 + "x" * 4000 + " end.").encode(), "a.txt")
    chunks = chunk(release, 60, fits=lambda text: len(text) <= 500)
    check(release, chunks, 60)
    assert all(len(piece.embedded) <= 500 for piece in chunks)


def test_context_travels_and_is_not_text() -> None:
    """Headline, section heading and table header are beside the span, not in it."""
    about = "Acme makes anvils for film and television, and has done so since 1912 in its old works in Oslo."
    table = "| In thousands | 2024 |\n|---|---|\n| Revenue | $1,200 |"
    release = parse(
        f"# Acme Opens\n\nAcme opened a shop.\n\n## Results\n\n{table}\n\n## About\n\n{about}".encode(), "a.md"
    )
    first, second, third = chunk(release)
    assert (first.heading, first.text) == ("Acme Opens", "Acme opened a shop.")
    assert second.heading == "Acme Opens\nResults\nIn thousands 2024"
    assert second.text == "In thousands\t2024\nRevenue\t$1,200"
    assert (third.heading, third.text) == ("Acme Opens\nAbout", about)


def test_chunks_are_seen_whole_by_the_bundled_embedder() -> None:
    """Figures take many word pieces: fewer of them go into a chunk."""
    embedder = BundledEmbedder()
    rows = "\n".join(f"| Item {n} | ${n * 1_234_567:,}.{n % 100:02} | ({n}.{n}%) |" for n in range(1, 120))
    text = (
        f"# Acme\n\n| What | How much | Change |\n|---|---|---|\n{rows}\n\n" + "Prose follows here, quite long. " * 200
    )
    release = parse(text.encode(), "a.md")
    chunks = chunk(release, fits=embedder.fits)
    check(release, chunks, BUDGET)
    assert all(embedder.fits(piece.embedded) for piece in chunks)


@pytest.mark.parametrize(
    ("table", "header"),
    [
        (
            "\tThree months ended March 31,\n\t2025\t2024\nRevenue\t$1\t$2",
            "\tThree months ended March 31,\n\t2025\t2024",
        ),
        ("Hole\tg/t gold\nGO-1\t11.6", "Hole\tg/t gold"),
        ("Revenue\t$1", ""),
        ("Name\tRole\nAnn\tCEO", "Name\tRole"),
    ],
)
def test_table_headers(table: str, header: str) -> None:
    """The rows before the first figure; years and dates are none."""
    assert table_header(table) == header


def test_statements_lie_in_the_span() -> None:
    """Sentences, items and rows, headings left out."""
    release = parse(b"# Acme\n\nOne is here. Two is there.\n\n* item\n\n| a | 1 |\n|---|---|\n| b | 2 |", "a.md")
    whole = Span(release.id, 0, len(release.text))
    assert [release.quote(s) for s in statements(release, whole)] == [
        "One is here.",
        "Two is there.",
        "* item",
        "a\t1",
        "b\t2",
    ]
    part = Span(release.id, release.text.index("is here"), release.text.index("Two") + 3)
    assert [release.quote(s) for s in statements(release, part)] == ["is here.", "Two"]


def test_special_tokens_are_plain_text() -> None:
    """A text that names one is no error."""
    assert count_tokens("<|endoftext|>") > 1
