"""How often questions to go on with are found, and what finding them costs.

    python benchmarks/suggestions.py INDEX QUESTIONS.jsonl [NUMBER]

Asks a random NUMBER (30) of the set's answerable first questions, each in a conversation of its own; prints what is
suggested after each, then how many had at least two, and the processor time beside that of one question.
"""

from __future__ import annotations

import random
import sys
import time

from eval.example import read_examples
from qa import Assistant
from qa.suggest import suggest

SEED = 7


def main(folder: str, questions: str, number: str = "30") -> None:
    """Print the suggestions, then the counts."""
    assistant = Assistant.open(folder)
    first = [example for example in read_examples(questions) if example.answerable and not example.history]
    drawn = random.Random(SEED).sample(first, min(int(number), len(first)))
    assistant.ask(drawn[0].question)  # models are loaded
    asking = suggesting = 0.0
    counts: list[int] = []
    for example in drawn:
        started = time.process_time()
        answer = assistant.ask(example.question)
        answered = time.process_time()
        found = suggest(assistant, answer, seconds=60)
        suggesting += time.process_time() - answered
        asking += answered - started
        counts.append(len(found))
        print(f"{example.question}\n    {answer.text or '-'}")
        for suggestion in found:
            print(f"  > {suggestion.question}\n        {suggestion.answer.text} ({suggestion.answer.confidence:.2f})")
    enough = sum(count >= 2 for count in counts)
    print(f"\nat least two after {enough} of {len(drawn)}, none after {counts.count(0)}, {sum(counts)} in all")
    each = asking / len(drawn)
    print(f"processor time: {each:.2f} s a question, {suggesting / len(drawn):.2f} s its suggestions", end="")
    print(f" ({suggesting / asking:.1f} times as much)")


if __name__ == "__main__":
    main(*sys.argv[1:])
