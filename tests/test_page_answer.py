from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from lxml.html import HtmlElement
from made import ACME, HOSTILE, plain, release, span, tree_of

import page.answer as answers
from index.release import Release, Span
from page.answer import Copies
from page.place import Link, Place
from page.timeline import Marks
from qa import Answer, Citation, Refusal

INLINE = {"div", "p", "strong", "button", "span", "bdi", "b", "i", "mark"}


def answer(text: str, *citations: Citation, refusal: Refusal | None = None, **more: Any) -> Answer:
    made = Answer("As asked?", "As asked?", text, citations, 0.9, refusal)
    return replace(made, **more)


def citation(words: str, sentence: str, of: Release = ACME) -> Citation:
    return Citation(of, span(of, words), span(of, sentence))


def parts(rendered: str, kind: str) -> list[HtmlElement]:
    """The elements of a class, in order."""
    found: list[HtmlElement] = tree_of(rendered).find_class(kind)
    return found


def texts(rendered: str, kind: str) -> list[str]:
    return [" ".join(part.text_content().split()) for part in parts(rendered, kind)]


ANVILS = citation("anvils", "OSLO, May 3, 2024 -- Acme makes anvils.")
ROSE = citation("Revenue rose", "Revenue rose.")


def test_an_answer_is_followed_by_its_numbered_sources() -> None:
    rendered = answers.answer_html(answer("anvils", ANVILS, ROSE))
    assert texts(rendered, "answer") == ["anvils [1][2]"]
    assert texts(rendered, "source") == [
        "OSLO, May 3, 2024 -- Acme makes anvils.[1] Acme Corp. · 3 May 2024 · Acme Q1",
        "Revenue rose.[2] Acme Corp. · 3 May 2024 · Acme Q1",
    ]
    assert re.findall("<mark>(.*?)</mark>", rendered) == ["anvils", "Revenue rose"]


def test_a_source_and_its_number_name_the_same_place_with_the_other_spans_of_its_release() -> None:
    rendered = answers.answer_html(answer("anvils", ANVILS, ROSE))
    both = [Place(ACME.id, (ANVILS.span, ROSE.span)), Place(ACME.id, (ROSE.span, ANVILS.span))]
    assert [Place.parse(part.get("value")) for part in parts(rendered, "source")] == both
    numbers = [part for part in parts(rendered, "number") if part.tag == "button"]
    assert [Place.parse(part.get("value")) for part in numbers] == both


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.9, "●●● quite sure"), (0.74, "●●○ fairly sure"), (0.34, "●○○ not so sure")]
)
def test_confidence_is_said_in_words_and_its_number_on_demand(confidence: float, words: str) -> None:
    rendered = answers.answer_html(answer("anvils", ANVILS, confidence=confidence))
    (sure,) = texts(rendered, "sure")
    assert sure.startswith(f"{words} confidence {confidence:.2f}: of answers as sure as this")
    assert parts(rendered, "sure")[0].get("tabindex") == "0"


def test_a_question_that_leans_on_others_says_how_it_was_understood() -> None:
    """One button has it, to be changed."""
    leaning = answer("anvils", ANVILS, question="Who runs it?", query="Who runs Acme?")
    rendered = answers.answer_html(leaning)
    assert texts(rendered, "hint") == ["Understood as: Who runs Acme? Change"]
    assert [part.get("value") for part in parts(rendered, "reword")] == ["Who runs Acme?"]
    alone = answer("anvils", ANVILS, question="Who  runs Acme?", query="Who runs Acme?")
    assert texts(answers.answer_html(alone), "hint") == []


def test_what_another_table_says_is_called_so() -> None:
    sheet = release(("table", "\t2024\nResearch\t1,207"), ("table", "\t2024\nResearch\t241"))
    best, other = (Citation(sheet, span(sheet, figure), span(sheet, figure)) for figure in ("1,207", "241"))
    rendered = answers.answer_html(answer("1,207", best, others=(other,)))
    assert texts(rendered, "other") == ["in another table (Research · 2024): 241"]


def test_of_several_things_asked_what_is_not_said_is_told_and_copied() -> None:
    both = answer("anvils", ANVILS, lacking="The releases do not say: Who <i>buys</i> them?")
    rendered = answers.answer_html(both)
    assert texts(rendered, "refusal") == [both.lacking]
    copies = answers.Copies.of(both)
    assert copies.text.splitlines()[1:3] == ["anvils", both.lacking]
    assert "anvils The releases do not say: Who \\<i\\>buys\\</i\\> them?" in copies.markdown
    assert "refusal" not in answers.answer_html(answer("anvils", ANVILS))


def test_what_else_may_be_meant_is_offered_with_an_answer_and_with_a_refusal() -> None:
    """One click asks it; what a question quotes does nothing to the page."""
    either: dict[str, Any] = {"question": "Who runs it?", "query": "Who runs Acme?", "instead": ('Who runs "<b>"?',)}
    for rendered in (
        answers.answer_html(answer("anvils", ANVILS, **either)),
        answers.answer_html(answer("", refusal=Refusal("not_said", "No."), **either)),
    ):
        assert texts(rendered, "hint")[:2] == [
            "Understood as: Who runs Acme? Change",
            'Did you mean Who runs "<b>"?',
        ]
        assert [part.get("value") for part in parts(rendered, "instead")] == ['Who runs "<b>"?']


def test_what_other_days_say_is_a_line_each_with_its_date() -> None:
    before = release(("paragraph", "Acme makes nails."), published=date(2023, 1, 2))
    after = release(("paragraph", "Acme makes rails."), published=date(2025, 1, 2))
    undated = release(("paragraph", "Acme makes hats."), published=None)
    others = (
        citation("rails", "Acme makes rails.", after),
        citation("nails", "Acme makes nails.", before),
        citation("hats", "Acme makes hats.", undated),
    )
    rendered = answers.answer_html(answer("anvils", ANVILS, others=others))
    assert texts(rendered, "other") == [
        "later, 2 January 2025: rails",
        "earlier, 2 January 2023: nails",
        "date unknown: hats",
    ]
    assert Place.parse(parts(rendered, "other")[1].get("value")) == Place(before.id, (others[1].span,))


def test_beside_an_answer_of_unknown_date_others_are_neither_earlier_nor_later() -> None:
    undated = release(("paragraph", "Acme makes anvils."), published=None)
    after = release(("paragraph", "Acme makes rails."), published=date(2025, 1, 2))
    others = (citation("rails", "Acme makes rails.", after),)
    made = answer("anvils", citation("anvils", "Acme makes anvils.", undated), others=others)
    assert texts(answers.answer_html(made), "other") == ["2 January 2025: rails"]


def test_the_sentence_is_left_out_where_it_is_the_answer() -> None:
    rendered = answers.answer_html(answer("Revenue rose.", citation("Revenue rose.", "Revenue rose.")))
    assert texts(rendered, "source") == ["[1] Acme Corp. · 3 May 2024 · Acme Q1"]


def test_a_refusal_calls_the_nearest_passages_no_answer_and_numbers_nothing() -> None:
    rendered = answers.answer_html(answer("", refusal=Refusal("not_said", "The releases do not say.", (ROSE, ANVILS))))
    assert plain(rendered).startswith(
        "The releases do not say.Nearest passages, which are no answer:Revenue rose.Acme Corp."
    )
    assert "<mark" not in rendered
    assert "[1]" not in rendered
    values = [Place.parse(part.get("value")) for part in parts(rendered, "source")]
    assert values == [Place(ACME.id, (near.span,), near=True) for near in (ROSE, ANVILS)]


def test_a_row_of_a_table_is_readable_on_one_line() -> None:
    table = release(("table", "In thousands\t\t2024\t\t2023\nRevenue\t$\t5,000\t\t4,100"))
    rendered = answers.answer_html(answer("5,000", citation("5,000", "Revenue\t$\t5,000\t\t4,100", table)))
    assert texts(rendered, "sentence") == ["Revenue · $ 5,000 · 4,100"]


def test_the_bullet_of_a_list_item_is_not_repeated() -> None:
    rendered = answers.answer_html(answer("$5 million", citation("$5 million", "- Revenue of $5 million")))
    assert texts(rendered, "sentence") == ["Revenue of $5 million"]


def test_the_bullet_of_an_answer_is_not_repeated_either() -> None:
    item = "- Revenue of $5 million"
    assert texts(answers.answer_html(answer(item, citation(item, item))), "answer") == ["Revenue of $5 million [1]"]


def test_far_ends_of_a_long_sentence_are_left_out_and_the_quote_is_not() -> None:
    long = release(("paragraph", "word " * 100 + "iodine " * 60 + "other " * 100 + "end."))
    rendered = answers.answer_html(answer("iodine", citation("iodine " * 60, long.text, long)))
    (sentence,) = texts(rendered, "sentence")
    assert sentence.count("iodine") == 60
    assert sentence.startswith("…word word")
    assert sentence.endswith("other…")
    assert len(sentence) <= len("iodine " * 60) + 2 * answers.MOST_AROUND + 2


@pytest.mark.parametrize(
    "text", [HOSTILE, "# head\n\n- x\n\n```js\nalert(1)\n```", "$5$ and $$6$$", "www.e.example a@e.example"]
)
def test_a_message_is_one_block_of_html_that_markdown_leaves_alone(text: str) -> None:
    """A line that begins with <div starts a block of HTML which ends at a blank line: there must be none."""
    hostile = release(("paragraph", re.sub(r"\n+", "\n", text)), headline=text, issuer=text)
    cited = Citation(hostile, Span(hostile.id, 0, len(hostile.text)), Span(hostile.id, 0, len(hostile.text)))
    for message in (
        answers.question_html(text),
        answers.answer_html(answer(text, cited, question=text, query=f"{text}\n{text}", others=(cited,))),
        answers.answer_html(answer("", refusal=Refusal("not_said", text, (cited,)))),
    ):
        assert message.startswith("<div")
        assert "\n" not in message
        assert " ".join(text.split()) in plain(message)
        assert {node.tag for node in tree_of(message).iter()} <= INLINE


def test_a_very_long_question_is_shown_by_its_beginning() -> None:
    assert plain(answers.question_html("a" * 20_000)) == "a" * answers.MOST_ASKED + "…"


# -- taking it along ---------------------------------------------------------------------------------------------------


def test_an_answer_is_copied_with_every_citation_and_its_link() -> None:
    copies = Copies.of(answer("anvils", ANVILS, ROSE), "http://here/")
    links = [f"http://here/{Link.of(ACME, cited.span)}" for cited in (ANVILS, ROSE)]
    assert copies.text == (
        "As asked?\nanvils\n\n"
        f"[1] Acme Corp. · 3 May 2024 · Acme Q1\n    “anvils”\n    {links[0]}\n"
        f"[2] Acme Corp. · 3 May 2024 · Acme Q1\n    “Revenue rose”\n    {links[1]}"
    )
    assert copies.markdown == (
        "**As asked?** anvils\n\n"
        f"1. Acme Corp. · 3 May 2024 · Acme Q1: “anvils” ([source]({links[0]}))\n"
        f"2. Acme Corp. · 3 May 2024 · Acme Q1: “Revenue rose” ([source]({links[1]}))"
    )
    assert copies.quote == f"“anvils” (Acme Corp., 3 May 2024) {links[0]}"


def test_the_buttons_hold_the_copies_to_the_letter() -> None:
    rendered = answers.answer_html(answer("anvils", ANVILS))
    held = re.findall('class="copy" value="(.*?)"', rendered)
    assert tuple(map(unescape, held)) == Copies.of(answer("anvils", ANVILS))


def test_money_stays_money_in_copied_markdown() -> None:
    item = citation("$5 million", "- Revenue of $5 million")
    assert r"“\$5 million”" in Copies.of(answer("$5 million", item)).markdown


def test_a_timeline_is_offered_with_the_marks_of_the_answer() -> None:
    (when,) = parts(answers.answer_html(answer("anvils", ANVILS)), "when")
    assert Marks.parse(when.get("value")) == Marks.of(answer("anvils", ANVILS))


def test_no_timeline_is_offered_where_no_date_is_known() -> None:
    undated = release(("paragraph", "Acme makes anvils."), published=None)
    rendered = answers.answer_html(answer("anvils", citation("anvils", "Acme makes anvils.", undated)))
    assert parts(rendered, "when") == []
