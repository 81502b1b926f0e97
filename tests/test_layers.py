"""Imports go one way, and heavy libraries are loaded only where they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = {
    "index": [
        *(
            "months",
            "release",
            "dateline",
            "listing",
            "issuer",
            "headline",
            "read",
            "same",
            "table",
            "chunk",
            "embed",
            "sqlite_file",
            "database",
            "ledger",
            "vectors",
            "store",
        ),
        *("web", "fetch", "feed", "edgar", "sources", "look", "sync"),
    ],
    "index/read": [
        *("draft", "cells", "columns", "tables", "sides", "stacked", "text", "markdown", "grid", "flow", "web"),
        *("pdf", "office", "kind", "mail", "parts", "formats", "worker"),
    ],
    "qa": [
        *(
            "company",
            "mentions",
            "quotation",
            "anaphora",
            "said",
            "fragment",
            "rewrite",
            "correct",
            "period",
            "amount",
            "hedge",
            "rank",
            "compare",
            "retrieve",
            "cells",
            "confidence",
            "scored",
            "define",
            "office",
            "several",
            "listed",
            "symbol",
            "contact",
            "contact_person",
            "person",
            "speaker",
            "stands_for",
            "acting",
            "described",
            "affirm",
            "verdict",
            "whole",
            "counterpart",
            "parallel",
            "told",
            "read",
            "answer",
            "news",
            "plain",
            "assistant",
        ),
        *("frames", "facts", "suggest"),
        *("kept", "conversation_file", "conversation", "transcript"),
    ],
    "eval": ["example", "feedback", "normalize", "metrics", "plot", "run"],
    "page": [
        *("inline", "place", "precedence", "release", "timeline", "answer", "scope", "browse", "library", "bring"),
        *("panel", "conversations", "feedback", "keeper", "chat", "endpoints", "limits", "login", "blocks", "serve"),
    ],
}
MAY_IMPORT = {
    "index": {"index"},
    "index/read": {"index"},
    "qa": {"index", "qa"},
    "eval": {"index", "qa", "eval"},
    "page": {"index", "qa", "page"},
}
ONLY_IN = {
    "faiss": {"index/vectors.py"},
    "tiktoken": {"index/chunk.py"},
    "onnxruntime": {"index/embed.py", "qa/read.py"},
    "sqlite3": {"index/sqlite_file.py", "index/database.py", "index/sources.py", "qa/conversation_file.py"},
    "urllib3": {"index/web.py"},
    "feedparser": {"index/feed.py"},
    "sentence_transformers": {"index/embed.py"},
    "Stemmer": {"qa/rank.py"},
    "gradio": {"page/blocks.py", "page/serve.py"},
    "starlette": {"page/limits.py", "page/login.py", "page/serve.py"},
    "pygal": {"eval/plot.py"},
    "pypdfium2": {"index/read/pdf.py"},
    "trafilatura": {"index/read/web.py"},
}
OWN = {"index", "qa", "eval", "app", "chat", "citewire", "following", "keeping", "page", "terminal"}


def imports(path: Path) -> set[str]:
    """Names of the modules that a file imports, anywhere in it; for ``from a import b`` both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files_of(package: str, step: str) -> list[Path]:
    """The file of a step, or those of its package."""
    path = ROOT / package / f"{step}.py"
    return [path] if path.exists() else sorted((ROOT / package / step).glob("*.py"))


@pytest.mark.parametrize("package", ORDER)
def test_every_file_has_its_place_in_the_order(package: str) -> None:
    """A new file must be given a place."""
    files = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    assert files | folders == set(ORDER[package])


@pytest.mark.parametrize("package", ORDER)
def test_a_file_imports_only_earlier_steps(package: str) -> None:
    """index ◀ qa ◀ eval, and within a package only steps that come before."""
    dotted = package.replace("/", ".")
    for number, step in enumerate(ORDER[package]):
        for path in files_of(package, step):
            for name in imports(path):
                if name.split(".")[0] in OWN:
                    assert name.split(".")[0] in MAY_IMPORT[package], f"{path} imports {name}"
                module = name.removeprefix(dotted + ".").split(".")[0]
                if name.startswith(dotted + ".") and module in ORDER[package] and module != step:
                    assert ORDER[package].index(module) < number, f"{path} imports {name}"


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
