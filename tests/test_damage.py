"""A small run of the benchmark that damages releases of all forms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_formats import DOCUMENTS

ROOT = Path(__file__).parent.parent
ENDINGS = {"word": "docx", "text": "txt", "mail": "eml"}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processor time is read from /proc")
def test_damaged_files_stop_nothing_and_lose_nothing(tmp_path: Path) -> None:
    """Each is read or refused; the command says so, and how long the longest took."""
    for kind, data in DOCUMENTS.items():
        (tmp_path / f"acme.{ENDINGS.get(kind, kind)}").write_bytes(data)
    command = [sys.executable, str(ROOT / "benchmarks" / "damage.py"), str(tmp_path), "--count", "40", "--seed", "3"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    counts, _, problems = done.stdout.splitlines()
    assert counts.startswith("40 files, seed 3: ")
    assert "read" in counts
    assert "refused" in counts
    assert problems == "0 problems in the index"
