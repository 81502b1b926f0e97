"""File -> Release: one function a format, each turning source text into blocks.

    Error family:  ReadError(path, reason)      one line: which file, what is wrong

The kinds of file are those of ``FORMATS``; a new format is one function and one line there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index import metadata
from index.release import Block, BlockKind, Release, canonical

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_BYTES = 10_000_000  # the longest of 3,000 wire releases has 60 kB; ten megabytes of text is no release


class ReadError(ValueError):
    """A file that cannot become a release. ``path`` and ``reason`` say which and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(slots=True)
class Draft:
    """What a format's function finds in a file: blocks of text in reading order, and what the file states outright."""

    blocks: list[tuple[BlockKind, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(
        default_factory=dict
    )  # headline, issuer, tickers, date, url from front matter or meta

    def add(self, kind: BlockKind, text: str) -> None:
        """Append a block; white space alone is no block."""
        text = re.sub(r"\n\s*\n", "\n", canonical(text))
        # An empty first cell is a tab at the very start, and says which column the next cell is in.
        text = text.strip("\n ") if kind == "table" else text.strip()
        if text.strip():
            self.blocks.append((kind, text))


def read(path: str | Path) -> Release:
    """Read the release in the file at ``path``.

    Raises:
        ReadError: the file cannot be read, is too large, is not text, holds no text, or is of an unknown kind.
    """
    name = str(path)
    return parse(load(path), name)


def load(path: str | Path) -> bytes:
    """The bytes of a release file.

    Raises:
        ReadError: the file cannot be read, is no regular file or is larger than ``MAX_BYTES``.
    """
    name = str(path)
    if name != name.encode("utf-8", "replace").decode("utf-8"):
        raise ReadError(name, "its name is not UTF-8 and cannot be kept; rename the file")
    try:
        if not os.path.isfile(path):
            raise ReadError(name, "no such file" if not os.path.lexists(path) else "not a regular file")
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            raise ReadError(
                name, f"{size / 1e6:.1f} MB, but a release has at most {MAX_BYTES / 1e6:.0f} MB; split it up"
            )
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(name, f"cannot be read ({error.strerror})") from error


def parse(data: bytes, source: str, content_type: str = "", stated: Mapping[str, Any] | None = None) -> Release:
    """Make the release out of a file's bytes.

    Args:
        source: names the file, a path or a web address; its ending tells the format where the content type does not.
        content_type: as a web server states it, parameters included.
        stated: what is known of the release from elsewhere (issuer, tickers, url); it counts where the release itself
            is silent.

    Raises:
        ReadError: as `read`.
    """
    form = FORMATS.get(ending(source, content_type, data))
    if form is None:
        kind = content_type.partition(";")[0].strip()
        shown = f" ({kind})" if kind else ""
        raise ReadError(source, f"unknown kind of file{shown}; known are {', '.join(FORMATS)}")
    draft = form(decode(data, source, _charset(content_type)))
    if not draft.blocks:
        raise ReadError(source, "no text in it")
    return _release(draft, source, stated or {})


_CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
}


def ending(source: str, content_type: str = "", data: bytes = b"") -> str:
    """The ending that tells the format: the name's own, or for a web address the content type's.

    >>> ending("https://acme.test/news", "text/html; charset=utf-8"), ending("https://acme.test/a.md", "text/plain")
    ('.html', '.md')
    """
    is_address = source.lower().startswith(("http://", "https://"))
    own = Path(urlsplit(source).path if is_address else source).suffix.lower()
    kind = content_type.partition(";")[0].strip().lower()
    if not is_address or (own in FORMATS and kind in ("", "text/plain", "application/octet-stream")):
        return own
    if not kind:
        return ".html" if data.lstrip()[:1] == b"<" else ".txt"
    return _CONTENT_TYPES.get(kind, own)


def _charset(content_type: str) -> str:
    message = Message()
    message["Content-Type"] = content_type
    return message.get_content_charset("")


def decode(data: bytes, source: str, charset: str = "") -> str:
    """Text of a file in UTF-8 (with or without BOM), UTF-16 (likewise) or Windows-1252.

    ``charset`` is what a server states; it counts where the bytes are not UTF-8 or UTF-16.

    Raises:
        ReadError: the bytes are not text in any of these.

    >>> decode("Łódź".encode("utf-16"), "a.txt"), decode(b"caf\\xe9 \\x80 5", "b.txt")
    ('Łódź', 'café € 5')
    """
    if not data.strip():
        raise ReadError(source, "empty file")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
        if max(even, odd) > 0.3 * min(len(data), 2000) / 2 and min(even, odd) <= 0.02 * max(even, odd):
            return data.decode("utf-16-le" if odd > even else "utf-16-be")
        if b"\0" in data:
            raise ReadError(source, "not text (it holds NUL bytes): a binary file with a text file's name?")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            # Asked last, for servers state charsets that are not so; the first two are Windows-1252 in fact.
            if charset not in ("us-ascii", "iso-8859-1") and not charset.startswith("utf"):
                with suppress(LookupError, UnicodeError):
                    return data.decode(charset)
            text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise ReadError(source, "not text in UTF-8, UTF-16 or Windows-1252: a binary file?") from None
    controls = len(re.findall("[\x01-\x08\x0e-\x1a\x1c-\x1f]", text))
    if controls > len(text) / 1000:
        raise ReadError(source, "not text (it is full of control characters): a binary file with a text file's name?")
    return text


def _release(draft: Draft, source: str, elsewhere: Mapping[str, Any]) -> Release:
    """Lay the blocks out as canonical text and fill in what the words say where the file does not say it outright."""
    blocks, parts, position = [], [], 0
    for kind, text in draft.blocks:
        blocks.append(Block(kind, position, position + len(text)))
        parts.append(text)
        position += len(text) + 2
    facts = draft.facts
    headline = str(facts.get("headline") or metadata.headline_of(parts) or source)
    body = [part for part in parts if " ".join(part.split()) != headline]
    issuer, tickers = metadata.issuer_and_tickers(headline, body)
    stated = facts.get("tickers") or ()
    return Release.of(
        "\n\n".join(parts),
        headline=canonical(" ".join(headline.split())),
        source=source,
        issuer=facts.get("issuer") or issuer or elsewhere.get("issuer"),
        tickers=tuple(stated) or tickers or tuple(elsewhere.get("tickers", ())),
        published=facts.get("date") or metadata.published(body[: metadata.OPENING_BLOCKS]),
        url=facts.get("url") or elsewhere.get("url"),
        blocks=tuple(blocks),
    )


# -- plain text --------------------------------------------------------------------------------------------------------

_BULLET = re.compile(r"\s*[•●▪◦‣·*–-]\s+\S")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")


def from_text(text: str) -> Draft:
    """Blocks parted by blank lines; lines of bullets are lists; a short line over prose is a heading."""
    draft = Draft()
    paragraphs = [part.strip("\n") for part in re.split(r"\n[^\S\n]*\n", canonical(text)) if part.strip()]
    for part in paragraphs:
        draft.add("list" if _BULLET.match(part) else "paragraph", part)
    draft.blocks = _with_headings(draft.blocks)
    return draft


def _with_headings(blocks: list[tuple[BlockKind, str]]) -> list[tuple[BlockKind, str]]:
    """Call a paragraph a heading when it is one short line without a full stop and prose follows it.

    A lone line that no prose follows (a name in a contact block, say) stays text, so that it can be cited.
    """
    found: list[tuple[BlockKind, str]] = []
    for (kind, text), (next_kind, following) in zip(blocks, [*blocks[1:], ("heading", "")], strict=False):
        heads_prose = next_kind in ("list", "table") or (len(following) >= 80 and bool(_SENTENCE_END.search(following)))
        is_title = "\n" not in text and len(text) <= 100 and text[-1] not in '.!?;,…”"'
        stated = kind == "paragraph" and next_kind != "heading" and heads_prose and is_title
        found.append(("heading" if stated and metadata.dateline(text) is None else kind, text))
    return found


# -- Markdown ----------------------------------------------------------------------------------------------------------

_FRONT_MATTER = re.compile(r"\A---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_RULE = re.compile(r"\n[^\S\n]*---[^\S\n]*(?=\n|\Z)")
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
    tokens = MarkdownIt("commonmark").enable("table").disable(["code", "lheading", "reference"]).parse(text)
    _add_tokens(draft, tokens)
    draft.blocks = _with_headings(draft.blocks)
    first = next((text for kind, text in draft.blocks if kind == "heading"), None)
    if first and tokens and tokens[0].type == "heading_open":
        draft.facts.setdefault("headline", " ".join(first.split()))
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
    tickers = stated.get("tickers") or stated.get("ticker") or ()
    written = ", ".join(map(str, tickers)) if isinstance(tickers, list | tuple) else str(tickers)
    facts: dict[str, Any] = {
        "headline": stated.get("headline") or stated.get("title"),
        "issuer": stated.get("issuer") or stated.get("company"),
        "url": stated.get("url"),
    }
    facts = {key: canonical(str(value)) for key, value in facts.items() if value}
    day = stated.get("date") or stated.get("published")
    found = day.date() if isinstance(day, datetime) else day if isinstance(day, date) else metadata.parse_date(str(day))
    return facts | {"tickers": metadata.tickers(written)} | ({"date": found} if found else {})


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
            draft.add("list" if kind == "paragraph" and _BULLET.match(text) else kind, text)
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


# -- HTML --------------------------------------------------------------------------------------------------------------

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
    draft.blocks = _with_headings(draft.blocks)
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


FORMATS: dict[str, Callable[[str], Draft]] = {
    ".txt": from_text,
    ".md": from_markdown,
    ".markdown": from_markdown,
    ".html": from_html,
    ".htm": from_html,
}


def find(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Every release file among ``paths``: files as given, folders searched for the endings of ``FORMATS``, by name.

    A folder reached a second time through a link is not searched again; hidden files and folders are left out.
    """
    seen: set[tuple[int, int]] = set()
    for path in map(Path, paths):
        if path.is_dir():
            yield from _in_folder(path, seen)
        else:
            yield path


def _in_folder(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=True):
        status = os.stat(root)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in FORMATS:
                yield Path(root, name)
