"""The page as it is served: by the requests that a browser and a program make. What is drawn: test_browser.py."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from asked import MATERIAL, UNKNOWN, Listener
from conftest import free_port
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from made import plain, tree_of

from page.limits import MOST_BYTES
from page.login import Login
from page.place import Place
from page.serve import CannotServe, Served, serve
from qa import Assistant, Turn


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
def served(asked: Assistant, calls: Calls) -> Iterator[Served]:
    calls.on = True
    served = serve(asked, port=free_port())
    yield served
    served.close()
    calls.on = False


@pytest.fixture(scope="module")
def url(served: Served) -> str:
    return served.url


class Session:
    """What a browser does, by the same requests."""

    def __init__(self, url: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self.name = name
        self.config = json.loads(self.http.get("config").text)

    def component(self, elem_id: str) -> int:
        found = (one["id"] for one in self.config["components"] if one["props"].get("elem_id") == elem_id)
        return int(next(found))

    def ask(self, question: str, scope: dict[str, str] | None = None) -> list[Any]:
        """Submit a question; the values of text box, conversation, messages and panel at the end."""
        submit = next(one for one in self.config["dependencies"] if one["api_name"] == "submit")
        request = {"data": [question, None, scope, None], "fn_index": submit["id"], "session_hash": self.name}
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

    def call(self, name: str, data: object) -> Any:
        """What the panel's script asks for."""
        request = {"data": data, "fn_name": name, "session_hash": self.name, "component_id": self.component("panel")}
        return self.http.post("gradio_api/component_server", json=request).raise_for_status().json()


# -- programs ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(url: str, calls: Calls) -> Iterator[Client]:
    calls.on = False  # this client looks its maker's site up; the page under test does not
    yield Client(url, verbose=False)
    calls.on = True


def test_a_program_asks(client: Client) -> None:
    answer = client.predict(MATERIAL, api_name="/ask")
    assert answer["answer"] == "recycled iron, a hard metal"
    (citation,) = answer["citations"]
    assert (citation["issuer"], citation["published"]) == ("Acme Corp.", "2024-05-03")
    assert citation["quote"] == "recycled iron, a hard metal"
    refused = client.predict(UNKNOWN, api_name="/ask")
    assert (refused["answered"], refused["refusal"]["reason"]) == (False, "not_said")
    early = client.predict(MATERIAL, until="2024-05-02", api_name="/ask")
    assert early["refusal"]["reason"] == "outside_dates"


def test_a_program_converses(client: Client, asked: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    monkeypatch.setattr(asked, "rewrite", listener)
    first = client.predict(MATERIAL, api_name="/chat")
    client.predict("Who opened its works?", [first["turn"]], api_name="/chat")
    assert listener.heard == [[], [Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp.")]]


def test_a_program_searches_and_reads_the_very_words(client: Client) -> None:
    best = client.predict("anvil works", 2, api_name="/search")[0]
    assert best["issuer"] == "Acme Corp."
    release = client.predict(best["release_id"], best["start"], best["end"], api_name="/release")
    assert release["quote"] == best["text"] == release["text"][best["start"] : best["end"]]
    assert release["sha256"] == best["sha256"]


@pytest.mark.parametrize(
    ("call", "arguments", "reason"),
    [
        ("/ask", {"question": MATERIAL, "since": "May"}, "is no day"),
        ("/chat", {"question": MATERIAL, "history": [["one"]]}, "history takes pairs"),
        ("/search", {"query": "iron", "most": 99}, "most is 1 to 16"),
        ("/release", {"release_id": "0" * 16}, "is indexed"),
    ],
)
def test_a_program_is_told_what_it_did_wrong(client: Client, call: str, arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(AppError, match=reason):
        client.predict(**arguments, api_name=call)


def test_the_calls_are_four_and_each_explains_itself(client: Client) -> None:
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/chat", "/ask", "/search", "/release"}
    for endpoint in endpoints.values():
        assert endpoint["description"]
        assert all(parameter["parameter_name"] for parameter in endpoint["parameters"])


# -- the page ----------------------------------------------------------------------------------------------------------


def test_two_sessions_share_no_history(url: str, asked: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    monkeypatch.setattr(asked, "rewrite", listener)
    one, two = Session(url, "one"), Session(url, "two")
    one.ask(MATERIAL)
    two.ask("What material does Bolt Ltd. use?")
    one.ask("Who opened its works?")
    assert listener.heard == [[], [], [Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp.")]]


def test_the_scope_of_the_form_goes_with_the_question(url: str) -> None:
    shown = Session(url, "scope").ask(MATERIAL, {"issuer": "", "since": "", "until": "2024-05-02"})
    assert "they do on 3 May 2024" in plain(json.dumps(shown[2], ensure_ascii=False))


def test_a_click_on_a_source_is_served(url: str, asked: Assistant) -> None:
    span = asked.ask(MATERIAL).citations[0].span
    shown = Session(url, "click").call("source", str(Place(span.release_id, (span,))))
    assert [mark.text_content() for mark in tree_of(shown).find_class("cited")] == ["recycled iron, a hard metal"]


def test_an_upload_is_taken_in_while_questions_are_asked(url: str, served: Served) -> None:
    session = Session(url, "upload")
    reply = session.http.post(
        "gradio_api/upload", files={"files": ("note.txt", b"Acme Corp. hired Bo Lund as its CFO.")}
    )
    begun = session.call("add", {"files": reply.raise_for_status().json()})
    assert session.ask(MATERIAL)
    shown = begun["html"]
    while "data-done" not in shown:
        shown = session.call("added", begun["job"])
    assert plain(shown).startswith("1 release added.")
    (added,) = [ref for ref in served.library.releases() if ref.source.endswith("note.txt")]
    session.call("remove", added.id)


def test_the_page_names_no_other_machine_to_load_from(url: str) -> None:
    for path in ("", "theme.css"):
        text = httpx.get(url + path).text
        assert (
            re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"'> ]*|url\(["']?(?:https?:)?//[^)]*|@import[^;]*""", text)
            == []
        )


def test_a_hostile_release_is_data_on_the_page(url: str) -> None:
    text = httpx.get(url).text
    assert "alert(1)</script>" not in text
    assert "<b>Ltd." not in text


def test_limits_stand_before_the_page(url: str) -> None:
    too_large = httpx.post(url + "gradio_api/queue/join", content=b"x" * (MOST_BYTES + 1))
    assert too_large.status_code == 413
    assert "default-src 'self'" in httpx.get(url).headers["content-security-policy"]


def test_a_name_that_somebody_else_points_here_is_refused(url: str) -> None:
    """Or a page elsewhere could read the releases through the reader's browser."""
    assert httpx.get(url, headers={"Host": "elsewhere.example"}).status_code == 400


def test_nobody_else_was_called(url: str, calls: Calls) -> None:
    """Runs after the others: between them they have built, served and asked."""
    assert calls.hosts <= {"127.0.0.1", "localhost"}


# -- who may come in ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(asked: Assistant) -> Iterator[str]:
    served = serve(asked, port=free_port(), login=Login("ann", "anvil"))
    yield served.url
    served.close()


def test_without_the_password_nothing_is_to_be_had(guarded: str) -> None:
    for method, path in (("GET", "config"), ("POST", "gradio_api/queue/join"), ("POST", "gradio_api/component_server")):
        assert httpx.request(method, guarded + path, json={}).status_code == 401, path
    upload = httpx.post(guarded + "gradio_api/upload", files={"files": ("a.txt", b"x")})
    assert upload.status_code == 401
    assert httpx.post(guarded + "gradio_api/run/ask", json={"data": [MATERIAL]}).status_code == 401
    assert httpx.post(guarded + "login", data={"username": "ann", "password": "x"}).status_code == 400
    assert httpx.post(guarded + "gradio_api/mcp/", json={}).status_code in (401, 404, 405)


def test_with_the_password_the_page_is_there(guarded: str) -> None:
    with httpx.Client(base_url=guarded) as http:
        assert "window.gradio_config" not in http.get("").text
        assert http.post("login", data={"username": "ann", "password": "anvil"}).status_code == 200
        assert http.get("config").status_code == 200
        assert "window.gradio_config" in http.get("").text


def test_mcp_and_a_password_are_never_on_together(asked: Assistant) -> None:
    with pytest.raises(CannotServe, match="MCP knows no password"):
        serve(asked, port=free_port(), login=Login("ann", "anvil"), mcp=True)


def test_no_variable_of_the_environment_turns_mcp_or_sharing_on(
    asked: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_MCP_SERVER", "True")
    monkeypatch.setenv("GRADIO_SHARE", "True")
    served = serve(asked, port=free_port())
    try:
        assert httpx.post(served.url + "gradio_api/mcp/", json={}).status_code in (404, 405)
        assert served.blocks.share_url is None
    finally:
        served.close()


def test_others_can_read_and_not_change_unless_there_is_a_password(asked: Assistant) -> None:
    port = free_port()
    served = serve(asked, host="0.0.0.0", port=port)
    try:
        session = Session(f"http://127.0.0.1:{port}/", "stranger")
        assert "nothing can be added or removed" in plain(session.call("bring", None))
        assert "nothing can be added" in plain(session.call("add", {"folder": str(Path.cwd())})["html"])
        assert "Remove" not in session.ask(MATERIAL)[3]
    finally:
        served.close()


def test_a_port_in_use_is_refused_before_anything_is_built(asked: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotServe, match="is in use"):
            serve(asked, port=taken.getsockname()[1])
