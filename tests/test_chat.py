from __future__ import annotations

import io
import json
import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pytest
from test_citewire import ACME, BOLT, CITED, MATERIAL, ROOT, Done, Run, run, spawn

import citewire
from chat import COMMANDS, Talk
from eval.example import parse_example
from index import Index
from qa import Assistant, Filters
from qa.conversation import CONVERSATIONS, Conversations

__all__ = ["run"]  # a fixture

OPENED = "And who opened it?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "acme.md").write_text(ACME, encoding="utf-8")
    (folder / "bolt.txt").write_text(BOLT, encoding="utf-8")
    assert citewire.main(["add", str(folder), "--index", str(folder / "index")]) == 0
    return folder


@pytest.fixture
def shelf(made: Path, tmp_path: Path) -> Path:
    """An index of the two releases, in which nothing was said yet."""
    shutil.copytree(made / "index", tmp_path / "index", ignore=shutil.ignore_patterns(f"{CONVERSATIONS}*"))
    return tmp_path / "index"


class Chat(Protocol):
    """Lines go in; what comes out of the pipe, each answer after its question, is returned."""

    def __call__(self, shelf: Path, *lines: str, arguments: tuple[str, ...] = ()) -> Done: ...


@pytest.fixture
def chat(run: Run, monkeypatch: pytest.MonkeyPatch) -> Chat:
    def chat(shelf: Path, *lines: str, arguments: tuple[str, ...] = ()) -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
        done = run("chat", "--index", shelf, *arguments)
        assert done.err == ""
        return done

    return chat


def replies(done: Done) -> list[str]:
    """What was printed after each line that went in."""
    return [part.partition("\n")[2] for part in done.out.split("\n? ")[1:]]


# -- through a pipe ----------------------------------------------------------------------------------------------------


def test_a_talk_through_a_pipe_reads_as_one(shelf: Path, chat: Chat) -> None:
    """Each question is printed, then its answer with numbered sources; a follow-up says how it was understood."""
    done = chat(shelf, MATERIAL, "", OPENED, "/new", "/q", "never read")
    assert done.code == 0
    assert done.out.startswith(f"2 releases. Ask, or /help.\n\n? {MATERIAL}\nrecycled iron (confidence")
    first, blank, second, new, left = replies(done)
    assert (blank, new, left) == ("", "A new conversation.\n", "")
    assert "\n[1] Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works\n" in first
    assert first.count("understood as") == 0
    assert second.startswith("understood as: ")
    assert "never read" not in done.out
    assert "Ask next" not in done.out  # nobody is there to pick one


def test_what_was_asked_and_answered_goes_with_the_next_question(
    shelf: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until /new; and again after /open."""
    from qa import Answer, Assistant, Turn

    heard: list[tuple[str, list[Turn]]] = []

    def ask(self: Assistant, question: str, history: list[Turn], filters: object) -> Answer:
        heard.append((question, list(history)))
        return Answer(question, question, "yes", (), 1.0, None)

    monkeypatch.setattr(Assistant, "ask", ask)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a?\nb?\n/new\nc?\n/open 1\nd?\n"))
    assert run("chat", "--index", shelf).code == 0
    first = [Turn("a?", "yes"), Turn("b?", "yes")]
    assert heard == [("a?", []), ("b?", first[:1]), ("c?", []), ("d?", first)]


def test_a_talk_ends_with_its_input_whatever_bytes_it_has(shelf: Path) -> None:
    """Also within a line."""
    typed = b"caf\xe9\n\n\0\n/open \xff\n" + MATERIAL.encode()
    done = spawn("chat", "--index", shelf, input=typed)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n? ") == 6
    assert CITED in done.out


@pytest.mark.parametrize("typed", ["", "\n", "/quit"])
def test_an_empty_talk_keeps_nothing(typed: str, shelf: Path, chat: Chat) -> None:
    assert chat(shelf, typed).code == 0
    assert kept_turns(shelf) == []


def test_every_command_is_in_the_help(shelf: Path, chat: Chat) -> None:
    (said,) = replies(chat(shelf, "/help"))[:1]
    assert {line.split()[0] for line in said.splitlines()[:-1]} == {f"/{name}" for name in COMMANDS}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/sources", "There are no sources yet: ask something first."),
        ("/why", "Nothing was asked yet."),
        ("/meant", "Nothing was asked yet."),
        ("/right", "Nothing of this conversation is kept yet: ask something first."),
        ("/wrong it is peat", "Nothing of this conversation is kept yet: ask something first."),
        ("/source", "/source wrong [NOTE] says that the source is wrong; /sources shows the sources."),
        ("/list", "No conversation is stored yet."),
        ("/list anvils", "No conversation has “anvils” in its title."),
        ("/open", "no conversation is stored yet."),
        ("/open 7", "there is no conversation 7; the list shows which there are."),
        ("/open ²", "“²” is no number of a conversation; /list shows them."),
        ("/open 99999999999999999999999", "there is no conversation 99999999999999999999999; the list shows which"),
        ("/rename", "Nothing of this conversation is kept yet: ask something first."),
        ("/delete", "Nothing of this conversation is kept yet: ask something first."),
        ("/delete x", "“x” is no number of a conversation; /list shows them."),
        ("/export", "Nothing of this conversation is kept yet: ask something first."),
        ("/lits", "There is no /lits; do you mean /list?"),
        ("2", "No question is offered under that number."),
        ("/", "There is no /; /help shows what there is."),
    ],
)
def test_a_line_that_cannot_be_followed_is_answered_in_a_sentence(
    line: str, said: str, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Index.open(shelf) as index, Conversations.open(shelf) as kept:
        assert Talk(Assistant(index), Filters(), kept).take(line)
    assert capsys.readouterr().out.startswith(said)
    assert kept_turns(shelf) == []


def kept_turns(shelf: Path) -> list[tuple[str, int]]:
    with Conversations.open(shelf) as kept:
        return [(each.title, each.length) for each in kept.all()]


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_a_conversation_is_there_again_with_every_citation_in_place(shelf: Path, chat: Chat) -> None:
    """In another process: listed, opened, gone on with."""
    chat(shelf, MATERIAL)
    listed, opened, again, answered = replies(chat(shelf, "/list", "/open 1", OPENED))[:4]
    assert re.fullmatch(rf" +1  \d{{4}}-\d\d-\d\d \d\d:\d\d +1 question  {re.escape(MATERIAL)}\n", listed)
    assert opened == f"{MATERIAL} (1 question)\n"
    assert again.startswith("recycled iron (confidence ")
    assert CITED in again
    assert "understood as: " in answered
    assert kept_turns(shelf) == [(MATERIAL, 2)]


def test_the_last_conversation_is_opened_by_an_option(shelf: Path, chat: Chat) -> None:
    chat(shelf, MATERIAL)
    done = chat(shelf, OPENED, arguments=("--open", "last"))
    assert f"{MATERIAL} (1 question)\n" in done.out
    assert kept_turns(shelf) == [(MATERIAL, 2)]
    done = chat(shelf, arguments=("--open", "7"))
    assert done.code == 2
    assert "there is no conversation 7" in done.out


def test_a_question_asked_again_as_it_was_meant_takes_the_place_of_the_last(shelf: Path, chat: Chat) -> None:
    """It stands alone, and later questions lean on it instead."""
    meant = "Who opened the works of Acme Corp.?"
    *_, answered, asked = replies(chat(shelf, MATERIAL, "And Bolt SE, when?", f"/meant {meant}", "/meant"))[:4]
    assert "understood as" not in answered + asked
    with Conversations.open(shelf) as kept:
        messages = kept.messages(1)
        assert [message.corrects for message in messages] == [None, None, messages[1].id, messages[2].id]
        assert [turn.question for turn in kept.history(1)] == [MATERIAL, meant]


def test_what_else_may_be_meant_is_asked_by_its_number(shelf: Path, chat: Chat) -> None:
    """It is said with the answer; then it stands in place of the question."""
    said, asked = replies(chat(shelf, "Does Bolt SE supply Acme Corp.?", "Who runs it?", "/meant 1"))[1:3]
    assert said.startswith("understood as: Who runs Bolt SE?\nor did you mean: Who runs Acme Corp?\n")
    assert asked == ""  # what was chosen is shown as a question of its own
    with Conversations.open(shelf) as kept:
        assert [turn.question for turn in kept.history(1)] == ["Does Bolt SE supply Acme Corp.?", "Who runs Acme Corp?"]


def test_a_release_that_changed_or_went_is_told(made: Path, shelf: Path, tmp_path: Path, chat: Chat) -> None:
    """When the conversation is opened, and in its sources and its export."""
    chat(shelf, MATERIAL)
    assert citewire.main(["remove", str(made / "acme.md"), "--index", str(shelf)]) == 0
    notice = "This release is no longer in the index: these are the words as they were."
    _, opened, sources, exported = replies(chat(shelf, "/open 1", "/sources", "/export"))[:4]
    for said in (opened, sources, exported):
        assert "recycled iron" in said
        assert notice in said
    assert "characters" not in sources


def test_sources_show_what_stands_around_them(shelf: Path, chat: Chat) -> None:
    _, said = replies(chat(shelf, "Who opened the works of Acme Corp.?", "/sources"))[:2]
    assert "\n    Ann Berg, chief executive officer of Acme Corp., opened the works. They cost $5 million.\n" in said
    assert re.search(r"\n    characters \d+ to \d+\n", said)


def test_rename_and_delete(shelf: Path, chat: Chat) -> None:
    said = replies(chat(shelf, MATERIAL, "/rename \x1b[31mAcme", "/list", "/rename", "/delete", "/list", "/sources"))
    assert said[1] == "This conversation is now “[31mAcme”.\n"
    assert said[2].endswith("  [31mAcme\n")
    assert said[3:6] == ["Which title? /rename TITLE\n", "Deleted “[31mAcme”.\n", "No conversation is stored yet.\n"]
    assert said[6].startswith("There are no sources yet")


def test_export_prints_or_writes_and_overwrites_nothing(shelf: Path, tmp_path: Path, chat: Chat) -> None:
    markdown, data = tmp_path / "a talk.md", tmp_path / "talk.JSON"
    lines = (MATERIAL, "/export", "/export json", f"/export {markdown}", f"/export {data}", f"/export {data}")
    _, shown, shown_json, wrote, _, refused = replies(chat(shelf, *lines, f"/export md {tmp_path / 'no' / 'x'}"))[:6]
    assert shown.startswith(f"# {MATERIAL}\n")
    assert json.loads(shown_json)["messages"][0]["citations"][0]["quote"] == "recycled iron"
    assert wrote == f"Written to {markdown}.\n"
    assert markdown.read_text("utf-8") == shown
    assert json.loads(data.read_text("utf-8")) == json.loads(shown_json)
    assert refused == f"{data} is there already and was left as it is; name another file.\n"


def test_where_nothing_can_be_kept_one_can_still_ask(shelf: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf / CONVERSATIONS).write_bytes(b"no database" * 100)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([MATERIAL, "/list", "/open", "/export", "/wrong"])))
    done = run("chat", "--index", shelf)
    assert done.code == 0
    assert CITED in done.out
    assert done.err.endswith("You can ask, but what is said will not be kept.\n")
    assert done.out.count("Conversations cannot be kept here.") == 2
    assert (shelf / CONVERSATIONS).read_bytes() == b"no database" * 100


def test_a_question_that_cannot_be_kept_is_answered(shelf: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk is full; the talk goes on."""
    with Conversations.open(shelf):
        pass
    with sqlite3.connect(shelf / CONVERSATIONS) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(FAIL, 'no room'); END")
    connection.close()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{MATERIAL}\n{OPENED}\n"))
    done = run("chat", "--index", shelf)
    assert done.code == 0
    assert done.out.count("This answer is not kept.") == 2
    assert "no room" in done.out
    assert "understood as: " in done.out


# -- feedback ----------------------------------------------------------------------------------------------------------


def test_feedback_becomes_a_question_set(shelf: Path, tmp_path: Path, chat: Chat, run: Run) -> None:
    """That citewire eval takes as it is; what lacks something is left out and named."""
    chat(
        shelf,
        MATERIAL,
        "/right",
        OPENED,
        "/wrong Ann Berg",
        "What did the works of Acme Corp. cost?",
        "/wrong forty million",
    )
    file = tmp_path / "corrections.jsonl"
    done = run("conversations", "feedback", file, "--index", shelf)
    assert (done.code, done.out) == (0, "")
    left_out, hint = done.err.splitlines()
    assert left_out.startswith("left out, it lacks the right answer, in the words of a release: What did the works")
    assert hint == "--incomplete writes what there is of these, to be filled in"
    first, second = map(parse_example, file.read_text("utf-8").splitlines())
    assert (first.question, first.answers, first.history) == (MATERIAL, ("recycled iron",), ())
    assert first.evidence[0].release == "acme.md"
    assert (second.answers, [turn.question for turn in second.history]) == (("Ann Berg",), [MATERIAL])
    assert run("eval", file, "--index", shelf).code == 0
    incomplete = run("conversations", "feedback", "--incomplete", "--index", shelf)
    (line,) = map(json.loads, incomplete.out.splitlines())
    assert (line["answers"], line["judged"]["note"]) == ([], "forty million")
    assert run("conversations", "feedback", file, "--index", shelf).code == 1  # it is there already


# -- citewire conversations --------------------------------------------------------------------------------------------


def test_conversations_are_listed_shown_exported_and_deleted(shelf: Path, run: Run, tmp_path: Path, chat: Chat) -> None:
    assert run("conversations", "--index", shelf).out == "0 conversations\n"
    chat(shelf, MATERIAL, OPENED, "/new", "What does Bolt SE use?")
    listed = run("conversations", "--index", shelf).out.splitlines()
    assert [line.split()[0] for line in listed] == ["2", "1", "2"]
    assert listed[-1] == "2 conversations"
    assert [each["length"] for each in json.loads(run("conversations", "--json", "--index", shelf).out)] == [1, 2]
    shown = run("conversations", "--index", shelf, "show", 1).out
    assert shown.startswith(f"{MATERIAL} (2 questions)\n\n? {MATERIAL}\nrecycled iron")
    assert CITED in shown
    assert run("conversations", "export", 1, "--index", shelf).out.startswith(f"# {MATERIAL}\n")
    assert json.loads(run("conversations", "export", 1, "--json", "--index", shelf).out)["id"] == 1
    file = tmp_path / "talk.json"
    assert run("conversations", "export", 1, file, "--index", shelf) == (0, "", "")
    assert json.loads(file.read_text("utf-8"))["length"] == 2
    done = run("conversations", "delete", 2, 7, "--index", shelf)
    assert done == (4, "", "citewire: there is no conversation 7; the list shows which there are\n")
    assert run("conversations", "delete", 2, 1, "--index", shelf).out.count("deleted") == 2
    assert kept_turns(shelf) == []


def test_a_conversation_can_be_read_without_its_index(shelf: Path, run: Run, chat: Chat) -> None:
    """Its citations are then unchecked, which is said."""
    chat(shelf, MATERIAL)
    for file in shelf.glob("citewire.sqlite*"):
        file.unlink()
    done = run("conversations", "show", 1, "--index", shelf)
    assert done.code == 0
    assert CITED in done.out
    assert done.err.endswith("citations are shown as they were, unchecked\n")


def test_without_an_index_no_file_is_made(run: Run, tmp_path: Path) -> None:
    done = run("conversations", "--index", tmp_path / "none")
    assert done.code == 4
    assert "no index in" in done.err
    assert not (tmp_path / "none").exists()


# -- at a terminal -----------------------------------------------------------------------------------------------------


# A process that forks may deadlock while it has threads, so that the child takes the terminal after it was begun.
# Where the tests run in the background, they and what they start are deaf to Ctrl-C.
AT_TERMINAL = """
import os, signal, sys
os.login_tty(0)
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """`citewire chat` at a pseudo-terminal, as a person has it."""

    def __init__(self, shelf: Path, *arguments: str) -> None:
        environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40", "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", AT_TERMINAL, str(ROOT / "citewire.py"), "chat", "--index", str(shelf)]
        self.said, self.read = "", 0
        self.screen, end = os.openpty()
        self.process = subprocess.Popen([*command, *arguments], stdin=end, stdout=end, stderr=end, env=environment)
        os.close(end)

    def press(self, keys: str, until: str, seconds: float = 60) -> str:
        """Press these keys, then wait until these words are on the screen; return what came up to them."""
        os.write(self.screen, keys.encode())
        came = self._until(until, time.monotonic() + seconds)
        assert came is not None, f"“{until}” did not come; this did: {plain(self.said)[self.read :]!r}"
        return came

    def interrupt(self, seconds: float = 60) -> None:
        """Press Ctrl-C, each second, until the prompt is there again: readline is deaf to it while it draws a line."""
        end = time.monotonic() + seconds
        os.write(self.screen, b"\x03")
        while self._until("\n? ", min(end, time.monotonic() + 1)) is None:
            assert time.monotonic() < end, "Ctrl-C did not bring the prompt back"
            os.write(self.screen, b"\x03")

    def leave(self, keys: str, seconds: float = 60) -> int:
        """Press these keys, with which the program ends; its exit code."""
        os.write(self.screen, keys.encode())
        end = time.monotonic() + seconds
        while self._more(end):
            pass
        return self.process.wait(max(1.0, end - time.monotonic()))

    def _until(self, words: str, end: float) -> str | None:
        """What came up to these words; None if they were not there at this moment, or the program ended before."""
        while (found := plain(self.said).find(words, self.read)) < 0:
            data = self._more(end)
            if not data:
                return None
            self.said += data.decode("utf-8", "replace")
        came, self.read = plain(self.said)[self.read : found + len(words)], found + len(words)
        return came

    def _more(self, end: float) -> bytes:
        """What comes next on the screen; nothing once the program has ended, or this moment has come."""
        ready, _, _ = select.select([self.screen], [], [], max(0.0, end - time.monotonic()))
        with suppress(OSError):  # the other end is closed
            return os.read(self.screen, 65536) if ready else b""
        return b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


def plain(said: str) -> str:
    """What is on the screen, without colours and the like."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x07", "", said).replace("\r\n", "\n")


posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are for POSIX systems")


@posix
def test_at_a_terminal(shelf: Path) -> None:
    """Suggestions by number, the arrow for history, the tab for commands, Ctrl-C for the line, Ctrl-D to leave."""
    with Terminal(shelf) as terminal:
        terminal.press("", "2 releases. Ask, or /help.\n\n? ")
        said = terminal.press(f"{MATERIAL}\n", "Ask next, by number:")
        assert "recycled iron (confidence" in said
        terminal.press("", "\n\n? ")
        said = terminal.press("1\n", "confidence")
        assert re.search(r"\n\? (Who|What|When|Where|How) .*\?\n", said)
        terminal.press("", "\n\n? ")
        terminal.press("half a question", "half a question")
        terminal.interrupt()  # the line is dropped
        terminal.press("/lis\t\n", "2 questions")
        terminal.press("", "\n? ")
        terminal.press("\x1b[A", "/list")
        terminal.interrupt()
        terminal.press("/delete\n", "(y/N)")
        terminal.press("n\n", "Kept.")
        terminal.press("", "\n? ")
        assert terminal.leave("\x04") == 0
    assert [length for _, length in kept_turns(shelf)] == [2]


@posix
def test_the_questions_of_earlier_talks_are_in_the_history(shelf: Path, chat: Chat) -> None:
    chat(shelf, MATERIAL)
    with Terminal(shelf, "--no-suggestions") as terminal:
        terminal.press("", f"/open 1 goes on with “{MATERIAL}”.\n\n? ")
        terminal.press("\x1b[A", MATERIAL)
        said = terminal.press("\n", "\n\n? ")
        assert "recycled iron (confidence" in said
        assert "Ask next" not in said
        said = terminal.press(f"{OPENED}\n", "\nIf that is not what you meant: /meant QUESTION\n")
        assert "understood as: " in said
        terminal.press("", "\n? ")
        assert terminal.leave("/quit\n") == 0


@posix
def test_killed_in_the_middle_of_a_talk_only_the_turn_in_flight_is_lost(shelf: Path, chat: Chat) -> None:
    with Terminal(shelf, "--no-suggestions") as terminal:
        terminal.press("", "\n? ")
        terminal.press(f"{MATERIAL}\n", "confidence")
        terminal.press("", "\n\n? ")
        os.write(terminal.screen, f"{OPENED}\n".encode())
        terminal.process.kill()
    (kept,) = kept_turns(shelf)
    assert kept[0] == MATERIAL
    assert kept[1] >= 1
    assert CITED in chat(shelf, "/open 1").out
