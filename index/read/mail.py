"""E-mails -> their text and what is attached to them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from index.read.draft import Unreadable
from index.release import canonical

if TYPE_CHECKING:
    from email.message import EmailMessage

MOST_ATTACHED = 50
_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|aw|wg|tr|external|ext)\s*:\s*|\[(?:external|ext|alert)\]\s*)+", re.IGNORECASE)


class Letter(NamedTuple):
    """What an e-mail holds."""

    facts: dict[str, Any]  # headline: the subject; around: the day it was sent, near which the release came out
    text: str
    is_html: bool
    attached: list[tuple[str, bytes]]  # name, content


def from_eml(data: bytes) -> Letter:
    """An e-mail as it travels (RFC 5322).

    Raises:
        Unreadable: there is no text in it.
    """
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.default)
    facts = _facts(_header(message, "subject"), _header(message, "date"))
    html = plain = None
    attached: list[tuple[str, bytes]] = []
    for part in _leaves(message):
        name, kind = _name(part), part.get_content_type()
        if name or part.get_content_disposition() == "attachment":
            attached.append((name or "attachment", _bytes(part)))
        elif kind == "text/html" and html is None:
            html = _decoded(part)
        elif kind == "text/plain" and plain is None:
            plain = _decoded(part)
    text = html or plain
    if not (text or "").strip() and not attached:
        raise Unreadable("an e-mail without text")
    return Letter(facts, text or "", bool(html), attached[:MOST_ATTACHED])


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    from email.message import EmailMessage

    for number, part in enumerate(message.walk()):
        if number > 20 * MOST_ATTACHED:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):  # the stdlib's parser gives up so
        return ""


def _name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError, KeyError, LookupError):
        return ""


def _bytes(part: EmailMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, TypeError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: EmailMessage) -> str:
    data = _bytes(part)
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _facts(subject: str, sent: str | datetime | None) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    headline = canonical(_PREFIX.sub("", " ".join(subject.split())))
    if headline:
        facts["headline"] = headline
    day = sent.date() if isinstance(sent, datetime) else _day(sent or "")
    if day:
        facts["around"] = day
    return facts


def _day(written: str) -> date | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def from_msg(data: bytes) -> Letter:
    """An e-mail as Outlook stores it.

    Raises:
        Unreadable: it is damaged, or there is no text in it.
    """
    from oxmsg import Message

    try:
        message = Message.load(io.BytesIO(data))
        facts = _facts(message.subject or "", message.sent_date)
        text, is_html = message.html_body or "", True
        if not text.strip():
            text, is_html = message.body or "", False
        attached = [(each.file_name or "attachment", each.file_bytes or b"") for each in message.attachments]
    except Exception as error:  # its parser raises whatever a damaged file leads it to
        raise Unreadable("a damaged Outlook message: it cannot be opened") from error
    if not text.strip() and not attached:
        raise Unreadable("an e-mail without text")
    return Letter(facts, text, is_html, attached[:MOST_ATTACHED])
