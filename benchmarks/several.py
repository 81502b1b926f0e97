"""How often a question that asks several things is taken apart, all of them are answered, and what is not said is told.

    python benchmarks/several.py --index ix [--show]

``benchmarks/several_gold.jsonl``: 60 questions with the answers to each thing asked (none where no release says it),
and 80 that look like several and are one. Right is an answer that holds all words of an accepted one.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from opened import opened

from qa.several import questions

GOLD = Path(__file__).with_name("several_gold.jsonl")


def holds(text: str, accepted: list[str]) -> bool:
    """Whether a text holds all words of some accepted answer.

    >>> holds("$5.1 million; Ann Berg, M.D.", ["Ann Berg"]), holds("$5 million", ["$5.1 million"])
    (True, False)
    """
    said = _words(text)
    return any(_words(words) <= said for words in accepted)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+(?:[.,]\d+)*", text.casefold()))


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options, assistant = opened(parser)
    apart, answered, told = Counter[str](), Counter[str](), Counter[str]()
    for line in GOLD.read_text("utf-8").splitlines():
        gold = json.loads(line)
        parts = questions(gold["question"])
        is_apart = len(parts) == len(gold["answers"])
        apart[f"{'several' if len(gold['answers']) > 1 else 'one'}, {'right' if is_apart else 'wrong'}"] += 1
        if options.show and not is_apart:
            print(f"  {gold['question']} -> {parts}")
        if len(gold["answers"]) == 1:
            continue
        answer = assistant.ask(gold["question"])
        said = [accepted for accepted in gold["answers"] if accepted]
        right = sum(holds(answer.text, accepted) for accepted in said)
        outcome = "all" if right == len(said) else "some" if right else "none"
        answered[outcome] += 1
        if len(said) < len(gold["answers"]):
            told["told" if answer.lacking or not answer.answered else "not told"] += 1
        if options.show and outcome != "all":
            print(f"  {outcome}: {gold['question']} {answer.text} | {answer.lacking}")
    for name, counts in (("taken apart", apart), ("answered", answered), ("what is not said", told)):
        print(f"{name}: {', '.join(f'{outcome} {count}' for outcome, count in sorted(counts.items()))}")


if __name__ == "__main__":
    main()
