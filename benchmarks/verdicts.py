"""How often "Yes: …" and "No: …" are right, on questions for yes or no whose right answer is known.

    python benchmarks/verdicts.py QUESTIONS.jsonl [QUESTIONS.jsonl ...] [--index ix] [--show]

Without an index the words that answer are those of the question set: the verdict alone is measured, not the reader that
finds them. With one the questions are asked, also those that no release answers: of these each verdict is wrong.
``benchmarks/verdicts_gold.jsonl`` has questions as people type them, training/yes_no.jsonl such as are made to mislead.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from eval.example import Example, read_examples
from index import StoreError
from qa import Assistant
from qa.compare import YesOrNo
from qa.verdict import verdict

_BOTH = ("yes", "no")


def polarity(example: Example) -> str | None:
    """What the question set has for an answer beside the words: yes, no or nothing.

    >>> polarity(Example("1", "Is it open?", (), ("closed since May", "No"), (), "yesno", True))
    'no'
    """
    said = {answer.casefold() for answer in example.answers} & {"yes", "no"}
    return said.pop() if len(said) == 1 else None


def given(example: Example) -> YesOrNo | None:
    """The verdict on the right words."""
    quote = example.answers[0]
    sentence = next((each.quote for each in example.evidence if quote in each.quote), quote)
    before, _, after = sentence.partition(quote)
    return verdict(example.question, quote, before=before, after=after)


def count(examples: Sequence[Example], assistant: Assistant | None, show: bool) -> str:
    """How many questions get a yes or a no, and for how many of these it is right."""
    counts: Counter[str] = Counter()
    for example in examples:
        right = polarity(example)
        if right is None and (assistant is None or example.answerable):
            continue
        if assistant:
            answer = assistant.ask(example.question)
            said, words = answer.verdict, answer.text
        else:
            said, words = given(example), example.answers[0]
        truth = right or "not said"
        counts[truth] += 1
        counts[f"{truth}, answered"] += bool(words)
        if said:
            counts[f"said {said}"] += 1
            counts[f"said {said}, rightly"] += said == right
            if show and said != right:
                print(f"  {said}, not {right or 'said'}: {example.question} | {words}")
    asked = ", ".join(f"{counts[truth]} {truth}" for truth in (*_BOTH, "not said"))
    answered = ", ".join(str(counts[f"{truth}, answered"]) for truth in (*_BOTH, "not said"))
    told = "; ".join(
        f"{each} said {counts[f'said {each}']}, rightly {counts[f'said {each}, rightly']}" for each in _BOTH
    )
    return f"{asked}{f' (answered {answered})' if assistant else ''}: {told}"


def main() -> None:
    """Count for each question set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--index", help="ask the questions of this index")
    parser.add_argument("--show", action="store_true", help="print those that are wrong")
    options = parser.parse_args()
    try:
        assistant = Assistant.open(options.index) if options.index else None
    except StoreError as error:
        parser.error(str(error))
    for path in options.questions:
        print(f"{path.name:20} {count(list(read_examples(path)), assistant, options.show)}")


if __name__ == "__main__":
    main()
