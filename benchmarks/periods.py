"""How often a figure is that of the period asked for, where the releases give it for two.

    python benchmarks/periods.py --index ix [--show]

``benchmarks/periods_gold.jsonl`` asks for both, the current one (its id ends in "a") and the earlier ("b", "c"), and
for periods of which no release of the company tells ("u").
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from opened import opened

from eval.example import Example, read_examples
from eval.metrics import f1

GOLD = Path(__file__).with_name("periods_gold.jsonl")
ALIKE = 0.6  # F1 from which on an answer is that figure
KINDS = {"a": "current", "b": "earlier", "c": "earlier", "u": "of no release"}


def judged(example: Example, text: str, others: list[str]) -> str:
    """What an answer is: right, the other period's figure, something else, or refused."""
    if not text:
        return "refused"
    if any(f1(text, [answer]) > ALIKE for answer in example.answers):
        return "right"
    return "of the other period" if any(f1(text, [answer]) > ALIKE for answer in others) else "wrong"


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options, assistant = opened(parser)
    examples = list(read_examples(GOLD))
    together: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        together[example.id[:-1]].append(example)
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS.values()}
    for example in examples:
        others = [text for other in together[example.id[:-1]] if other is not example for text in other.answers]
        answer = assistant.ask(example.question)
        outcome = judged(example, answer.text, others)
        counts[KINDS[example.id[-1]]][outcome] += 1
        if options.show and outcome not in ("right", "refused"):
            print(f"  {outcome}: {example.question} {answer.text} ({answer.confidence:.2f})")
    for kind, found in counts.items():
        print(f"{kind:14} {found.total()}: {', '.join(f'{n} {outcome}' for outcome, n in found.most_common())}")


if __name__ == "__main__":
    main()
