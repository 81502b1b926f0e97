"""Library: the releases behind the page, read, listed, added and removed, without ever waiting for an answer.

An Index is used from one thread at a time. Questions have theirs in the Assistant; here is another over the same
folder for what is opened and listed, and one more in the thread that adds.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

from index import EmbedderError, Index, StoreError
from index.embed import BundledEmbedder, Embedder
from index.read import find
from index.release import Release
from index.store import AddReport, ReleaseRef
from qa import Filters

T = TypeVar("T")

MOST_FILES = 200  # uploaded at once
MOST_IN_FOLDER = 20_000  # files of a folder added at once
MOST_JOBS = 50  # kept to be asked about
UPLOADS = "uploads"  # folder beside the index in which uploaded files are kept


class NotTaken(ValueError):
    """Something that is not added or removed; the message says why and what to do now."""


@dataclass(slots=True)
class Job:
    """Files that are being added, or were."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    total: int = 0  # files; 0 while it waits for another job
    done: int = 0
    report: AddReport | None = None  # there when it is done
    error: str = ""  # why it ended early


class Library:
    """The releases of the index in ``folder``.

    Args:
        embedder: the one that the index was made with.
        may_change: whether visitors of the page may add and remove releases.
        may_name_folders: whether they may name folders of this machine to be read.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, *, may_change: bool = True, may_name_folders: bool = True
    ) -> None:
        self.may_change = may_change
        self.may_name_folders = may_change and may_name_folders
        self._folder = folder
        self._uploads = folder / UPLOADS
        self._embedder = embedder
        self._index = Index.open(folder, embedder=embedder, create=False)
        self._lock = threading.Lock()
        self._listed: tuple[int, list[ReleaseRef]] = (-1, [])
        self._jobs: dict[str, Job] = {}
        self._adding = ThreadPoolExecutor(1, thread_name_prefix="add")
        self._closing = False

    def close(self) -> None:
        """Stop adding after the file in hand, and close the connections."""
        self._closing = True
        self._adding.shutdown(cancel_futures=True)
        self._index.close()

    # -- read ----------------------------------------------------------------------------------------------------------

    def release(self, release_id: str) -> Release | None:
        """The release with this id, if it is indexed."""
        with self._lock:
            return self._index.release(release_id)

    def releases(self, filters: Filters = Filters()) -> list[ReleaseRef]:
        """The releases that pass, newest first, those without a date last."""
        with self._lock:
            generation = self._index.generation
            if self._listed[0] != generation:
                self._listed = generation, self._index.releases()
            listed = self._listed[1]
            passing = self._index.select(
                issuers=filters.issuers, tickers=filters.tickers, since=filters.since, until=filters.until
            )
        if passing is None:
            return listed
        ids = set(passing)
        return [ref for ref in listed if ref.id in ids]

    def checked(self, look: Callable[[Index], T]) -> T:
        """What ``look`` finds in the index, which it has to itself meanwhile."""
        with self._lock:
            return look(self._index)

    # -- add and remove ------------------------------------------------------------------------------------------------

    def add_uploads(self, files: Sequence[Path]) -> Job:
        """Keep these files beside the index and begin to add them.

        Raises:
            NotTaken: too many, or nothing may be added.
        """
        self._check_may_change()
        if len(files) > MOST_FILES:
            raise NotTaken(f"{len(files):,} files are too many at once; add at most {MOST_FILES}, or a folder")
        self._uploads.mkdir(exist_ok=True)
        return self._begin([self._keep(file) for file in files])

    def add_folder(self, folder: str) -> Job:
        """Begin to add the releases in a folder of this machine.

        Raises:
            NotTaken: no such folder, too many files in it, or no folder may be named.
        """
        self._check_may_change()
        if not self.may_name_folders:
            raise NotTaken("folders can be named only where this page is served to its own machine alone")
        path = Path(folder.strip()).expanduser()
        if not folder.strip() or not path.is_absolute() or not path.is_dir():
            raise NotTaken(f"{folder[:200]!r} is no folder of this computer; give its whole path")
        if sum(1 for _ in islice(find([path]), MOST_IN_FOLDER + 1)) > MOST_IN_FOLDER:
            raise NotTaken(f"{path} holds more than {MOST_IN_FOLDER:,} files; add its folders one by one")
        return self._begin([path])

    def job(self, job_id: str) -> Job | None:
        """The job with this id, if it is one of the last."""
        return self._jobs.get(job_id)

    def remove(self, release_id: str) -> bool:
        """Take a release out of the index; whether it was there.

        Raises:
            NotTaken: nothing may be removed.
        """
        self._check_may_change()
        with self._lock:
            if self._index.release(release_id) is None:
                return False
            removed, _ = self._index.remove([release_id])
        self._forget(removed)
        return True

    def _check_may_change(self) -> None:
        if not self.may_change:
            raise NotTaken("nothing can be added or removed here: this page is open to others without a password")

    def _keep(self, file: Path) -> Path:
        """Move an uploaded file beside the index, under a name that no other file there has."""
        data = file.read_bytes()
        for number in count(1):
            name = file.name if number == 1 else f"{file.stem}-{number}{file.suffix}"
            kept = self._uploads / name
            if not kept.exists():
                shutil.move(file, kept)
                break
            if kept.read_bytes() == data:
                file.unlink()
                break
        return kept

    def _begin(self, paths: Sequence[Path]) -> Job:
        job = Job()
        self._jobs[job.id] = job
        for old in list(self._jobs)[:-MOST_JOBS]:
            del self._jobs[old]
        self._adding.submit(self._add, job, paths)
        return job

    def _add(self, job: Job, paths: Sequence[Path]) -> None:
        def on_progress(file: str, done: int, total: int, passages: int) -> None:
            job.done, job.total = done, total
            if self._closing:
                raise KeyboardInterrupt  # ends an Index's adding with what is done kept

        try:
            with Index.open(self._folder, embedder=_of_one_core(self._embedder), create=False) as index:
                report = index.add(paths, on_progress)
        except (StoreError, EmbedderError, OSError) as error:
            job.error = str(error)
            return
        self._forget(file for file, _ in report.failed)
        job.report = report

    def _forget(self, files: Iterable[str]) -> None:
        """Delete those of the files that were uploaded: no release is in them any more."""
        for file in map(Path, files):
            if file.parent == Path(os.path.abspath(self._uploads)):
                file.unlink(missing_ok=True)


def _of_one_core(embedder: Embedder) -> Embedder:
    """An embedder for the thread that adds, which leaves the other cores to those who ask."""
    return BundledEmbedder(threads=1) if isinstance(embedder, BundledEmbedder) else embedder
