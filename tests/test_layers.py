"""Imports go one way, and heavy libraries are loaded only where they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = {
    "index": ["release", "metadata", "read", "chunk", "embed", "database", "vectors", "store"],
    "qa": [
        *("rewrite", "correct", "rank", "retrieve", "confidence", "read", "answer", "assistant"),
        *("frames", "facts", "suggest"),
        *("kept", "conversation_file", "conversation", "transcript"),
    ],
    "eval": ["example", "feedback", "normalize", "metrics", "plot", "run"],
}
MAY_IMPORT = {"index": {"index"}, "qa": {"index", "qa"}, "eval": {"index", "qa", "eval"}}
ONLY_IN = {
    "faiss": {"index/vectors.py"},
    "tiktoken": {"index/chunk.py"},
    "onnxruntime": {"index/embed.py", "qa/read.py"},
    "sqlite3": {"index/database.py", "qa/conversation_file.py"},
    "sentence_transformers": {"index/embed.py"},
    "Stemmer": {"qa/rank.py"},
    "gradio": {"app.py"},
    "pygal": {"eval/plot.py"},
}
OWN = {"index", "qa", "eval", "app", "chat", "citewire", "page", "terminal"}


def imports(path: Path) -> set[str]:
    """Names of the modules that a file imports, anywhere in it; for ``from a import b`` both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("package", ORDER)
def test_every_file_has_its_place_in_the_order(package: str) -> None:
    """A new file must be given a place."""
    assert {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"} == set(ORDER[package])


@pytest.mark.parametrize("package", ORDER)
def test_a_file_imports_only_earlier_steps(package: str) -> None:
    """index ◀ qa ◀ eval, and within a package only steps that come before."""
    for number, step in enumerate(ORDER[package]):
        for name in imports(ROOT / package / f"{step}.py"):
            top, _, rest = name.partition(".")
            if top in OWN:
                assert top in MAY_IMPORT[package], f"{package}/{step}.py imports {name}"
            module = rest.split(".")[0]
            if top == package and module in ORDER[package]:
                assert ORDER[package].index(module) < number, f"{package}/{step}.py imports {name}"


def test_each_large_library_stays_inside_its_file() -> None:
    """So that it can be replaced there."""
    for path in [*ROOT.glob("*.py"), *(p for package in ORDER for p in (ROOT / package).glob("*.py"))]:
        tops = {name.split(".")[0] for name in imports(path)}
        for library, files in ONLY_IN.items():
            if library in tops:
                assert path.relative_to(ROOT).as_posix() in files, f"{path} imports {library}"


@pytest.mark.parametrize("module", ["index", "qa", "citewire", "chat", "app"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    """A fresh interpreter that only imports has no model runner and no web framework."""
    heavy = ["torch", "faiss", "onnxruntime", "gradio", "sentence_transformers", "numpy", "tiktoken", "trafilatura"]
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_export_exists() -> None:
    """What the packages promise in ``__all__`` is there."""
    import index
    import qa

    assert all(hasattr(index, name) for name in index.__all__)
    assert all(hasattr(qa, name) for name in qa.__all__)
