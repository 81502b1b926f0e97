"""kill -9 and Ctrl-C while adding: every time the index opens, is whole, and adding again completes it.

CITEWIRE_KILLS says how many random moments are tried (default 8).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import LetterEmbedder, Write

from index.store import Index

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("CITEWIRE_KILLS", "8"))
RELEASES = 150


def write_releases(write: Write) -> Path:
    for n in range(RELEASES):
        body = "\n\n".join(f"Paragraph {m} of release {n} speaks of anvil {n * m}." for m in range(12))
        folder = write(f"r{n:03}.md", f"# Release {n}\n\n{body}\n").parent
    return folder


def start_adding(index: Path, releases: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "from conftest import LetterEmbedder\nfrom index.store import Index\n"
        f"index = Index.open({str(index)!r}, embedder=LetterEmbedder())\n"
        "print('open', flush=True)\n"
        f"print(index.add([{str(releases)!r}]).interrupted)"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def contents(index: Index) -> list[tuple[str, str]]:
    return [(ref.id, ref.source) for ref in index.releases()]


def test_killed_at_any_moment(write: Write, tmp_path: Path) -> None:
    """What was written is whole; the next run completes it to what an undisturbed one gives."""
    releases = write_releases(write)
    with Index.open(tmp_path / "whole", embedder=LetterEmbedder()) as whole:
        started = time.monotonic()
        whole.add([releases])
        seconds = time.monotonic() - started
        expected = sorted(contents(whole))
    draw = random.Random(0)
    partial = 0
    for kill in range(KILLS):
        folder = tmp_path / f"killed{kill}"
        process = start_adding(folder, releases)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.uniform(0, seconds * 1.2))
        process.kill()
        process.communicate()
        with Index.open(folder, embedder=LetterEmbedder()) as index:
            assert index.verify() == []
            partial += 0 < len(index) < RELEASES
            index.add([releases])
            assert sorted(contents(index)) == expected
            assert index.verify() == []
    assert partial, "no kill came while releases were being added: the test shows nothing"


def test_ctrl_c_keeps_what_is_done(write: Write, tmp_path: Path) -> None:
    """The report says that it was interrupted."""
    releases = write_releases(write)
    process = start_adding(tmp_path / "stopped", releases)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.25)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 0
    with Index.open(tmp_path / "stopped", embedder=LetterEmbedder()) as index:
        assert said.strip() == ("True" if len(index) < RELEASES else "False")
        assert index.verify() == []
