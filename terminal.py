"""What the terminal commands share: exit codes, and how answers, sources and numbers are shown."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from index import Index, Release
    from qa import Answer, Citation
    from qa.conversation import Conversation, Message
    from qa.kept import KeptCitation

DONE, PARTLY, USAGE, NO_ANSWER, NO_INDEX, BUSY, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def show(answer: Answer) -> None:
    """Print an answer with its numbered sources, or the refusal with what was nearest."""
    _show_understood(answer.question, answer.query, answer.instead)
    if answer.refusal:
        _show_refusal(answer.refusal.message, [source(each, "·", marked=False) for each in answer.refusal.nearest])
    else:
        from qa.verdict import with_verdict

        said = with_verdict(answer.verdict, answer.text)
        cited = [source(each, f"[{number}]") for number, each in enumerate(answer.citations, 1)]
        others = [source(each, "·") for each in answer.others]
        _show_answer(said, answer.lacking, answer.confidence, cited, others)


def show_message(message: Message) -> None:
    """Print a stored question with its answer, its sources, and what became of them since."""
    from qa.conversation import one_line
    from qa.transcript import VERDICTS, filters_in_words
    from qa.verdict import with_verdict

    _print(f"\n? {one_line(message.question)}", "bold")
    _show_understood(message.question, message.query)
    if limits := filters_in_words(message.filters):
        _print(limits, "dim")
    if message.answered:
        said = with_verdict(message.verdict, message.answer)
        cited = [kept_source(each, f"[{each.number}]") for each in message.of("cited")]
        others = [kept_source(each, "·") for each in message.of("other")]
        _show_answer(said, message.lacking, message.confidence, cited, others)
    else:
        nearest = [kept_source(each, "·", marked=False) for each in message.of("nearest")]
        _show_refusal(message.refusal or "", nearest)
    if message.feedback:
        note = f": {one_line(message.feedback.note)}" if message.feedback.note else ""
        _print(f"\njudged {VERDICTS[message.feedback.verdict]}{note}", "dim")


def _show_understood(question: str, query: str, instead: Sequence[str] = ()) -> None:
    from qa.rewrite import is_rewritten
    from qa.transcript import flat

    if is_rewritten(question, query):
        _print(f"understood as: {flat(query)}", "dim")
    for each in instead:
        _print(f"or did you mean: {each}", "dim")


def _show_answer(said: str, lacking: str, confidence: float, cited: Sequence[Text], others: Sequence[Text]) -> None:
    from rich.text import Text

    console().print(Text(said, "bold"), Text(f"(confidence {confidence:.2f})", "dim"))
    if lacking:
        _print(lacking, "bold")
    for each in cited:
        console().print(each)
    if others:
        _print("\nElsewhere it says, newest first:", "dim")
    for each in others:
        console().print(each)


def _show_refusal(message: str, nearest: Sequence[Text]) -> None:
    _print(message, "bold")
    if nearest:
        _print("Nearest, but no answer:", "dim")
    for each in nearest:
        console().print(each)


def source(citation: Citation, label: str, marked: bool = True) -> Text:
    """One source: who, when, what, the sentence with the cited words marked, and the file."""
    release, sentence, span = citation.release, citation.sentence, citation.span
    parts = (release.text[sentence.start : span.start], citation.quote, release.text[span.end : sentence.end])
    return _source(label, citation.release, parts, (citation.withdrawn, *_told(citation)), marked)


def _told(citation: Citation) -> list[str]:
    """What else there is to know of a source: the table cell that it is, and which other releases say the same."""
    return [each for each in (citation.cell and f"in a table: {citation.cell.words}", citation.repeated) if each]


def kept_source(citation: KeptCitation, label: str, marked: bool = True) -> Text:
    """One stored source, as it was, with what became of it since."""
    from qa.transcript import sentence_parts

    return _source(label, citation, sentence_parts(citation), (citation.notice,), marked)


def _source(
    label: str, release: Release | KeptCitation, parts: tuple[str, str, str], notices: Sequence[str], marked: bool
) -> Text:
    """A source whose sentence is in three parts: before, at and after the cited words.

    Args:
        notices: what warns of it (maybe empty), and what else there is to know, a line each.
    """
    from rich.text import Text

    from qa.transcript import flat, in_words

    before, quote, after = map(flat, parts)
    # Where nothing can be set off (a pipe, a dumb terminal) the marks must be letters.
    open_mark, close_mark = ("»", "«") if marked and console().color_system is None else ("", "")
    named = (release.issuer, in_words(release.published), release.headline)
    return Text.assemble(
        f"\n{label} ",
        (" · ".join(filter(None, named)), "cyan"),
        "\n    ",
        before,
        (open_mark + quote + close_mark, "bold reverse" if marked else ""),
        after,
        (f"\n    {notices[0]}" if notices[0] else "", "red"),
        *((f"\n    {notice}", "dim") for notice in notices[1:]),
        (f"\n    {release.source}", "dim"),
    )


def explain(answer: Answer) -> None:
    """What was found, in the order of what the reader thought of it, and what spoke for each."""
    from qa.transcript import flat

    if not answer.passages:
        print("\nNothing was searched.")
        return
    names = list(dict.fromkeys(name for passage in answer.passages for name, _ in passage.parts))
    wide = 1 + max(map(len, ("passage", *names)))
    header = "".join(f"{name:>{wide}}" for name in ("score", *names))
    print(f"\nWhat was found, and what spoke for it, from 0 to 1:\n{'':3}{header}  passage")
    room = max(30, shutil.get_terminal_size().columns - len(header) - 5)
    for number, passage in enumerate(answer.passages, 1):
        parts = dict(passage.parts)
        shown = "".join(f"{parts[name]:{wide}.2f}" if name in parts else f"{'–':>{wide}}" for name in names)
        words = " · ".join(filter(None, (passage.chunk.release.issuer, flat(passage.chunk.text))))
        print(f"{number:2} {passage.score:{wide}.2f}{shown}  {cut(words, room)}")


# -- lists and files ---------------------------------------------------------------------------------------------------


def in_list(conversation: Conversation, mark: str = " ") -> str:
    """One line of a list of conversations."""
    day = conversation.changed.astimezone()
    width = max(60, shutil.get_terminal_size().columns)
    turns = count(conversation.length, "question")
    line = f"{mark}{conversation.id:4}  {day:%Y-%m-%d %H:%M}  {turns:>13}  {conversation.title}"
    return cut(line, width) if sys.stdout.isatty() else line


def exported(conversation: Conversation, messages: Sequence[Message], form: str, file: str) -> str:
    """A conversation as Markdown or, if that is asked for or the file is called so, as JSON."""
    from qa.transcript import to_json, to_markdown

    is_json = form == "json" or (not form and file.lower().endswith(".json"))
    return (to_json if is_json else to_markdown)(conversation, messages)


def written(text: str, path: Path) -> str:
    """Write a file that is not there yet; return why that was not possible, or nothing."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return f"{path} is there already and was left as it is; name another file"
    except OSError as error:
        return f"{path} cannot be written ({error.strerror})"
    return ""


def opened(options: argparse.Namespace) -> Index:
    """The index that a command names.

    Raises:
        StoreError, EmbedderError: it cannot be used.
    """
    from index.store import Index

    return Index.open(options.index, embedder=options.embedder, create=False)


# -- small things ------------------------------------------------------------------------------------------------------


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits into a width."""
    return text if len(text) <= width else text[: width - 1] + "…"


def count(number: int, thing: str) -> str:
    """A number with its noun.

    >>> count(1, "release"), count(1200, "file")
    ('1 release', '1,200 files')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def print_json(content: Any) -> None:
    """Print plain data as JSON."""
    # Where the output knows no Unicode, escapes keep every quote what it is.
    knows_all = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    print(json.dumps(content, ensure_ascii=not knows_all, indent=2))


def console(stderr: bool = False) -> Console:
    """The terminal, as rich knows it; what is printed is never wrapped or coloured by what it says."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def _print(text: str, style: str = "") -> None:
    from rich.text import Text

    console().print(Text(text, style))
