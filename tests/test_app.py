from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from asked import ACME
from conftest import free_port

import app
from index.store import Index


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = app.main(arguments)
    captured = capsys.readouterr()
    assert captured.out == ""
    return code, captured.err


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, line = said(["--index", str(tmp_path / "index"), "--port", str(port)], capsys)
    assert code == 4
    assert (
        line == f"citewire: port {port} is in use, perhaps by another citewire; take another with --port {port + 1}\n"
    )
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_a_host_that_is_not_this_machine_is_said_in_one_line(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, line = said(["--host", host], capsys)
    assert code == 4
    assert re.fullmatch(rf"citewire: {host} .*leave --host out for 127\.0\.0\.1\n", line)


def test_an_index_that_cannot_be_made_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    code, line = said(["--index", str(tmp_path / "file"), "--port", str(free_port())], capsys)
    assert code == 4
    assert re.fullmatch(r"citewire: .*cannot be made a folder.*\n", line)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٧٨٦٠", ""])
def test_what_is_no_port_is_wrong_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        app.main([f"--port={port}"])
    assert exit_.value.code == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_first_use_reads_the_releases_and_serves_until_ctrl_c(tmp_path: Path) -> None:
    """One run of the command: progress, a line for the file that fails, the address, and a clean end."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "acme.md").write_text(ACME)
    (tmp_path / "releases" / "broken.txt").write_bytes(b"\0\1\2")
    port = free_port()
    # Where this suite runs in the background of a shell its children ignore Ctrl-C.
    code = "import signal, sys, app; signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(app.main())"
    command = [sys.executable, "-c", code, "--port", str(port), "--releases", "releases"]
    # A proxy that is not there: nothing may go through it, nor may it stand between the page and itself.
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    proxy["PYTHONPATH"] = str(Path(app.__file__).parent)
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | proxy
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == f"citewire is at http://127.0.0.1:{port}/  (Ctrl-C stops it)\n"
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200
        run.send_signal(signal.SIGINT)
        rest, errors = run.communicate(timeout=20)
    assert (run.returncode, rest) == (0, "")
    lines = errors.splitlines()
    assert lines[0] == "reading releases for the first time: 2 of 2"
    assert re.fullmatch(r".*broken\.txt: not text.*; skipped", lines[1])
    assert lines[2:] == ["", "citewire: stopped"]
    assert (tmp_path / ".citewire" / "citewire.sqlite").exists()


def test_an_index_with_releases_gets_no_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.md").write_text(ACME)
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path / "acme.md"])
    options = app._parser().parse_args(["--index", str(tmp_path / "index")])
    with app._assistant(options).index as index:
        assert len(index) == 1
    assert capsys.readouterr().err == ""


def test_no_releases_at_all_is_said_and_does_not_stop_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    options = app._parser().parse_args(["--index", str(tmp_path / "i"), "--releases", str(tmp_path / "empty")])
    with app._assistant(options).index as index:
        assert len(index) == 0
    assert capsys.readouterr().err.endswith(f"add yours: citewire add PATH --index {tmp_path / 'i'}\n")


def test_a_user_needs_a_password_and_a_password_a_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(app.PASSWORD, raising=False)
    for given, password, reason in (
        (["--user", "ann"], "", "needs a password"),
        ([], "anvil", "is set, but no user"),
        (["--user", "ann", "--mcp"], "anvil", "MCP knows no password"),
    ):
        monkeypatch.setenv(app.PASSWORD, password)
        with pytest.raises(SystemExit) as exit_:
            app.main(given)
        assert exit_.value.code == 2
        assert reason in capsys.readouterr().err


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = "{'gradio', 'faiss', 'onnxruntime', 'torch', 'tokenizers', 'numpy', 'httpx'}"
    code = f"import sys, app; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(app.__file__).parent, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")
