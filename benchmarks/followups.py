"""Follow-ups: what becomes of them when they are made to stand alone, beside what else could be done with them.

    python benchmarks/followups.py ask INDEX QUESTIONS.jsonl [--standalone eval/questions/standalone.jsonl]
    python benchmarks/followups.py rewrite canard_dev_part.json

The first asks each follow-up of a question set after the program's own earlier answers, then the first questions again
after conversations on something else. The second compares rewritten questions of CANARD (Elgohary et al., EMNLP 2019)
with those that people wrote.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.example import Example, read_examples
from eval.metrics import hit_at
from eval.run import Judge, Result, judged
from qa import Answer, Assistant, Turn
from qa.rank import STOP_WORDS
from qa.rewrite import Understood, understand

FRONT = 3  # turns in front of a question in the crude way
AWAY = 2  # turns of an unrelated conversation

# -- asking ------------------------------------------------------------------------------------------------------------


def ask(options: argparse.Namespace) -> None:
    """Ask all follow-ups in each of the ways, and all first questions after something else; print."""
    assistant = Assistant.open(options.index)
    examples = read_examples(options.questions)
    followups = [each for each in examples if each.history and each.answerable]
    by_hand = _standalone(options.standalone) if options.standalone else {}
    histories = own_histories(assistant, followups)
    judge = Judge(assistant.index)
    ways: dict[str, Callable[[Example], Answer]] = {
        "as it stands": lambda each: _asking(assistant, each.question, each.question),
        "history in front": lambda each: _asking(assistant, each.question, in_front(each.question, histories[each.id])),
        "understood": lambda each: assistant.ask(each.question, histories[each.id]),
        "the shown question": lambda each: assistant.ask(assistant.rewrite(each.question, histories[each.id]).question),
        "by hand": lambda each: assistant.ask(by_hand[each.id]),
    }
    if not {each.id for each in followups} <= set(by_hand):
        del ways["by hand"]
    print(f"{len(assistant.index):,} releases; {len(followups)} follow-ups after the program's own answers")
    for name, way in ways.items():
        _tell(name, [judged(judge, each, way(each), 0.0) for each in followups])
    _tell_leaning(assistant, examples, histories)
    _tell_time(assistant, followups, histories)
    _change_subject(assistant, judge, examples)


def own_histories(assistant: Assistant, examples: Iterable[Example]) -> dict[str, list[Turn]]:
    """The conversations before the follow-ups as the program would have led them: its own answers, refusals as none."""
    histories = {}
    for example in examples:
        turns: list[Turn] = []
        for turn in example.history:
            turns.append(assistant.ask(turn.question, turns).turn)
        histories[example.id] = turns
    return histories


def in_front(question: str, turns: Sequence[Turn]) -> str:
    """The crude way: the last turns in front of the question, one piece a line."""
    return "\n".join(filter(None, [*(part for turn in turns[-FRONT:] for part in turn), question]))


def _asking(assistant: Assistant, question: str, query: str) -> Answer:
    """The answer where the question is understood as that query."""
    crude = Assistant(assistant.index, rewrite=lambda *_: Understood(question, query), read=assistant.read)
    return crude.ask(question)


def _standalone(path: Path) -> dict[str, str]:
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {line["id"]: line["standalone"] for line in lines}


def _tell(name: str, results: Sequence[Result]) -> None:
    asked = [each for each in results if each.answerable]
    refused = statistics.mean(not each.answered for each in asked)
    print(
        f"  {name:20} hit@1 {statistics.mean(hit_at(1, each.rank) for each in asked):.3f}"
        f" hit@8 {statistics.mean(hit_at(8, each.rank) for each in asked):.3f}"
        f" F1 {statistics.mean(each.f1 for each in asked):.3f} refused {refused:.3f}"
    )


def _tell_leaning(assistant: Assistant, examples: Sequence[Example], histories: dict[str, list[Turn]]) -> None:
    """How many questions are seen to lean on what was said, and how many are asked back where nothing was."""
    print(f"{'':14}{'questions':>10}{'understood otherwise':>22}{'asked back alone':>18}")
    away = [Turn("Where is Ebonwick Maritime based?", "Lisbon")]
    for name, asked in (
        ("first", [each for each in examples if not each.history]),
        ("follow-ups", [each for each in examples if each.history]),
    ):
        leaning = sum(
            assistant.rewrite(each.question, histories.get(each.id, away)).question != " ".join(each.question.split())
            for each in asked
        )
        back = sum(bool(assistant.rewrite(each.question, []).ask_back) for each in asked)
        print(f"  {name:12}{len(asked):10}{leaning:22}{back:18}")


def _tell_time(assistant: Assistant, examples: Sequence[Example], histories: dict[str, list[Turn]]) -> None:
    took = []
    for example in examples:
        started = time.perf_counter()
        assistant.rewrite(example.question, histories[example.id])
        took.append((time.perf_counter() - started) * 1e3)
    print(f"rewriting: p50 {statistics.median(took):.1f} ms, p95 {statistics.quantiles(took, n=20)[-1]:.1f} ms")


def _change_subject(assistant: Assistant, judge: Judge, examples: Sequence[Example]) -> None:
    """Ask the first questions alone, and after turns on something else; those understood alike are asked once."""
    first = [each for each in examples if not each.history]
    talks = [[Turn(each.question, each.answers[0] if each.answers else "")] for each in first]
    alone, after, changed = [], [], 0
    for number, example in enumerate(first):
        far = [talks[(number + len(first) // 2 + step) % len(first)][0] for step in range(AWAY)]
        is_same = assistant.rewrite(example.question, far) == assistant.rewrite(example.question, [])
        alone.append(judged(judge, example, assistant.ask(example.question), 0.0))
        after.append(alone[-1] if is_same else judged(judge, example, assistant.ask(example.question, far), 0.0))
        changed += not is_same
    print(f"change of subject: {len(first)} first questions, {changed} understood otherwise after something else")
    _tell("alone", alone)
    _tell("after something else", after)


# -- CANARD ------------------------------------------------------------------------------------------------------------


def rewrite(options: argparse.Namespace) -> None:
    """Compare rewritten questions with those that people wrote; print."""
    asked = json.loads(options.canard.read_text(encoding="utf-8"))[1::2]  # the others helped to choose the rules
    print(f"{len(asked):,} questions of CANARD")
    ways: dict[str, Callable[[dict[str, Any]], str]] = {
        "as it stands": lambda each: each["Question"],
        "whole history": lambda each: " ".join((*each["History"], each["Question"])),
        "understood": lambda each: understand(each["Question"], _turns_of(each["History"])).question,
    }
    for name, way in ways.items():
        _tell_overlap(name, [(each, way(each)) for each in asked])


def _turns_of(history: Sequence[str]) -> list[Turn]:
    """The article's title and section, which come first, as a turn of their own; then questions and answers."""
    said = ["" if text in ("CANNOTANSWER", "I don't know.") else text for text in history]
    return [Turn(*said[start : start + 2]) for start in range(0, len(said) - 1, 2)]


def _tell_overlap(name: str, rewritten: Sequence[tuple[dict[str, Any], str]]) -> None:
    """ROUGE-1 of the whole questions; precision, recall and F1 of the terms that were taken from the history."""
    right = taken = wanted = 0
    recalls, f1s = [], []
    for each, text in rewritten:
        history = _terms(" ".join(each["History"])) - _terms(each["Question"])
        gold, found = _terms(each["Rewrite"]) & history, _terms(text) & history
        right, taken, wanted = right + len(gold & found), taken + len(found), wanted + len(gold)
        human, ours = Counter(_words(each["Rewrite"])), Counter(_words(text))
        common = (human & ours).total()
        recalls.append(common / max(1, human.total()))
        f1s.append(2 * common / max(1, human.total() + ours.total()))
    precision, recall = right / max(1, taken), right / max(1, wanted)
    print(
        f"  {name:14} ROUGE-1 recall {statistics.mean(recalls):.3f} F1 {statistics.mean(f1s):.3f};"
        f" terms from the history: precision {precision:.3f} recall {recall:.3f}"
        f" F1 {2 * right / max(1, taken + wanted):.3f}"
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _terms(text: str) -> set[str]:
    return {word for word in _words(text) if len(word) > 1 and word not in STOP_WORDS}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(required=True)
    asking = commands.add_parser("ask", help="follow-ups of a question set, over an index")
    asking.add_argument("index", type=Path)
    asking.add_argument("questions", type=Path)
    asking.add_argument("--standalone", type=Path, help="the follow-ups as people would ask them alone: id, standalone")
    asking.set_defaults(run=ask)
    rewriting = commands.add_parser("rewrite", help="questions of CANARD")
    rewriting.add_argument("canard", type=Path)
    rewriting.set_defaults(run=rewrite)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
