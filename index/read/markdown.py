"""Markdown -> Draft."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from index.dateline import parse_date
from index.listing import tickers
from index.read.draft import BULLET, Draft, titled, with_headings
from index.read.stacked import unstacked
from index.release import BlockKind, canonical

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_RULE = re.compile(r"\n[^\S\n]*---[^\S\n]*(?=\n|\Z)")
# Alone on its line it marks no item but is a cell: the dash that stands for no figure, a number.
_LONE_MARK = re.compile(r"^([^\S\n]*\d*)([-+*.)])[^\S\n]*$(?=\n[^\S\n]*$|\Z)", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<url>[^)\s]*)[^)]*\)")


def from_markdown(text: str) -> Draft:
    """CommonMark with tables. Marks are dropped, what a reader sees stays; images are not text.

    YAML front matter gives headline (or title), issuer, tickers, date and url. A last section, after a ``---`` line,
    that holds nothing but links and images is an archive's trailer: its first link tells where the release came from.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    draft = Draft()
    front = _FRONT_MATTER.match(text)
    if front and (facts := _front_matter(front[1])) is not None:
        draft.facts, text = facts, text[front.end() :]
    text, url = _without_trailer(text)
    if url:
        draft.facts.setdefault("url", url)
    from markdown_it import MarkdownIt

    # Releases indent and underline freely: neither makes code or headings there.
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .disable(["code", "lheading", "reference"])
        .parse(_LONE_MARK.sub(r"\1\\\2", text))
    )
    _add_tokens(draft, tokens)
    # What marks nothing and is in no table is no text either.
    blocks = with_headings([block for block in unstacked(draft.blocks) if block[1] not in ("-", "+", "*")])
    body = 0
    if blocks and tokens[0].type == "heading_open" and blocks[0][0] == "heading":
        draft.facts.setdefault("headline", " ".join(blocks[0][1].split()))
        body = 1
    draft.blocks = blocks[:body] + titled(blocks[body:])
    return draft


def _front_matter(source: str) -> dict[str, Any] | None:
    """Facts in a YAML header; ``None`` where it is not a header after all."""
    import yaml

    try:
        stated = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(stated, dict):
        return None
    stated = {str(key).lower(): value for key, value in stated.items() if value is not None}
    named = stated.get("tickers") or stated.get("ticker") or ()
    written = ", ".join(map(str, named)) if isinstance(named, list | tuple) else str(named)
    facts: dict[str, Any] = {
        "headline": stated.get("headline") or stated.get("title"),
        "issuer": stated.get("issuer") or stated.get("company"),
        "url": stated.get("url"),
    }
    facts = {key: canonical(str(value)) for key, value in facts.items() if value}
    day = stated.get("date") or stated.get("published")
    found = day.date() if isinstance(day, datetime) else day if isinstance(day, date) else parse_date(str(day))
    return facts | {"tickers": tickers(written)} | ({"date": found} if found else {})


def _without_trailer(text: str) -> tuple[str, str | None]:
    """The text before a trailer of links, and the trailer's first link."""
    rules = list(_RULE.finditer(text))
    if rules:
        trailer = text[rules[-1].end() :]
        links = list(_LINK.finditer(trailer))
        rest = re.sub(r"Pickup\s+-", "", _LINK.sub("", trailer)).strip()
        if not rest and links:
            return text[: rules[-1].start()], links[0]["url"] or None
    return text, None


def _add_tokens(draft: Draft, tokens: list[Token]) -> None:
    """Turn markdown-it's flat token stream into blocks. Nested lists become one list; quoted blocks plain ones."""
    lists: list[str] = []  # the lines of the outermost open list
    rows: list[list[str]] = []
    kind: BlockKind = "paragraph"
    depth, marker = 0, ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if depth == 0:
                draft.add("list", "\n".join(lists))
                lists = []
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else f"{token.markup} "
        elif token.type in ("heading_open", "heading_close"):
            kind = "heading" if token.nesting == 1 else "paragraph"
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            draft.add("table", "\n".join("\t".join(row).rstrip() for row in rows))
            rows = []
        elif token.type == "inline" and rows:
            rows[-1].append(" ".join(_plain(token).split()))
        elif token.type == "inline" and depth:
            lists.append(marker + _plain(token))
            marker = ""
        elif token.type == "inline":
            text = _plain(token)
            draft.add("list" if kind == "paragraph" and BULLET.match(text) else kind, text)
        elif token.type in ("fence", "code_block", "html_block"):
            draft.add("paragraph", re.sub(r"</?[A-Za-z][^>]*>|<!--.*?-->", " ", token.content))


def _plain(inline: Token) -> str:
    """What a reader sees of an inline token: no marks, no images, link texts without their targets."""
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)
