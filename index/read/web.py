"""Web pages -> Draft."""

from __future__ import annotations

from typing import Any

from index import metadata
from index.read.draft import Draft, with_headings
from index.release import canonical

_META_DATES = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dc.date.issued",
    "date",
    "pubdate",
    "publish-date",
)


def from_html(text: str) -> Draft:
    """The main text of a web page, navigation and advertisements left out by trafilatura."""
    import trafilatura
    from lxml import html

    draft = Draft()
    text = text.replace("\0", "")
    try:
        tree = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (ValueError, html.etree.ParserError):
        return draft
    draft.facts = _html_facts(tree)
    document: Any = trafilatura.bare_extraction(
        tree,
        favor_recall=True,
        include_tables=True,
        include_comments=False,
        include_formatting=False,
        with_metadata=False,
    )
    if document is not None and document.body is not None:
        _add_elements(draft, document.body)
    draft.blocks = with_headings(draft.blocks)
    return draft


def _html_facts(tree: Any) -> dict[str, Any]:
    """Headline and date as the page's own head states them."""
    facts: dict[str, Any] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = (meta.get("content") or "").strip()
        if name == "og:title" and content:
            facts.setdefault("headline", canonical(content))
        elif name in _META_DATES and (found := metadata.parse_date(content[:10]) or metadata.parse_date(content)):
            facts.setdefault("date", found)
        elif name == "og:url" and content:
            facts.setdefault("url", content)
    titles = [" ".join(h1.text_content().split()) for h1 in tree.iter("h1")]
    if any(titles):
        facts["headline"] = canonical(next(filter(None, titles)))
    return facts


def _add_elements(draft: Draft, body: Any) -> None:
    """Turn trafilatura's tree (head, p, list/item, table/row/cell, quote) into blocks."""
    for element in body:
        if element.tag == "table":
            rows = [
                "\t".join(" ".join("".join(cell.itertext()).split()) for cell in row.iter("cell")).rstrip()
                for row in element.iter("row")
            ]
            draft.add("table", "\n".join(rows))
        elif element.tag == "list":
            items = [" ".join("".join(item.itertext()).split()) for item in element.iter("item")]
            draft.add("list", "\n".join(f"- {item}" for item in items if item))
        else:
            for line_break in element.iter("lb"):
                line_break.tail = "\n" + (line_break.tail or "")
            draft.add("heading" if element.tag == "head" else "paragraph", "".join(element.itertext()))
