"""Text -> unit vectors: the bundled model, or any sentence-transformers model by name or path.

The bundled model quantises activations by one scale per tensor, so that in a batch a text's vector would depend on
its neighbours and on padding. Here each text is run alone, unpadded, several at a time on threads: the vector depends
on the text only, and nothing is spent on padding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent / "model"


class EmbedderError(RuntimeError):
    """An embedder that cannot be loaded: which, why, and what to do."""


class Embedder(Protocol):
    """What the index needs of an embedder. Method names are those of sentence-transformers."""

    name: str  # an index made with another name is refused
    dimension: int

    def encode_query(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors for questions, shape ``(len(sentences), dimension)``."""
        ...

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors for passages, shape ``(len(sentences), dimension)``."""
        ...

    def fits(self, text: str) -> bool:
        """Whether the model sees the whole of ``text``."""
        ...


class BundledEmbedder:
    """all-MiniLM-L6-v2 (Apache-2.0) as int8 ONNX: 384 dimensions, at most 256 word pieces. Loaded on first use.

    Args:
        threads: texts run at the same time; all cores if not given.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, threads: int | None = None) -> None:
        facts = json.loads((folder / "MODEL.json").read_text(encoding="utf-8"))
        self.name = f"{facts['name']}@{facts['sha256']['embedder.onnx'][:12]}"
        self.dimension = int(facts["dimension"])
        self.max_tokens = int(facts["max_tokens"])
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read when it is imported; nothing is sent from here
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one text a thread: no hand-over inside a text, no effect on its sums
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(self._folder / "embedder.onnx", options, providers=["CPUExecutionProvider"])

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="embed")

    def fits(self, text: str) -> bool:
        """Whether ``text`` is at most ``max_tokens`` word pieces long, the two that frame it included."""
        # A word piece is at least a character: long texts need no counting, and most chunks are short ones.
        return len(text) < self.max_tokens - 2 or len(self._tokenizer.encode(text).ids) <= self.max_tokens

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(sentences), 384)``. Text beyond ``max_tokens`` is not seen."""
        import numpy as np

        if not sentences:
            return np.empty((0, self.dimension), np.float32)
        if len(sentences) == 1:
            return self._encode(sentences[0])[np.newaxis]
        return np.stack(list(self._pool.map(self._encode, sentences)))

    encode_query = encode_document

    def _encode(self, sentence: str) -> NDArray[np.float32]:
        import numpy as np

        ids = self._tokenizer.encode(sentence).ids
        if len(ids) > self.max_tokens:
            ids = [*ids[: self.max_tokens - 1], ids[-1]]
        row = np.array([ids], np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        vector: NDArray[np.float32] = self._session.run(None, inputs)[0][0]
        return vector


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads, by name or path. Imports torch (seconds, half a gigabyte).

    Raises:
        EmbedderError: the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        from huggingface_hub import model_info
        from sentence_transformers import SentenceTransformer

        try:
            try:
                self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
            except Exception:  # not a folder and not in the cache: it may be had by name
                model_info(model, timeout=5)  # says so at once where there is no network; loading tries for a minute
                self._model = SentenceTransformer(model, device="cpu")
        except Exception as error:  # it raises many kinds; each means that this model is not to be had here
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise EmbedderError(
                f"the embedder {model!r} cannot be loaded ({reason[:200]}); give the folder of a sentence-transformers "
                "model, or a name that is in the local cache or can be downloaded"
            ) from error
        self.name = f"sentence-transformers:{model}"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def fits(self, text: str) -> bool:
        """Whether ``text`` is within the model's maximal sequence length."""
        limit = self._model.max_seq_length
        return limit is None or len(self._model.tokenizer(text, truncation=False)["input_ids"]) <= limit

    def encode_query(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, with the model's own prompt for queries if it has one."""
        return self._encode(self._model.encode_query, sentences)

    def encode_document(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, with the model's own prompt for documents if it has one."""
        return self._encode(self._model.encode_document, sentences)

    def _encode(self, encode: Any, sentences: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not sentences:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(encode(list(sentences), normalize_embeddings=True, show_progress_bar=False), np.float32)


def embedder(model: str | None = None) -> Embedder:
    """The bundled embedder, or the sentence-transformers model of that name or path.

    Raises:
        EmbedderError: the model cannot be loaded.
    """
    return SentenceTransformerEmbedder(model) if model else BundledEmbedder()
