"""How many questions for a company's ticker symbol or exchange get one that its releases state.

    python benchmarks/listings.py --index ix [--sample 60] [--show]

Companies are drawn by chance; what their releases state is what reading them found (`Release.tickers`, itself checked
by `benchmarks/metadata.py`). The same is asked of companies whose releases state none.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict

from index import StoreError
from qa import Assistant
from qa.company import short_name

MOST_WORDS = 4  # of a company's name
FOR_SYMBOL = (
    "What is {of} ticker symbol?",
    "Under which symbol does {name} trade?",
    "What's the stock ticker of {name}?",
)
FOR_EXCHANGE = (
    "Which exchange is {name} listed on?",
    "Where are {of} shares listed?",
    "On what stock exchange does {name} trade?",
)


def is_right(text: str, listings: set[str], *, symbol: bool) -> bool:
    """Whether an answer has one of these symbols, or of their exchanges.

    >>> is_right("(TSX: ACM)", {"TSX:ACM"}, symbol=True), is_right("NYSE", {"NYSE AMERICAN:ACM"}, symbol=False)
    (True, False)
    """
    if symbol:
        return bool(set(re.findall(r"[A-Z0-9.\-]+", text)) & {each.rpartition(":")[2] for each in listings})
    said = re.sub(r"\W", "", text).casefold()
    return any(re.sub(r"\W", "", each.partition(":")[0]).casefold() in said for each in listings)


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", default=".citewire")
    parser.add_argument("--sample", type=int, default=60, help="companies asked about (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="print the questions that are not right")
    options = parser.parse_args()
    try:
        assistant = Assistant.open(options.index)
    except StoreError as error:
        parser.error(str(error))
    stated: dict[str, set[str]] = defaultdict(set)
    for release in assistant.index.releases():
        name = short_name(release.issuer or "")
        if name and len(name.split()) <= MOST_WORDS:
            stated[name].update(release.tickers)
    draw = random.Random(5)
    for title, names in (
        ("listed", sorted(name for name, listings in stated.items() if listings)),
        ("not listed", sorted(name for name, listings in stated.items() if not listings)),
    ):
        for symbol, forms in ((True, FOR_SYMBOL), (False, FOR_EXCHANGE)):
            counts: Counter[str] = Counter()
            for number, name in enumerate(draw.sample(names, min(options.sample, len(names)))):
                of = f"{name}’" if name.endswith("s") else f"{name}’s"
                answer = assistant.ask(forms[number % len(forms)].format(name=name, of=of))
                verdict = (
                    "refused"
                    if not answer.answered
                    else "right"
                    if is_right(answer.text, stated[name], symbol=symbol)
                    else "wrong"
                )
                counts[verdict] += 1
                if options.show and verdict != ("right" if stated[name] else "refused"):
                    print(
                        f"  {verdict}: {answer.question} {answer.text} ({answer.confidence:.2f}) {sorted(stated[name])}"
                    )
            told = ", ".join(f"{counts[each]} {each}" for each in ("right", "wrong", "refused"))
            print(f"{title:10} {'symbol' if symbol else 'exchange':8} {told}")


if __name__ == "__main__":
    main()
