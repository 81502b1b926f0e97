from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
QUESTION = "what payload does CLR 131 use?"

# What a first user does, in one process; then which modules are loaded, and what was asked of the network.
SCRIPT = """
import contextlib, io, json, sys
asked = []
def hook(event, given):
    if event in ("socket.connect", "socket.getaddrinfo"):
        asked.append(event)
sys.addaudithook(hook)
import citewire
index, releases, questions, question = sys.argv[1:]
codes, printed = [], io.StringIO()
with contextlib.redirect_stdout(printed):
    for command in (["add", releases], ["ask", question, "--json"], ["eval", questions], ["verify"]):
        codes.append(citewire.main([*command, "--index", index]))
modules = sorted({name.split(".")[0] for name in sys.modules})
print(json.dumps({"codes": codes, "printed": printed.getvalue(), "modules": modules, "asked": asked}))
"""


@cache
def cut_off() -> tuple[str, ...]:
    """The command that runs another without a network; empty where that is not possible."""
    for command in (("unshare", "-rn"), ("unshare", "-n")):
        try:
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return command
        except OSError:
            break
    return ()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("offline")
    lines = (ROOT / "eval" / "questions" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "questions.jsonl").write_text("\n".join([*lines[:3], lines[-1]]), encoding="utf-8")
    (folder / "home").mkdir()
    done = subprocess.run(
        [*cut_off(), sys.executable, "-c", SCRIPT, "index", ROOT / "releases", "questions.jsonl", QUESTION],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env={"HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout) | {
        "stderr": done.stderr,
        "home": list((folder / "home").iterdir()),
    }
    return result


def test_add_ask_eval_and_verify_work_without_a_network(found: dict[str, Any]) -> None:
    """With no way out of the machine and nothing in the home folder, the samples are added and answered from."""
    if not cut_off():
        pytest.skip("unshare cannot cut the network off here")
    assert found["codes"] == [0, 0, 0, 0], found["stderr"]
    assert '"answer": "iodine-131, a cytotoxic radioisotope"' in found["printed"]
    assert "questions: 4" in found["printed"]


def test_nothing_is_asked_of_the_network(found: dict[str, Any]) -> None:
    """No name is looked up and no connection tried from Python, so nothing waits for one to fail."""
    assert found["asked"] == []


def test_nothing_is_left_in_the_home_folder(found: dict[str, Any]) -> None:
    """No cache and no device id: from there onnxruntime sends telemetry once it runs for some seconds."""
    assert found["home"] == []


def test_the_default_path_loads_no_torch(found: dict[str, Any]) -> None:
    """Nor what would load it: torch costs seconds and half a gigabyte. The page's library stays out, too."""
    loaded = set(found["modules"])
    assert {"index", "qa", "eval", "faiss", "onnxruntime", "tokenizers"} <= loaded
    assert not {"torch", "transformers", "sentence_transformers", "gradio", "sklearn", "scipy"} & loaded
