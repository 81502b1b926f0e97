from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval.example import Evidence, Example, read_examples
from eval.run import METRICS, Judge, Report, Result, evaluate, places
from index.chunk import Chunk
from index.release import Release, Span
from index.store import Index, Passage, ReleaseRef
from qa.answer import Answer, Citation, Refusal
from qa.assistant import Assistant
from qa.rewrite import Turn

TEXT = (
    "Acme Corp. names Ann Berg CEO.\nAnn Berg starts on May 5, 2024. Revenue was $3.2 billion in 2023. Acme is in Oslo."
)
ACME = Release.of(TEXT, headline="Acme names CEO", source="in/acme.md", issuer="Acme Corp.", tickers=("NYSE:ACM",))
LATER = Release.of("Revenue of $3,200 million was a record.", headline="Q1", source="in/later.md", issuer="ACME Corp")
TICKER = Release.of("Sales: 3.2 billion dollars.", headline="Note", source="in/note.md", tickers=("NYSE:ACM",))
OTHER = Release.of("Revenue was $3.2 billion.", headline="Bolt", source="in/bolt.md", issuer="Bolt Ltd.")

REVENUE = "Revenue was $3.2 billion in 2023."
EXAMPLE = Example("q1", "Revenue?", (), ("$3.2 billion",), (Evidence("acme.md", REVENUE),), "money", True)


def span(release: Release, words: str) -> Span:
    start = release.text.index(words)
    return Span(release.id, start, start + len(words))


def passage(release: Release, words: str, *said_in: Release) -> Passage:
    refs = tuple(ReleaseRef(other.id, other.issuer, other.headline, other.published) for other in said_in)
    return Passage(Chunk(release, span(release, words), ""), 0.5, refs)


def citation(release: Release, words: str, sentence: str) -> Citation:
    return Citation(release, span(release, words), span(release, sentence))


def answered(text: str, *citations: Citation, confidence: float = 0.9, passages: Sequence[Passage] = ()) -> Answer:
    return Answer("as asked", "as understood", text, citations, confidence, None, tuple(passages))


def refusal(confidence: float = 0.1, passages: Sequence[Passage] = ()) -> Answer:
    return Answer("as asked", "as understood", "", (), confidence, Refusal("not_said", "-"), tuple(passages))


@dataclass
class Shelf:
    """Releases by id and file, as an Index has them."""

    held: tuple[Release, ...] = (ACME, LATER, TICKER, OTHER)
    twins: tuple[tuple[str, str], ...] = (("copies/acme-copy.md", ACME.id),)

    def sources(self) -> list[tuple[str, str]]:
        return [*((release.source, release.id) for release in self.held), *self.twins]

    def release(self, release_id: str) -> Release | None:
        return next((release for release in self.held if release.id == release_id), None)


@dataclass
class Scripted:
    """Gives the answers it was given, by question, and remembers what it was asked."""

    answers: dict[str, Answer]
    index: Shelf = field(default_factory=Shelf)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        return self.answers[question]


def result_of(answer: Answer, example: Example = EXAMPLE, index: Shelf | None = None) -> Result:
    return evaluate(Scripted({example.question: answer}, index or Shelf()), [example]).results[0]


# -- retrieval ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (REVENUE, True),
        ("May 5, 2024. " + REVENUE, True),
        ("Revenue was $3.2 billion", True),  # cut short, but the answer is in it
        ("3.2 billion in 2023.", True),
        ("billion in 2023.", False),
        ("Acme is in Oslo.", False),
    ],
)
def test_a_passage_holds_evidence(words: str, held: bool) -> None:
    """The whole quote, or the part of it that is the answer."""
    assert Judge(Shelf()).holds(passage(ACME, words), EXAMPLE) is held


def test_the_same_words_of_another_issuer_are_no_evidence() -> None:
    """A short sentence may be said by chance of another company."""
    assert not Judge(Shelf()).holds(passage(OTHER, OTHER.text), EXAMPLE)


def test_a_passage_that_stands_for_the_evidence_holds_it() -> None:
    """Where near-duplicates were folded into one passage, it holds what it has the words of."""
    reprint = Release.of("Reprint. " + REVENUE, headline="Reprint", source="in/reprint.md")
    judge = Judge(Shelf((ACME, reprint)))
    assert judge.holds(passage(reprint, REVENUE, ACME), EXAMPLE)
    assert not judge.holds(passage(reprint, "Reprint.", ACME), EXAMPLE)
    assert not judge.holds(passage(reprint, REVENUE), EXAMPLE)


def test_the_same_words_in_other_releases_hold_the_evidence() -> None:
    """Of the same issuer always; of any where the words are too many to be the same by chance."""
    later = Release.of("Again: " + REVENUE, headline="Later", source="in/later.md", issuer=ACME.issuer)
    assert Judge(Shelf((ACME, later))).holds(passage(later, REVENUE), EXAMPLE)
    about = "Acme, founded in Oslo in 1912 by two sisters, makes anvils for film and television in four countries. "
    long = replace(EXAMPLE, evidence=(Evidence("acme.md", about + REVENUE),))
    reprint = Release.of(about + REVENUE, headline="Reprint", source="in/reprint.md")
    assert Judge(Shelf((ACME, reprint))).holds(passage(reprint, reprint.text), long)


def test_evidence_is_found_by_any_file_of_the_release() -> None:
    """Two files with one release are one release; two releases with one file name are both looked at."""
    by_copy = replace(EXAMPLE, evidence=(Evidence("acme-copy.md", REVENUE),))
    assert Judge(Shelf()).holds(passage(ACME, REVENUE), by_copy)
    namesake = Release.of(REVENUE, headline="Namesake", source="more/acme.md")
    assert Judge(Shelf((ACME, namesake))).holds(passage(namesake, REVENUE), EXAMPLE)


def test_a_quote_that_stands_twice_is_held_twice() -> None:
    """A headline repeated in the body: either place will do."""
    twice = Release.of(f"{REVENUE}\nMore. {REVENUE}", headline="-", source="acme.md")
    assert [place.quote.start for place in places(EXAMPLE.evidence[0], EXAMPLE.answers, twice)] == [0, 40]
    assert Judge(Shelf((twice,))).holds(passage(twice, f"More. {REVENUE}"), EXAMPLE)


def test_yes_and_no_are_not_looked_for_in_the_quote() -> None:
    """ "no" in "not" is no answer; the piece that says so is."""
    release = Release.of("It is not a known, listed firm.", headline="-", source="acme.md")
    piece = Evidence("acme.md", release.text)
    (place,) = places(piece, ("No", "not a known"), release)
    assert place.answer == span(release, "not a known")
    (place,) = places(piece, ("no",), release)
    assert place.answer is None


def test_rank_is_that_of_the_first_passage_with_evidence() -> None:
    """From 1, None if there is none; passages of a refusal count too."""
    far = [passage(OTHER, OTHER.text), passage(ACME, "Acme is in Oslo."), passage(ACME, REVENUE), passage(ACME, TEXT)]
    assert result_of(refusal(passages=far)).rank == 3
    assert result_of(answered("Oslo", passages=far[:2])).rank is None


# -- citations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "right"),
    [
        (citation(ACME, "$3.2 billion", REVENUE), True),
        (citation(ACME, "2023", REVENUE), True),  # the sentence is what is judged
        (citation(ACME, "Oslo", "Acme is in Oslo."), False),
        (citation(LATER, "$3,200 million", LATER.text), True),  # same issuer, another way to write it
        (citation(TICKER, "Sales", TICKER.text), True),  # same ticker
        (citation(OTHER, "$3.2 billion", OTHER.text), False),  # another issuer
    ],
)
def test_a_citation_is_right(cited: Citation, right: bool) -> None:
    """In the evidence, or an accepted answer said for the same issuer."""
    found = result_of(answered("$3.2 billion", cited))
    assert [(c.right, c.verbatim) for c in found.citations] == [(right, True)]
    assert found.citation_ok == float(right)


def test_citation_ok_is_the_share_of_right_citations() -> None:
    """One right of two; none without citations, none if unanswerable."""
    good, bad = citation(ACME, "$3.2 billion", REVENUE), citation(OTHER, "$3.2 billion", OTHER.text)
    assert result_of(answered("x", good, bad)).citation_ok == 0.5
    assert result_of(refusal()).citation_ok is None
    unanswerable = replace(EXAMPLE, answers=(), evidence=(), answerable=False)
    assert result_of(answered("x", good), unanswerable).citation_ok is None


def test_a_citation_of_other_words_is_not_verbatim() -> None:
    """A release that the index does not hold, or a span outside its text, is told apart from the right words."""
    foreign = Release.of(TEXT + " More.", headline="Acme names CEO", source="acme.md", issuer="Acme Corp.")
    outside = Citation(ACME, Span(ACME.id, 5, 9_999), Span(ACME.id, 0, 9_999))
    found = result_of(answered("x", citation(foreign, "Oslo", "Acme is in Oslo."), outside))
    assert [(c.verbatim, c.right, c.quote) for c in found.citations] == [(False, False, "Oslo"), (False, False, "")]


# -- evaluate ----------------------------------------------------------------------------------------------------------

EXAMPLES = [
    EXAMPLE,
    replace(EXAMPLE, id="q2", question="Who?", answers=("Ann Berg",), kind="person"),
    replace(EXAMPLE, id="q3", question="When?", history=(Turn("Who?", "Ann Berg"),), kind="followup"),
    Example("u1", "Profit?", (), (), (), "unanswerable", False),
    Example("u2", "Debt?", (Turn("a", "b"),), (), (), "unanswerable", False),
]
ANSWERS = {
    "Revenue?": answered(
        "about $3.2B",
        citation(ACME, "$3.2 billion", REVENUE),
        citation(OTHER, "$3.2 billion", OTHER.text),
        confidence=0.8,
        passages=[passage(OTHER, OTHER.text), passage(ACME, REVENUE)],
    ),
    "Who?": answered("Ann Berg", citation(ACME, "Ann Berg", REVENUE), confidence=0.9, passages=[passage(ACME, TEXT)]),
    "When?": refusal(confidence=0.3),
    "Profit?": answered("$3.2 billion", citation(ACME, "$3.2 billion", REVENUE), confidence=0.8),
    "Debt?": refusal(confidence=0.1),
}


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(Scripted(ANSWERS), EXAMPLES)


def test_metrics_are_those_worked_out_by_hand(report: Report) -> None:
    """Five questions, each metric over those it is defined for; a question with no result counts 0."""
    values = {name: (metric.value, metric.n) for name, metric in report.metrics.items() if name not in METRICS[-3:]}
    assert values == {
        "hit@1": (pytest.approx(1 / 3), 3),
        "hit@8": (pytest.approx(2 / 3), 3),
        "mrr": (pytest.approx((1 / 2 + 1 + 0) / 3), 3),
        "answer_em": (pytest.approx(1 / 3), 3),
        "answer_f1": (pytest.approx((2 / 3 + 1 + 0) / 3), 3),
        "citation_precision": (pytest.approx(2 / 3), 3),
        "citations_verbatim": (1.0, 4),
        "false_answer_rate": (0.5, 2),
        "false_refusal_rate": (pytest.approx(1 / 3), 3),
        "abstain_auroc": (pytest.approx((0.5 + 1 + 1 + 1 + 0 + 1) / 6), 5),
        "calibration_error": (pytest.approx((2 * 0.3 + 0.1 + 0.3 + 0.1) / 5), 5),
    }
    assert tuple(report.metrics) == METRICS
    assert all(metric.n == 5 for name, metric in report.metrics.items() if name in METRICS[-3:])


def test_intervals_hold_their_values(report: Report) -> None:
    """low <= value <= high for all metrics of all slices; none where there is no value."""
    for metrics in report.slices.values():
        for metric in metrics.values():
            if metric.value is None:
                assert metric[1:] == (None, None, 0)
            else:
                assert metric.low is not None
                assert metric.high is not None
                assert metric.low <= metric.value <= metric.high


def test_a_refused_candidate_may_have_been_right() -> None:
    """Confidence is judged by the words that came nearest; a refusal without any is never right."""
    near = citation(ACME, "$3.2 billion", REVENUE)
    too_weak = replace(refusal(confidence=0.2), refusal=Refusal("not_said", "No.", (near,)))
    elsewhere = replace(too_weak, refusal=Refusal("outside_dates", "No.", (near,)))
    assert [result_of(answer).right for answer in (too_weak, elsewhere, refusal())] == [True, False, False]
    assert not result_of(replace(too_weak, confidence=0.0)).right  # all is withdrawn
    assert (result_of(too_weak).f1, result_of(too_weak).answered) == (0.0, False)


def test_plots_are_images_that_fetch_nothing(report: Report) -> None:
    """Well-formed SVG without scripts; the report shows them."""
    for image in report.plots().values():
        root = ElementTree.fromstring(image)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "kozea" not in image
        assert not root.findall(".//{http://www.w3.org/2000/svg}script[@{http://www.w3.org/1999/xlink}href]")
    assert "![](a%20b.svg)" in report.to_markdown(["a b.svg"])
    assert "| 0.90 | 1.00 |" in report.to_markdown()


def test_slices(report: Report) -> None:
    """A follow-up is an answerable question with a history; an unanswerable one is only that."""
    members = {name: [result.id for result in report.results if name in result.slices] for name in report.slices}
    assert members == {
        "all": ["q1", "q2", "q3", "u1", "u2"],
        "first question": ["q1", "q2"],
        "follow-up": ["q3"],
        "unanswerable": ["u1", "u2"],
        "kind: followup": ["q3"],
        "kind: money": ["q1"],
        "kind: person": ["q2"],
    }
    assert report.slices["follow-up"]["false_refusal_rate"].value == 1.0
    assert report.slices["unanswerable"]["hit@1"].value is None
    assert report.slices["first question"]["abstain_auroc"].value is None


def test_questions_are_asked_with_their_history() -> None:
    """The history is that of the question set; progress is told after each question."""
    assistant, told = Scripted(ANSWERS), []
    evaluate(assistant, EXAMPLES[:3], lambda done, total: told.append((done, total)))
    assert assistant.asked == [("Revenue?", ()), ("Who?", ()), ("When?", (Turn("Who?", "Ann Berg"),))]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_refusal_that_carries_text_is_right_in_nothing() -> None:
    """Only an answer can match."""
    found = result_of(replace(refusal(), text="$3.2 billion"))
    assert (found.answer, found.em, found.f1, found.answered, found.refusal) == ("", 0, 0, False, "not_said")


def test_releases_that_are_not_indexed_are_told() -> None:
    """Such questions count as misses, and the report says how many they are; likewise for quotes that are not there."""
    examples = [
        replace(EXAMPLE, id="a", evidence=(Evidence("gone.md", REVENUE), Evidence("acme.md", REVENUE))),
        replace(EXAMPLE, id="b", evidence=(Evidence("acme.md", "Words that it lacks"),)),
    ]
    report = evaluate(Scripted({"Revenue?": refusal()}), examples)
    assert [(r.not_indexed, r.not_found) for r in report.results] == [(("gone.md",), ()), ((), ("acme.md",))]
    assert report.notes == [
        "questions that name releases that are not indexed: 1; they count all the same (gone.md)",
        "questions that quote words that the indexed release lacks: 1; they count all the same (acme.md)",
    ]
    assert all(note in report.table() for note in report.notes)
    assert report.metrics["hit@8"][::3] == (0.0, 2)


def test_no_examples_no_metrics() -> None:
    """An empty set has no values, and still a report."""
    report = evaluate(Scripted({}), [])
    assert report.n == 0
    assert {metric.value for metric in report.metrics.values()} == {None}
    assert "hit@1" in report.table()
    assert json.loads(report.to_json())["results"] == []


# -- rendering ---------------------------------------------------------------------------------------------------------


def test_json(report: Report) -> None:
    """n, metrics, slices and results; all that is needed to look at a question again."""
    content = json.loads(report.to_json())
    assert list(content) == ["n", "metrics", "slices", "results"]
    assert content["n"] == 5
    assert content["metrics"] == content["slices"]["all"]
    assert content["metrics"]["false_answer_rate"]["value"] == 0.5
    assert set(content["metrics"]["mrr"]) == {"value", "low", "high", "n"}
    first = content["results"][0]
    assert (first["id"], first["answer"], first["query"], first["rank"]) == ("q1", "about $3.2B", "as understood", 2)
    assert (first["answers"], first["slices"]) == (["$3.2 billion"], ["all", "first question", "kind: money"])
    assert first["citations"][0] == {
        "release": ACME.id,
        "source": "in/acme.md",
        "start": TEXT.index("$3.2"),
        "end": TEXT.index(" in 2023"),
        "quote": "$3.2 billion",
        "sentence": REVENUE,
        "right": True,
        "verbatim": True,
    }
    assert content["results"][2]["citation_ok"] is None


def test_table_and_markdown_show_every_metric_as_written(report: Report) -> None:
    """Names as in the question "what is hit@8?", values with intervals."""
    lines = report.table().splitlines()
    assert lines[0] == "questions: 5 (first questions 2, follow-ups 1, unanswerable 2)"
    for name in METRICS:
        assert sum(line.startswith(name + " ") for line in lines) == 1
        assert f"\n| {name} |" in report.to_markdown()
    assert any(
        re.fullmatch(r"false_answer_rate +0\.50 \[0\.00, 1\.00\] +– +– +0\.50 \[0\.00, 1\.00\]", line) for line in lines
    )
    assert any(
        re.fullmatch(r"kind: person +1 +1\.00 +1\.00 +1\.00 +1\.00 +1\.00 +1\.00 +0\.00", line) for line in lines
    )


def test_markdown_lists_what_went_wrong(report: Report) -> None:
    """Wrong answers, refusals, false answers and misses, each with the question."""
    text = report.to_markdown()
    assert "## Answered otherwise than accepted: 1\n" in text
    assert r"| q1 | Revenue? | about \$3.2B | \$3.2 billion |" in text
    assert "## Refused, though answerable: 1\n" in text
    assert "## Answered, though unanswerable: 1\n" in text
    assert r"| u1 | Profit? | \$3.2 billion | – |" in text
    assert "## Evidence not retrieved: 1\n" in text


def test_hostile_text_stays_text() -> None:
    """A question set cannot move the cursor, break the table or put HTML into the report."""
    nasty = replace(EXAMPLE, kind="\x1b[2J|<b>", question="a|b\n<script>\x07", id="x|y")
    report = evaluate(Scripted({nasty.question: refusal()}), [nasty])
    assert "\x1b" not in report.table()
    text = report.to_markdown()
    assert re.search(r"[\x00-\x09\x0b-\x1f]", text) is None
    assert r"| x\|y | a\|b \<script\>? | – | \$3.2 billion |" in text
    assert len(re.findall(r"(?<!\\)<", text)) == 0


def test_every_metric_is_documented() -> None:
    """docs/metrics.md has a row for each metric, and for nothing else."""
    text = (Path(__file__).parent.parent / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) == set(METRICS)


def test_with_a_real_assistant(tmp_path: Path) -> None:
    """Files -> index -> assistant -> report: evidence is found by file name, citations are verbatim."""
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "acme.md").write_text(
        "# Acme names CEO\n\nOSLO, May 2, 2024 -- Acme Corp. (NYSE: ACM) said that **Ann Berg** will lead it from"
        " May 5, 2024.\n\nRevenue was $3.2 billion in 2023.\n",
        encoding="utf-8",
    )
    (folder / "bolt.md").write_text("# Bolt\n\nBolt Ltd. makes bolts of steel in Bergen.\n", encoding="utf-8")
    line = {
        "id": "1",
        "question": "What was the revenue of Acme in 2023?",
        "history": [],
        "answers": ["$3.2 billion"],
        "evidence": [{"release": "acme.md", "quote": "Revenue was $3.2 billion in 2023."}],
        "kind": "money",
        "answerable": True,
    }
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(line), encoding="utf-8")
    with Index.open(tmp_path / "index") as index:
        index.add([folder])
        report = evaluate(Assistant(index), read_examples(path))
    assert report.notes == []
    assert report.metrics["hit@1"].value == 1.0
    assert report.metrics["citations_verbatim"].value in (None, 1.0)
    assert report.results[0].seconds > 0
