"""Small real parts that several test files use."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from asked import assistant_over
from hypothesis import settings
from local_site import Site
from numpy.typing import NDArray

from index.store import Index
from qa import Assistant

settings.register_profile("citewire", deadline=None)  # a busy machine is no fault of an example's
settings.load_profile("citewire")


class LetterEmbedder:
    """Hashed letter triples as unit vectors: a real embedder, without a model to load."""

    dimension = 64

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.encoded = 0  # documents so far

    def _encode(self, sentence: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        padded = f"  {sentence.casefold()}  "
        for at in range(len(padded) - 2):
            vector[zlib.crc32(padded[at : at + 3].encode()) % self.dimension] += 1
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit

    def encode_query(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._encode(sentence) for sentence in sentences])

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(sentences)
        return self.encode_query(sentences) if sentences else np.empty((0, self.dimension), np.float32)

    def fits(self, text: str) -> bool:
        return len(text) <= 900


def free_port() -> int:
    """A port that no program has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a release file; returns its path."""

    def _write(name: str, text: str) -> Path:
        path = tmp_path / "releases" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index with the letter embedder."""
    with Index.open(tmp_path / "index", embedder=LetterEmbedder()) as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on this machine."""
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two small releases, sure of two answers."""
    with assistant_over(tmp_path_factory.mktemp("asked")) as assistant:
        yield assistant
