"""Vectors in memory, found by inner product; the only file that imports faiss.

The file is derived: a header with the generation and a checksum over identity and content, then FAISS's own bytes.
One that is missing, cut short, damaged or of another database is made again from the truth, never trusted.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEADER = struct.Struct("<8sq32s")  # magic, generation, sha256
_MAGIC = b"citewire"
_PART = 50_000  # vectors fetched and added at a time: 75 MB at 384 dimensions
_COMPARED = 100  # vectors of a file that are compared with the database's, the newest first


class Vectors:
    """An exact inner-product index over vector ids, at one generation of one database.

    Args:
        path: of the derived file.
        identity: of the database and its embedder; a file of another identity is not used.
        dimension: of the vectors.
    """

    def __init__(self, path: Path, identity: str, dimension: int) -> None:
        self.dimension = dimension
        self.generation = -1  # of what is in memory
        self._path = path
        self._identity = identity.encode()
        self._index: Any = None
        self._saved_generation = -1

    def __len__(self) -> int:
        return 0 if self._index is None else int(self._index.ntotal)

    def ids(self) -> set[int]:
        """The ids of the vectors that are searched."""
        import faiss

        return set() if self._index is None else set(faiss.vector_to_array(self._index.id_map).tolist())

    def synchronise(
        self, generation: int, ids: set[int], fetch: Callable[[Sequence[int]], NDArray[np.float32]]
    ) -> None:
        """Come to ``generation``, in which exactly the vectors ``ids`` exist.

        A vector never changes, and its id is used again only where a database was put back from a copy, for what came
        after the copy. So only what is new is fetched: in ascending order of ids, shape ``(n, dimension)``.
        """
        import faiss
        import numpy as np

        if self._index is None:
            faiss.omp_set_num_threads(1)  # for one query at a time, waking threads takes longer than they save
            self._index = self._load()
            if self._index is None or not self._agrees(ids, fetch):
                self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension))
        held = self.ids()
        gone, new = held - ids, sorted(ids - held)
        if gone:
            self._index.remove_ids(np.fromiter(gone, np.int64, len(gone)))
        for start in range(0, len(new), _PART):
            part = new[start : start + _PART]
            self._index.add_with_ids(np.ascontiguousarray(fetch(part), np.float32), np.array(part, np.int64))
        self.generation = generation

    def search(
        self, vector: NDArray[np.float32], k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Ids and values of the ``k`` largest inner products with ``vector``, best first; fewer if there are fewer.

        Raises:
            ValueError: the vector does not have the index's dimension.
        """
        import numpy as np

        if vector.shape != (self.dimension,):
            raise ValueError(f"a query vector needs shape ({self.dimension},), got {vector.shape}")
        k = min(k, len(self) if within is None else len(within))
        if k < 1:
            return []
        scores, ids = self._index.search(np.ascontiguousarray(vector[np.newaxis], np.float32), k, params=_only(within))
        # FAISS fills up with id -1 where it finds fewer than k.
        return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]

    def reconstruct(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of these ids, shape ``(len(ids), dimension)``.

        Raises:
            KeyError: an id is not in the index.
        """
        import numpy as np

        found = np.empty((len(ids), self.dimension), np.float32)
        for row, id_ in enumerate(ids):
            try:
                self._index.reconstruct(int(id_), found[row])
            except RuntimeError as error:
                raise KeyError(id_) from error
        return found

    def save(self) -> None:
        """Write the derived file, whole or not at all. A disk that refuses is no error: the file can be made again."""
        import faiss

        if self._index is None or self._saved_generation == self.generation:
            return
        content = faiss.serialize_index(self._index).tobytes()
        header = _HEADER.pack(_MAGIC, self.generation, self._checksum(content))
        scratch = self._path.with_suffix(f".{os.getpid()}.tmp")
        try:
            scratch.write_bytes(header + content)
            os.replace(scratch, self._path)
            self._saved_generation = self.generation
        except OSError:
            scratch.unlink(missing_ok=True)

    def _load(self) -> Any:
        """The FAISS index in the file, of any generation; ``None`` if it is not ours, whole and of this database."""
        import faiss
        import numpy as np

        try:
            data = self._path.read_bytes()
            magic, generation, checksum = _HEADER.unpack_from(data)
        except (OSError, struct.error):
            return None
        content = data[_HEADER.size :]
        if magic != _MAGIC or checksum != self._checksum(content):
            return None
        self._saved_generation = generation
        return faiss.deserialize_index(np.frombuffer(content, np.uint8))

    def _agrees(self, ids: set[int], fetch: Callable[[Sequence[int]], NDArray[np.float32]]) -> bool:
        """Whether the newest of the vectors that both have are the same."""
        import numpy as np

        newest = sorted(self.ids() & ids)[-_COMPARED:]
        return np.array_equal(self.reconstruct(newest), fetch(newest))

    def _checksum(self, content: bytes) -> bytes:
        return hashlib.sha256(self._identity + b"\0" + content).digest()


def _only(ids: Sequence[int] | None) -> Any:
    """Search parameters that leave only these ids; ``None`` leaves all."""
    import faiss
    import numpy as np

    if ids is None:
        return None
    selector = faiss.IDSelectorBatch(np.array(ids, np.int64))
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # SWIG's wrapper takes it
