"""The chat in the browser: conversation on the left, the release that answers on the right.

    python app.py                      read the samples on first use, then open http://127.0.0.1:7860
    python app.py --index DIR          answer from another index
    python app.py --host 0.0.0.0       let other machines in

Exit codes: 0 stopped with Ctrl-C · 2 wrong usage · 4 the index or the port cannot be used · 130 stopped before that.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import page
from citewire import as_json
from index import EmbedderError, Index, StoreError
from page import Place
from qa import Answer, Assistant, Turn
from terminal import DONE, INTERRUPTED, NO_INDEX

if TYPE_CHECKING:
    import gradio as gr

SAMPLES = Path(__file__).parent / "releases"

# Offered on the page if the index holds releases of that issuer and one of them answers.
QUESTIONS = (
    ("Cellectar", "What payload does CLR 131 use?"),
    ("Pipkin", "How many push carts is Pipkin & Thistle recalling?"),
    ("Quillfern", "When did Quillfern dose the first patient in MOTHWING?"),
    ("Saltcrake", "How much does the Gannet Narrows financing come to?"),
)
MOST_EXAMPLES = 4
READY = "Ask a question: the release that answers opens here, at the words that say so."
NOT_SAID = "No release is open. The passages on the left are the nearest; click one to read it."


class CannotServe(RuntimeError):
    """The page cannot be served at the host and port asked for; the message says what to do now."""


class Exchange(NamedTuple):
    """One question and its reply, as the conversation shows them."""

    question: str  # as asked
    reply: str  # HTML
    turn: Turn | None  # what follow-ups lean on; none where the question was not understood


class Chat:
    """What the page does, over one assistant. It holds no conversation: each browser session has its own."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        # An Index is used from one thread at a time; the Assistant sees to that for questions only.
        self._lock = threading.Lock()

    def ask(
        self, question: str, exchanges: Sequence[Exchange]
    ) -> Iterator[tuple[str, list[Exchange], list[dict[str, str]], Any]]:
        """Answer a question: first the page with the question alone, then with the reply.

        Yields:
            The text box's content, the conversation, its messages, and the release that opens.
        """
        import gradio as gr

        before = list(exchanges)
        waiting = {"role": "assistant", "content": page.WAITING}
        yield "", before, [*messages(before), *_asked(question), waiting], gr.skip()
        try:
            answer = self._answer(question, [exchange.turn for exchange in before if exchange.turn])
        except (StoreError, EmbedderError) as error:
            exchange, release = Exchange(question, page.refusal_html(str(error)), None), page.notice(READY)
        else:
            understood = not (answer.refusal and answer.refusal.reason == "not_understood")
            turn = Turn(question, answer.text) if understood else None
            exchange = Exchange(question, page.answer_html(answer), turn)
            release = self._opened(answer, len(before) + 1)
        after = [*before, exchange]
        yield "", after, messages(after), release

    def _answer(self, question: str, history: Sequence[Turn]) -> Answer:
        with self._lock:
            return self._assistant.ask(question, history)

    def _opened(self, answer: Answer, turn: int) -> str:
        """The release of the first source; none where there is no answer, so that none looks like one."""
        if answer.refusal:
            return page.notice(NOT_SAID if answer.refusal.nearest else READY)
        return page.release_html(answer.citations[0].release, page.places(answer.citations)[0], turn)

    def source(self, place: str) -> str:
        """The release at a place that a source on the page names, with its spans marked."""
        try:
            at = Place.parse(place)
            with self._lock:
                release = self._assistant.index.release(at.spans[0].release_id)
            if release is None:
                return page.notice("This release is no longer in the index.")
            for span in at.spans:
                release.quote(span)
        except (ValueError, StoreError) as error:
            return page.notice(f"This source cannot be opened: {error}")
        return page.release_html(release, at)

    def ask_json(self, question: str) -> dict[str, Any]:
        """Answer one question, without history: answer, confidence, citations with positions, or the refusal."""
        import gradio as gr

        try:
            return as_json(self._answer(question, ()))
        except (StoreError, EmbedderError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    def overview(self) -> str:
        """What the index holds, in a few words.

        It is asked for whenever a page is loaded, because releases may be added meanwhile.
        """
        with self._lock:
            refs = self._assistant.index.releases()
        issuers = {ref.issuer for ref in refs if ref.issuer}
        held = _count(len(refs), "release") + (f" of {_count(len(issuers), 'issuer')}" if issuers else "")
        return f"<h1>citewire <small>{held}</small></h1><p>Ask your press releases, and see the words that say so.</p>"

    def examples(self) -> list[str]:
        """Up to four questions that the index answers: first those on the samples, then on the newest issuers."""
        issuers = list(dict.fromkeys(ref.issuer for ref in self._assistant.index.releases() if ref.issuer))
        offered = [(name, question) for name, question in QUESTIONS if any(name in issuer for issuer in issuers)]
        offered += [(issuer, f"What is {issuer}?") for issuer in issuers[:MOST_EXAMPLES]]
        found: list[str] = []
        for name, question in offered:
            cited = self._answer(question, ()).citations if len(found) < MOST_EXAMPLES else ()
            if any(name in (citation.release.issuer or "") for citation in cited):
                found.append(question)
        return found


def messages(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """The conversation as Gradio's chatbot takes it."""
    return [
        message
        for exchange in exchanges
        for message in (*_asked(exchange.question), {"role": "assistant", "content": exchange.reply})
    ]


def _asked(question: str) -> list[dict[str, str]]:
    """The message of a question; none for one that is blank."""
    return [{"role": "user", "content": page.question_html(question)}] if question.strip() else []


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


# -- the page ----------------------------------------------------------------------------------------------------------

# Runs once, when the panel is on the page. `watch` calls back when a release has come with an answer; a click on a
# source fetches its release. The release scrolls in a box of its own, so that the page moves only where it was clicked.
OPEN_SOURCES = """
const top = (node) => node.getBoundingClientRect().top, left = (node) => node.getBoundingClientRect().left;
const show = (clicked) => {
  const box = element.firstElementChild, mark = element.querySelector("mark.cited, mark.near");
  const table = mark && mark.closest(".table");
  if (table) table.scrollLeft += left(mark) - left(table) - table.clientWidth / 2;
  if (mark) box.scrollTop += top(mark) - top(box) - Math.max(0, (box.clientHeight - mark.offsetHeight) / 2);
  else box.scrollTop = 0;
  if (clicked) box.scrollIntoView({block: "nearest", behavior: "smooth"});
};
watch("value", () => show(false));
document.addEventListener("click", async (event) => {
  const source = event.target.closest("button.source");
  if (!source) return;
  const release = await server.source(source.value).catch(() => null);
  props.value = typeof release === "string" ? release : NO_SERVER;
  setTimeout(() => show(true));
});
// Gradio labels each message with its source text, tags and all, which a screen reader would read out.
new MutationObserver(() => {
  for (const node of document.querySelectorAll("#chat [aria-label][data-testid]")) node.removeAttribute("aria-label");
}).observe(document.getElementById("columns"), {childList: true, subtree: true});
""".replace("NO_SERVER", json.dumps(page.notice("citewire does not answer. Is it still running?")))


def build(assistant: Assistant) -> gr.Blocks:
    """The page over an assistant; nothing is served yet."""
    import gradio as gr
    from gradio.events import api

    chat = Chat(assistant)
    blocks = gr.Blocks(title="citewire", analytics_enabled=False, fill_width=True)
    with blocks:
        exchanges = gr.State([])
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="left"):
                with gr.Row(elem_id="top"):
                    title = gr.HTML(elem_id="title", js_on_load=None, apply_default_css=False)
                    new = gr.Button("New conversation", size="sm")
                talk, question = _conversation(chat.examples())
            opened = _panel(chat)
        shown = [question, exchanges, talk, opened]

        def ask_example(event: Any, before: list[Exchange]) -> Iterator[Any]:
            yield from chat.ask(event.value["text"], before)

        ask_example.__annotations__["event"] = gr.SelectData  # how Gradio knows what to pass
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        api(chat.ask_json, api_name="ask")
        blocks.load(chat.overview, None, title, **hidden)
        question.submit(chat.ask, [question, exchanges], shown, api_name="submit", **hidden)
        talk.example_select(ask_example, exchanges, shown, **hidden)
        new.click(lambda: ("", [], [], page.notice(READY)), None, shown, **hidden)
    return blocks


def _conversation(examples: Sequence[str]) -> tuple[gr.Chatbot, gr.Textbox]:
    import gradio as gr

    talk = gr.Chatbot(
        elem_id="chat",
        show_label=False,
        height=None,
        buttons=[],
        latex_delimiters=[],  # dollars are money
        allow_tags=False,
        group_consecutive_messages=False,
        examples=[{"text": question} for question in examples],
        feedback_options=None,
    )
    question = gr.Textbox(
        elem_id="question",
        label="Question",
        show_label=False,
        placeholder="Ask about the releases",
        submit_btn="Ask",
        autofocus=True,
        max_lines=5,
    )
    return talk, question


def _panel(chat: Chat) -> gr.HTML:
    import gradio as gr

    def source(place: str) -> str:  # a function of its own, because Gradio writes an attribute on it
        return chat.source(place)

    return gr.HTML(
        page.notice(READY),
        elem_id="release",
        js_on_load=OPEN_SOURCES,
        server_functions=[source],
        apply_default_css=False,
    )


def serve(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860) -> gr.Blocks:
    """Build the page and serve it in the background, without a word to any other machine.

    Raises:
        CannotServe: the host or port cannot be had.
    """
    check_address(host, port)
    for name in ("NO_PROXY", "no_proxy"):  # Gradio calls its own address once, which no proxy can reach
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "localhost", host)))
    blocks = build(assistant)
    blocks.queue(default_concurrency_limit=4)
    try:
        blocks.launch(
            server_name=f"[{host}]" if ":" in host else host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            inline=False,
            share=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            enable_monitoring=False,
            run_history=False,  # or the browser would keep every question
            footer_links=[],
            theme=_theme(),
            css=page.STYLE,
        )
    except OSError as error:
        raise CannotServe(f"port {port} cannot be used; take another with --port {port + 1}") from error
    return blocks


def _theme() -> gr.themes.Base:
    """Fonts that the reader's machine has, and small print dark enough to read."""
    import gradio as gr

    return gr.themes.Base(
        primary_hue="indigo",
        neutral_hue="stone",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        body_text_color_subdued="*neutral_600",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_secondary_background_fill="white",
    )


def check_address(host: str, port: int) -> None:
    """Try the address before models are loaded for it.

    Raises:
        CannotServe: another program has the port, or this machine does not have the host.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # elsewhere this option would let two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CannotServe(f"{host} is no name or address of this machine; leave --host out for 127.0.0.1") from error
    except OSError as error:
        raise CannotServe(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use, perhaps by another citewire; take another with --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; take another with --port 7860"
    return f"{host} port {port} cannot be used ({error.strerror}); leave --host out for 127.0.0.1"


# -- the command -------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the chat and serve it until Ctrl-C; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        check_address(options.host, options.port)
        assistant = _assistant(options)
        blocks = serve(assistant, options.host, options.port)
    except (StoreError, EmbedderError, CannotServe) as error:
        print(f"citewire: {error}", file=sys.stderr)
        return NO_INDEX
    except KeyboardInterrupt:
        print("citewire: stopped; what is read is kept", file=sys.stderr)
        return INTERRUPTED
    print(f"citewire is at {blocks.local_url}  (Ctrl-C stops it)", flush=True)
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        print("Whoever can reach this machine can read the releases.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("\ncitewire: stopped", file=sys.stderr)
    blocks.close(verbose=False)
    return DONE


def _assistant(options: argparse.Namespace) -> Assistant:
    """The assistant over the index, which gets the samples if it is empty.

    Raises:
        StoreError, EmbedderError: the index cannot be used.
        KeyboardInterrupt: Ctrl-C while the samples were read.
    """
    index = Index.open(options.index, embedder=options.embedder)
    if len(index) == 0:
        report = index.add([options.releases], _tell)
        for file, reason in report.failed:
            print(f"{file}: {reason}; skipped", file=sys.stderr)
        if report.interrupted:
            raise KeyboardInterrupt
        if len(index) == 0:
            where = f"citewire add PATH --index {options.index}"
            print(f"no releases in {options.releases}; add yours: {where}", file=sys.stderr)
    return Assistant(index)


def _tell(file: str, done: int, total: int, passages: int) -> None:
    """One line that counts up on a terminal, and is written once elsewhere."""
    if done == total or sys.stderr.isatty():
        line = f"reading releases for the first time: {done} of {total}"
        print(line, end="\n" if done == total else "\r", file=sys.stderr, flush=True)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a number from 1 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", default=".citewire", metavar="DIR", help="folder of the index (default: .citewire)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on (default: 7860)")
    parser.add_argument("--embedder", metavar="MODEL", help="a sentence-transformers model, by name or folder")
    parser.add_argument(
        "--releases",
        type=Path,
        default=SAMPLES,
        metavar="DIR",
        help="what an empty index reads first (default: the samples)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
