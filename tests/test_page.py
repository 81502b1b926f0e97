from __future__ import annotations

import doctest
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

import page
from index.release import Block, BlockKind, Release, Span, canonical
from page import Place
from qa import Answer, Citation, Refusal

HOSTILE = (
    """<script>alert(1)</script> ${1+1} {{7*7}} <img src=x onerror="alert(2)"> `x` \\ 'a' &lt;b&gt; &amp; *a* ~~b~~"""
)
INLINE = {"div", "p", "small", "button", "span", "bdi", "b", "mark"}


def release(*blocks: tuple[BlockKind, str], **facts: object) -> Release:
    """A release laid out of these blocks, as reading one does."""
    laid, position = [], 0
    for kind, text in blocks:
        laid.append(Block(kind, position, position + len(text)))
        position += len(text) + 2
    known = {
        "headline": "Acme Q1",
        "source": "in/acme.md",
        "issuer": "Acme Corp.",
        "published": date(2024, 5, 3),
    } | facts
    return Release.of("\n\n".join(text for _, text in blocks), blocks=tuple(laid), **known)  # type: ignore[arg-type]


def span(of: Release, words: str) -> Span:
    start = of.text.index(words)
    return Span(of.id, start, start + len(words))


def body(of: Release, *spans: str, near: bool = False) -> str:
    return page.body_html(of, Place(tuple(span(of, words) for words in spans), near))


def tree_of(rendered: str) -> Any:
    """The elements that a browser makes of it."""
    return html.fromstring(rendered)


def plain(rendered: str) -> str:
    """What is left when tags are taken out and entities are resolved."""
    return unescape(re.sub(r"<[^>]*>", "", rendered))


class Marked(HTMLParser):
    """Collects the text of a page together with the class of the mark that it stands in."""

    def __init__(self, rendered: str) -> None:
        super().__init__()
        self.mark = ""
        self.found: list[tuple[str, str]] = []
        self.feed(rendered)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark":
            self.mark = dict(attrs)["class"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self.mark = ""

    def handle_data(self, data: str) -> None:
        self.found.append((self.mark, data))

    def text(self, mark: str) -> str:
        return "".join(data for of, data in self.found if of == mark)


ACME = release(
    ("heading", "Acme Q1"),
    ("paragraph", "OSLO, May 3, 2024 -- Acme makes anvils.\nRevenue rose."),
    ("list", "- Revenue of $5 million\n- A loss of $(2) million"),
    ("table", "In thousands\t2024\t2023\nRevenue\t$5,000\t$4,100\nNet loss\t(2,000)\t—"),
)


# -- escape ------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_escaped_text_comes_back_and_holds_no_character_that_means_something(text: str) -> None:
    assert unescape(page.escape(text)) == text
    assert not re.search(r"""[<>"'`$*_~\[\]{}\\|@:]""", page.escape(text))
    assert not re.search(r"&(?!#\d+;)", page.escape(text))


def test_worked_examples() -> None:
    assert doctest.testmod(page).failed == 0


# -- release -----------------------------------------------------------------------------------------------------------


def test_each_kind_of_block_is_what_it_is() -> None:
    tree = tree_of(f"<div>{body(ACME, 'anvils')}</div>")
    assert [node.tag for node in tree] == ["h2", "p", "ul", "div"]
    assert [item.text_content() for item in tree.iter("li")] == ["- Revenue of $5 million", "- A loss of $(2) million"]
    assert [[cell.text_content() for cell in row] for row in tree.iter("tr")] == [
        ["In thousands", "2024", "2023"],
        ["Revenue", "$5,000", "$4,100"],
        ["Net loss", "(2,000)", "—"],
    ]
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col", "col", "col", "row", "row"]


def test_the_cited_span_is_marked_to_the_character() -> None:
    assert 'makes <mark class="cited">anvils</mark>&#46;' in body(ACME, "anvils")


def test_a_span_across_blocks_is_marked_in_each_of_them() -> None:
    words = "Revenue rose.\n\n- Revenue of"
    assert Marked(body(ACME, words)).text("cited") == "Revenue rose.- Revenue of"


def test_a_span_across_cells_and_rows_of_a_table_marks_the_cells() -> None:
    rendered = body(ACME, "5,000\t$4,100\nNet")
    assert re.findall('<mark class="cited">(.*?)</mark>', rendered) == ["5&#44;000", "&#36;4&#44;100", "Net"]
    assert plain(rendered) == "\n".join(ACME.text[block.start : block.end] for block in ACME.blocks)


def test_overlapping_and_nested_spans_are_shown_once_and_the_main_one_wins() -> None:
    rendered = body(ACME, "makes anvils", "Acme makes anvils", "anvils.\nRevenue", "Acme makes")
    found = Marked(rendered)
    assert found.text("cited") == "makes anvils"
    assert found.text("also") == "Acme " + ".\nRevenue"
    assert '<mark class="cited">makes anvils</mark>' in rendered


def test_a_near_span_is_marked_as_near() -> None:
    found = Marked(body(ACME, "anvils", near=True))
    assert (found.text("near"), found.text("cited")) == ("anvils", "")


def test_characters_are_counted_as_python_counts_them() -> None:
    """An emoji of one to four code points, a combining mark and right-to-left text in front do not move the mark."""
    other = release(("paragraph", "👩‍👩‍👧 q\u0323\u0307 שלום\u202e 🇳🇴 uses iodine-131 \u200b👍🏽 now"))
    assert Marked(body(other, "iodine-131 \u200b👍🏽")).text("cited") == "iodine-131 \u200b👍🏽"


def test_nothing_in_a_release_becomes_markup() -> None:
    hostile = release(
        ("heading", HOSTILE),
        ("paragraph", HOSTILE),
        ("list", f"- {HOSTILE}"),
        ("table", f"{HOSTILE}\t</td>\n{HOSTILE}\t1"),
        headline=HOSTILE,
        issuer=HOSTILE,
        tickers=(HOSTILE,),
        url=f"https://e.example/{HOSTILE}",
        source="in/<script>.md",
    )
    rendered = page.release_html(hostile, Place((span(hostile, "alert(1)"),)))
    tree = tree_of(rendered)
    tags = {
        "article",
        "header",
        "footer",
        "p",
        "bdi",
        "h2",
        "ul",
        "li",
        "div",
        "table",
        "tbody",
        "tr",
        "th",
        "td",
        "mark",
    }
    assert {node.tag for node in tree.iter()} == tags | {"a"}
    attributes = {"class", "dir", "scope", "colspan", "data-turn", "href", "target", "rel"}
    assert {name for node in tree.iter() for name in node.attrib} == attributes
    assert tree.text_content().count(HOSTILE) == 8  # issuer, ticker, heading, paragraph, list, two rows, link
    assert [node.get("href") for node in tree.iter("a")] == [f"https://e.example/{HOSTILE}"]
    assert not re.search(r"[$`\\{]", rendered)


def test_a_link_is_made_of_web_addresses_only() -> None:
    place = Place((span(ACME, "anvils"),))
    for url, links in (("https://e.example/a?b=1&c", 1), ("javascript:alert(1)", 0), (None, 0), ("//e.example", 0)):
        other = Release.of(ACME.text, headline="H", source="a.md", url=url, blocks=ACME.blocks)
        assert page.release_html(other, place).count("<a ") == links


def test_issuer_date_and_tickers_stand_above_and_an_unknown_date_is_said() -> None:
    place = Place((span(ACME, "anvils"),))
    assert "Acme Corp. · 3 May 2024" in plain(page.release_html(ACME, place))
    bare = Release.of(ACME.text, headline="H", source="a.md", tickers=("NYSE:ACM",), blocks=ACME.blocks)
    assert "date unknown · NYSE:ACM" in plain(page.release_html(bare, place))


def test_the_headline_is_shown_once() -> None:
    place = Place((span(ACME, "anvils"),))
    assert plain(page.release_html(ACME, place)).count("Acme Q1") == 1
    other = Release.of(ACME.text, headline="Another headline", source="a.md", blocks=ACME.blocks)
    assert '<h2 dir="auto">Another headline</h2>' in page.release_html(other, place)


def test_a_header_cell_spans_the_empty_cells_after_it() -> None:
    table = release(("table", "in $\t2025\t\t2024\nSales\t$\t5\t$\t4\nCosts\t\t(3)\t\t(2)"))
    tree = tree_of(body(table, "in $"))
    assert [(cell.text_content(), cell.get("colspan")) for cell in tree.xpath("//tr[1]/*")] == [
        ("in $", "1"), ("2025", "2"), ("2024", "2"),
    ]  # fmt: skip
    assert [len(row) for row in tree.iter("tr")] == [3, 5, 5]


def test_figures_stand_to_the_right_and_words_do_not() -> None:
    table = release(("table", "Hole\tMetres\tNote\nA-1\t4.2\trich\nA-2\t12.8\t(5)"))
    tree = tree_of(body(table, "rich"))
    assert [cell.get("class") for cell in tree.xpath("//tr[2]/*")] == ["", "figure", ""]


HOSTILE_TEXT = st.text(
    st.one_of(st.sampled_from("<>&\"'$`{}\\*~_[]()#|\t\n -;1aé€"), st.characters(exclude_categories=["Cs"])),
    max_size=40,
)
BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["heading", "paragraph", "list", "table"]),
        HOSTILE_TEXT.map(lambda text: re.sub(r"\n\s*\n", "\n", canonical(text)).strip()).filter(bool),
    ),
    min_size=1,
    max_size=5,
)


def slowly_marked(of: Release, place: Place) -> list[tuple[str, str]]:
    """Each shown character with its mark, one by one: the obviously right twin of the rendering."""
    main, *others = place.spans
    found = []
    for block in of.blocks:
        for at in range(block.start, block.end):
            mark = "also" if any(other.start <= at < other.end for other in others) else ""
            mark = "cited" if main.start <= at < main.end else mark
            between = {"table": "\t\n", "list": "\n"}.get(block.kind, "")
            found.append(("" if of.text[at] in between else mark, of.text[at]))
        found.append(("", "\n"))
    return found[:-1]


@given(BLOCKS, st.data())
def test_the_body_is_the_text_of_the_blocks_with_the_spans_marked(
    blocks: list[tuple[BlockKind, str]], data: st.DataObject
) -> None:
    made = release(*blocks)
    starts = st.integers(0, len(made.text) - 1)
    spans = data.draw(
        st.lists(
            starts.flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, len(made.text)))), min_size=1, max_size=4
        )
    )
    place = Place(tuple(Span(made.id, start, end) for start, end in spans))
    rendered = page.body_html(made, place)
    assert plain(rendered) == "\n".join(text for _, text in blocks)
    assert [(mark, c) for mark, data in Marked(rendered).found for c in data] == slowly_marked(made, place)


# -- places ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 1000)), min_size=1, max_size=8), st.booleans())
def test_a_place_comes_back_from_its_text(ranges: list[tuple[int, int]], near: bool) -> None:
    place = Place(tuple(Span("0123456789abcdef", start, start + length) for start, length in ranges), near)
    assert Place.parse(str(place)) == place


NO_PLACES = [
    "",
    "cited",
    "cited 0123456789abcdef",
    "cited 0123456789abcdef 5-5",
    "cited 0123456789abcdef 7-5",
    "cited 0123456789abcdef -1-5",
    "cited 0123456789abcdef ١-٢",
    "cited 0123456789abcdef 1-2\n",
    "cited 0123456789ABCDEF 1-2",
    "cited 0123456789abcdef 1-" + "9" * 5000,
    "cited ../../etc/passwd 1-2",
    "seen 0123456789abcdef 1-2",
]


@pytest.mark.parametrize("text", NO_PLACES)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (two messages: of the place, of the span)
        Place.parse(text)


# -- conversation ------------------------------------------------------------------------------------------------------


def answer(text: str, *citations: Citation, refusal: Refusal | None = None) -> Answer:
    return Answer("as asked", "as understood", text, citations, 0.9, refusal)


def citation(words: str, sentence: str, of: Release = ACME) -> Citation:
    return Citation(of, span(of, words), span(of, sentence))


def test_an_answer_is_followed_by_its_numbered_sources() -> None:
    sentence = "OSLO, May 3, 2024 -- Acme makes anvils."
    rendered = page.answer_html(
        answer("anvils", citation("anvils", sentence), citation("Revenue rose", "Revenue rose."))
    )
    assert plain(rendered) == (
        "anvils confidence 0.90"
        "OSLO, May 3, 2024 -- Acme makes anvils.[1] Acme Corp. · 3 May 2024 · Acme Q1"
        "Revenue rose.[2] Acme Corp. · 3 May 2024 · Acme Q1"
    )
    assert re.findall("<mark>(.*?)</mark>", rendered) == ["anvils", "Revenue rose"]


def test_a_source_names_its_place_with_the_other_spans_of_its_release() -> None:
    one, two = citation("anvils", "Acme makes anvils."), citation("Revenue rose", "Revenue rose.")
    values = re.findall('value="(.*?)"', page.answer_html(answer("anvils", one, two)))
    assert [Place.parse(value) for value in values] == [Place((one.span, two.span)), Place((two.span, one.span))]


def test_the_sentence_is_left_out_where_it_is_the_answer() -> None:
    rendered = page.answer_html(answer("Revenue rose.", citation("Revenue rose.", "Revenue rose.")))
    assert plain(rendered) == "Revenue rose. confidence 0.90[1] Acme Corp. · 3 May 2024 · Acme Q1"


def test_a_refusal_calls_the_nearest_passages_no_answer_and_numbers_nothing() -> None:
    nearest = (citation("Revenue rose", "Revenue rose."), citation("anvils", "Acme makes anvils."))
    rendered = page.answer_html(answer("", refusal=Refusal("not_said", "The releases do not say.", nearest)))
    assert plain(rendered).startswith(
        "The releases do not say.Nearest passages, which are no answer:Revenue rose.Acme Corp."
    )
    assert "<mark" not in rendered
    assert "[1]" not in rendered
    values = re.findall('value="(.*?)"', rendered)
    assert [Place.parse(value) for value in values] == [Place((near.span,), near=True) for near in nearest]


def test_a_row_of_a_table_is_readable_on_one_line() -> None:
    table = release(("table", "In thousands\t\t2024\t\t2023\nRevenue\t$\t5,000\t\t4,100"))
    rendered = page.answer_html(answer("5,000", citation("5,000", "Revenue\t$\t5,000\t\t4,100", table)))
    assert "Revenue · $ 5,000 · 4,100" in plain(rendered)


def test_the_bullet_of_a_list_item_is_not_repeated() -> None:
    rendered = page.answer_html(answer("$5 million", citation("$5 million", "- Revenue of $5 million")))
    assert plain(rendered).startswith("$5 million confidence 0.90Revenue of $5 million[1]")


def test_the_bullet_of_an_answer_is_not_repeated_either() -> None:
    item = "- Revenue of $5 million"
    assert plain(page.answer_html(answer(item, citation(item, item)))).startswith("Revenue of $5 million confidence")


def test_far_ends_of_a_long_sentence_are_left_out_and_the_quote_is_not() -> None:
    long = release(("paragraph", "word " * 100 + "iodine " * 60 + "other " * 100 + "end."))
    shown = plain(page.answer_html(answer("iodine", citation("iodine " * 60, long.text, long))))
    sentence = shown.removeprefix("iodine confidence 0.90").partition("[1]")[0]
    assert sentence.count("iodine") == 60
    assert sentence.startswith("…word word")
    assert sentence.endswith("other…")
    assert len(sentence) <= len("iodine " * 60) + 2 * page.MOST_AROUND + 2


@pytest.mark.parametrize(
    "text", [HOSTILE, "# head\n\n- x\n\n```js\nalert(1)\n```", "$5$ and $$6$$", "www.e.example a@e.example"]
)
def test_a_message_is_one_block_of_html_that_markdown_leaves_alone(text: str) -> None:
    """A line that begins with <div starts a block of HTML which ends at a blank line: there must be none."""
    hostile = release(("paragraph", re.sub(r"\n+", "\n", text)), headline=text, issuer=text)
    cited = Citation(hostile, Span(hostile.id, 0, len(hostile.text)), Span(hostile.id, 0, len(hostile.text)))
    for message in (
        page.question_html(text),
        page.answer_html(answer(text, cited)),
        page.answer_html(answer("", refusal=Refusal("not_said", text, (cited,)))),
    ):
        assert message.startswith("<div")
        assert "\n" not in message
        assert " ".join(text.split()) in plain(message)
        assert {node.tag for node in tree_of(message).iter()} <= INLINE


def test_a_very_long_question_is_shown_by_its_beginning() -> None:
    assert plain(page.question_html("a" * 20_000)) == "a" * page.MOST_ASKED + "…"


def test_a_notice_is_escaped_too() -> None:
    assert plain(page.notice(HOSTILE)) == HOSTILE
