from __future__ import annotations

import hashlib
import json
import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk, chunk, statements
from index.read import parse
from index.release import Release, Span, canonical
from index.store import Passage
from qa.confidence import Calibration, Grounds
from qa.read import MODEL_FOLDER, MOST_ANSWER, SpanReader, _best_span, _places, study_likeliest
from qa.scored import ScoredSpan
from qa.told import _described
from qa.whole import whole

TEXT = """\
Acme Opens a Mill in Oslo

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) opened a paper mill today. It cost $5.2 million and took
twelve months. Ann Berg, who runs the mill, came from Bolt.

| In thousands | 2024 | 2023 |
|---|---|---|
| Revenue | $1,200 | $900 |

- The mill uses peat, a cheap fuel, as its fuel.
- It has 40 workers.
"""


@pytest.fixture(scope="module")
def release() -> Release:
    return parse(TEXT.encode(), "acme.md")


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader()


def passages(release: Release, score: float = 0.9, budget: int = 40) -> list[Passage]:
    return [Passage(piece, score) for piece in chunk(release, budget)]


def passage_of(text: str, heading: str = "", score: float = 0.5) -> Passage:
    """One passage with all of a text, whatever it is."""
    release = Release.of(canonical(text), headline="Odd", source="odd.txt")
    return Passage(Chunk(release, Span(release.id, 0, len(release.text)), heading), score)


QUESTIONS = [
    "How much did the mill cost?",
    "When did Acme open the mill?",
    "What was revenue in 2024?",
    "Why?",
    "売上高はいくらですか",
    "Who runs it? " * 100,  # 300 words
    "🏭👩‍🏭 é̂ ﬁ ½",
    "\x00\x07",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_spans_lie_in_sentences_and_sentences_in_passages(question: str, release: Release, reader: SpanReader) -> None:
    """One span a passage, inside its sentence, that inside the passage; each score a probability, best first."""
    read = passages(release)
    found = reader(question, read)
    assert len(found) == len(read)
    for span, sentence, score, passage in found:
        around = passage.chunk.span
        assert span.release_id == sentence.release_id == release.id
        assert around.start <= sentence.start <= span.start < span.end <= sentence.end <= around.end
        assert 0 <= score <= 1
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much did the mill cost?", "$5.2 million"),
        ("How many workers does the mill have?", "40"),
        ("What fuel does the mill use?", "peat"),
        ("Who runs the mill?", "Ann Berg"),
        ("How long did it take to build the mill?", "twelve months"),
    ],
)
def test_the_answer_is_the_words_asked_for(question: str, expected: str, release: Release, reader: SpanReader) -> None:
    """The best span holds them, and little else."""
    best = reader(question, passages(release))[0]
    quote = release.quote(best.span)
    assert expected in quote
    assert len(quote) <= len(expected) + 20
    assert best.sentence in statements(release, best.passage.chunk.span)


def test_a_passage_that_does_not_say_it_scores_lower(release: Release, reader: SpanReader) -> None:
    """What is said beats what is not, in the same passages."""
    read = passages(release)
    said = reader("How much did the mill cost?", read)[0].score
    assert said > reader("What dividend does Bolt pay its shareholders?", read)[0].score + 0.1


def test_the_heading_is_read_but_never_cited(reader: SpanReader) -> None:
    """The answer that stands only in the heading is not selected: spans are characters of the passage."""
    text = "It opened in May and took twelve months to build."
    with_heading, without = passage_of(text, "Acme Opens a Mill in Oslo"), passage_of(text)
    [found] = reader("Where did Acme open a mill?", [with_heading])
    assert found.span.end <= len(text)
    [seen], [unseen] = (reader.find("What did Acme open in May?", [passage]) for passage in (with_heading, without))
    assert seen is not None
    assert unseen is not None
    assert seen.glance != unseen.glance


def test_a_sentence_alone_is_judged_by_nothing_around_it(reader: SpanReader) -> None:
    """Neither headings nor neighbours."""
    said, more = "The mill in Oslo burns black peat as its fuel.", "Nobody was hurt when it caught fire in May."
    read = []
    for text, heading in ((said, ""), (f"{more} {said}", ""), (f"{said} {more}", "Acme Opens a Mill in Oslo")):
        release = parse(f"Acme\n\n{text}\n".encode(), "odd.txt")
        begin = release.text.index(text)
        read.append(Passage(Chunk(release, Span(release.id, begin, begin + len(text)), heading), 0.5))
    query = "What fuel does the mill in Oslo burn?"
    found = [each for each in reader.find(query, read, least=[0.0] * 3) if each]
    assert len({each.alone for each in found}) == 1
    assert len({each.margin for each in found}) == 3
    assert found[0].alone == pytest.approx(found[0].margin)  # there, all readings are one
    assert found[0].end - found[0].start >= len("black peat")  # its last piece is not its first


def test_a_sentence_alone_is_read_with_the_question_made_whole(reader: SpanReader) -> None:
    """It is found with the query, as it is."""
    read = [passage_of("The mill in Oslo burns peat.")]
    query, whole = "Who runs the mill?\nAnn Berg\nAnd what does it burn?", "What does the mill in Oslo burn?"
    [bare], [judged], [other] = (reader.find(query, read, *more) for more in ((), (whole,), (query,)))
    assert bare == other
    assert bare is not None
    assert judged is not None
    assert judged[:4] == bare[:4]
    assert judged.alone == reader.find(whole, read)[0].alone  # type: ignore[union-attr]
    assert judged.alone != bare.alone


def test_what_is_likely_is_studied_and_the_rest_glanced_at(reader: SpanReader) -> None:
    """As many as are asked for, if they are likely enough; studying leaves what the glance gave."""
    texts = (
        "Acme said that its mill in Oslo burns peat as its fuel.",
        "Bolt named Ann Berg as its chair.",
        "Acme grew.",
    )
    read = [passage_of(text, "Acme's mills", score) for text, score in zip(texts, (0.5, 0.1, 0.1), strict=True)]
    query = "What fuel does the mill of Acme in Oslo burn?"
    glanced, one, all_of_them, usual = (
        reader.find(query, read, **how)
        for how in (dict[str, Any](least=[]), {"least": [0.05]}, {"least": [0.0] * 3}, {})
    )
    assert [each and (each.margin, each.alone) for each in glanced] == [(None, None)] * 3
    assert one == [all_of_them[0], *glanced[1:]]
    assert usual == one  # the others have no hope
    assert [each and each.glance for each in all_of_them] == [each and each.glance for each in glanced]
    assert all(each and each.margin is not None and each.alone is not None for each in all_of_them)


@given(
    st.lists(st.floats(0, 1), max_size=9),
    st.lists(st.floats(0, 1), min_size=9, max_size=9),
    st.lists(st.floats(0.05, 0.5), max_size=4),
)
def test_the_best_are_studied_in_the_end(glances: list[float], studied: list[float], least: list[float]) -> None:
    """Or too unlikely to be; each at most once, and none that others have outdone from the start."""
    asked: list[int] = []

    def study(numbers: list[int]) -> list[float]:
        asked.extend(numbers)
        return [studied[n] for n in numbers]

    chances = study_likeliest(glances, study, least)
    assert len(asked) == len(set(asked))
    assert chances == [studied[n] if n in asked else chance for n, chance in enumerate(glances)]
    assert all(glances[n] >= min(least) for n in asked)
    top = sorted(range(len(chances)), key=lambda n: -chances[n])
    assert all(n in asked or chances[n] < lowest for n, lowest in zip(top, least, strict=False))


@pytest.mark.parametrize("words", ["", "and peat ", "and so on " * 3])
def test_a_sentence_without_end_is_read(words: str, reader: SpanReader) -> None:
    text = f"It burns {'wood and wool ' * 400}peat as its fuel {words * 300}".strip()
    [found] = reader.find("What is it that burns as fuel?", [passage_of(text)])
    assert found is not None
    assert found.alone is not None
    assert math.isfinite(found.alone)


def test_the_span_is_that_of_a_slow_twin(reader: SpanReader) -> None:
    """Three readings weighed by hand; without headings, and by rows alone, no table is read."""
    samples = Path(__file__).parent.parent / "releases"
    read, moved = [], 0
    for name in ("quillfern-2024-11-19-interim-data.md", "tidewhistle-2025-q2-results.md"):
        release = parse((samples / name).read_bytes(), name)
        read += [Passage(piece, 0.5) for piece in chunk(release)]
    assert any("\t" in passage.chunk.text for passage in read)
    for query in ("How many patients will it enroll?", "How much cash is there?", "What was revenue?", "Who runs it?"):
        for passage, found in zip(read, reader.find(query, read, least=[0.0] * len(read)), strict=True):
            pieces, offsets, places, under, bare, alone = readings(reader, query, passage)
            is_table = "\t" in passage.chunk.text
            mixed = under if is_table else 0.6 * under + 0.4 * bare
            sentence = places[_best_span(mixed, places)[0]]
            hopeless = sum(under[at, n] for n, at in enumerate(_best_span(mixed, places)[:2])) < -16
            if not hopeless and not is_table:
                own = np.array(places) == sentence
                margins = alone(np.array(pieces)[own].tolist())
                mixed = np.where(own[:, None], mixed, -np.inf)
                mixed[own] += 0.4 * margins
            first, last, _ = _best_span(mixed, places)
            expected = whole(passage.chunk.text, offsets[first][0], offsets[last][1])
            assert found is not None
            assert (found.start, found.end) == expected
            assert found.margin == pytest.approx(under[first, 0] + under[last, 1], abs=1e-3)
            moved += (first, last) != _best_span(under, places)[:2]
    assert moved > 3  # what else is read tells


@pytest.mark.parametrize(
    ("places", "last"),
    [([0] * 60, MOST_ANSWER - 1), ([0] * MOST_ANSWER, MOST_ANSWER - 1), ([0] * 20 + [1] * 40, 19)],
)
def test_a_span_has_a_greatest_length_and_stays_in_one_place(places: list[int], last: int) -> None:
    """However likely an end further on is."""
    margins = np.zeros((len(places), 2), np.float32)
    margins[0, 0] = 100  # it begins with the first piece, and would end as late as it may
    margins[:, 1] = np.arange(len(places))
    assert _best_span(margins, places) == (0, last, 100 + last)


def readings(reader: SpanReader, query: str, passage: Passage) -> tuple[Any, ...]:
    """Pieces, their characters and places; margins under headings and without; and a way to those of other pieces."""
    asked, heading = reader._pieces(query), reader._pieces(passage.chunk.heading)[:60]
    text, release = passage.chunk.text, passage.chunk.release
    encoded = reader._tokenizer.encode(text, add_special_tokens=False)

    def margins(before: list[int], pieces: list[int]) -> Any:
        ids = [reader._ends[0], *asked, reader._ends[1], *before, *pieces, reader._ends[1]]
        types = [0] * (len(asked) + 2) + [1] * (len(ids) - len(asked) - 2)
        hidden = reader._models.glance.run(
            None, {"input_ids": np.array([ids]), "token_type_ids": np.array([types], np.int64)}
        )[0]
        scores = reader._models.study.run(None, {"hidden": hidden})[0]
        return scores[len(asked) + 2 + len(before) : -1] - scores[0].sum() / 2

    ends = [each.end - passage.chunk.span.start for each in statements(release, passage.chunk.span)]
    places = _places(text, [start for start, _ in encoded.offsets], ends)
    under, bare = margins(heading, encoded.ids), margins([], encoded.ids)
    return encoded.ids, encoded.offsets, places, under, bare, partial(margins, [])


def test_a_score_does_not_depend_on_what_else_is_read(release: Release, reader: SpanReader) -> None:
    """To the bit, at a glance and studied: alone, beside others, in another order, again, and on one thread."""
    read = passages(release, budget=25)
    question = "Who runs the mill?"
    assert len(read) > 3
    for least in ([], [0.0] * len(read)):
        together = reader.find(question, read, least=least)
        assert [reader.find(question, [passage], least=least)[0] for passage in read] == together
        assert reader.find(question, read[::-1], least=least) == together[::-1]
        assert SpanReader(threads=1).find(question, read, least=least) == together


def test_no_passages_no_spans(reader: SpanReader) -> None:
    """Nothing retrieved is nothing read."""
    assert reader("Why?", []) == []


def test_only_the_best_passages_are_read(release: Release) -> None:
    """``most`` bounds the work, however many passages are given."""
    given_passages = passages(release, budget=15)
    assert len(given_passages) > 2
    found = SpanReader(most=2)("Why?", given_passages)
    assert {each.passage for each in found} == set(given_passages[:2])


def test_a_better_passage_makes_its_span_likelier(release: Release, reader: SpanReader) -> None:
    """The same span scores higher in a passage that was found more surely."""
    low, high = (
        {each.span: each.score for each in reader("Who runs the mill?", passages(release, s))} for s in (0.2, 0.8)
    )
    assert low.keys() == high.keys()
    assert all(low[span] < high[span] for span in low)


def test_a_span_stays_within_a_cell(release: Release, reader: SpanReader) -> None:
    """Of a row of figures one is the answer, or none; never two."""
    text = "In thousands\t2024\t2023\nRevenue\t1,200\t900\nLoss\t(832)\t(700)\nCosts\t2,032\t1,600"
    for question in ("What was revenue in 2024?", "What was the loss?", "What were costs in 2023?", "Why?"):
        for found in reader.find(question, [passage_of(text)]):
            assert found is not None
            assert "\t" not in text[found.start : found.end]


def test_what_a_company_is_comes_before_what_it_did(reader: SpanReader) -> None:
    """Of a description the reader's words, if they are likely; else the whole clause."""
    did = (
        "Moreover, to attract clients and partners, Acme Foods opened a state-of-the-art Demonstration Center in Oslo."
    )
    said = "Acme Foods (NASDAQ: ACF), a maker of plant-based fish, which tastes of nothing, rose by 4% on Monday."
    found = [passages(parse(text.encode(), "a.md"), score)[0] for text, score in ((did, 0.9), (said, 0.1))]
    spans = reader("What does Acme Foods do?", found)
    best = spans[0]
    assert best.passage.chunk.text == said
    assert "maker of plant-based fish" in best.passage.chunk.release.quote(best.span)
    assert best.score >= 0.95
    bolt = parse(b"About Bolt\n\nBolt is a maker of nuts that hold for ever.", "a.md")
    likely = reader("What does Bolt do?", passages(bolt))[0]
    assert likely.passage.chunk.release.quote(likely.span).startswith("a maker of nuts")
    assert reader("What does Acme Foods do?", found[:1])[0].score < 0.95


@pytest.mark.parametrize(
    ("words", "score", "kept"),
    [
        ("a maker of robots", 0.6, "a maker of robots"),
        ("a maker of robots", 0.4, "a maker of robots for mills"),
        ("a maker", 0.9, "a maker of robots for mills"),
        ("a large hall", 0.9, "a maker of robots for mills"),
    ],
)
def test_the_reader_s_words_stand_for_a_description_if_likely_and_enough(words: str, score: float, kept: str) -> None:
    acme = parse(b"Acme is a maker of robots for mills, which has a large hall.", "a.md")
    (passage,) = passages(acme)
    start = acme.text.index(words)
    read = ScoredSpan(Span(acme.id, start, start + len(words)), passage.chunk.span, score, passage)
    (span,) = _described("What does Acme do?", [passage], [read])
    assert (acme.quote(span.span), span.score) == (kept, 0.95)
    assert _described("When did Acme open?", [passage], [read]) == [read]


def test_what_a_company_was_engaged_for_is_not_what_it_does(reader: SpanReader) -> None:
    law = parse(b"Haynes Berg LLP served as legal counsel to Acme, Inc. in the sale of the mill.", "a.md")
    asked, other = "What does Haynes Berg do?", "As what did Haynes Berg serve?"
    assert reader(asked, passages(law))[0].score < 0.4 < reader(other, passages(law))[0].score


def test_a_span_stays_in_one_sentence(reader: SpanReader) -> None:
    """Whatever is asked, and wherever the sentences end."""
    text = (
        "Acme makes paper. It makes pulp. Ann Berg runs it. Oslo is its seat. It earned $5 million. Peat is its fuel."
    )
    release = parse(f"Acme\n\n{text}\n".encode(), "acme.md")
    for question in ("What does Acme make?", "Tell me all of it", "Who, where and how much?", "Acme Oslo peat"):
        for span, sentence, _, _ in reader(question, passages(release, budget=200)):
            assert sentence in statements(release, Span(release.id, 0, len(release.text)))
            assert "." not in release.quote(span)


# -- odd passages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Peat",
        "5",
        "🏭",
        "👩‍🏭 e\u0301\u0302 🇳🇴 peat ﬁ",
        "\u0301\u0301",
        "…",
        "peat " * 3,
        "𝟓.𝟐 million",
        "売上高は増加した",
    ],
)
def test_odd_passages_are_read_by_slices(text: str, reader: SpanReader) -> None:
    """One word, emoji, combining marks: the span is a slice of the text, or there is none."""
    for found in reader("What fuel does the mill use?", [passage_of(text)]):
        assert 0 <= found.span.start < found.span.end <= len(found.passage.chunk.text)


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_a_passage_of_fifty_thousand_characters_is_read_to_its_end(at: float, reader: SpanReader) -> None:
    """Windows overlap: the answer is found wherever it stands."""
    filler = "The weather in the valley was fair and nobody complained. " * 870
    cut = round(at * 870) * 58
    text = (filler[:cut] + "The paper mill burns peat as its fuel. " + filler[cut:]).strip()
    assert len(text) >= 50_000
    [found] = reader("What fuel does the paper mill burn?", [passage_of(text)])
    assert found.passage.chunk.release.quote(found.span).startswith("peat")


@given(st.text(min_size=1, max_size=120))
def test_any_text_is_read_by_slices(text: str) -> None:
    """Characters of the passage, whatever they are."""
    release = Release.of(canonical(text), headline="Odd", source="odd.txt")
    if not release.text:
        return
    passage = Passage(Chunk(release, Span(release.id, 0, len(release.text)), ""), 0.5)
    for found in _READER.find("What is it?", [passage]):
        assert found is None or 0 <= found.start < found.end <= len(release.text)


_READER = SpanReader()

# -- the model ---------------------------------------------------------------------------------------------------------


def test_the_model_is_the_one_of_its_card() -> None:
    """Weights and their sha256 belong together, and are small enough for the repository."""
    facts = json.loads((MODEL_FOLDER / "MODEL.json").read_text("utf-8"))
    weights = {file.name: file.read_bytes() for file in MODEL_FOLDER.glob("*.onnx")}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in weights.items()} == facts["sha256"]
    assert sum(map(len, weights.values())) <= 30_000_000
    assert SpanReader().calibration == Calibration.of(facts["calibration"])


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(-30, 30), st.floats(-10, 0))
def test_confidence_rises_with_each_margin(one: float, other: float, third: float, share: float) -> None:
    """All else the same, at a glance and studied."""
    reader, nothing = SpanReader(), Grounds(0.0, 0.0, 0.0, share, 3.0, 0.0)
    for curve, names in ((reader.at_a_glance, ("glance", "glance")), (reader.calibration, ("margin", "alone"))):
        for name, beside in (names, names[::-1]):
            assert curve.weights._asdict()[name] > 0
            low, high = (
                curve.probability(nothing._replace(**{beside: third})._replace(**{name: margin}))
                for margin in sorted((one, other))
            )
            assert 0 <= low <= high <= 1


def test_a_smaller_risk_asks_for_more_confidence() -> None:
    """As measured; a risk that was never reached is refused with what can be had."""
    reader = SpanReader()
    least = next(step / 100 for step in range(1, 100) if _can(reader, step / 100))
    thresholds = [reader.threshold_for(least + step / 100) for step in range(60)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[0] > thresholds[-1]
    assert all(0 <= threshold <= 1 for threshold in (*thresholds, reader.threshold))
    with pytest.raises(
        ValueError, match=r"a risk of 0\.001 is not to be had: at its surest the reader is wrong in 0\."
    ):
        reader.threshold_for(0.001)


def test_what_is_likelier_wrong_than_right_is_no_answer(reader: SpanReader) -> None:
    assert reader.threshold >= 0.5


def _can(reader: SpanReader, risk: float) -> bool:
    try:
        return reader.threshold_for(risk) >= 0
    except ValueError:
        return False


def test_importing_the_reader_loads_no_models() -> None:
    """The module names the types of numpy, but does not need it to be imported."""
    source = Path(__file__).parent.parent / "qa" / "read.py"
    assert "if TYPE_CHECKING:\n    import numpy" in source.read_text(encoding="utf-8")


def test_of_several_things_with_their_figures_the_one_asked_for_is_read(reader: SpanReader) -> None:
    """Whichever of the figures the model alone would take."""
    text = (
        "It reported revenue, gross profit and net income of $14.1 million, $6.2 million and $1 million, respectively."
    )
    read = passages(parse(f"Acme Grows\n\n{text}\n".encode(), "acme.md"))
    for thing, figure in (
        ("revenue", "$14.1 million"),
        ("gross profit", "$6.2 million"),
        ("net income", "$1 million"),
    ):
        best = reader(f"What {thing} did Acme report?", read)[0]
        assert best.passage.chunk.release.quote(best.span) == figure


def test_of_two_figures_compared_the_one_of_the_period_asked_for_is_read(reader: SpanReader) -> None:
    """And a period before both is doubted; whichever of the two the model alone would take."""
    text = "Acme had revenues of $14.1 million for Q2, an increase from the $13.6 million of the same quarter of 2023."
    read = passages(parse(f"Acme Grows\n\n{text}\n".encode(), "acme.md"))
    found = {
        when: reader(f"What were Acme's revenues in {when}?", read)[0] for when in ("Q2 2024", "Q2 2023", "Q2 2022")
    }
    quotes = [span.passage.chunk.release.quote(span.span) for span in found.values()]
    assert quotes[:2] == ["$14.1 million", "$13.6 million"]
    assert found["Q2 2022"].score < 0.1 * min(found["Q2 2023"].score, found["Q2 2024"].score)
