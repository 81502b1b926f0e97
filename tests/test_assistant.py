from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qa
from index.database import NoIndex
from index.release import Release, Span
from index.store import DATABASE, Index, Passage
from qa import Answer, Assistant, Citation, Filters, Refusal, Turn
from qa.answer import RefusalReason, compose
from qa.assistant import MAX_QUESTION
from qa.rewrite import Understood
from qa.scored import ScoredSpan

RELEASES = {
    "acme-2023.md": """\
# Acme Corp. reports 2022

OSLO, Feb. 1, 2023 (WIRE) -- Acme Corp. (NYSE: ACM) earned $5 million in 2022. The works use peat as their fuel.
""",
    "acme-2024.md": """\
# Acme Corp. reports 2023

OSLO, Jan. 31, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) earned $7 million in 2023. The works use recycled
oil, a cheap one, as their fuel. Ann Berg stays chief executive.
""",
    "bolt-2024.txt": """\
Bolt SE Opens a Factory

ULM, 2 September 2024 – Bolt SE (FSE: BLT) opened a factory for titanium screws. It cost €(4.4) million less.
""",
    "undated.md": "# A mill without a date\n\nDell Mill grinds oats. It earned $9 million and has forty customers.\n",
}
QUESTION = "What fuel do the works of Acme Corp. use?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assistant")
    for name, text in RELEASES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Index.open(folder / "index") as index:
        assert len(index.add([folder]).added) == 4
    return folder / "index"


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    assistant = Assistant.open(folder)
    yield assistant
    assistant.index.close()


def all_citations(answer: Answer) -> list[Citation]:
    return [*answer.citations, *(answer.refusal.nearest if answer.refusal else ())]


def check_citations(answer: Answer, folder: Path) -> None:
    """Each citation, and what is shown as nearest, against the database itself."""
    database = sqlite3.connect(folder / DATABASE)
    for citation in all_citations(answer):
        release, start, end = citation.release, citation.start, citation.end
        [(text, sha256, part)] = database.execute(
            "SELECT text, sha256, substr(text, ? + 1, ?) FROM releases WHERE id = ?", (start, end - start, release.id)
        )
        assert citation.quote == release.text[start:end] == text[start:end] == part != ""
        assert release.sha256 == sha256 == hashlib.sha256(text.encode()).hexdigest()
        assert citation.span == Span(release.id, start, end)
        assert citation.sentence.start <= start < end <= citation.sentence.end <= len(text)
    database.close()


def check_shape(answer: Answer) -> None:
    """An answer has text and citations; a refusal has a reason and neither."""
    assert answer.answered == (answer.refusal is None) == bool(answer.text) == bool(answer.citations)
    assert 0 <= answer.confidence <= 1
    if answer.refusal:
        assert answer.refusal.reason in get_args(RefusalReason)
        assert answer.refusal.message.endswith((".", "?"))
        assert "\n" not in answer.refusal.message


# -- the public names --------------------------------------------------------------------------------------------------


def test_what_the_package_offers() -> None:
    """The public names are these, each from the step that makes it."""
    assert set(qa.__all__) == {"Answer", "Assistant", "Citation", "Filters", "Refusal", "Turn"}
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_importing_loads_nothing_heavy() -> None:
    """``import qa`` is quick: numpy, faiss and the model come with the first question."""
    code = (
        "import sys, qa; print([n for n in ('numpy', 'faiss', 'onnxruntime', 'torch', 'gradio') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_answer_has_its_words_and_where_they_stand(assistant: Assistant, folder: Path) -> None:
    """Text, quote, position, release and sentence, as the README shows them."""
    answer = assistant.ask(QUESTION, filters=Filters(since=date(2024, 1, 1)))
    assert answer.text == "recycled oil"
    citation = answer.citations[0]
    assert citation.quote == "recycled\noil"
    assert citation.quote == citation.release.text[citation.start : citation.end]
    assert citation.release.published == date(2024, 1, 31)
    assert citation.release.issuer == "Acme Corp."
    sentence = citation.release.quote(citation.sentence)
    assert sentence == "The works use recycled\noil, a cheap one, as their fuel."
    check_citations(answer, folder)
    check_shape(answer)


def test_no_index_is_said_in_one_line(tmp_path: Path) -> None:
    """The message names the folder and the command that makes one; nothing is made."""
    with pytest.raises(NoIndex, match=r"^no index in \S*nowhere; make one with: citewire add PATH --index \S*nowhere$"):
        Assistant.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


# -- history -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [Turn(QUESTION, "peat"), (QUESTION, "peat"), [QUESTION, "peat"]])
def test_history_is_pairs_of_question_and_answer(turn: Any, assistant: Assistant) -> None:
    """As tuples, as Turns, or as JSON gives them; the follow-up is understood from them."""
    answer = assistant.ask("And what do they cost?", history=[turn])
    assert answer.query == "What do the works cost (Acme Corp)?"
    assert answer.question == "And what do they cost?"


@pytest.mark.parametrize(
    "history",
    [
        [(QUESTION, "peat")] * 500,
        [("And it?", "It.")] * 500,
        [("", ""), ("\n", "\t")],
        [("<b>${hit()}</b>", "<script>hit()</script>")],
        [("\x00\x1b[31m\u202e", "\ud800\x07")],
        [("?" * 100_000, "x" * 100_000)],
    ],
)
def test_whatever_was_said_a_follow_up_is_answered_or_refused(
    history: list[tuple[str, str]], assistant: Assistant
) -> None:
    """In words that a terminal can show."""
    answer = assistant.ask("What fuel do they use?", history)
    check_shape(answer)
    assert answer.query.isprintable()
    assert len(answer.query) <= MAX_QUESTION


@pytest.mark.parametrize(
    "history",
    [
        "ab",
        None,
        3,
        {"a": "b"},
        ["ab"],
        [("a",)],
        [("a", "b", "c")],
        [("a", None)],
        [(1, 2)],
        [None],
        [3],
        [{"question": "a", "answer": "b"}],
        [{"role": "user", "content": "a"}],  # what chat libraries use: its keys are a pair of strings, too
    ],
)
def test_history_of_another_shape_is_refused(history: Any, assistant: Assistant) -> None:
    """The message says what is taken and what came."""
    with pytest.raises(TypeError, match=r"^history .*pairs \(question, answer\).*, got "):
        assistant.ask("Why?", history=history)


@pytest.mark.parametrize("question", [None, 3, b"Why?", ["Why?"]])
def test_a_question_that_is_no_string_is_refused(question: Any, assistant: Assistant) -> None:
    """The message says what came."""
    with pytest.raises(TypeError, match=r"^a question is a string, got "):
        assistant.ask(question)


def test_the_assistant_holds_no_conversation(assistant: Assistant) -> None:
    """The same question gets the same answer, whatever was asked in between."""
    first = assistant.ask(QUESTION)
    assistant.ask("Who is it?", history=[(QUESTION, first.text)])
    assert assistant.ask(QUESTION) == first


# -- filters -----------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2022, 12, 1), date(2024, 12, 31)) | st.sampled_from([date(2023, 2, 1), date(2024, 9, 2)])
QUESTIONS = st.sampled_from(
    [QUESTION, "How much did Acme earn?", "Who runs the works?", "screws", "How many customers?"]
)


def released(answer: Answer) -> list[Release]:
    """What an answer retrieved or shows, but for what a refusal names as outside the dates."""
    outside = answer.refusal is not None and answer.refusal.reason == "outside_dates"
    cited = [] if outside else [citation.release for citation in all_citations(answer)]
    return [passage.chunk.release for passage in answer.passages] + cited


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS, QUESTIONS)
def test_until_lets_nothing_later_and_nothing_undated_through(assistant: Assistant, day: date, question: str) -> None:
    """As of a day: what was published up to it, that day included, is all that is retrieved, cited or shown."""
    answer = assistant.ask(question, filters=Filters(until=day))
    shown = released(answer)
    assert all(release.published is not None and release.published <= day for release in shown)
    assert all(ref.published and ref.published <= day for passage in answer.passages for ref in passage.said_in)
    assert bool(answer.passages) == (day >= date(2023, 2, 1))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS, QUESTIONS)
def test_since_lets_nothing_earlier_and_nothing_undated_through(assistant: Assistant, day: date, question: str) -> None:
    """That day included."""
    answer = assistant.ask(question, filters=Filters(since=day))
    shown = released(answer)
    assert all(release.published is not None and release.published >= day for release in shown)
    assert bool(answer.passages) == (day <= date(2024, 9, 2))


def test_as_of_a_day_the_answer_is_that_of_the_day(assistant: Assistant) -> None:
    """What was known then, not what is known now; it changes on the very day of the newer release."""
    newer = max(ref.published for ref in assistant.index.releases() if ref.issuer == "Acme Corp." and ref.published)
    assert assistant.ask(QUESTION, filters=Filters.as_of(newer - timedelta(days=1))).text == "peat"
    assert assistant.ask(QUESTION, filters=Filters.as_of(newer)).text == "recycled oil"
    assert assistant.ask(QUESTION, filters=Filters(until=date(2023, 12, 31))).text == "peat"
    assert assistant.ask(QUESTION, filters=Filters(since=date(2023, 12, 31))).text == "recycled oil"


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (Filters(issuers=("acme",)), {"acme-2023.md", "acme-2024.md"}),
        (Filters(tickers=("BLT",)), {"bolt-2024.txt"}),
        (Filters(tickers=("NYSE:ACM", "fse:blt")), {"acme-2023.md", "acme-2024.md", "bolt-2024.txt"}),
        (Filters(issuers=("Acme",), since=date(2024, 1, 1)), {"acme-2024.md"}),
    ],
)
def test_issuers_and_tickers(filters: Filters, sources: set[str], assistant: Assistant) -> None:
    """Only releases that pass are retrieved."""
    answer = assistant.ask("How much was earned?", filters=filters)
    assert {Path(passage.chunk.release.source).name for passage in answer.passages} == sources


@pytest.mark.parametrize(
    ("question", "reason", "name"),
    [
        ("How much did Zwieback earn in 2023?", "issuer_not_indexed", "Zwieback"),
        ("When was Zwieback's mill built?", "issuer_not_indexed", "Zwieback"),
        ("What did Acme pay for Zwieback?", "not_said", "Zwieback"),
        ("What is ZWBK's revenue?", "issuer_not_indexed", "ZWBK"),
        ("why did $ZWBK fall", "issuer_not_indexed", "ZWBK"),
        ("Who is the Managing Director of Zwieback?", "issuer_not_indexed", "Zwieback"),
        ("how many mills stand in Texas", "issuer_not_indexed", "Texas"),
    ],
)
def test_a_name_that_stands_in_no_release(question: str, reason: str, name: str, assistant: Assistant) -> None:
    """It is an issuer's, unless the question names an issuer that is indexed."""
    refusal = assistant.ask(question).refusal
    assert refusal is not None
    assert (refusal.reason, refusal.message) == (reason, f"No indexed release mentions {name}.")


@pytest.mark.parametrize(
    "question",
    [
        "Who Heads Acme Corp?",
        "Where Does Acme Have A Facility?",
        "Who is the Managing Director of Acme?",
        "Who is Chairman of the Board at Acme?",
        "Zwieback Earnings Of 2023",
    ],
)
def test_a_word_written_large_is_not_always_a_name(question: str, assistant: Assistant) -> None:
    """An office is none, and of a question in the manner of a headline no word need be: the releases are read."""
    assert assistant.ask(question).passages


@pytest.mark.parametrize(
    "filters",
    [
        Filters(issuers=("Nobody",)),
        Filters(tickers=("ZZZ",)),
        Filters(until=date(1999, 1, 1)),
        Filters(since=date(2030, 1, 1)),
        Filters(issuers=("Acme",), tickers=("BLT",)),
    ],
)
def test_filters_that_nothing_passes(filters: Filters, assistant: Assistant) -> None:
    """A refusal that says whether it is the issuer or the dates."""
    answer = assistant.ask(QUESTION, filters=filters)
    assert answer.refusal is not None
    if filters.issuers or filters.tickers:
        assert answer.refusal.reason == "issuer_not_indexed"
        assert all(name in answer.refusal.message for name in (*filters.issuers, *filters.tickers))
        assert answer.refusal.nearest == ()
    else:
        assert answer.refusal.reason == "outside_dates"
        assert "within these dates" in answer.refusal.message
        assert answer.refusal.nearest
        assert all(citation.release.published is not None for citation in answer.refusal.nearest)
    check_shape(answer)


def test_dates_without_a_release_and_a_question_without_an_answer(assistant: Assistant) -> None:
    """Not "the releases do not say": there are none to say it."""
    answer = assistant.ask("Does Zyx 99 lay eggs in winter?", filters=Filters(until=date(1999, 1, 1)))
    assert answer.refusal == Refusal("outside_dates", "No indexed release of a known date lies within these dates.")


def test_a_question_that_leans_on_nothing_is_asked_back(assistant: Assistant) -> None:
    """With a conversation it is answered."""
    refusal = assistant.ask("Which fuel do they use?").refusal
    assert refusal
    assert (refusal.reason, refusal.message[:23]) == ("not_understood", "Who or what is “they”? ")
    assert assistant.ask("Which fuel do they use?", [("Who runs the works of Acme Corp.?", "Ann Berg")]).answered


def test_an_answer_is_composed_for_the_question_made_whole(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follow-up says no more as of when it asks."""
    heard: list[str] = []

    def listening(*arguments: Any, whole: str, **named: Any) -> Answer:
        heard.append(whole)
        return compose(*arguments, whole=whole, **named)

    monkeypatch.setattr("qa.assistant.compose", listening)
    assistant.ask("And the CFO?", [("As of May 31, 2023, who is the CEO of Acme Corp.?", "Ann Berg")])
    assert [whole[:18] for whole in heard] == ["As of May 31, 2023"]


def test_as_of_is_kept_by_a_follow_up_and_counted_from_the_filters_day(tmp_path: Path) -> None:
    """What a later release says is named as such, not answered with."""
    says = {"2023-05-06": "Our CFO, Eva Lund, left early.", "2025-05-06": "Tom Ek is the CFO of Acme Corp."}
    for day, sentence in says.items():
        text = f"---\nheadline: Acme {day}\nissuer: Acme Corp.\ndate: {day}\n---\n{sentence}\n"
        (tmp_path / f"{day}.md").write_text(text, encoding="utf-8")
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        assistant = Assistant(index, threshold=0.01)
        turn = ("As of May 31, 2023, who is the CEO of Acme Corp.?", "Ann Berg")
        assert assistant.ask("And the CFO?", [turn]).text == "Eva Lund"
        assert assistant.ask("Who is the CFO of Acme Corp.?").text == "Tom Ek"
        in_may = Filters(until=date(2025, 5, 20))
        assert assistant.ask("As of last month, who is the CFO of Acme Corp.?", filters=in_may).text == "Eva Lund"


@pytest.mark.parametrize(
    "said", ["Hello", "hi!", "Thanks very much.", "Who are you?", "help", "What can I ask?", "Are you sure?"]
)
def test_small_talk_is_answered_from_no_release(assistant: Assistant, said: str) -> None:
    """Also with a conversation before it."""
    refusal = assistant.ask(said, [("Who runs the works of Acme Corp.?", "Ann Berg")]).refusal
    assert refusal
    assert (refusal.reason, refusal.message) == ("not_understood", "I only know the releases: ask what one says.")
    assert assistant.ask("Who runs the works of Acme Corp.?").answered


def test_an_empty_index(tmp_path: Path) -> None:
    """A refusal that says what to do first, with filters too."""
    with Index.open(tmp_path) as index:
        for filters in (Filters(), Filters(issuers=("Acme",))):
            answer = Assistant(index).ask(QUESTION, filters=filters)
            assert answer.refusal is not None
            assert answer.refusal.reason == "empty_index"
            assert "citewire add" in answer.refusal.message


# -- any question gets an answer or a refusal --------------------------------------------------------------------------

ODD_QUESTIONS = {
    "empty": "",
    "blank": " \t\n\u3000\u200b",
    "punctuation": "?!… —",
    "emoji alone": "😀🤷🏽‍♀️",
    "20,000 characters": "why " * 5_000,
    "the longest that is read": ("anvil " * 1_000)[:MAX_QUESTION],
    "as many words as fit": " ".join(f"{n:x}" for n in range(600))[:MAX_QUESTION],
    "one long word": "w" * MAX_QUESTION,
    "German": "Wie viel hat Acme im Jahr 2023 verdient?",
    "Japanese": "Acmeの燃料は何ですか",
    "Arabic": "ما هو وقود مصانع أكمي؟",
    "full-text syntax": '"OR NEAR(* ',
    "SQL": "'; DROP TABLE releases; --",
    "operators": "a AND b NOT c*",
    "columns": "^foo* : bar - baz {heading body} : col + x",
    "controls": "what\x00 fuel\x01 \x1b[31mis\x07 it\x7f",
    "emoji": "what fuel 🔥 does Acme use?",
    "combining": "e\u0301" * 300,
    "right to left marks": "\u202ewhat fuel\u202c does Acme use",
    "half a character": "caf\udce9 fuel",
    "a digit of another script": "٣",
    "compatibility forms": "ﬁ ½ ² Ⅷ 𝔘𝔫𝔦",
}


@pytest.mark.parametrize("question", ODD_QUESTIONS.values(), ids=ODD_QUESTIONS)
def test_an_odd_question_is_answered_or_refused(question: str, assistant: Assistant, folder: Path) -> None:
    """Never an exception; with a conversation before it neither."""
    for history in ([], [(question, question)], [Turn(QUESTION, "peat")]):
        answer = assistant.ask(question, history)
        check_shape(answer)
        check_citations(answer, folder)
    assert len(assistant.index) == 4


@pytest.mark.parametrize("kind", ["empty", "blank", "punctuation", "emoji alone", "20,000 characters"])
def test_what_is_no_question_is_told_so(kind: str, assistant: Assistant) -> None:
    """No words, or too many: the message says which, and nothing is searched."""
    answer = assistant.ask(ODD_QUESTIONS[kind])
    assert answer.refusal is not None
    assert answer.refusal.reason == "not_understood"
    assert ("20,000 characters" in answer.refusal.message) == (kind == "20,000 characters")
    assert answer.passages == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=2))
def test_any_question_is_answered_or_refused(
    assistant: Assistant, folder: Path, question: str, history: list[tuple[str, str]]
) -> None:
    """Whatever the characters, in the question or in what was said before."""
    answer = assistant.ask(question, history)
    check_shape(answer)
    check_citations(answer, folder)


# -- any release can be cited ------------------------------------------------------------------------------------------

ODD_WORDS = st.sampled_from(
    "Acme;fuel;$3.2 million;€(4.4);é;e\u0301;\u00a0;😀;שלום;ﬁ;\u200b;\x00;\t;“a”;| a | b |\n|---|---|\n| 1 | 2 |;- item"
    ";\n\n;\r\n;# Head;<b>x</b>;&lt;\u2028;𝔘;.".split(";")
)
ODD_TEXTS = st.lists(ODD_WORDS | st.text(max_size=12), min_size=1, max_size=25).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD_TEXTS, st.sampled_from([".txt", ".md", ".html"]))
def test_odd_releases_are_cited_by_slices(tmp_path_factory: pytest.TempPathFactory, text: str, ending: str) -> None:
    """Whatever a release holds, what is quoted from it is what the database holds at that place."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / f"odd{ending}").write_bytes(f"Acme burns fuel. {text}".encode("utf-8", "replace"))
    with Index.open(folder / "index") as index:
        index.add([folder])
        for threshold in (0.0, 1.0):
            answer = Assistant(index, threshold=threshold).ask("What fuel does Acme burn?")
            check_shape(answer)
            check_citations(answer, folder / "index")
            assert answer.passages or not index.search_words(["Acme"], 1)  # NULs may have made it UTF-16


# -- steps in other hands ----------------------------------------------------------------------------------------------


def spans_of(passages: Sequence[Passage], score: float) -> list[ScoredSpan]:
    return [ScoredSpan(p.chunk.span, p.chunk.span, score, p) for p in passages]


def test_gold_passages(assistant: Assistant) -> None:
    """A lambda in place of the retriever: only what it gives is read."""
    gold = assistant.ask("titanium screws").passages[:1]
    answer = Assistant(assistant.index, retrieve=lambda query, filters: list(gold)).ask(QUESTION)
    assert [passage._replace(parts=()) for passage in answer.passages] == [gold[0]._replace(parts=())]
    assert {citation.release.id for citation in all_citations(answer)} == {gold[0].chunk.release.id}


def test_a_gold_query(assistant: Assistant) -> None:
    """A lambda in place of the rewriter: its query is what is asked, and its question how that was understood."""
    understood = Understood("And the screws?", QUESTION, ("And the nails?",))
    answer = Assistant(assistant.index, rewrite=lambda question, history: understood).ask("And that?", [("a", "b")])
    assert (answer.question, answer.query, answer.instead) == ("And that?", "And the screws?", ("And the nails?",))
    found, wanted = ({each.chunk.span for each in one.passages} for one in (answer, assistant.ask(QUESTION)))
    assert found == wanted


def test_several_things_asked_at_once(assistant: Assistant) -> None:
    """Each is asked by itself, after those before it; as sure as the least sure."""
    fuel, chief = assistant.ask(QUESTION), assistant.ask("Who stays chief executive of Acme Corp.?")
    both = assistant.ask(f"{QUESTION} And who stays its chief executive?")
    assert (fuel.text, chief.text) == ("recycled oil", "Ann Berg")
    assert both.text == "recycled oil; Ann Berg"
    assert [citation.span for citation in both.citations] == [
        citation.span for citation in (*fuel.citations, *chief.citations)
    ]
    assert (both.lacking, both.answered) == ("", True)
    assert both.query.startswith(QUESTION)
    assert "chief executive of Acme Corp" in both.query
    assert {passage.chunk.span for passage in fuel.passages} <= {passage.chunk.span for passage in both.passages}


def test_of_several_things_what_is_not_said_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("What fuel do the works of Acme Corp. use, and how many cats does Acme Corp. keep?")
    assert answer.text == "recycled oil"
    assert answer.lacking == "How many cats does Acme Corp. keep? The releases do not say."


def test_of_several_things_it_is_told_why_one_is_not_answered(assistant: Assistant) -> None:
    answer = assistant.ask(f"{QUESTION} And who is the CEO of Zorblax?")
    assert answer.lacking == "Who is the CEO of Zorblax? No indexed release mentions Zorblax."


def test_of_several_things_none_is_said(assistant: Assistant) -> None:
    question = "How many cats does Acme Corp. keep, and who feeds its cats?"
    answer = assistant.ask(question)
    assert answer.refusal
    assert (answer.question, answer.refusal.reason, answer.lacking) == (question, "not_said", "")
    check_shape(answer)


def test_of_several_things_one_cannot_be_understood(assistant: Assistant) -> None:
    answer = assistant.ask("Who runs it, and where is Acme Corp. based?")
    assert answer.refusal
    assert answer.refusal.reason == "not_understood"
    assert answer.question == "Who runs it, and where is Acme Corp. based?"


def test_a_reader_is_given_a_follow_up_made_whole(assistant: Assistant) -> None:
    """Beside the query, which has the turns before in front; a question that stands alone is both."""
    given = []

    def read(query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
        given.append((query, question))
        return []

    other = Assistant(assistant.index, read=read)
    asked = assistant.ask(QUESTION)
    leaning = other.ask("Why is that?", [Turn(QUESTION, asked.text)])
    assert given == [(given[0][0], leaning.query)]
    assert given[0][0].startswith(QUESTION)
    assert given[0][0].endswith("Why is that?")
    assert leaning.query not in (given[0][0], "Why is that?")
    other.ask(QUESTION)
    assert given[-1] == (QUESTION, QUESTION)


def test_a_reader_that_finds_nothing(assistant: Assistant) -> None:
    """Nothing read is a refusal, not an error."""
    answer = Assistant(assistant.index, read=lambda query, passages, question="": []).ask(QUESTION)
    assert answer.refusal == Refusal("not_said", "The releases do not say.")
    assert answer.passages


@pytest.mark.parametrize(("score", "is_answered"), [(0.61, True), (0.6, True), (0.59, False)])
def test_a_reader_around_the_threshold(score: float, is_answered: bool, assistant: Assistant) -> None:
    """The reader's score against the assistant's threshold decides, and is the confidence."""

    def read(query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
        return spans_of(passages, score)

    other = Assistant(assistant.index, read=read, threshold=0.6)
    answer = other.ask(QUESTION)
    assert (answer.answered, answer.confidence) == (is_answered, score)
    check_shape(answer)


def test_the_steps_get_what_the_steps_before_them_made(assistant: Assistant) -> None:
    """Question and history to the rewriter, query and filters to the retriever, all to the reader."""
    heard: list[Any] = []
    filters = Filters(issuers=("Acme",))
    other = Assistant(
        assistant.index,
        rewrite=lambda *given: heard.append(given) or Understood("?", "query"),  # type: ignore[func-returns-value]
        retrieve=lambda *given: heard.append(given) or [],  # type: ignore[func-returns-value]
        read=lambda *given: heard.append(given) or [],  # type: ignore[func-returns-value]
    )
    assert other.ask("Why?", [("a", "b")], filters).refusal is not None
    assert heard == [("Why?", [Turn("a", "b")]), ("query", filters), ("query", [], "?")]


# -- the index changes under an open assistant -------------------------------------------------------------------------


def test_what_is_removed_is_gone_from_the_next_answer(tmp_path: Path) -> None:
    """At once, from the same object; what is left answers in its place."""
    for name in ("acme-2023.md", "acme-2024.md"):
        (tmp_path / name).write_text(RELEASES[name], encoding="utf-8")
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path])
        assistant = Assistant(index)
        assert len(assistant.ask(QUESTION).passages) == 2
        index.remove([tmp_path / "acme-2024.md"])
        answer = assistant.ask(QUESTION)
        assert answer.text == "peat"
        assert [Path(passage.chunk.release.source).name for passage in answer.passages] == ["acme-2023.md"]
        index.remove([tmp_path])
        refusal = assistant.ask(QUESTION).refusal
        assert refusal is not None
        assert refusal.reason == "empty_index"


def test_what_another_process_adds_is_found_by_an_open_assistant(tmp_path: Path) -> None:
    """No need to open it again, neither for what is added nor for what is removed."""
    (tmp_path / "acme.md").write_text(RELEASES["acme-2024.md"], encoding="utf-8")
    Index.open(tmp_path / "index").close()
    assistant = Assistant.open(tmp_path / "index")
    assert len(assistant.index) == 0
    code = "import sys; from index import Index; i = Index.open(sys.argv[1]); getattr(i, sys.argv[2])([sys.argv[3]])"
    for method, expected in (("add", "recycled oil"), ("remove", "")):
        subprocess.run([sys.executable, "-c", code, tmp_path / "index", method, tmp_path / "acme.md"], check=True)
        assert assistant.ask(QUESTION).text == expected
    assistant.index.close()
