"""Talking in the terminal: questions, answers with their sources, and commands that begin with a stroke.

What is said is kept beside the index (`qa.conversation`), turn by turn, and can be gone on with later.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from terminal import console, count, cut, explain, exported, in_list, kept_source, show, show_message, written

if TYPE_CHECKING:
    from index import Release
    from qa import Answer, Assistant, Filters, Turn
    from qa.conversation import Conversation, Conversations, Message, Verdict
    from qa.kept import KeptCitation

SHOWN = 5  # turns of a conversation that is opened
LISTED = 20
AROUND = 240  # characters on each side of a cited sentence that /sources shows of its paragraph


class Command(NamedTuple):
    """What a line that begins with a stroke does."""

    usage: str
    summary: str
    run: Callable[[Talk, str], None]


def talk(assistant: Assistant, filters: Filters, conversation: str | None = None, *, is_suggesting: bool = True) -> int:
    """Answer questions until the person leaves; return the exit code.

    Args:
        conversation: which stored one to go on with: its number, or "last"; a new one if not given.
        is_suggesting: whether questions to go on with are offered, where a person is there to see them.
    """
    is_person = sys.stdin.isatty() and sys.stdout.isatty()
    with _kept(assistant.index.folder) as kept:
        there = Talk(assistant, filters, kept, is_person, is_suggesting and is_person)
        there.greet()
        if conversation is not None and not there.go_on(conversation):
            return 2
        with _editing(kept) if is_person else nullcontext():
            while (line := _line(is_person)) is not None:
                if not there.take(line):
                    break
    return 0


@contextmanager
def _kept(folder: Path) -> Iterator[Conversations | None]:
    """What was said before; None where nothing can be kept, which is said."""
    from qa.conversation import Conversations
    from qa.conversation_file import ConversationError

    try:
        kept = Conversations.open(folder)
    except ConversationError as error:
        print(f"{error}.\nYou can ask, but what is said will not be kept.", file=sys.stderr)
        yield None
        return
    with kept:
        yield kept


def _line(is_person: bool) -> str | None:
    """What was typed, or came through the pipe; None at its end."""
    while True:
        try:
            print()
            line = input("? ")
        except EOFError:
            print()
            return None
        except KeyboardInterrupt:  # the line is dropped, the next one is asked for
            if not is_person:
                raise
        else:
            if not is_person:
                print(line.strip())  # so that what comes out of a pipe can be read
            return line.strip()


@contextmanager
def _editing(kept: Conversations | None) -> Iterator[None]:
    """Line editing; the questions of stored conversations as history; commands completed with the tab key.

    The history is read from the store and kept nowhere else: what is deleted there is gone here too.
    """
    try:
        import readline
    except ImportError:  # not on every platform
        yield
        return
    from qa.conversation import one_line

    for question in kept.questions() if kept else ():
        if shown := one_line(question):
            readline.add_history(shown)

    def complete(text: str, state: int) -> str | None:
        fitting = [f"/{name} " for name in COMMANDS if f"/{name}".startswith(text)] if text.startswith("/") else []
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
        readline.clear_history()


class Talk:
    """One person's talk: the conversation they are in, and what was offered to them."""

    def __init__(
        self,
        assistant: Assistant,
        filters: Filters,
        kept: Conversations | None,
        is_person: bool = False,
        is_suggesting: bool = False,
    ) -> None:
        self.assistant = assistant
        self.filters = filters
        self.kept = kept
        self.is_person = is_person
        self.is_suggesting = is_suggesting
        self.was_told = False  # how to set right what was misunderstood
        self._begin()

    def _begin(self) -> None:
        self.conversation: int | None = None  # begun with its first question
        self.history: list[Turn] = []
        self.answer: Answer | None = None  # the last one given here
        self.message: Message | None = None  # the last one, as stored
        self.offered: list[str] = []  # questions to go on with, by number
        self.suggested: list[str] = []  # all that were ever offered in this conversation

    # -- what is typed -------------------------------------------------------------------------------------------------

    def greet(self) -> None:
        """Say what is indexed, and what there is to go on with."""
        print(f"{count(len(self.assistant.index), 'release')}. Ask, or /help.")
        earlier = self.kept.all() if self.kept else []
        if earlier and self.is_person:
            last = earlier[0]
            print(f"/open {last.id} goes on with “{cut(last.title, 60)}”", end="")
            print(f"; /list shows {count(len(earlier), 'conversation')}." if len(earlier) > 1 else ".")

    def take(self, line: str) -> bool:
        """Answer a question or follow a command; return whether the talk goes on."""
        from index import EmbedderError, StoreError

        if line.startswith("/"):
            name, _, rest = line[1:].partition(" ")
            if name in ("quit", "exit", "q"):
                return False
            try:
                self._command(name, rest.strip())
            except StoreError as error:
                print(f"{error}.")
            return True
        if re.fullmatch("[1-9]", line):
            if int(line) > len(self.offered):
                print("No question is offered under that number.")
                return True
            line = self.offered[int(line) - 1]
            print(f"? {line}")
        if line:
            try:
                self._ask(line)
            except KeyboardInterrupt:
                if not self.is_person:
                    raise
                print("\nStopped; nothing was kept of it.")
            except (StoreError, EmbedderError) as error:
                print(f"{error}.")
        return True

    def _command(self, name: str, rest: str) -> None:
        command = COMMANDS.get(name)
        if command:
            command.run(self, rest)
            return
        near = difflib.get_close_matches(name, COMMANDS, 1)
        print(f"There is no /{name}" + (f"; do you mean /{near[0]}?" if near else "; /help shows what there is."))

    # -- questions -----------------------------------------------------------------------------------------------------

    def _ask(self, question: str, again: bool = False) -> None:
        """Answer and keep a question; one that is asked again stands alone, and in place of the last one."""
        from qa.conversation_file import ConversationError
        from qa.rewrite import is_rewritten

        history, misunderstood = ([], self.message) if again else (self.history, None)
        answer = self.assistant.ask(question, history, self.filters)
        show(answer)
        if self.is_person and is_rewritten(answer.question, answer.query) and (answer.instead or not self.was_told):
            print(f"\nIf that is not what you meant: /meant {'1' if answer.instead else 'QUESTION'}")
            self.was_told = True
        offered, self.offered = self.offered, []
        self.answer, self.message = answer, None
        if not answer.query:
            return  # it was not understood: nothing to lean on, nothing to keep
        if again and self.history:
            self.history.pop()
            self.suggested = [question for question in self.suggested if question not in offered]
        self.history.append(answer.turn)
        if self.kept:
            try:
                self._keep(answer, misunderstood)
            except ConversationError as error:
                print(f"\n{error}.\nThis answer is not kept.")
        if self.is_suggesting:
            with suppress(KeyboardInterrupt):  # the answer is there already
                self._suggest(answer)

    def _keep(self, answer: Answer, corrects: Message | None) -> None:
        assert self.kept is not None
        self.message = self.kept.append(
            answer,
            self.conversation,
            filters=self.filters,
            generation=self.assistant.index.generation,
            corrects=corrects.id if corrects else None,
        )
        self.conversation = self.message.conversation

    def _suggest(self, answer: Answer) -> None:
        from qa.suggest import suggest

        found = suggest(self.assistant, answer, self.history[:-1], self.filters, without=self.suggested)
        self.offered = [suggestion.question for suggestion in found]
        self.suggested += self.offered
        if self.offered:
            print("\nAsk next, by number:")
        for number, question in enumerate(self.offered, 1):
            print(f"  {number}  {question}")

    # -- commands ------------------------------------------------------------------------------------------------------

    def help(self, rest: str) -> None:
        """Say what can be typed."""
        width = max(len(command.usage) for command in COMMANDS.values())
        for command in COMMANDS.values():
            print(f"{command.usage:{width}}  {command.summary}")
        print("Anything else is a question. Ctrl-C drops a line or stops an answer, Ctrl-D leaves.")

    def sources(self, rest: str) -> None:
        """Show the sources of the last answer, each with the paragraph that it stands in."""
        from rich.text import Text

        citations = self._citations()
        if not citations:
            print("There are no sources yet: ask something first.")
        for citation in citations:
            console().print(kept_source(citation, f"[{citation.number}]" if citation.role == "cited" else "·"))
            if citation.release and citation.state == "present":
                place = f"characters {citation.start:,} to {citation.end:,}"
                details = [_around(citation.release, citation), " · ".join(filter(None, (citation.url, place)))]
                console().print(Text("\n".join(f"    {line}" for line in details if line), "dim"))

    def _citations(self) -> Sequence[KeptCitation]:
        """Of the last answer, or what was nearest to it, checked against the index as it is now."""
        from qa.kept import check, keep

        index = self.assistant.index
        if self.message and self.kept:
            return [each for each in self.kept.message(self.message.id, index).citations if each.role != "other"]
        if self.answer is None:
            return []
        refusal = self.answer.refusal
        found = refusal.nearest if refusal else self.answer.citations
        return check([keep(each, "nearest" if refusal else "cited", n) for n, each in enumerate(found, 1)], index)

    def why(self, rest: str) -> None:
        """Show what was found for the last question."""
        if self.answer:
            explain(self.answer)
        else:
            print("Nothing was asked yet.")

    def meant(self, rest: str) -> None:
        """Ask the last question again: as it stands, in the words given, or in those offered under a number."""
        instead = self.answer.instead if self.answer else ()
        if re.fullmatch("[1-9]", rest) and int(rest) <= len(instead):
            rest = instead[int(rest) - 1]
            print(f"? {rest}")
        question = rest or (self.history[-1].question if self.history else "")
        if not question:
            print("Nothing was asked yet.")
            return
        self._ask(question, again=True)

    def new(self, rest: str) -> None:
        """Begin another conversation."""
        self._begin()
        print("A new conversation.")

    def list(self, rest: str) -> None:
        """List the stored conversations, or those with these words in their title."""
        if not self.kept:
            print(NOT_KEPT)
            return
        found = [each for each in self.kept.all() if rest.casefold() in each.title.casefold()]
        for conversation in found[:LISTED]:
            print(in_list(conversation, "*" if conversation.id == self.conversation else " "))
        if not found:
            print("No conversation" + (f" has “{rest}” in its title." if rest else " is stored yet."))
        elif len(found) > LISTED:
            print(f"… and {len(found) - LISTED:,} older ones; /list WORDS narrows it down")

    def open(self, rest: str) -> None:
        """Go on with a stored conversation."""
        self.go_on(rest or "last")

    def go_on(self, which: str) -> bool:
        """Open a stored conversation, "last" or by number, and show its last turns; return whether there is one."""
        from qa.conversation_file import NoConversation

        if not self.kept:
            print(NOT_KEPT)
            return False
        try:
            conversation = self._stored(which)
            messages = self.kept.messages(conversation.id, self.assistant.index)
        except NoConversation as error:
            print(f"{error}.")
            return False
        self._begin()
        self.conversation, self.history = conversation.id, self.kept.history(conversation.id)
        self.message = messages[-1] if messages else None
        print(f"{conversation.title} ({count(len(messages), 'question')})")
        if len(messages) > SHOWN:
            print(f"… the last {SHOWN}; /export has all")
        for message in messages[-SHOWN:]:
            show_message(message)
        return True

    def _stored(self, which: str) -> Conversation:
        from qa.conversation_file import NoConversation

        assert self.kept is not None
        if which == "last":
            earlier = self.kept.all()
            if not earlier:
                raise NoConversation("no conversation is stored yet")
            return earlier[0]
        if not which.isascii() or not which.isdigit():
            raise NoConversation(f"“{which}” is no number of a conversation; /list shows them")
        return self.kept.conversation(int(which))

    def rename(self, rest: str) -> None:
        """Give this conversation another title."""
        if not self.kept or self.conversation is None:
            print(NOTHING_KEPT)
        elif not rest:
            print("Which title? /rename TITLE")
        else:
            try:
                print(f"This conversation is now “{self.kept.rename(self.conversation, rest).title}”.")
            except ValueError as error:
                print(f"{error}.")

    def delete(self, rest: str) -> None:
        """Delete this conversation, or the one with this number."""
        if not self.kept or (self.conversation is None and not rest):
            print(NOTHING_KEPT)
            return
        conversation = self._stored(rest or str(self.conversation))
        if self.is_person:
            asked = f"Delete “{cut(conversation.title, 60)}” with {count(conversation.length, 'question')}? (y/N) "
            with suppress(EOFError, KeyboardInterrupt):
                if input(asked).strip().lower() not in ("y", "yes"):
                    print("Kept.")
                    return
        self.kept.delete(conversation.id)
        print(f"Deleted “{conversation.title}”.")
        if conversation.id == self.conversation:
            self._begin()

    def export(self, rest: str) -> None:
        """Print this conversation with all its sources, as Markdown or JSON, or write it to a file."""
        if not self.kept or self.conversation is None:
            print(NOTHING_KEPT)
            return
        first, _, more = rest.partition(" ")
        form, file = (first, more.strip()) if first in ("md", "json") else ("", rest)
        conversation = self.kept.conversation(self.conversation)
        text = exported(conversation, self.kept.messages(conversation.id, self.assistant.index), form, file)
        if file:
            problem = written(text, Path(file).expanduser())
            print(f"{problem}." if problem else f"Written to {file}.")
        else:
            print(text, end="")

    def right(self, rest: str) -> None:
        """Keep that the last answer is right."""
        self._judge("right", rest)

    def wrong(self, rest: str) -> None:
        """Keep that the last answer is wrong."""
        self._judge("wrong", rest)

    def source(self, rest: str) -> None:
        """Keep that the last answer is right, but not from where it should be."""
        word, _, note = rest.partition(" ")
        if word == "wrong":
            self._judge("wrong_source", note.strip())
        else:
            print("/source wrong [NOTE] says that the source is wrong; /sources shows the sources.")

    def _judge(self, verdict: Verdict, note: str) -> None:
        if not self.kept or not self.message:
            print(NOTHING_KEPT)
            return
        self.message = self.kept.judge(self.message.id, verdict, note)
        print("Kept; citewire conversations feedback writes it as questions to test with.")


def _around(release: Release, citation: KeptCitation) -> str:
    """What stands around a cited sentence in its paragraph; empty if nothing does."""
    from qa.transcript import flat

    block = next((block for block in release.blocks if block.start <= citation.start < block.end), None)
    if block is None or block.end - block.start <= len(citation.sentence):
        return ""
    start, end = max(block.start, citation.sentence_start - AROUND), min(block.end, citation.sentence_end + AROUND)
    cut_off = ("…" if start > block.start else "", "…" if end < block.end else "")
    return flat(release.text[start:end]).strip().join(cut_off)


NOT_KEPT = "Conversations cannot be kept here."
NOTHING_KEPT = "Nothing of this conversation is kept yet: ask something first."

COMMANDS = {
    "help": Command("/help", "what can be typed", Talk.help),
    "sources": Command("/sources", "the sources of the last answer, with what stands around them", Talk.sources),
    "why": Command("/why", "what was found for the last question, and what spoke for it", Talk.why),
    "meant": Command(
        "/meant [QUESTION]",
        "ask the last question again as it was meant (or by number), or just as it stands",
        Talk.meant,
    ),
    "right": Command("/right [NOTE]", "the last answer is right", Talk.right),
    "wrong": Command(
        "/wrong [NOTE]", "it is wrong; a note with the right words makes it a question to test with", Talk.wrong
    ),
    "source": Command("/source wrong [NOTE]", "it is right, but from the wrong place", Talk.source),
    "new": Command("/new", "another conversation", Talk.new),
    "list": Command("/list [WORDS]", "stored conversations, or those with these words in their title", Talk.list),
    "open": Command("/open [N]", "go on with conversation N, or the last one", Talk.open),
    "rename": Command("/rename TITLE", "another title for this conversation", Talk.rename),
    "delete": Command("/delete [N]", "delete this conversation, or conversation N", Talk.delete),
    "export": Command("/export [md|json] [FILE]", "this conversation with all its sources", Talk.export),
    "quit": Command("/quit", "leave", lambda talk, rest: None),
}
