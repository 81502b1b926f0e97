"""citewire conversations: what was asked before, listed, shown, exported, deleted, and what people said of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from terminal import DONE, PARTLY, count, exported, in_list, opened, print_json, show_message, written

if TYPE_CHECKING:
    from qa.conversation import Conversations, Message

Command = Callable[..., argparse.ArgumentParser]


def list_conversations(options: argparse.Namespace) -> int:
    """List the stored conversations."""
    with _conversations(options) as kept:
        stored = kept.all()
    if options.json:
        print_json(
            [
                each._asdict() | {"started": each.started.isoformat(), "changed": each.changed.isoformat()}
                for each in stored
            ]
        )
        return DONE
    for conversation in stored:
        print(in_list(conversation))
    print(count(len(stored), "conversation"))
    return DONE


def show_conversation(options: argparse.Namespace) -> int:
    """Print a stored conversation, every citation checked against the index."""
    with _conversations(options) as kept:
        conversation, messages = kept.conversation(options.number), _checked(kept, options)
    print(f"{conversation.title} ({count(conversation.length, 'question')})")
    for message in messages:
        show_message(message)
    return DONE


def export_conversation(options: argparse.Namespace) -> int:
    """Print a stored conversation as Markdown or JSON, or write it to a file."""
    with _conversations(options) as kept:
        conversation, messages = kept.conversation(options.number), _checked(kept, options)
    form = "json" if options.json else ""
    text = exported(conversation, messages, form, str(options.file or ""))
    if options.file is None:
        print(text, end="")
        return DONE
    return _written(text, options.file)


def delete_conversations(options: argparse.Namespace) -> int:
    """Delete stored conversations; all of them or, if one is not there, none."""
    with _conversations(options) as kept:
        stored = [kept.conversation(number) for number in dict.fromkeys(options.numbers)]
        for conversation in stored:
            kept.delete(conversation.id)
            print(f"deleted “{conversation.title}”")
    return DONE


def feedback(options: argparse.Namespace) -> int:
    """Write what people said of answers as lines of a question set."""
    from eval.feedback import judged
    from qa.conversation import one_line

    with _conversations(options) as kept, opened(options) as index:
        lines = list(judged(kept, index))
    lacking = [line for line in lines if line.lacks]
    if lacking and not options.incomplete:
        for line in lacking:
            print(f"left out, it lacks {line.lacks}: {one_line(line.question)}", file=sys.stderr)
        print("--incomplete writes what there is of these, to be filled in", file=sys.stderr)
    wanted = lacking if options.incomplete else [line for line in lines if not line.lacks]
    text = "".join(line.json + "\n" for line in wanted)
    if options.file is None:
        print(text, end="")
        return DONE
    return _written(text, options.file)


def _written(text: str, path: Path) -> int:
    if problem := written(text, path):
        print(f"citewire: {problem}", file=sys.stderr)
    return PARTLY if problem else DONE


def _conversations(options: argparse.Namespace) -> Conversations:
    from index.database import NoIndex
    from index.store import DATABASE
    from qa.conversation import CONVERSATIONS, Conversations

    folder = Path(options.index)
    if not (folder / DATABASE).exists() and not (folder / CONVERSATIONS).exists():
        raise NoIndex(f"no index in {folder}; make one with: citewire add PATH --index {folder}")
    return Conversations.open(folder)


def _checked(kept: Conversations, options: argparse.Namespace) -> list[Message]:
    """The messages of a conversation, checked against the index if it can be opened; if not, that is said."""
    from index import EmbedderError, StoreError

    try:
        with opened(options) as index:
            return kept.messages(options.number, index)
    except (StoreError, EmbedderError) as error:
        print(f"citewire: {error}\ncitations are shown as they were, unchecked", file=sys.stderr)
        return kept.messages(options.number)


def add_commands(command: Command) -> None:
    """Add the command and those within it.

    Args:
        command: makes one of a name, what it runs, its summary and its details.
    """
    keeping = command("conversations", list_conversations, "list what was asked before", _CONVERSATIONS_DETAILS)
    keeping.add_argument("--json", action="store_true", help="as JSON")
    actions = keeping.add_subparsers(metavar="ACTION", title="instead of listing them")
    showing = command("show", show_conversation, "show one, its citations checked against the index", among=actions)
    exporting = command("export", export_conversation, "write one with all its sources", _EXPORT_DETAILS, actions)
    exporting.add_argument("--json", action="store_true", help="as JSON; else as Markdown, unless FILE ends in .json")
    for one in (showing, exporting):
        one.add_argument("number", type=int, metavar="N", help="as the list says")
    exporting.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a new file; printed if not given")
    deleting = command("delete", delete_conversations, "delete some, for good", among=actions)
    deleting.add_argument("numbers", nargs="+", type=int, metavar="N", help="as the list says")
    judging = command("feedback", feedback, "write what people said of answers as a question set", _JUDGED, actions)
    judging.add_argument("file", nargs="?", type=Path, metavar="FILE.jsonl", help="a new file; printed if not given")
    judging.add_argument("--incomplete", action="store_true", help="only lines that lack something, to be filled in")


_CONVERSATIONS_DETAILS = """\
example: citewire conversations show 7
A line a conversation, the last one first: its number, when it was spoken in, how many questions, its title."""
_EXPORT_DETAILS = """\
example: citewire conversations export 7 acme.md"""
_JUDGED = """\
example: citewire conversations feedback corrections.jsonl
         citewire eval corrections.jsonl
An answer judged right becomes a question with that answer; one judged wrong, with the words of the note, if they stand
in a release of the issuer; "not said" as a note says that there is no answer."""
