from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

import app
import page
from app import Chat, Exchange
from index.chunk import statements
from index.release import Span
from index.store import Index, Passage
from page import Place
from qa import Assistant, Turn
from qa.read import ScoredSpan

ACME = """\
# Acme Corp. opens an anvil works

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACME) uses recycled iron, a hard metal, as its material.

Ann Berg, chief executive officer of Acme Corp., opened the works. They cost $5 million.
"""
BOLT = """\
---
issuer: Bolt <b>Ltd.</b> ${1+1}
date: 2023-11-02
---
# Bolt Ltd. <script>alert(1)</script> {{7*7}}

Bolt Ltd. uses titanium, a light metal, as its material. Hall 3 is $8 million.
"""
MATERIAL = "What material does Acme Corp. use?"
UNKNOWN = "Does Zyx 99 lay eggs in winter?"
ANSWERS = {MATERIAL: "recycled iron, a hard metal", "What is Acme Corp.?": "Acme Corp."}


def read(query: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
    """A reader that is sure of the answers above and of nothing else, so that the page is tested and not the model."""
    found = []
    for passage in passages:
        release = passage.chunk.release
        for sentence in statements(release, passage.chunk.span):
            words = ANSWERS.get(query, "nothing")
            start = release.text.find(words, sentence.start, sentence.end)
            span = sentence if start < 0 else Span(release.id, start, start + len(words))
            found.append(ScoredSpan(span, sentence, 0.01 if start < 0 else 0.99, passage))
    return sorted(found, key=lambda candidate: -candidate.score)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "acme.md").write_text(ACME)
    (folder / "bolt.md").write_text(BOLT)
    with Index.open(folder / "index") as index:
        assert not index.add([folder]).failed
        yield Assistant(index, read=read)


@pytest.fixture
def chat(assistant: Assistant) -> Chat:
    return Chat(assistant)


def plain(rendered: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", rendered))


def last(chat: Chat, question: str, before: list[Exchange]) -> tuple[str, list[Exchange], list[dict[str, str]], str]:
    """The page after the reply."""
    return list(chat.ask(question, before))[-1]


def marked(release: str) -> list[str]:
    return [unescape(words) for words in re.findall('<mark class="cited">(.*?)</mark>', release)]


# -- the conversation --------------------------------------------------------------------------------------------------


def test_an_answer_shows_its_source_and_opens_the_release_at_the_cited_words(chat: Chat) -> None:
    box, exchanges, messages, release = last(chat, MATERIAL, [])
    assert box == ""
    assert exchanges[0].turn == Turn(MATERIAL, "recycled iron, a hard metal")
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert plain(messages[0]["content"]) == MATERIAL
    reply = plain(messages[1]["content"])
    assert reply.startswith("recycled iron, a hard metal")
    assert "[1] Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works" in reply
    assert marked(release) == ["recycled iron, a hard metal"]


def test_the_question_is_shown_before_the_answer_is_there(chat: Chat) -> None:
    first, _ = chat.ask(MATERIAL, [])
    assert first[:2] == ("", [])
    assert [plain(message["content"]) for message in first[2]] == [MATERIAL, "Reading the releases …"]


def test_a_source_on_the_page_opens_its_release(chat: Chat, assistant: Assistant) -> None:
    reply = last(chat, MATERIAL, [])[2][1]["content"]
    (place,) = re.findall('value="(.*?)"', reply)
    assert marked(chat.source(place)) == ["recycled iron, a hard metal"]
    span = Place.parse(place).spans[0]
    release = assistant.index.release(span.release_id)
    assert release is not None
    assert release.quote(span) == "recycled iron, a hard metal"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("cited 0000000000000000 1-2", "This release is no longer in the index."),
        ("<script>alert(1)</script>", "This source cannot be opened"),
        ("cited 0000000000000000 2-1", "This source cannot be opened"),
    ],
)
def test_a_place_that_cannot_be_opened_is_said_and_escaped(chat: Chat, place: str, message: str) -> None:
    shown = chat.source(place)
    assert plain(shown).startswith(message)
    assert "<script" not in shown


def test_a_place_past_the_end_of_its_release_is_refused(chat: Chat, assistant: Assistant) -> None:
    release_id = assistant.index.releases()[0].id
    assert "This source cannot be opened" in plain(chat.source(f"cited {release_id} 5-999999"))


def test_a_refusal_opens_no_release_and_offers_what_came_nearest(chat: Chat) -> None:
    _, exchanges, messages, release = last(chat, UNKNOWN, [])
    reply = messages[-1]["content"]
    assert plain(reply).startswith("The releases do not say.Nearest passages, which are no answer:")
    assert 'class="release empty"' in release
    near = chat.source(re.findall('value="(.*?)"', reply)[0])
    assert marked(near) == []
    assert '<mark class="near">' in near
    assert "no answer" in plain(near)
    assert exchanges[0].turn == Turn(UNKNOWN, "")


def test_a_blank_question_is_answered_kindly_and_not_remembered(chat: Chat) -> None:
    _, exchanges, messages, _ = last(chat, " \n ", [])
    assert [message["role"] for message in messages] == ["assistant"]
    assert plain(messages[0]["content"]) == "That holds no words: ask a question about the releases."
    assert exchanges[0].turn is None


def test_a_question_of_twenty_thousand_characters_is_refused_and_not_remembered(chat: Chat) -> None:
    _, exchanges, messages, _ = last(chat, "anvil " * 3334, [])
    assert len(plain(messages[0]["content"])) == page.MOST_ASKED + 1
    assert "20,004 characters long" in plain(messages[1]["content"])
    assert exchanges[0].turn is None


class Listener:
    """A rewriter that changes nothing and notes each history it is given."""

    def __init__(self) -> None:
        self.heard: list[list[Turn]] = []

    def __call__(self, question: str, history: Sequence[Turn]) -> str:
        self.heard.append(list(history))
        return question


def test_a_follow_up_leans_on_this_conversation_and_on_no_other(assistant: Assistant) -> None:
    listener = Listener()
    chat = Chat(Assistant(assistant.index, rewrite=listener, read=read))
    _, mine, _, _ = last(chat, MATERIAL, [])
    last(chat, "Who opened its works?", mine)
    last(chat, "Who opened its works?", [])
    assert listener.heard == [[], [Turn(MATERIAL, "recycled iron, a hard metal")], []]


def test_the_conversation_it_was_given_is_left_as_it_was(chat: Chat) -> None:
    before: list[Exchange] = []
    after = last(chat, MATERIAL, before)[1]
    assert before == []
    assert plain(app.messages(after)[0]["content"]) == MATERIAL


def test_an_index_that_fails_is_said_in_the_conversation(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(ACME)
    index = Index.open(tmp_path / "index")
    index.add([tmp_path])
    broken = Chat(Assistant(index))
    index._database.rows("DROP TABLE chunk_words")
    reply = last(broken, MATERIAL, [])[2][-1]["content"]
    assert "chunk_words" in plain(reply)


def test_examples_are_questions_that_the_index_answers_from_that_issuer(chat: Chat) -> None:
    assert chat.examples() == ["What is Acme Corp.?"]


def test_the_samples_bring_their_own_examples(tmp_path: Path) -> None:
    """With the reader as it ships: the first question of the README is always among them."""
    with Index.open(tmp_path) as index:
        index.add([app.SAMPLES])
        examples = Chat(Assistant(index)).examples()
    assert examples[0] == "What payload does CLR 131 use?"
    assert 2 <= len(examples) <= app.MOST_EXAMPLES


def test_the_overview_counts_what_is_there_now(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index") as index:
        chat = Chat(Assistant(index))
        assert "0 releases" in chat.overview()
        (tmp_path / "acme.md").write_text(ACME)
        index.add([tmp_path / "acme.md"])
        assert "1 release of 1 issuer" in chat.overview()


# -- served ------------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Calls:
    """The addresses that this process connects to or looks up, while it is switched on."""

    def __init__(self) -> None:
        self.on = False
        self.hosts: set[str] = set()
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and event == "socket.connect" and isinstance(arguments[1], tuple):
            self.hosts.add(str(arguments[1][0]))
        elif self.on and event == "socket.getaddrinfo":
            self.hosts.add(str(arguments[0]))


@pytest.fixture(scope="module")
def calls() -> Calls:
    return Calls()


@pytest.fixture(scope="module")
def url(assistant: Assistant, calls: Calls) -> Iterator[str]:
    calls.on = True
    blocks = app.serve(assistant, port=free_port())
    yield str(blocks.local_url)
    blocks.close(verbose=False)
    calls.on = False


class Session:
    """What a browser does, by the same requests."""

    def __init__(self, url: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self.name = name
        self.config = json.loads(self.http.get("config").text)

    def component(self, elem_id: str) -> int:
        found = (one["id"] for one in self.config["components"] if one["props"].get("elem_id") == elem_id)
        return int(next(found))

    def ask(self, question: str) -> list[Any]:
        """Submit a question; the values of text box, conversation, messages and panel at the end."""
        submit = next(one for one in self.config["dependencies"] if one["api_name"] == "submit")
        request = {"data": [question, None], "fn_index": submit["id"], "session_hash": self.name}
        self.http.post("gradio_api/queue/join", json=request).raise_for_status()
        shown: list[Any] = []
        with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": self.name}) as stream:
            for line in stream.iter_lines():
                event = json.loads(line.removeprefix("data: ")) if line else {}
                if event.get("msg") == "process_generating":
                    shown = event["output"]["data"]
                elif event.get("msg") == "process_completed":
                    assert event["success"], event
                    break
        return shown

    def source(self, place: str) -> str:
        """Click a source."""
        request = {"data": place, "fn_name": "source", "session_hash": self.name}
        reply = self.http.post(
            "gradio_api/component_server", json=request | {"component_id": self.component("release")}
        )
        return str(reply.raise_for_status().json())


def test_a_program_asks_through_the_api(url: str, calls: Calls) -> None:
    from gradio_client import Client  # type: ignore[import-untyped]

    calls.on = False  # this client looks its maker's site up; the page under test does not
    client = Client(url, verbose=False)
    answer = client.predict(MATERIAL, api_name="/ask")
    assert answer["answer"] == "recycled iron, a hard metal"
    (citation,) = answer["citations"]
    assert (citation["issuer"], citation["published"]) == ("Acme Corp.", "2024-05-03")
    assert citation["quote"] == "recycled iron, a hard metal"
    refused = client.predict(UNKNOWN, api_name="/ask")
    assert (refused["answered"], refused["refusal"]["reason"]) == (False, "not_said")
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/ask"]
    calls.on = True


def test_two_sessions_share_no_history(url: str, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    monkeypatch.setattr(assistant, "rewrite", listener)
    one, two = Session(url, "one"), Session(url, "two")
    one.ask(MATERIAL)
    two.ask("What material does Bolt Ltd. use?")
    one.ask("Who opened its works?")
    assert listener.heard == [[], [], [Turn(MATERIAL, "recycled iron, a hard metal")]]


def test_a_click_on_a_source_is_served(url: str, assistant: Assistant) -> None:
    citation = assistant.ask(MATERIAL).citations[0]
    place = str(Place((citation.span,)))
    assert marked(Session(url, "click").source(place)) == ["recycled iron, a hard metal"]


def test_the_page_names_no_other_machine_to_load_from(url: str) -> None:
    for path in ("", "theme.css"):
        text = httpx.get(url + path).text
        assert (
            re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"'> ]*|url\(["']?(?:https?:)?//[^)]*|@import[^;]*""", text)
            == []
        )


def test_a_hostile_release_is_data_on_the_page(url: str) -> None:
    text = httpx.get(url).text
    assert "<script>alert(1)</script>" not in text
    assert "<b>Ltd." not in text


def test_nobody_else_was_called(url: str, calls: Calls) -> None:
    """Runs after the others of this module: between them they have built, served and asked."""
    assert calls.hosts <= {"127.0.0.1", "localhost"}


# -- the command -------------------------------------------------------------------------------------------------------


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = app.main(arguments)
    captured = capsys.readouterr()
    assert captured.out == ""
    return code, captured.err


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, line = said(["--index", str(tmp_path / "index"), "--port", str(port)], capsys)
    assert code == 4
    assert (
        line == f"citewire: port {port} is in use, perhaps by another citewire; take another with --port {port + 1}\n"
    )
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_a_host_that_is_not_this_machine_is_said_in_one_line(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, line = said(["--host", host], capsys)
    assert code == 4
    assert re.fullmatch(rf"citewire: {host} .*leave --host out for 127\.0\.0\.1\n", line)


def test_an_index_that_cannot_be_made_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    code, line = said(["--index", str(tmp_path / "file"), "--port", str(free_port())], capsys)
    assert code == 4
    assert re.fullmatch(r"citewire: .*cannot be made a folder.*\n", line)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٧٨٦٠", ""])
def test_what_is_no_port_is_wrong_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        app.main([f"--port={port}"])
    assert exit_.value.code == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_first_use_reads_the_releases_and_serves_until_ctrl_c(tmp_path: Path) -> None:
    """One run of the command: progress, a line for the file that fails, the address, and a clean end."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "acme.md").write_text(ACME)
    (tmp_path / "releases" / "broken.txt").write_bytes(b"\0\1\2")
    port = free_port()
    command = [sys.executable, app.__file__, "--port", str(port), "--releases", "releases"]
    # A proxy that is not there: nothing may go through it, nor may it stand between the page and itself.
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | proxy
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == f"citewire is at http://127.0.0.1:{port}/  (Ctrl-C stops it)\n"
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200
        run.send_signal(signal.SIGINT)
        rest, errors = run.communicate(timeout=20)
    assert (run.returncode, rest) == (0, "")
    lines = errors.splitlines()
    assert lines[0] == "reading releases for the first time: 2 of 2"
    assert re.fullmatch(r".*broken\.txt: not text.*; skipped", lines[1])
    assert lines[2:] == ["", "citewire: stopped"]
    assert (tmp_path / ".citewire" / "citewire.sqlite").exists()


def test_an_index_with_releases_gets_no_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.md").write_text(ACME)
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path / "acme.md"])
    options = app._parser().parse_args(["--index", str(tmp_path / "index")])
    with app._assistant(options).index as index:
        assert len(index) == 1
    assert capsys.readouterr().err == ""


def test_no_releases_at_all_is_said_and_does_not_stop_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    options = app._parser().parse_args(["--index", str(tmp_path / "i"), "--releases", str(tmp_path / "empty")])
    with app._assistant(options).index as index:
        assert len(index) == 0
    assert capsys.readouterr().err.endswith(f"add yours: citewire add PATH --index {tmp_path / 'i'}\n")


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = "{'gradio', 'faiss', 'onnxruntime', 'torch', 'tokenizers', 'numpy', 'httpx'}"
    code = f"import sys, app; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(app.__file__).parent, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")
