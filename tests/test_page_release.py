from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from made import ACME, HOSTILE, Marked, at, body, plain, release, span, tree_of

from index.release import BlockKind, Release, Span, canonical
from page.place import Link, Place
from page.release import body_html, notice, release_html


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
    rendered = release_html(hostile, at(hostile, "alert(1)"))
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
        "button",
        "span",
    }
    assert {node.tag for node in tree.iter()} == tags | {"a"}
    attributes = {"class", "dir", "scope", "colspan", "data-turn", "href", "target", "rel", "tabindex", "data-view"} | {
        "aria-label", "hidden", "type", "data-step", "title", "aria-hidden"
    }  # fmt: skip
    assert {name for node in tree.iter() for name in node.attrib} == attributes
    assert tree.text_content().count(HOSTILE) == 8  # issuer, ticker, heading, paragraph, list, two rows, link
    assert [node.get("href") for node in tree.xpath("//footer/a")] == [f"https://e.example/{HOSTILE}"]
    assert not re.search(r"[$`\\{]", rendered)


def test_a_link_is_made_of_web_addresses_only() -> None:
    place = at(ACME, "anvils")
    for url, links in (("https://e.example/a?b=1&c", 1), ("javascript:alert(1)", 0), (None, 0), ("//e.example", 0)):
        other = Release.of(ACME.text, headline="H", source="a.md", url=url, blocks=ACME.blocks)
        assert release_html(other, place).count('target="_blank"') == links


def test_issuer_date_and_tickers_stand_above_and_an_unknown_date_is_said() -> None:
    place = at(ACME, "anvils")
    assert "Acme Corp. · 3 May 2024" in plain(release_html(ACME, place))
    bare = Release.of(ACME.text, headline="H", source="a.md", tickers=("NYSE:ACM",), blocks=ACME.blocks)
    assert "date unknown · NYSE:ACM" in plain(release_html(bare, place))


def test_the_headline_is_shown_once() -> None:
    place = at(ACME, "anvils")
    assert plain(release_html(ACME, place)).count("Acme Q1") == 1
    other = Release.of(ACME.text, headline="Another headline", source="a.md", blocks=ACME.blocks)
    assert '<h2 dir="auto">Another headline</h2>' in release_html(other, place)


def test_a_header_cell_spans_the_empty_cells_after_it() -> None:
    table = release(("table", "in $\t2025\t\t2024\nSales\t$\t5\t$\t4\nCosts\t\t(3)\t\t(2)"))
    tree = tree_of(body(table, "in $"))
    assert [(cell.text_content(), cell.get("colspan")) for cell in tree.xpath("//tr[1]/*")] == [
        ("in $", "1"), ("2025", "2"), ("2024", "2"),
    ]  # fmt: skip
    assert [len(row) for row in tree.iter("tr")] == [3, 5, 5]


def test_a_header_row_that_is_too_short_reaches_to_the_end_and_adds_nothing_to_the_text() -> None:
    rendered = body(release(("table", "Hole\nA-1\t4.2\t1")), "Hole")
    assert plain(rendered) == "Hole\nA-1\t4.2\t1"
    assert tree_of(rendered).xpath("//tr[1]/th/@colspan") == ["3"]


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
        for n in range(block.start, block.end):
            mark = "also" if any(other.start <= n < other.end for other in others) else ""
            mark = "cited" if main.start <= n < main.end else mark
            between = {"table": "\t\n", "list": "\n"}.get(block.kind, "")
            found.append(("" if of.text[n] in between else mark, of.text[n]))
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
    place = Place(made.id, tuple(Span(made.id, start, end) for start, end in spans))
    rendered = body_html(made, place)
    assert plain(rendered) == "\n".join(text for _, text in blocks)
    assert [(mark, c) for mark, data in Marked(rendered).found for c in data] == slowly_marked(made, place)


def test_a_notice_is_escaped_too() -> None:
    assert plain(notice(HOSTILE)) == HOSTILE


def test_a_release_offers_the_link_to_its_words_and_removal_only_where_that_may_be() -> None:
    rendered = release_html(ACME, at(ACME, "anvils"))
    (link,) = tree_of(rendered).find_class("link")
    assert link.get("href") == str(Link.of(ACME, span(ACME, "anvils")))
    assert not tree_of(rendered).find_class("remove")
    (remove,) = tree_of(release_html(ACME, at(ACME, "anvils"), removable=True)).find_class("remove")
    assert remove.get("value") == ACME.id


def test_a_release_opened_without_words_marks_nothing_and_links_to_its_head() -> None:
    rendered = release_html(ACME, Place(ACME.id))
    assert "<mark" not in rendered
    (link,) = tree_of(rendered).find_class("link")
    first = ACME.blocks[0]
    assert link.get("href") == str(Link.of(ACME, Span(ACME.id, first.start, first.end)))
