"""Releases made for the tests of the page, and what a browser makes of HTML."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

from lxml import html

from index.release import Block, BlockKind, Release, Span
from page.place import Place
from page.release import body_html

HOSTILE = (
    """<script>alert(1)</script> ${1+1} {{7*7}} <img src=x onerror="alert(2)"> `x` \\ 'a' &lt;b&gt; &amp; *a* ~~b~~"""
)


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


def at(of: Release, *words: str, near: bool = False) -> Place:
    """The place of these words, each where it stands first."""
    return Place(of.id, tuple(span(of, each) for each in words), near)


def body(of: Release, *words: str, near: bool = False) -> str:
    return body_html(of, at(of, *words, near=near))


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
