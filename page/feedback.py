"""What a person thinks of a kept answer: buttons that ask for it, or what was said."""

from __future__ import annotations

from page.inline import line
from qa.conversation import Feedback, Message, Verdict
from qa.transcript import VERDICTS

_LABELS: dict[Verdict, str] = {"right": "Right", "wrong": "Wrong", "wrong_source": "Wrong source"}


def feedback_html(message: Message) -> str:
    """What stands below a kept answer; the value of a button is all that the script (keeper.js) needs of it."""
    return f'<div class="feedback">{inside(message)}</div>'


def inside(message: Message) -> str:
    """What changes there when an answer is judged."""
    return _given(message, message.feedback) if message.feedback else _wanted(message)


def _wanted(message: Message) -> str:
    """A refusal names no source that could be wrong."""
    labels = {each: label for each, label in _LABELS.items() if message.answered or each != "wrong_source"}
    buttons = "".join(_button(message, each, label) for each, label in labels.items())
    return f"<span>Is this right?</span>{buttons}"


def _given(message: Message, given: Feedback) -> str:
    note = f' <q class="note" dir="auto">{line(given.note)}</q>' if given.note else ""
    add = _button(message, f"note {given.verdict}", "Change the note" if given.note else "Add a note")
    said = f'<span class="said">You said: {VERDICTS[given.verdict]}</span>{note}'
    return f"{said}{add}{_button(message, 'undo', 'Take back')}"


def _button(message: Message, does: str, label: str) -> str:
    return f'<button type="button" class="judge" value="{message.id} {does}">{label}</button>'
