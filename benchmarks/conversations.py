"""What keeping conversations costs.

    python benchmarks/conversations.py INDEX

Asks one question, keeps its answer in 1,000 conversations of three turns and one of 500 in a folder that is thrown
away; prints the time of a question, and of keeping a turn, listing, and opening with every citation checked, beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median

from qa import Assistant
from qa.conversation import Conversations

QUESTION = "Who is the chief executive officer?"


def timed(act: Callable[[], object], times: int = 1) -> float:
    """Median seconds of doing it once."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def main(folder: str) -> None:
    """Print the times."""
    assistant = Assistant.open(folder)
    answer = assistant.ask(QUESTION)
    asking = timed(lambda: assistant.ask(QUESTION), 9)
    print(f"a question: {1000 * asking:.0f} ms ({len(answer.citations)} citations)")
    with tempfile.TemporaryDirectory() as place, Conversations.open(place) as kept:
        long = kept.new()
        keeping = timed(lambda: kept.append(answer, long.id), 500)
        for _ in range(1000):
            id_ = kept.append(answer).conversation
            for _ in range(2):
                kept.append(answer, id_)
        listed = kept.all()
        opened = iter(listed)
        for what, seconds in {
            "keeping a turn": keeping,
            f"listing {len(listed):,} conversations": timed(kept.all, 9),
            "opening one of three turns": timed(lambda: kept.messages(next(opened).id, assistant.index), 900),
            "opening one of 500 turns": timed(lambda: kept.messages(long.id, assistant.index), 9),
        }.items():
            print(f"{what}: {1000 * seconds:.1f} ms, {seconds / asking:.3f} of a question")


if __name__ == "__main__":
    main(*sys.argv[1:])
