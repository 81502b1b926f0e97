from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import Stemmer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qa.retrieve
from index.chunk import Chunk
from index.release import Release, Span
from index.store import Hit, Index, Passage
from qa.rank import WEIGHTS, Signals, content_words
from qa.retrieve import Candidate, Filters, HybridRetriever, distinct

# One release a line: file, date (empty: unknown), issuer, listing, sentences. No sentence stands in two of them.
RELEASES = """\
a | 2023-02-01 | Acme Corp. | NYSE: ACM | Acme Corp. earned $5 million from anvils. Its mill was closed for repairs.
b | 2023-06-15 | Acme Corp. | NYSE: ACM | Anvils sold well. Ann Berg was named chief executive of the ironworks.
c | 2024-01-31 | Acme Corp. | NYSE: ACM | The dividend rises to 20 cents. Shareholders meet in May.
d | 2024-01-31 | Bolt & Sons SE | FSE: BLT | Screws of titanium are lighter. A factory for screws opens in Ulm.
e | 2024-09-02 | Bolt & Sons SE | FSE: BLT | The factory burned down. Nobody was hurt, and the insurer pays.
f | 2025-03-03 | Cog Oy | HEL: COG | Cog Oy buys the screw business. The price is €12 million in cash.
g |  | Dell Mill | | A mill grinds oats. The miller has forty customers and no debt.
h |  | Ewe Wool | TSXV: EWE | Sheep were shorn early. Wool prices fell by 12%, the steepest fall since records began."""
QUERIES = [
    "Where is the mill?",
    "Who is chief executive of Acme Corp.?",
    "price of screws",
    "when do shareholders meet",
    "Why did the factory in Ulm burn down?",
    "completely unrelated elephants",
    "the of and",
    '"OR NEAR(* ',
    "売上高",
]


def published() -> dict[str, date | None]:
    rows = (line.split("|") for line in RELEASES.split("\n"))
    return {row[0].strip(): date.fromisoformat(row[1].strip()) if row[1].strip() else None for row in rows}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("retrieve")
    for line in RELEASES.split("\n"):
        name, day, issuer, ticker, text = (part.strip() for part in line.split("|"))
        facts = {"headline": f"News {name}", "issuer": issuer, "tickers": ticker, "date": day}
        front = "".join(f'{key}: "{value}"\n' for key, value in facts.items() if value)
        (folder / f"{name}.md").write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")
    with Index.open(folder / "index") as index:
        assert len(index.add([folder]).added) == 8
        yield index


def name_of(passage: Passage) -> str:
    return Path(passage.chunk.release.source).stem


def names(passages: Sequence[Passage]) -> list[str]:
    return [name_of(passage) for passage in passages]


# -- the twin ----------------------------------------------------------------------------------------------------------


def twin(index: Index, query: str, candidates: int) -> list[tuple[str, float]]:
    """Every chunk embedded again and compared; each signal by its definition; weighed, and all sorted."""
    chunks = index.chunks([id_ for (id_,) in index._database.rows("SELECT id FROM chunks")])
    texts = {id_: chunk.embedded for id_, chunk in chunks.items()}
    [asked] = index.embedder.encode_query([query])
    dense = {id_: float(index.embedder.encode_document([text])[0] @ asked) for id_, text in texts.items()}
    bm25 = {hit.chunk_id: hit.score for hit in index.search_words(content_words(query), candidates)}
    union = set(sorted(dense, key=lambda id_: -dense[id_])[:candidates]) | bm25.keys()
    low, high, most = min(dense[id_] for id_ in union), max(dense[id_] for id_ in union), max(bm25.values(), default=1)
    stem = Stemmer.Stemmer("english").stemWord
    words = [stem(part) for word in content_words(query) for part in re.findall(r"\w+", word.casefold())]
    named = {name for n in union for name in first_names(chunks[n]) if f"{name} " in f"{query} ".casefold()}
    sums = {}
    for id_ in union:
        chunk = chunks[id_]
        body = [stem(word) for word in re.findall(r"\w+", chunk.text.casefold())]
        held = {n: words_of(chunks[n]) for n in union}
        worth = {w: math.log(1 + len(union) / (1 + sum(w in held[n] for n in union))) for w in words}
        asked_pairs = set(pairwise(words))
        sums[id_] = (
            WEIGHTS.dense * (dense[id_] - low) / ((high - low) or 1)
            + WEIGHTS.bm25 * bm25.get(id_, 0.0) / most
            + WEIGHTS.terms * sum(worth[w] for w in worth if w in held[id_]) / (sum(worth.values()) or 1)
            + WEIGHTS.pairs * sum(pair in pairwise(body) for pair in asked_pairs) / max(1, len(asked_pairs))
            + WEIGHTS.issuer * any(f"{name} " in f"{query} ".casefold() for name in first_names(chunk))
            + WEIGHTS.mentions
            * (not named or any(name in f"{chunk.release.issuer} {chunk.release.text}".casefold() for name in named))
            + WEIGHTS.length * min(1, math.log(1 + len(chunk.text)) / 7)
        )
    whole = sum(math.exp(each) for each in sums.values())
    best = sorted(sums, key=lambda id_: -sums[id_])
    return [(Path(chunks[n].release.source).stem, math.exp(sums[n]) / whole) for n in best]


def words_of(chunk: Chunk) -> set[str]:
    text = f"{chunk.text} {chunk.heading} {chunk.release.issuer or ''}".casefold()
    return {Stemmer.Stemmer("english").stemWord(word) for word in re.findall(r"\w+", text)}


def first_names(chunk: Chunk) -> list[str]:
    """What an issuer of these releases is called for short."""
    return [chunk.release.issuer.split()[0].casefold()] if chunk.release.issuer else []


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("candidates", [100, 2])
def test_the_order_is_that_of_a_slow_twin(
    query: str, candidates: int, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All signals over the union of the candidates of both ways, weighed; nothing here repeats."""
    monkeypatch.setattr(qa.retrieve, "CANDIDATES", candidates)
    found = HybridRetriever(index, 16)(query)
    expected = twin(index, query, candidates)
    assert [passage.score for passage in found] == pytest.approx([score for _, score in expected], abs=1e-4)
    close = {pair for pair in pairwise(expected) if abs(pair[0][1] - pair[1][1]) < 1e-4}
    assert close or names(found) == [name for name, _ in expected]


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_shares_best_first_and_the_same_again(query: str, index: Index) -> None:
    """Scores lie between 0 and 1, sink, and do not change from one time to the next."""
    retriever = HybridRetriever(index)
    found = retriever(query)
    assert found
    assert all(0 <= passage.score <= 1 for passage in found)
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert retriever(query) == found == HybridRetriever(index)(query)


@pytest.mark.parametrize("k", [0, 1, 2, 5, 8, 100])
def test_at_most_k_passages(k: int, index: Index) -> None:
    """The best k of all, fewer where there are fewer."""
    all_found = HybridRetriever(index, 100)("mill")
    assert len(all_found) == 8
    assert HybridRetriever(index, k)("mill") == all_found[:k]


def test_words_of_the_query_find_their_release(index: Index) -> None:
    """A name, a figure, a rare word: the release that holds it comes first."""
    for query, expected in (("Ann Berg", "b"), ("12%", "h"), ("titanium", "d"), ("oats", "g"), ("dividend", "c")):
        assert names(HybridRetriever(index)(query))[0] == expected


# -- filters -----------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2022, 12, 1), date(2025, 6, 1)) | st.sampled_from([day for day in published().values() if day])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.none() | DAYS, st.none() | DAYS, st.sampled_from(QUERIES))
def test_with_dates_exactly_the_releases_of_these_days_are_searched(
    index: Index, since: date | None, until: date | None, query: str
) -> None:
    """Both ends included; a release of unknown date does not pass, since it might be from outside."""
    if since and until and since > until:
        since, until = until, since
    found = HybridRetriever(index, 100)(query, Filters(since=since, until=until))
    expected = {
        name
        for name, day in published().items()
        if (since is None and until is None) or (day and (since or day) <= day <= (until or day))
    }
    assert set(names(found)) == expected
    assert {Path(ref.source).stem for passage in found for ref in passage.said_in} <= expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(issuers=("Acme Corp.",)), "abc"),
        (Filters(issuers=("acme",)), "abc"),
        (Filters(issuers=("BOLT & SONS", "Cog")), "def"),
        (Filters(tickers=("ACM",)), "abc"),
        (Filters(tickers=("nyse:acm", "EWE")), "abch"),
        (Filters(tickers=("FSE:ACM",)), ""),
        (Filters(issuers=("Acme",), until=date(2023, 12, 31)), "ab"),
        (Filters(issuers=("Acme",), tickers=("BLT",)), ""),
        (Filters(issuers=("Mill",), since=date(1990, 1, 1)), ""),
        (Filters(issuers=("Nobody",)), ""),
        (Filters(), "abcdefgh"),
    ],
)
def test_only_releases_that_pass_all_filters_are_searched(filters: Filters, expected: str, index: Index) -> None:
    """Any of the names, any of the tickers, but each kind of filter must pass."""
    assert "".join(sorted(names(HybridRetriever(index, 100)("mill", filters)))) == expected


def test_scores_are_brought_to_their_range_within_the_filters(index: Index) -> None:
    """A release outside the filters has no say in the scores of those inside: alone, one is sure to be the one."""
    query = "shareholders of Acme Corp. meet"
    for issuer in ("Dell", "Cog"):
        [only] = HybridRetriever(index)(query, Filters(issuers=(issuer,)))
        assert (only.score, dict(only.parts)["dense"]) == (1.0, 1.0)


def test_a_passage_tells_what_its_score_is_made_of(index: Index) -> None:
    """The parts, weighed, give the order."""
    found = HybridRetriever(index)("Who is chief executive of Acme Corp.?")
    parts = [Signals(**dict(passage.parts)) for passage in found]
    sums = [sum(weight * part for weight, part in zip(WEIGHTS, each, strict=True)) for each in parts]
    assert sums == sorted(sums, reverse=True)
    assert {name_of(passage) for passage, each in zip(found, parts, strict=True) if each.issuer} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"issuers": "Acme"}, "issuers takes a tuple of names, got 'Acme'"),
        ({"tickers": "ACM"}, "tickers takes a tuple of names, got 'ACM'"),
        ({"issuers": (3,)}, r"issuers takes a tuple of names, got \(3,\)"),
        ({"since": "2024-01-01"}, "since takes a datetime.date, got '2024-01-01'"),
        ({"until": datetime(2024, 1, 1)}, r"until takes a datetime.date, got datetime.datetime\(2024, 1, 1"),
        ({"until": 2024}, "until takes a datetime.date, got 2024"),
    ],
)
def test_a_filter_of_the_wrong_type_is_refused_at_once(wrong: dict[str, Any], message: str) -> None:
    """The message names the filter, what it takes and what came."""
    with pytest.raises(TypeError, match=message):
        Filters(**wrong)


def test_since_after_until_is_refused() -> None:
    """No release could pass, which is never what was meant; the message names both days."""
    with pytest.raises(ValueError, match=r"since \(2025-01-02\) is after until \(2024-05-31\)"):
        Filters(since=date(2025, 1, 2), until=date(2024, 5, 31))
    assert Filters(since=date(2024, 5, 31), until=date(2024, 5, 31)).since == date(2024, 5, 31)


# -- repeated words, other writers -------------------------------------------------------------------------------------


def add(index: Index, folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    assert not index.add([folder / f"{name}.txt" for name in texts]).failed


def test_the_same_words_are_found_once(tmp_path: Path) -> None:
    """Releases that repeat a paragraph word for word are named with the passage that is kept."""
    boilerplate = "Acme makes anvils of iron in Oslo. It was founded in 1890 by two brothers."
    with Index.open(tmp_path / "index") as index:
        add(index, tmp_path, one=boilerplate, two=f"{boilerplate} Hi.", other="Bolt makes screws of titanium in Ulm.")
        found = HybridRetriever(index)("anvils")
    assert len(found) == 2
    anvils, screws = found
    assert {name_of(anvils), *(Path(ref.source).stem for ref in anvils.said_in)} == {"one", "two"}
    assert (name_of(screws), screws.said_in) == ("other", ())


def candidate(text: str, day: date | None = None, issuer: str = "Acme") -> Candidate:
    release = Release.of(text, headline="", issuer=issuer, published=day, source=f"{day} {text}")
    return Candidate(Chunk(release, Span(release.id, 0, len(text)), ""), (release.id,))


def test_what_says_less_is_not_named_as_saying_the_same() -> None:
    """A longer passage takes a shorter one in; but the shorter one's release does not say all of it."""
    short = candidate("Acme makes anvils of iron. It was founded in 1890 by two brothers.")
    long = candidate(f"{short.chunk.text} Anvils, anvils, anvils.")
    assert distinct([(long, 0.5), (short, 0.3)], 8) == [(long, 0.8)]
    [(kept, score)] = distinct([(short, 0.5), (long, 0.3)], 8)
    assert (kept.chunk, kept.said_in, score) == (short.chunk, (*short.said_in, *long.said_in), 0.8)


def test_of_nearly_the_same_words_the_newer_speak() -> None:
    """If they are about as good, and by the same issuer; what a correction takes back never does."""
    text = "Acme expects to start a Phase 3 trial. Its vaccine is made in Ulm."
    old, new = candidate(text, date(2024, 5, 6)), candidate(f"{text} So it says.", date(2025, 5, 6))
    assert distinct([(old, 0.5), (new, 0.46)], 8) == [(new._replace(said_in=(*old.said_in, *new.said_in)), 0.96)]
    [(kept, _)] = distinct([(old, 0.5), (new, 0.4)], 8)
    assert kept.chunk == old.chunk
    [(kept, _)] = distinct([(old, 0.5), (new, 0.46)], 8, withdrawn=new.said_in)
    assert kept.chunk == old.chunk
    [(kept, _)] = distinct([(old, 0.5), (new, 0.46)], 8, newest_wins=False)
    assert kept.chunk == old.chunk
    others = candidate(f"{text} So it says.", date(2025, 5, 6), issuer="Bolt")
    [(kept, _)] = distinct([(old, 0.5), (others, 0.46)], 8)
    assert kept.chunk == old.chunk
    # A third is compared with the one that speaks now, and what that one alone says is not new any more.
    repeats = candidate("So it says.", date(2026, 5, 6))
    assert [kept.chunk for kept, _ in distinct([(old, 0.5), (new, 0.46), (repeats, 0.1)], 8)] == [new.chunk]
    # What only the one before said is new again.
    older = candidate(f"{text} Ulm!", date(2024, 5, 6))
    again = candidate("Ulm!", date(2023, 5, 6))
    assert [kept.chunk for kept, _ in distinct([(older, 0.5), (new, 0.46), (again, 0.1)], 8)] == [
        new.chunk,
        again.chunk,
    ]


ALIKE = "Acme expects to start a trial of its vaccine. The vaccine is made in Ulm by two hundred people."
EQUAL = Signals(*[0.0] * len(Signals._fields))  # so that nothing but order and age decides


def write(folder: Path, name: str, day: str, text: str, headline: str = "") -> None:
    front = f'---\nheadline: "{headline or name}"\nissuer: Acme\ndate: {day}\n---\n'
    (folder / f"{name}.md").write_text(f"{front}{text}\n", encoding="utf-8")


def test_of_nearly_the_same_words_the_newest_is_retrieved(tmp_path: Path) -> None:
    """Unless the question is of the past: then the order stays."""
    for number in range(8):  # whichever of equals comes first by its id, some pair has the older first
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, "old", "2024-05-06", ALIKE)
        write(folder, "new", "2025-05-06", f"{ALIKE} It is number {number}.")
        with Index.open(folder / "index") as index:
            index.add([folder])
            retrieve = HybridRetriever(index, weights=EQUAL)
            first = min(retrieve.candidates("vaccine trial")[0], key=lambda each: each.chunk.span)
            [found] = retrieve("Which trial of its vaccine does Acme start?")
            assert name_of(found) == "new"
            [found] = retrieve("Which trial of its vaccine does Acme, founded in Ulm, start?")
            assert found.chunk.release == first.chunk.release


def test_what_a_correction_takes_back_speaks_for_no_other(tmp_path: Path) -> None:
    """Though it is newer than what says nearly the same."""
    write(tmp_path, "old", "2024-05-01", ALIKE, "Acme makes vaccines")
    write(tmp_path, "wrong", "2024-05-03", f"{ALIKE} In May.", "Acme starts trial")
    write(tmp_path, "right", "2024-05-04", "A trial of another drug begins.", "Correction: Acme starts trial")
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        found = HybridRetriever(index, weights=EQUAL)("Which trial of its vaccine does Acme start?")
    assert sorted(map(name_of, found)) == ["old", "right"]


def test_of_the_same_words_the_newest_speaks(tmp_path: Path) -> None:
    """Unless the question's words are in another's headings; the others are named, oldest first, within the dates."""
    about = "Acme makes anvils of iron. It was founded in Oslo by two brothers in 1890."
    for name, day in (("ulm", "2023-01-02"), ("bergen", "2024-05-06"), ("turku", "2025-07-08")):
        (tmp_path / f"{name}.md").write_text(
            f'---\nheadline: "Acme opens in {name}"\nissuer: Acme\ndate: {day}\n---\n{about}\n', encoding="utf-8"
        )
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        retrieve = HybridRetriever(index)
        [found] = retrieve("Who founded Acme?")
        assert (name_of(found), [Path(ref.source).stem for ref in found.said_in]) == ("turku", ["ulm", "bergen"])
        [found] = retrieve("Who founded Acme, which opens in Bergen?")
        assert name_of(found) == "bergen"
        [found] = retrieve("Who founded Acme?", Filters(until=date(2024, 12, 31)))
        assert (name_of(found), [Path(ref.source).stem for ref in found.said_in]) == ("bergen", ["ulm"])


def test_a_period_in_the_question_favours_the_releases_of_its_days(tmp_path: Path) -> None:
    """It hides none of the others."""
    for quarter, day in (("first", "2024-05-02"), ("second", "2024-08-02"), ("third", "2024-11-02")):
        (tmp_path / f"{quarter}.md").write_text(
            f"---\nheadline: Acme reports\nissuer: Acme Corp.\ndate: {day}\n---\nIn this {quarter} report of ours: "
            "revenue was 5 million dollars.\n"
        )
    (tmp_path / "other.md").write_text("# Sheep\n\nThe flock was shorn early, and wool was sold at a fair in Ulm.\n")
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        retrieve = HybridRetriever(index)
        for month, expected in (("May", "first"), ("August", "second"), ("November", "third")):
            found = names(retrieve(f"What was Acme's revenue, as told in {month} 2024?"))
            assert (found[0], len(found)) == (expected, 4)


def test_a_corrected_release_comes_behind_its_correction(tmp_path: Path) -> None:
    """And is marked with it; as of a day before the correction it is what was known."""
    for name, day, headline, price in (
        ("a", "2024-05-03", "Acme Sells Mill", "$5.2 million"),
        ("b", "2024-05-04", "CORRECTING and REPLACING Acme Sells Mill", "$2.5 million"),
    ):
        (tmp_path / f"{name}.md").write_text(
            f'---\nheadline: "{headline}"\nissuer: Acme Corp.\ndate: {day}\n---\n'
            f"Acme Corp. sold its paper mill for {price} in cash. The mill made newsprint.\n",
            encoding="utf-8",
        )
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        retrieve = HybridRetriever(index)
        found = retrieve("For what price did Acme sell its mill, $5.2 million?")
        assert names(found) == ["b", "a"]
        assert found[0].score + found[1].score == pytest.approx(1.0)
        assert found[0].score > 0.5
        assert [passage.corrected_by and passage.corrected_by.published for passage in found] == [
            None,
            date(2024, 5, 4),
        ]
        [before] = retrieve("price of the mill", Filters(until=date(2024, 5, 3)))
        assert (name_of(before), before.corrected_by) == ("a", None)


def test_copies_share_what_one_would_have(tmp_path: Path) -> None:
    """A statement made twice is as likely to be the one as a statement made once."""
    texts = {"a": "Acme makes anvils of iron.", "b": "Bolt buys anvils of iron from Acme."}
    scores = []
    for n, more in enumerate(({}, {"c": texts["a"] + " "})):
        folder = tmp_path / str(n)
        folder.mkdir()
        with Index.open(folder / "index") as index:
            for name, text in (texts | more).items():
                (folder / f"{name}.txt").write_text(f"News {name}\n\n{text}\n", encoding="utf-8")
            index.add([folder])
            found = HybridRetriever(index)("Who makes anvils of iron?")
            assert len(found) == 2
            scores.append(found[0].score)
            assert sum(passage.score for passage in found) == pytest.approx(1.0)
    assert scores[1] >= scores[0]


def test_words_that_differ_in_a_sign_or_a_point_are_not_the_same(tmp_path: Path) -> None:
    """ "$3.2 million" and "$32 million" are both found, each as what one release says."""
    texts = {"a": "The loss was $3.2 million.", "b": "The loss was $32 million.", "c": "The loss was -$32 million."}
    with Index.open(tmp_path / "index") as index:
        add(index, tmp_path, **texts)
        found = HybridRetriever(index)("How much was the loss?")
    assert {passage.chunk.text for passage in found} == set(texts.values())
    assert not any(passage.said_in for passage in found)


def test_a_release_removed_while_it_is_searched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may remove between two of the searches: then they are made again."""
    with Index.open(tmp_path / "index") as index, Index.open(tmp_path / "index") as other:
        add(index, tmp_path, one="Acme makes anvils.", two="Anvils are heavy.")
        search_words = index.search_words

        def search_then_remove(*arguments: Any) -> list[Hit]:
            hits = search_words(*arguments)
            other.remove([tmp_path / "one.txt"])
            return hits

        monkeypatch.setattr(index, "search_words", search_then_remove)
        assert names(HybridRetriever(index)("anvils")) == ["two"]


def test_a_mistake_is_not_searched_for_again(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what another process wrote in between is a reason to."""

    def broken(texts: Sequence[str]) -> None:
        raise KeyError(texts[0])

    monkeypatch.setattr(index.embedder, "encode_query", broken)
    with pytest.raises(KeyError, match="anvils"):
        HybridRetriever(index)("anvils")


def test_the_queries_have_scores_that_differ(index: Index) -> None:
    """What the twin is compared on is not all ties."""
    vectors = index.embedder.encode_query(QUERIES)
    assert np.unique(vectors.round(4), axis=0).shape == vectors.shape
