"""How often it is told what a company is or does, where its releases or others' say so.

    python benchmarks/descriptions.py --index ix [--show]

``benchmarks/descriptions_gold.jsonl``: questions, and of what words an answer must hold some; of companies of which no
release says what they do it has none.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from opened import opened

GOLD = Path(__file__).with_name("descriptions_gold.jsonl")


def is_right(text: str, accepted: list[str]) -> bool:
    """Whether an answer holds some of these words.

    >>> is_right("A maker of\\nrobots", ["maker of robots"]), is_right("a town", ["maker of robots"]), is_right("a", [])
    (True, False, False)
    """
    said = " ".join(text.casefold().split())
    return any(" ".join(words.casefold().split()) in said for words in accepted)


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options, assistant = opened(parser)
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for line in GOLD.read_text("utf-8").splitlines():
        asked = json.loads(line)
        answer = assistant.ask(asked["question"])
        right = is_right(answer.text, asked["accepted"])
        outcome = "refused" if not answer.answered else "right" if right else "wrong"
        counts[bool(asked["accepted"])][outcome] += 1
        if options.show and outcome != ("right" if asked["accepted"] else "refused"):
            print(f"  {outcome}: {answer.question} {answer.text} ({answer.confidence:.2f})")
    for is_said, found in counts.items():
        told = ", ".join(f"{found[each]} {each}" for each in ("right", "wrong", "refused"))
        print(f"{'said' if is_said else 'not said':9} {found.total():4}: {told}")


if __name__ == "__main__":
    main()
