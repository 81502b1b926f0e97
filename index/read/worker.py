"""A process of its own that reads what parsers of others read: it may hang, swell or crash, and only the file is lost.

    python -m index.read.worker     reads jobs from standard input, writes results to standard output

A message is a JSON text and byte strings, each with its length before it.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

from index.read.draft import Draft, Unreadable
from index.read.formats import draft_of
from index.read.kind import Kind
from index.read.parts import Part, unpacked

SECONDS = 10.0  # of processor time for one file; the 214 pages of the longest PDF measured took five
PATIENCE = 120.0  # seconds by the clock: a busy machine is no reason to give a file up
MEMORY = 1_000_000_000  # bytes of address space
ROOT = Path(__file__).parent.parent.parent


def draft_apart(data: bytes, kind: Kind) -> Draft:
    """As `formats.draft_of`, in the other process.

    Raises:
        Unreadable: also where reading takes too long or too much memory, or ends the other process.
    """
    found, _ = _process.ask({"job": "draft", "kind": kind}, [data])
    return Draft([(kind, text) for kind, text in found["blocks"]], _facts(found["facts"]), found["warnings"])


def unpacked_apart(data: bytes, source: str, kind: Kind) -> list[Part]:
    """As `parts.unpacked`, in the other process.

    Raises:
        Unreadable: as `draft_apart`.
    """
    found, contents = _process.ask({"job": "unpack", "kind": kind, "source": source}, [data])
    return [
        Part(part["source"], content, part["kind"], _facts(part["facts"]), part["trouble"])
        for part, content in zip(found["parts"], contents, strict=True)
    ]


class _Process:
    """The other process: begun with the first job, begun anew after one that ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_late = False

    def ask(self, job: dict[str, Any], contents: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        with self._lock:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            self._is_late = False
            alarm = threading.Timer(PATIENCE, self._end_late, (process,))
            alarm.start()
            try:
                _write(process.stdin, job, contents)
                answer = _read(process.stdout)
            except OSError:
                answer = None
            except BaseException:  # Ctrl-C: what comes back later must not answer the next job
                self.close()
                raise
            finally:
                alarm.cancel()
            if answer is None:
                self.close()
                raise Unreadable(self._why_ended(process.returncode))
        found, more = answer
        if "unreadable" in found:
            raise Unreadable(found["unreadable"])
        return found, more

    def _why_ended(self, code: int | None) -> str:
        if self._is_late:
            return f"reading it took over {PATIENCE:.0f} s; add it again when the machine has less to do"
        is_long = code == -getattr(signal, "SIGPROF", 0)
        what = f"reading it took over {SECONDS:.0f} s of processor time" if is_long else "reading it ended its reader"
        return f"{what}: a damaged file, or one made to harm?"

    def _end_late(self, process: subprocess.Popen[bytes]) -> None:
        self._is_late = True
        process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._running is None or self._running.poll() is not None:
            path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
            self._running = subprocess.Popen(
                [sys.executable, "-m", "index.read.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for the program, which ends this process itself
            )
        return self._running

    def close(self) -> None:
        if self._running:
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(0.1)  # it may be ending by itself, and say why
            self._running.kill()
            self._running.wait()
            for pipe in (self._running.stdin, self._running.stdout):
                with suppress(OSError):
                    if pipe:
                        pipe.close()
        self._running = None


_process = _Process()


def end() -> None:
    """End the other process; the next job begins one."""
    _process.close()


atexit.register(end)


# -- messages ----------------------------------------------------------------------------------------------------------


def _write(stream: IO[bytes], message: dict[str, Any], contents: Sequence[bytes]) -> None:
    text = json.dumps(message | {"contents": len(contents)}, default=_day).encode("utf-8", "surrogatepass")
    for part in (text, *contents):
        stream.write(len(part).to_bytes(8, "big"))
        stream.write(part)
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """The next message; None where the other side has gone."""
    text = _frame(stream)
    if text is None:
        return None
    message: dict[str, Any] = json.loads(text)
    contents = [_frame(stream) for _ in range(message["contents"])]
    return None if None in contents else (message, [part for part in contents if part is not None])


def _frame(stream: IO[bytes]) -> bytes | None:
    size = stream.read(8)
    if len(size) < 8:
        return None
    part = stream.read(int.from_bytes(size, "big"))
    return part if len(part) == int.from_bytes(size, "big") else None


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(f"no message holds a {type(value)}")


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value for name, value in facts.items()
    }


# -- the other side ----------------------------------------------------------------------------------------------------


def _done(job: dict[str, Any], contents: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        if job["job"] == "draft":
            return asdict(draft_of(contents[0], job["kind"])), []
        parts = unpacked(contents[0], job["source"], job["kind"])
        told = [{"source": p.source, "kind": p.kind, "facts": p.facts, "trouble": p.trouble} for p in parts]
        return {"parts": told}, [part.data for part in parts]
    except Unreadable as error:
        return {"unreadable": str(error)}, []
    except MemoryError:
        return {"unreadable": f"reading it needs more than {MEMORY / 1e9:.0f} GB of memory"}, []
    except RecursionError:
        return {"unreadable": "it is nested too deeply"}, []
    except Exception as error:  # whatever a parser raises on what it was not made for
        return {"unreadable": f"a damaged file: its parser gave up ({type(error).__name__})"}, []


def _serve() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every platform
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get among the results
    while message := _read(sys.stdin.buffer):
        _limit_time(SECONDS)
        found = _done(*message)
        _limit_time(0)
        _write(results, *found)


def _limit_time(seconds: float) -> None:
    """Let the system end this process after so much processor time; 0 for no limit."""
    with suppress(AttributeError, OSError):  # not on every platform
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        _serve()
