"""How many questions for a company's ticker, exchange, e-mail address or website, or whose a ticker is, are answered.

    python benchmarks/particulars.py --index ix [--sample 60] [--show]

Companies are drawn by chance. Listings are those that reading the releases found (`Release.tickers`, itself checked by
`benchmarks/metadata.py`), addresses those in the releases that have the company's first word in their domain. The same
is asked of companies of which none is known: an answer there is wrong unless the address goes by another name. Instead
of their symbols four letters are made up. Those listed in several of Canada, Germany and the United States are asked
for the symbol or the exchange in each.
"""

from __future__ import annotations

import argparse
import random
import re
import string
from collections import Counter, defaultdict
from typing import Literal

from opened import opened

from index.release import plain_name
from qa import Assistant
from qa.company import short_name
from qa.contact import FORMS
from qa.listed import AREAS

Particular = Literal["symbol", "exchange", "e-mail", "website", "company"]

MOST_WORDS = 4  # of a company's name
LEAST_LETTERS = 4  # of its first word
FORMS_OF: dict[Particular, tuple[str, ...]] = {
    "symbol": (
        "What is {of} ticker symbol?",
        "Under which symbol does {name} trade?",
        "What's the stock ticker of {name}?",
    ),
    "exchange": (
        "Which exchange is {name} listed on?",
        "Where are {of} shares listed?",
        "On what stock exchange does {name} trade?",
    ),
    "e-mail": (
        "What is {of} e-mail address?",
        "Which email can I use to contact {name}?",
        "{name} contact email",
    ),
    "website": ("What is {of} website?", "What's the website of {name}?", "{name} website address"),
    "company": (
        "Which company trades under {symbol}?",
        "What company has the ticker {symbol}?",
        "Whose ticker symbol is {symbol}?",
        "company listed as {symbol}",
    ),
}


FORMS_OF_AREA = {
    "canada": ("What is {of} Canadian ticker?", "On which Canadian exchange is {name} listed?"),
    "germany": ("What's the ticker of {name} in Germany?", "Which German exchange lists {name}?"),
    "america": ("Under what symbol does {name} trade in the United States?", "On which US exchange does {name} trade?"),
}


def stated(assistant: Assistant) -> dict[str, dict[Particular, set[str]]]:
    """What the releases state, by the issuer's name as people say it."""
    found: dict[str, dict[Particular, set[str]]] = defaultdict(lambda: {kind: set() for kind in FORMS_OF})
    for ref in assistant.index.releases():
        name = short_name(ref.issuer or "")
        release = assistant.index.release(ref.id)
        first = re.sub(r"\W", "", name.split(" ")[0].casefold())
        if release is None or len(first) < LEAST_LETTERS or len(name.split()) > MOST_WORDS:
            continue
        own = found[name]
        own["symbol"].update(each.rpartition(":")[2] for each in release.tickers)
        own["exchange"].update(_letters(each.partition(":")[0]) for each in release.tickers)
        for kind in ("e-mail", "website"):
            addresses = (match[0] for match in FORMS[kind].finditer(release.text))
            own[kind].update(each for each in addresses if first in _letters(each.rpartition("@")[2]))
    for name, own in found.items():
        own["company"] = {other for other, its in found.items() if own["symbol"] & its["symbol"]} | {name}
        own["company"] = own["company"] if own["symbol"] else set()
    return found


def is_right(kind: Particular, text: str, known: set[str]) -> bool:
    """Whether an answer has one of these.

    >>> is_right("symbol", "(TSX: ACM)", {"ACM"}), is_right("exchange", "NYSE", {"nyseamerican"})
    (True, False)
    >>> is_right("e-mail", "ir@acme.com", {"555-0100ir@acme.com"})
    True
    """
    if kind == "symbol":
        return bool(set(re.findall(r"[A-Z0-9.\-]+", text)) & known)
    if kind == "exchange":
        return any(each in _letters(text) for each in known)
    if kind == "company":
        return any(plain_name(short_name(text)) in plain_name(each) or each in text for each in known)
    return any(each.endswith(text) for each in known)


def listed_in(assistant: Assistant) -> dict[str, dict[str, set[tuple[str, str]]]]:
    """The exchanges and symbols of companies listed in several areas, by name and area."""
    found: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for ref in assistant.index.releases():
        for listing in ref.tickers if ref.issuer else ():
            exchange, _, symbol = listing.partition(":")
            for area, exchanges in AREAS.items():
                if (own := re.sub(r"\W", "", exchange)) in exchanges:
                    found[short_name(ref.issuer or "")][area].add((_letters(own), symbol))
    return {name: areas for name, areas in found.items() if len(areas) > 1}


def ask_by_area(assistant: Assistant, draw: random.Random, sample: int, show: bool) -> Counter[str]:
    """How many questions for a listing in one of a company's areas get that one and no other."""
    companies = listed_in(assistant)
    counts: Counter[str] = Counter()
    for number, name in enumerate(draw.sample(sorted(companies), min(sample, len(companies)))):
        of = f"{name}’" if name.endswith("s") else f"{name}’s"
        for area, listings in companies[name].items():
            is_symbol = number % 2
            answer = assistant.ask(FORMS_OF_AREA[area][1 - is_symbol].format(name=name, of=of))
            own = {listing[is_symbol] for listing in listings}
            others = {
                listing[is_symbol] for each in companies[name] if each != area for listing in companies[name][each]
            }
            said = set(re.findall(r"[A-Z0-9.\-]+", answer.text)) if is_symbol else {_letters(answer.text)}
            is_it = bool(said & own) and not said & (others - own)
            verdict = "right" if is_it else "wrong" if answer.answered else "refused"
            counts[verdict] += 1
            if show and verdict != "right":
                print(f"  {verdict}: {answer.question} {answer.text} ({answer.confidence:.2f})")
    return counts


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=60, help="companies asked about (default: %(default)s)")
    options, assistant = opened(parser)
    known = stated(assistant)
    draw = random.Random(5)
    for kind, forms in FORMS_OF.items():
        for is_stated in (True, False):
            names = sorted(name for name, own in known.items() if bool(own[kind]) == is_stated)
            counts: Counter[str] = Counter()
            for number, name in enumerate(draw.sample(names, min(options.sample, len(names)))):
                of = f"{name}’" if name.endswith("s") else f"{name}’s"
                symbol = min(known[name]["symbol"], default="".join(draw.sample(string.ascii_uppercase, 4)))
                answer = assistant.ask(forms[number % len(forms)].format(name=name, of=of, symbol=symbol))
                right = answer.answered and is_right(kind, answer.text, known[name][kind])
                verdict = "right" if right else "wrong" if answer.answered else "refused"
                counts[verdict] += 1
                if options.show and verdict != ("right" if is_stated else "refused"):
                    print(f"  {verdict}: {answer.question} {answer.text} ({answer.confidence:.2f})")
            told = ", ".join(f"{counts[each]} {each}" for each in ("right", "wrong", "refused"))
            print(f"{kind:8} {'stated' if is_stated else 'not stated':10} of {len(names):5,}: {told}")
    counts = ask_by_area(assistant, draw, options.sample, options.show)
    print("by area:", ", ".join(f"{counts[each]} {each}" for each in ("right", "wrong", "refused")))


if __name__ == "__main__":
    main()
