"""An answer or a refusal as the conversation shows it: what it says, how sure, and the sources that it rests on.

Gradio takes unknown attributes out of messages, data-… and aria-… among them: what a button needs is its value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from page.inline import about, cut, day, escape, folded, line
from page.place import Link, Place, places
from page.timeline import Marks
from qa import Answer, Citation
from qa.rewrite import is_rewritten
from qa.verdict import with_verdict

MOST_AROUND = 160  # characters of the sentence shown on each side of a quote in the list of sources
MOST_BOLD = 120  # characters of an answer that is set large; longer ones are sentences, and read better as such
MOST_ASKED = 500  # characters of a question that the conversation repeats
HERE = "citewire:"  # stands before a link in what is copied; the browser, which knows its address, puts that there

WAITING = '<div class="waiting">Reading the releases …</div>'

# Confidence is a probability that the words shown are right, fitted on questions that were kept out.
SURE = ((0.75, 3, "quite sure"), (0.5, 2, "fairly sure"), (0.0, 1, "not so sure"))

_BULLET = re.compile(r"^[-*•–] ")


def question_html(question: str) -> str:
    """A question as the conversation repeats it."""
    shown = question if len(question) <= MOST_ASKED else question[:MOST_ASKED] + "…"
    return f'<div dir="auto">{line(shown)}</div>'


def answer_html(answer: Answer, gone: str = "") -> str:
    """An answer with its numbered sources, or a refusal with what came nearest. On one line: Markdown leaves it so.

    Args:
        gone: sources of an earlier day that cannot be opened any more.
    """
    if answer.refusal:
        return refusal_html(answer.refusal.message, answer.refusal.nearest, _understood(answer), gone)
    at = places(answer.citations)
    sources = "".join(
        _source(number, citation, place, sentence=_sentence_of(citation) != answer.text)
        for number, (citation, place) in enumerate(zip(answer.citations, at, strict=True), 1)
    )
    numbers = "".join(_number(number, place) for number, place in enumerate(at, 1))
    size = "answer" if len(answer.text) <= MOST_BOLD else "answer long"
    below = _others(answer) + _tools(answer) if answer.citations else ""
    text = f'<p class="{size}" dir="auto"><strong>{_said(answer)}</strong> {numbers}</p>'
    lacking = f'<p class="refusal">{line(answer.lacking)}</p>' if answer.lacking else ""
    return f'<div class="reply">{_understood(answer)}{text}{lacking}{_sure(answer)}{sources}{gone}{below}</div>'


def refusal_html(message: str, nearest: Sequence[Citation] = (), before: str = "", gone: str = "") -> str:
    """Why there is no answer, and the passages that came nearest, which are called what they are: no answer."""
    shown = "".join(
        _source(None, citation, place, sentence=True)
        for citation, place in zip(nearest, places(nearest, near=True), strict=True)
    )
    shown += gone
    nearest_html = f'<p class="hint">Nearest passages, which are no answer:</p>{shown}' if shown else ""
    return f'<div class="reply refused">{before}<p class="refusal">{line(message)}</p>{nearest_html}</div>'


def _said(answer: Answer) -> str:
    return line(with_verdict(answer.verdict, _BULLET.sub("", answer.text)))


def _understood(answer: Answer) -> str:
    """How a question was understood that leans on what was said before; nothing for one that stands alone.

    One button puts that into the question's box, to be changed; others ask what may have been meant instead.
    """
    if not is_rewritten(answer.question, answer.query):
        return ""
    understood = folded(answer.query)
    change = f'<button type="button" class="reword" value="{escape(understood)}">Change</button>'
    instead = "".join(
        f' or <button type="button" class="instead" value="{escape(each)}">{line(each)}</button>'
        for each in answer.instead
    )
    others = f'<p class="hint">Did you mean{instead[len(" or") :]}</p>' if instead else ""
    return f'<p class="hint">Understood as: <bdi>{line(understood)}</bdi> {change}</p>{others}'


def _sure(answer: Answer) -> str:
    """Confidence in words, with its number for whoever points at it or moves the focus there."""
    _, dots, words = next(step for step in SURE if answer.confidence >= step[0])
    tip = f"confidence {answer.confidence:.2f}: of answers as sure as this, about {answer.confidence:.0%} are right"
    shown = f"<i>{'●' * dots}{'○' * (3 - dots)}</i> {words}"
    return f'<p class="sure" tabindex="0">{shown} <span class="tip">{escape(tip)}</span></p>'


def _number(number: int, place: Place) -> str:
    """The number of a source in the text, which opens it as the source does."""
    return f'<button type="button" class="number" value="{place}" title="Open source {number}">[{number}]</button>'


def _source(number: int | None, citation: Citation, place: Place, *, sentence: bool) -> str:
    """One source as a button that opens it. What is numbered answers, and its words are marked."""
    release = citation.release
    label = f'<b class="number">[{number}]</b> ' if number else ""
    words = f'<span class="sentence" dir="auto">{_sentence(citation, bool(number))}</span>' if sentence else ""
    withdrawn = f'<span class="withdrawn">{line(citation.withdrawn)}</span>' if citation.withdrawn else ""
    told = (citation.cell and f"In a table: {citation.cell.words}", citation.repeated)
    more = "".join(f'<span class="from">{line(each)}</span>' for each in told if each)
    return (
        f'<button type="button" class="source" value="{place}">{words}'
        f'<span class="from">{label}{about(release.issuer, day(release.published), release.headline)}</span>'
        f"{withdrawn}{more}</button>"
    )


def _others(answer: Answer) -> str:
    """What other releases say instead, and other tables of this one, a line each, newest first."""
    best = answer.citations[0].release
    lines = []
    for citation, place in zip(answer.others, places(answer.others), strict=True):
        release = citation.release
        when = day(release.published)
        if release.id == best.id and citation.cell:
            when = f"in another table ({line(citation.cell.words)})"
        elif release.published and best.published:
            when = f"{'later' if release.published > best.published else 'earlier'}, {when}"
        withdrawn = f' <span class="withdrawn">{line(citation.withdrawn)}</span>' if citation.withdrawn else ""
        lines.append(
            f'<button type="button" class="source other" value="{place}"><span class="from">'
            f"{when}:</span> "
            f'<bdi class="said">{line(cut(citation.quote, MOST_BOLD))}</bdi>{withdrawn}</button>'
        )
    return "".join(lines)


def _sentence(citation: Citation, marked: bool) -> str:
    """The quote in its sentence, without the bullet before it and with long stretches on either side left out."""
    text, span, sentence = citation.release.text, citation.span, citation.sentence
    before, after = _BULLET.sub("", text[sentence.start : span.start]), text[span.end : sentence.end]
    if len(before) > MOST_AROUND:
        before = "…" + before[-MOST_AROUND:].partition(" ")[2]
    if len(after) > MOST_AROUND:
        after = after[:MOST_AROUND].rpartition(" ")[0] + "…"
    quote = line(citation.quote)
    return line(before) + (f"<mark>{quote}</mark>" if marked else quote) + line(after)


def _sentence_of(citation: Citation) -> str:
    return " ".join(citation.release.quote(citation.sentence).split())


# -- taking it along ---------------------------------------------------------------------------------------------------


class Copies(NamedTuple):
    """An answer with its citations, as text to be pasted elsewhere."""

    text: str
    markdown: str
    quote: str

    @classmethod
    def of(cls, answer: Answer, here: str = HERE) -> Copies:
        """The copies of an answer that is no refusal.

        Args:
            here: the page's address, before the links.
        """
        said = [each for each in (with_verdict(answer.verdict, answer.text), answer.lacking) if each]
        from_, marked = [], []
        for number, citation in enumerate(answer.citations, 1):
            release, link = citation.release, here + str(Link.of(citation.release, citation.span))
            named = " · ".join(filter(None, (release.issuer, day(release.published), folded(release.headline))))
            quote = folded(citation.quote)
            from_.append(f"[{number}] {named}\n    “{quote}”\n    {link}")
            marked.append(f"{number}. {_markdown(named)}: “{_markdown(quote)}” ([source]({link}))")
        best = answer.citations[0]
        told = ", ".join(filter(None, (best.release.issuer, day(best.release.published))))
        return cls(
            text="\n".join((answer.question, *said, "", *from_)),
            markdown="\n".join((" ".join((f"**{_markdown(answer.question)}**", *map(_markdown, said))), "", *marked)),
            quote=f"“{folded(best.quote)}” ({told}) {here}{Link.of(best.release, best.span)}",
        )


def _markdown(text: str) -> str:
    """Text in which Markdown finds nothing to do.

    >>> _markdown("$5 *net*")
    '\\\\$5 \\\\*net\\\\*'
    """
    return re.sub(r"([\\`*_{}\[\]()<>#|~$!])", r"\\\1", folded(text))


def _tools(answer: Answer) -> str:
    """Buttons below an answer: copy it, and see when its issuer said what."""
    copies = Copies.of(answer)
    buttons = "".join(
        f'<button type="button" class="copy" value="{escape(text).replace(chr(10), "&#10;")}">{label}</button>'
        for label, text in (("text", copies.text), ("Markdown", copies.markdown), ("quote with link", copies.quote))
    )
    issuer = answer.citations[0].release.issuer
    marks = Marks.of(answer)
    when = f'<button type="button" class="when" value="{marks}">Timeline</button>' if issuer and marks else ""
    return f'<p class="tools"><span>Copy as</span>{buttons}{when}</p>'
