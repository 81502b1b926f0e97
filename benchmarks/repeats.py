"""What passages of the same words save when releases are added: milliseconds of embedding a passage, and of all else.

    python benchmarks/repeats.py RELEASES INDEX [INDEX ...] [--sample 200]

RELEASES is a folder to add some of, drawn by lot, to an index that is thrown away; each INDEX tells how many of its
passages have the words of another, and is not changed. Wall clock, nothing else should run.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.embed import BundledEmbedder
from index.read import find
from index.store import Index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Timed(BundledEmbedder):
    """The bundled embedder, with a clock."""

    seconds, passages = 0.0, 0

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """As the bundled one."""
        started = time.perf_counter()
        vectors = super().encode_document(sentences)
        self.seconds += time.perf_counter() - started
        self.passages += len(sentences)
        return vectors


def main() -> None:
    """Add, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("releases", type=Path)
    parser.add_argument("indexes", type=Path, nargs="+", metavar="INDEX")
    parser.add_argument("--sample", type=int, default=200)
    options = parser.parse_args()
    drawn = random.Random(0).sample(sorted(find([options.releases])), options.sample)
    embedder = Timed()
    with tempfile.TemporaryDirectory() as folder, Index.open(folder, embedder=embedder) as index:
        index.add(drawn[:1])  # loads the models
        embedder.seconds, embedder.passages, before = 0.0, 0, index.count_chunks()
        started = time.perf_counter()
        index.add(drawn[1:])
        whole, passages = time.perf_counter() - started, index.count_chunks() - before
    one, rest = embedder.seconds / embedder.passages, (whole - embedder.seconds) / passages
    print(f"embedding a passage {one * 1e3:.1f} ms, the rest of adding one {rest * 1e3:.1f} ms ({passages} passages)")
    for path in options.indexes:
        with Index.open(path, create=False) as index:
            passages, vectors = index.count_chunks(), index.count_vectors()
        saved = (passages - vectors) * one / (passages * (one + rest))
        print(
            f"{path.name}: {passages - vectors:,} of {passages:,} passages not embedded, {saved:.1%} of the time saved"
        )


if __name__ == "__main__":
    main()
