"""Web pages -> Draft: exhibits whole, pages without what stands around their text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.dateline import parse_date
from index.read.draft import BULLET, Draft, Unreadable, titled, with_headings
from index.read.flow import Flowed, flow
from index.read.stacked import unstacked
from index.release import canonical

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META_DATES = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dc:date",
    "dc.date.issued",
    "dcterms.issued",
    "date",
    "pubdate",
    "publish-date",
)
_AROUND = frozenset("nav aside footer form dialog".split())
_ARTICLES = frozenset(
    ("NewsArticle", "Article", "Report", "PressRelease", "BlogPosting", "WebPage", "ReportageNewsArticle")
)
LEAST_LINKED = 0.12  # share of its text in links from which on a page has more on it than its text
MOST_LINKED = 0.5  # of a block's: more is a list of other pages


def from_html(text: str) -> Draft:
    """The text of a page; of a page with navigation the part that trafilatura finds the main text in.

    Raises:
        Unreadable: there are only links on it.
    """
    draft = Draft()
    tree = parsed(text)
    if tree is None:
        return draft
    draft.facts = _facts(tree)
    blocks = list(flow(tree)) if _is_whole(tree) else _main(tree, draft.facts.get("headline"))
    if not blocks and any(element.text for element in tree.iter("a")):
        raise Unreadable("a list of links to other pages, not a release; add the pages themselves")
    for block in blocks:
        kind = "list" if block.kind == "paragraph" and BULLET.match(block.text) else block.kind
        draft.add(kind, block.text)
    draft.blocks = titled(with_headings(unstacked(draft.blocks)))
    return draft


def parsed(text: str) -> HtmlElement | None:
    """The tree of a page; None where there is nothing in it. Never fails, however wrong the page is."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (ValueError, etree.ParserError, AssertionError):
        return None


# -- what a page states of itself --------------------------------------------------------------------------------------


def _facts(tree: HtmlElement) -> dict[str, Any]:
    """Headline, date and address, as the page's head and marks state them."""
    facts: dict[str, Any] = {}
    for element in tree.iter("meta", "span", "time", "div", "p"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = (element.get("content") or element.get("datetime") or "").strip()[:500]
        if not name or not content:
            continue
        if name == "og:title":
            facts.setdefault("headline", canonical(content))
        elif name in _META_DATES and (found := _day(content)):
            facts.setdefault("date", found)
        elif name == "og:url":
            facts.setdefault("url", content)
    for link in tree.iter("link"):
        address = (link.get("href") or "").strip()
        if (link.get("rel") or "").lower() == "canonical" and re.match(r"https?://", address) and len(address) <= 500:
            facts.setdefault("url", address)
    for found in _linked_data(tree):
        if day := _day(str(found.get("datePublished") or "")):
            facts.setdefault("date", day)
        if isinstance(found.get("headline"), str):
            facts.setdefault("headline", canonical(found["headline"][:500]))
    titles = [" ".join("".join(h1.itertext()).split()) for h1 in tree.iter("h1")]
    if len(titles) == 1 and titles[0]:
        facts["headline"] = canonical(titles[0])
    elif any(titles):
        facts.setdefault("headline", canonical(next(filter(None, titles))))
    return facts


def _day(written: str) -> Any:
    """The day of a time as machines write it: as stated there, whatever the time zone."""
    return parse_date(written[:10]) or parse_date(written[:40])


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """What the page says in JSON-LD of the article on it."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or len(script.text or "") > 200_000:
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = found.get("@graph") if isinstance(found, dict) else None
        for item in graph if isinstance(graph, list) else found if isinstance(found, list) else [found]:
            kinds = item.get("@type") if isinstance(item, dict) else None
            if kinds and _ARTICLES & set(kinds if isinstance(kinds, list) else [str(kinds)]):
                yield item


# -- what is the text --------------------------------------------------------------------------------------------------


def _is_whole(tree: HtmlElement) -> bool:
    """Whether a page is a document and nothing else: no navigation, no forms, hardly a link."""
    if next(tree.iter("nav", "form", "iframe", "aside", "footer", "header"), None) is not None:
        return False
    text = sum(len(part) for part in tree.itertext())
    linked = sum(len(part) for link in tree.iter("a") if link.get("href") for part in link.itertext())
    return linked < LEAST_LINKED * text


def _main(tree: HtmlElement, headline: str | None) -> list[Flowed]:
    """The blocks of the element that holds what trafilatura takes for the main text."""
    blocks = list(flow(tree, _AROUND))
    known = {_key(text) for text in _main_texts(tree)}
    hits = [block for block in blocks if len(block.text) > 25 and _key(block.text) in known]
    if not hits:
        return [block for block in blocks if not _is_linked(block.element)]
    home = _common(hits)
    inside = [block for block in flow(home, _AROUND) if not _is_linked(block.element)]
    titles = {" ".join(block.text.split()) for block in inside if block.kind == "heading"}
    if headline and headline not in titles:
        inside.insert(0, Flowed("heading", headline, home))
    return inside


def _main_texts(tree: HtmlElement) -> Iterator[str]:
    from copy import deepcopy

    import trafilatura

    document: Any = trafilatura.bare_extraction(
        deepcopy(tree),  # it takes the tree apart
        favor_recall=True,
        include_tables=True,
        include_comments=False,
        include_formatting=False,
        with_metadata=False,
    )
    if document is not None and document.body is not None:
        for element in document.body.iter("p", "item", "head", "quote"):
            yield "".join(element.itertext())


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.removeprefix("- ")).casefold()[:400]


def _common(hits: list[Flowed]) -> HtmlElement:
    """The innermost element that holds nine tenths of the text of these blocks."""
    weights: dict[HtmlElement, int] = {}
    total = 0
    for hit in hits:
        total += len(hit.text)
        for element in (hit.element, *hit.element.iterancestors()):
            weights[element] = weights.get(element, 0) + len(hit.text)
    holding = [element for element, weight in weights.items() if weight >= 0.9 * total]
    home = max(holding, key=lambda element: sum(1 for _ in element.iterancestors()))
    for element in home.iterancestors():
        (text, linked), (less, less_linked) = _lengths(element), _lengths(home)
        added = text - less
        if element.tag in ("body", "html") or linked - less_linked > 0.3 * added or added > max(0.35 * less, 300):
            break
        home = element
    return home


def _lengths(element: HtmlElement) -> tuple[int, int]:
    """Characters of text in an element, and of these in links."""
    text = linked = 0
    for block in flow(element, _AROUND):
        text += len(block.text)
    for link in element.iter("a"):
        if link.get("href"):
            linked += sum(len(part.strip()) for part in link.itertext())
    return text, linked


def _is_linked(element: HtmlElement) -> bool:
    """Whether an element is a list of other pages: most of its text is in links."""
    text, linked = _lengths(element)
    return linked > MOST_LINKED * text and text < 300
