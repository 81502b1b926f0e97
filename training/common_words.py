"""List the words that are common in releases and unknown to the embedder: qa/words.txt.

    python training/common_words.py --index DIR

What is typed small and is none of the embedder's 30,000 words may be a name ("tonix"): `qa.mentions` takes it for one.
Words of business and medicine are none of those either ("dividend", "placebo"), but releases write them small: here are
those that at least ``LEAST`` issuers do, and that are not often part of a name. The index should hold many releases:
the shipped list is of 23,984.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path

from index.store import Index
from qa.mentions import ENDINGS, LEAST_RARE, is_known, singular

LEAST = 6  # issuers that write a word small
MOST_LARGE = 0.5  # share of its uses inside sentences that may be written large
WORDS = Path(__file__).parents[1] / "qa" / "words.txt"
_SMALL = re.compile(rf"(?<=[a-z,;] )[a-z]{{{LEAST_RARE},}}\b(?![-’'.@/])")
_LARGE = re.compile(rf"(?<=[a-z,;] )[A-Z][a-z]{{{LEAST_RARE - 1},}}\b")


def common_words(index: Index) -> list[str]:
    """The words, in alphabetical order."""
    issuers: dict[str, set[str]] = defaultdict(set)
    large: Counter[str] = Counter()
    for ref in index.releases():
        release = index.release(ref.id)
        if release is None:
            continue
        for word in set(_SMALL.findall(release.text)):
            issuers[word].add(release.issuer or release.source)
        large.update({word.casefold() for word in _LARGE.findall(release.text)})
    return sorted(
        word
        for word, those in issuers.items()
        if len(those) >= LEAST
        and large[word] <= MOST_LARGE * len(those)
        and not word.endswith(ENDINGS)
        and not is_known({word, singular(word)})
    )


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", default=".citewire")
    options = parser.parse_args()
    found = common_words(Index.open(options.index, create=False))
    WORDS.write_text("\n".join(found) + "\n", "utf-8")
    print(f"{len(found):,} words in {WORDS}")


if __name__ == "__main__":
    main()
