"""The page's components and what happens on them. The only file that knows Gradio, with `page.serve`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import EmbedderError, StoreError
from page.chat import Chat, Exchange, Latest, Offered, Shown
from page.endpoints import Endpoints
from page.keeper import SIDEBAR, Keeper, Session
from page.library import Library
from page.panel import READY, Panel
from page.release import notice
from page.scope import FORM

if TYPE_CHECKING:
    import gradio as gr

HERE = Path(__file__).parent
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}  # events that only the page uses
SHELL = """
<nav aria-label="Beside the conversation">
  <button type="button" data-open="release" aria-current="true">Release</button>
  <button type="button" data-open="browse">All releases</button>
  <button type="button" data-open="bring">Add</button>
  <button type="button" class="close">Close</button>
</nav>
<div id="view"></div>
<div id="told" role="status" aria-live="polite"></div>
"""


def build(chat: Chat, library: Library, keeper: Keeper) -> gr.Blocks:
    """The page over a chat, the releases and the conversations kept; nothing is served yet."""
    import gradio as gr
    from gradio.utils import get_upload_folder

    panel = Panel(library, Path(get_upload_folder()))
    blocks = gr.Blocks(title="citewire", analytics_enabled=False, fill_width=True)
    with blocks:
        exchanges = gr.State([])
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="left"):
                with gr.Row(elem_id="top"):
                    kept = _sidebar(keeper)
                    title = gr.HTML(panel.title(), elem_id="title", js_on_load=None, apply_default_css=False)
                    new = gr.Button("New conversation", size="sm")
                talk = _conversation(chat.examples())
                scope = _scope()
                question = _question()
                onward = _onward()
            opened = _panel(panel)
        shown = [question, exchanges, talk, opened, kept, gr.State(), onward]
        answered = _ask(chat, shown, scope)
        reopened = _reopen(chat, shown, new)
        _go_on(chat, shown, [*answered, *reopened])
        blocks.load(panel.title, None, title, **PRIVATE)
        blocks.load(_linked(panel), None, opened, **PRIVATE)
        _publish(Endpoints(chat, library))
    return blocks


def _ask(chat: Chat, shown: list[Any], scope: gr.HTML) -> list[Any]:
    """Ask what is typed, or the example or the next question that is chosen; the events that do."""
    import gradio as gr

    question, exchanges, talk, _, kept, _, onward = shown

    def ask(
        asked: str, before: list[Exchange], chosen: Mapping[str, Any], own: Mapping[str, Any], is_meant: bool = False
    ) -> Iterator[Any]:
        yield from map(_shown, chat.ask(asked, before, chosen, Session.of(own), is_meant=is_meant))

    def ask_example(
        event: Any, before: list[Exchange], chosen: Mapping[str, Any], own: Mapping[str, Any]
    ) -> Iterator[Any]:
        yield from ask(event.value["text"], before, chosen, own)

    def ask_next(
        event: Any, before: list[Exchange], chosen: Mapping[str, Any], own: Mapping[str, Any]
    ) -> Iterator[Any]:
        yield from ask(event.question, before, chosen, own, event.isMeant)

    ask_example.__annotations__["event"] = gr.SelectData  # how Gradio knows what to pass
    ask_next.__annotations__["event"] = gr.EventData
    return [
        question.submit(ask, [question, exchanges, scope, kept], shown, api_name="submit", **PRIVATE),
        talk.example_select(ask_example, [exchanges, scope, kept], shown, **PRIVATE),
        onward.select(ask_next, [exchanges, scope, kept], shown, **PRIVATE),
    ]


def _shown(shown: Shown) -> tuple[Any, ...]:
    """The components' values; where no release opens, panel and sidebar stay as they are."""
    import gradio as gr

    latest = (shown.latest, _onward_value(shown.latest))
    if shown.release is None:
        return (*shown[:3], gr.skip(), gr.skip(), *latest)
    return (*shown[:4], shown.session._asdict(), *latest)


def _onward_value(latest: Latest | None, questions: Sequence[str] = ()) -> dict[str, Any]:
    return {"of": latest.mark if latest else "", "questions": list(questions)}


def _go_on(chat: Chat, shown: list[Any], events: Sequence[Any]) -> None:
    """After an answer has been shown, look for questions to go on with, outside the queue in which people wait."""
    import gradio as gr

    *_, latest, onward = shown
    offered = gr.State(Offered([], []))

    def go_on(last: Latest | None, so_far: Offered) -> Any:
        found = chat.onward(last, so_far.before(last)) if last else []
        if not last or not found:
            return gr.skip(), gr.skip()
        return _onward_value(last, found), so_far.with_more(last, found)

    for event in events:
        event.success(
            go_on,
            [latest, offered],
            [onward, offered],
            queue=False,
            **PRIVATE,
            trigger_mode="always_last",  # else Gradio drops what comes while an earlier answer's are looked for
        )


def _reopen(chat: Chat, shown: list[Any], new: gr.Button) -> list[Any]:
    """Open a kept conversation, or begin a new one; the events that do."""
    import gradio as gr

    kept = shown[4]

    def reopen(event: Any, own: Mapping[str, Any]) -> tuple[Any, ...]:
        found = chat.reopened(Session.of({**own, "conversation": event.id}))
        values = _shown(found)
        return (*values[:3], gr.skip(), *values[4:]) if event.quiet else values

    def begin(own: Mapping[str, Any]) -> tuple[Any, ...]:
        return _shown(chat.reopened(Session.of({**own, "conversation": 0})))

    reopen.__annotations__["event"] = gr.EventData  # how Gradio knows what to pass
    return [kept.select(reopen, kept, shown, **PRIVATE), new.click(begin, kept, shown, **PRIVATE)]


def _sidebar(keeper: Keeper) -> gr.HTML:
    """The kept conversations. Its value is whose browser it is and which of them is open."""
    import gradio as gr

    calls = (keeper.listed, keeper.rename, keeper.delete, keeper.exported, keeper.judge)
    return gr.HTML(
        Session()._asdict(),
        elem_id="kept",
        html_template=SIDEBAR,
        js_on_load=(HERE / "keeper.js").read_text(encoding="utf-8"),
        server_functions=[_function(call) for call in calls],
        apply_default_css=False,
    )


def _linked(panel: Panel) -> Callable[..., str]:
    """What opens the release that the page's address names."""
    import gradio as gr

    def linked(request: Any) -> str:
        return panel.linked(dict(request.query_params))

    linked.__annotations__["request"] = gr.Request  # how Gradio knows what to pass
    return linked


def _conversation(examples: Sequence[str]) -> gr.Chatbot:
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        height=None,
        autoscroll=False,  # to the end of an answer, where its words may be out of sight; talk.js does better
        buttons=[],
        latex_delimiters=[],  # dollars are money
        allow_tags=False,
        group_consecutive_messages=False,
        placeholder="Ask your press releases, and see the words that say so.",
        examples=[{"text": question} for question in examples],
        feedback_options=None,
    )


def _scope() -> gr.HTML:
    """The form that says which releases may answer. Its value is what the form holds; its looks never change."""
    import gradio as gr

    empty = {"issuer": "", "since": "", "until": ""}
    script = (HERE / "scope.js").read_text(encoding="utf-8")
    return gr.HTML(empty, elem_id="scope", html_template=FORM, js_on_load=script, apply_default_css=False)


def _question() -> gr.Textbox:
    import gradio as gr

    return gr.Textbox(
        elem_id="question",
        label="Question",
        show_label=False,
        placeholder="Ask about the releases",
        submit_btn="Ask",
        autofocus=True,
        max_lines=5,
    )


def _onward() -> gr.HTML:
    """Questions to go on with. Its value is the questions and whose they are; the script puts them below the reply.

    It also asks what a question may have meant instead, and puts what was understood into the box to be changed.
    """
    import gradio as gr

    script = (HERE / "talk.js").read_text(encoding="utf-8")
    return gr.HTML(_onward_value(None), elem_id="onward", html_template="", js_on_load=script, apply_default_css=False)


def _panel(panel: Panel) -> gr.HTML:
    """What stands beside the conversation. Its value is the view to show, which the script puts in its place."""
    import gradio as gr

    calls = (
        *(panel.source, panel.browse, panel.listed, panel.summary, panel.issuers),
        *(panel.bring, panel.add, panel.added, panel.remove, panel.title),
    )
    return gr.HTML(
        notice(READY),
        elem_id="panel",
        html_template=SHELL,
        js_on_load=(HERE / "panel.js").read_text(encoding="utf-8"),
        server_functions=[_function(call) for call in calls],
        apply_default_css=False,
    )


def _function(method: Callable[..., Any]) -> Callable[..., Any]:
    """A function of its own, because Gradio writes an attribute on it."""

    @wraps(method)
    def call(*arguments: Any) -> Any:
        return method(*arguments)

    return call


def _publish(endpoints: Endpoints) -> None:
    """Give programs the named calls; what a person can put right comes back as the reason, not as a failure."""
    import gradio as gr
    from gradio.events import api

    def told(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(*arguments: Any) -> Any:
            try:
                return method(*arguments)
            except (ValueError, TypeError, StoreError, EmbedderError) as error:
                raise gr.Error(str(error), print_exception=False) from error

        return call

    for name in ("chat", "ask", "search", "release"):
        api(told(getattr(endpoints, name)), api_name=name)


def theme() -> gr.themes.Base:
    """Ink on paper, one blue for what can be pressed, fonts that the reader's machine has."""
    import gradio as gr

    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="stone",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill="#f7f5f1",
        body_background_fill_dark="#161513",
        body_text_color="#1f1d1a",
        body_text_color_dark="#ebe8e2",
        body_text_color_subdued="#5c574f",
        body_text_color_subdued_dark="#b3aca1",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1f1d1b",
        background_fill_secondary="#f1eee8",
        background_fill_secondary_dark="#2a2825",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1f1d1b",
        border_color_primary="#ddd8ce",
        border_color_primary_dark="#3d3934",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1f1d1b",
        input_placeholder_color="#6b655c",
        input_placeholder_color_dark="#a39c91",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#1f1d1b",
        input_border_color="#8a8378",
        input_border_color_dark="#6b655c",
        input_border_width="1px",
        button_primary_background_fill="#1d4f91",
        button_primary_background_fill_dark="#2f66b0",
        button_primary_background_fill_hover="#163f76",
        button_primary_background_fill_hover_dark="#28589a",
        button_primary_text_color="#ffffff",
        link_text_color="#1d4f91",
        link_text_color_dark="#9cc2f5",
    )
