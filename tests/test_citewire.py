from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import citewire
from index.store import DATABASE
from qa.rank import Signals

ROOT = Path(__file__).parent.parent
ACME = """\
# Acme Corp. opens an anvil works

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) uses recycled iron as its material.

Ann Berg, chief executive officer of Acme Corp., opened the works. They cost $5 million.
"""
BOLT = """\
Bolt SE Makes Screws in Łódź

ULM, 2 September 2023 – Bolt SE (FSE: BLT) uses titanium, a light metal, as its material.
"""
MATERIAL = "What material does Acme Corp. use?"
CITED = "Acme Corp. (NYSE: ACM) uses »recycled iron« as its material."
COMMANDS = ("add", "follow", "sync", "remove", "list", "ask", "chat", "conversations", "eval", "verify")


class Done(NamedTuple):
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process. What it prints must never be a traceback."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            code = citewire.main([str(argument) for argument in arguments])
        except SystemExit as error:  # argparse
            code = int(error.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Done(code, out, err)

    return run


def spawn(*arguments: object, **options: Any) -> Done:
    """Run a command as a process of its own."""
    environment = os.environ | {"PYTHONUTF8": "1", "COLUMNS": "100"} | options.pop("env", {})
    done = subprocess.run(
        [sys.executable, ROOT / "citewire.py", *map(str, arguments)],
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
        **options,
    )
    out, err = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
    assert "Traceback" not in out + err
    return Done(done.returncode, out, err)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two releases, which is the current one; its index is ``.citewire``, as by default."""
    monkeypatch.chdir(tmp_path)
    news = tmp_path / "news"
    news.mkdir()
    (news / "acme.md").write_text(ACME, encoding="utf-8")
    (news / "bolt.txt").write_text(BOLT, encoding="utf-8")
    return news


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the two releases that no test changes."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "acme.md").write_text(ACME, encoding="utf-8")
    (folder / "bolt.txt").write_text(BOLT, encoding="utf-8")
    assert citewire.main(["add", str(folder), "--index", str(folder / "index")]) == 0
    return folder / "index"


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n")


# -- add ---------------------------------------------------------------------------------------------------------------


def test_add_a_folder_then_again(files: Path, run: Run) -> None:
    """A folder is searched for releases; a second time nothing is done twice."""
    (files / "logo.png").write_bytes(b"\x89PNG")
    said = "not looked at: 1 file with other endings (1 .png); name a file to have it read\n"
    assert run("add", files) == (0, "2 added; 2 releases in the index\n", said)
    assert (files.parent / ".citewire" / DATABASE).exists()
    assert run("add", "news") == (0, "2 unchanged; 2 releases in the index\n", "")


def test_add_files_and_folders_together(files: Path, run: Run) -> None:
    """A file that is named twice is read once."""
    assert run("add", files / "acme.md", files, "news/acme.md").out == "2 added; 2 releases in the index\n"


def test_a_changed_file_replaces_what_it_held(files: Path, run: Run) -> None:
    """The old words are gone from the next answer."""
    run("add", files)
    (files / "acme.md").write_text(ACME.replace("recycled iron", "fresh bronze"), encoding="utf-8")
    assert run("add", files).out == "1 replaced, 1 unchanged; 2 releases in the index\n"
    assert json.loads(run("ask", MATERIAL, "--json").out)["answer"].startswith("fresh bronze")


def test_the_same_release_in_two_files_is_kept_once(files: Path, run: Run) -> None:
    """And said so, with both names."""
    (files / "copy.md").write_text(ACME, encoding="utf-8")
    done = run("add", files)
    assert (done.code, done.out) == (0, "2 added, 1 the same as another; 2 releases in the index\n")
    assert done.err == f"{files / 'copy.md'}: the same release as {files / 'acme.md'}; kept once\n"


def test_add_a_path_that_is_not_there(files: Path, run: Run) -> None:
    """Named, with what is wrong; the others are added."""
    done = run("add", "nowhere", files)
    assert (done.code, done.out) == (1, "2 added, 1 skipped; 2 releases in the index\n")
    assert done.err == f"{files.parent / 'nowhere'}: no such file; skipped\n"


def test_add_a_folder_without_releases(files: Path, run: Run) -> None:
    """Told so, with the kinds of file that are looked for."""
    (files.parent / "empty").mkdir()
    done = run("add", "empty")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("no release files (.txt, .md, ")
    assert done.err.endswith(") in empty\n")


def test_bad_files_among_good_ones(files: Path, run: Run) -> None:
    """Each bad file is named on one line with its reason, and the rest is done."""
    (files / "binary.txt").write_bytes(b"\0\1\2" * 1000)
    (files / "empty.md").write_bytes(b"")
    done = run("add", files, files / "acme.pdf")
    assert (done.code, done.out) == (1, "2 added, 3 skipped; 2 releases in the index\n")
    lines = sorted(done.err.splitlines())
    assert [Path(line.split(": ")[0]).name for line in lines] == ["acme.pdf", "binary.txt", "empty.md"]
    assert all(line.endswith("; skipped") for line in lines)


def test_a_page_without_text_among_good_files(files: Path, run: Run) -> None:
    """A page that holds no text is skipped like any other bad file."""
    (files / "frames.html").write_text("<html><body><img src='a.png'></body></html>", encoding="utf-8")
    assert run("add", files).out == "2 added, 1 skipped; 2 releases in the index\n"


def test_a_file_whose_name_is_no_utf8_among_good_files(files: Path, run: Run) -> None:
    """Old archives hold such names; one of them is no reason to stop."""
    os.link(files / "acme.md", os.fsencode(files) + b"/caf\xe9.md")
    done = run("add", files)
    assert done.code in (0, 1)
    assert "2 releases in the index" in done.out


def test_add_without_a_path(files: Path, run: Run) -> None:
    """Told what to name; no index is made."""
    done = run("add")
    assert (done.code, done.out, done.err) == (2, "", "citewire add: name at least one file, folder or web address\n")
    assert not (files.parent / ".citewire").exists()


def test_rebuild_needs_no_files(files: Path, run: Run) -> None:
    """The texts are in the index: the files may be gone."""
    run("add", files)
    (files / "acme.md").unlink()
    (files / "bolt.txt").unlink()
    with sqlite3.connect(files.parent / ".citewire" / DATABASE) as database:
        database.execute("DELETE FROM chunk_words")
    assert run("verify").code == 1
    assert run("add", "--rebuild") == (0, "nothing to add; 2 releases in the index\n", "")
    assert run("ask", MATERIAL).code == 0
    assert run("verify").code == 0


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    """A second process sees whole releases only; the message says that they are kept and how to go on."""
    for number in range(300):
        text = f"Acme News {number}\n\nOSLO, May 3, 2024 – Acme Corp. sold {number} anvils. " + "It rained again. " * 60
        (tmp_path / f"{number:03}.txt").write_text(text, encoding="utf-8")
    # Where the tests themselves run in the background, their children would not hear Ctrl-C.
    code = "import signal, sys, citewire; signal.signal(signal.SIGINT, signal.default_int_handler); "
    adding = subprocess.Popen(
        [sys.executable, "-c", code + "sys.exit(citewire.main())", "add", tmp_path, "--index", tmp_path / "index"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    wait_for_a_release(tmp_path / "index" / DATABASE)
    adding.send_signal(signal.SIGINT)
    out, err = adding.communicate(timeout=60)
    assert adding.returncode == 130, err
    assert err.endswith("stopped; what is done is kept, the same command goes on from here\n")
    kept = re.fullmatch(r"(\d+) added; (\d+) releases? in the index\n", out)
    assert kept is not None
    assert 0 < int(kept[1]) == int(kept[2]) < 300
    done = spawn("verify", "--index", tmp_path / "index")
    assert done.code == 0
    assert done.out.startswith(f"{kept[1]} release")


def wait_for_a_release(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            try:
                with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                    if database.execute("SELECT count(*) FROM releases").fetchone()[0]:
                        return
            except sqlite3.OperationalError:
                pass  # the tables are just being made
        time.sleep(0.05)
    pytest.fail("no release was added within 30 s")


# -- list and remove ---------------------------------------------------------------------------------------------------


def test_list_shows_the_newest_first(shelf: Path, run: Run) -> None:
    """One line a release: id, day, issuer, headline."""
    done = run("list", "--index", shelf)
    lines = [re.split(r"\s{2,}", line) for line in done.out.splitlines()]
    assert done.code == 0
    assert [line[1:] for line in lines] == [
        ["2024-05-03", "Acme Corp.", "Acme Corp. opens an anvil works"],
        ["2023-09-02", "Bolt SE", "Bolt SE Makes Screws in Łódź"],
        [],
    ]
    assert lines[-1] == ["2 releases"]


def test_list_json(shelf: Path, run: Run) -> None:
    """Everything but the text, as data."""
    rows = json.loads(run("list", "--json", "--index", shelf).out)
    assert [(row["issuer"], row["published"], row["tickers"]) for row in rows] == [
        ("Acme Corp.", "2024-05-03", ["NYSE:ACM"]),
        ("Bolt SE", "2023-09-02", ["FSE:BLT"]),
    ]
    assert set(rows[0]) == {"id", "issuer", "headline", "published", "tickers", "source"}
    assert Path(rows[0]["source"]) == shelf.parent / "acme.md"


@pytest.mark.parametrize("name", ["news/acme.md", "./news/../news/acme.md", "ID"])
def test_remove_by_file_or_id(name: str, files: Path, run: Run) -> None:
    """However the file is written; it is gone from the list and from the answers."""
    run("add", files)
    if name == "ID":
        name = json.loads(run("list", "--json").out)[0]["id"]
    assert run("remove", name) == (0, "removed 1 file; 1 release left\n", "")
    assert [row["issuer"] for row in json.loads(run("list", "--json").out)] == ["Bolt SE"]
    assert "recycled" not in run("ask", MATERIAL).out


def test_remove_a_folder(files: Path, run: Run) -> None:
    """All that was added from it; a folder whose name only begins alike is another."""
    (files.parent / "newsroom").mkdir()
    (files / "acme.md").rename(files.parent / "newsroom" / "acme.md")
    run("add", files, files.parent / "newsroom")
    assert run("remove", "news") == (0, "removed 1 file; 1 release left\n", "")
    assert run("remove", "newsroom/") == (0, "removed 1 file; 0 releases left\n", "")
    assert run("list").out == "0 releases\n"


def test_remove_what_is_not_there(files: Path, run: Run) -> None:
    """Named, with where to look; the others are removed."""
    run("add", files)
    done = run("remove", "nobody.md", "news/acme.md")
    assert (done.code, done.out) == (1, "removed 1 file; 1 release left\n")
    assert done.err == "nobody.md: not in the index; citewire list shows what is\n"


# -- ask ---------------------------------------------------------------------------------------------------------------


def test_ask_prints_the_answer_and_its_sources(shelf: Path, run: Run) -> None:
    """The answer first, then each source: who, when, what, the sentence with the cited words marked, the file."""
    done = run("ask", MATERIAL, "--index", shelf)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert re.fullmatch(r"recycled iron \(confidence 0\.\d\d\)", lines[0])
    assert lines[1:3] == ["", "[1] Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works"]
    assert lines[3].strip().endswith(CITED)
    assert lines[4].strip() == str(shelf.parent / "acme.md")


def test_ask_says_which_of_several_things_is_not_said(shelf: Path, run: Run) -> None:
    done = run("ask", f"{MATERIAL} And who feeds the cats of Acme Corp.?", "--index", shelf)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == f"understood as: {MATERIAL} Who feeds the cats of Acme Corp?"
    assert lines[1].startswith("recycled iron (confidence 0.")
    assert lines[2] == "Who feeds the cats of Acme Corp? The releases do not say."


def test_ask_json(shelf: Path, run: Run) -> None:
    """Exactly these keys; position and sha256 check out against the database."""
    done = run("ask", MATERIAL, "--json", "--index", shelf)
    found = json.loads(done.out)
    assert done.code == 0
    assert list(found) == [
        "question",
        "query",
        "instead",
        "answer",
        "verdict",
        "answered",
        "lacking",
        "confidence",
        "refusal",
        "citations",
        "others",
        "passages",
    ]
    assert (found["question"], found["query"], found["answered"], found["refusal"]) == (MATERIAL, MATERIAL, True, None)
    assert found["answer"] == "recycled iron"
    assert 0 < found["confidence"] <= 1
    [citation] = found["citations"]
    assert list(citation) == (
        [
            "release_id",
            "source",
            "issuer",
            "headline",
            "published",
            "sha256",
            "start",
            "end",
            "quote",
            "corrected_by",
            "said_in",
            "cell",
        ]
    )
    assert (citation["issuer"], citation["published"]) == ("Acme Corp.", "2024-05-03")
    with sqlite3.connect(shelf / DATABASE) as database:
        [(text,)] = database.execute("SELECT text FROM releases WHERE id = ?", (citation["release_id"],))
    assert citation["quote"] == text[citation["start"] : citation["end"]]
    assert citation["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_ask_why(shelf: Path, run: Run) -> None:
    """A row a passage read, a column a part of its score, the answering passage first."""
    done = run("ask", MATERIAL, "--why", "--index", shelf)
    answer, _, why = done.out.partition("What was found, and what spoke for it")
    assert answer == run("ask", MATERIAL, "--index", shelf).out + "\n"
    header, first, *_ = [line.split() for line in why.splitlines()[1:]]
    assert header == ["score", *Signals._fields, "reader", "passage"]
    assert first[0] == "1"
    parts = first[1 : len(header)]
    assert all(0 <= float(part) <= 1 for part in parts)
    read = json.loads(run("ask", MATERIAL, "--json", "--index", shelf).out)["passages"]
    assert [list(passage) for passage in read] == [["release_id", "start", "end", "score", "parts", "said_in"]] * len(
        read
    )
    assert [float(part) for part in parts[1:]] == pytest.approx(
        [read[0]["parts"][name] for name in header[1:-1]], abs=0.0051
    )


@pytest.mark.parametrize(("terminal", "expected"), [("xterm", "\x1b[1;7mrecycled iron\x1b[0m"), ("dumb", CITED)])
def test_on_a_terminal_the_cited_words_are_set_off(terminal: str, expected: str, shelf: Path) -> None:
    """In reverse where the terminal can do that, in letters where it cannot."""
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": terminal, "PYTHONUTF8": "1"}
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        environment.pop(name, None)
    command = [sys.executable, str(ROOT / "citewire.py"), "ask", MATERIAL, "--index", str(shelf)]
    subprocess.run(command, stdout=theirs, env=environment, check=True)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # what Linux says at the end of a terminal that was closed
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert expected in shown.decode()


def test_a_refusal_exits_3_and_shows_what_is_nearest(shelf: Path, run: Run) -> None:
    """Nothing is marked as cited, since nothing is."""
    done = run("ask", "Does Zyx 99 lay eggs in winter?", "--index", shelf)
    assert done.code == 3
    assert done.out.startswith("The releases do not say.\nNearest, but no answer:\n")
    assert "»" not in done.out
    found = json.loads(run("ask", "Does Zyx 99 lay eggs in winter?", "--json", "--index", shelf).out)
    assert (found["answer"], found["answered"], found["citations"]) == ("", False, [])
    assert list(found["refusal"]) == ["reason", "message", "nearest"]
    assert found["refusal"]["reason"] == "not_said"
    assert all(near["quote"] for near in found["refusal"]["nearest"])


def test_words_of_a_question_may_come_unquoted(shelf: Path, run: Run) -> None:
    """The shell hands them over one by one."""
    question = "Which metal is light?"
    apart, whole = (
        json.loads(run("ask", *words, "--json", "--index", shelf).out) for words in (question.split(), [question])
    )
    assert apart == whole


def test_risk_of_ask(shelf: Path, run: Run) -> None:
    """A share; the less, the more is refused. What cannot be kept, or is none, is said in a line."""
    found = [run("ask", MATERIAL, "--index", shelf, "--risk", risk) for risk in ("0.5", "0.99")]
    assert all(done.code in (0, 3) for done in found)
    for wrong in ("0.0001", "2", "-1", "none"):
        done = run("ask", MATERIAL, "--index", shelf, "--risk", wrong)
        assert (done.code, done.out) == (2, "")
        assert "--risk" in done.err


def test_the_version_is_told(run: Run) -> None:
    """As scripts ask for it."""
    assert run("--version").out.startswith("citewire 0.")


def test_eval_sees_a_folder_that_is_not_there_before_it_asks(shelf: Path, run: Run, tmp_path: Path) -> None:
    """Not after minutes of asking."""
    done = run(
        "eval", ROOT / "eval" / "questions" / "sample.jsonl", "--index", shelf, "--json", tmp_path / "none" / "out.json"
    )
    assert done.code == 2
    assert "no folder" in done.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--until", "2024-05-02"], None),
        (["--as-of", "2024-05-02"], None),
        (["--since", "2024-05-03"], None),
        (["--until", "2000-01-01"], "outside_dates"),
        (["--issuer", "bolt"], None),
        (["--issuer", "Nobody"], "issuer_not_indexed"),
        (["--issuer", "Nobody", "--issuer", "Bolt"], None),
        (["--ticker", "BLT"], None),
        (["--ticker", "ZZZ"], "issuer_not_indexed"),
    ],
)
def test_filters_of_ask(options: list[str], reason: str | None, shelf: Path, run: Run) -> None:
    """They choose the releases that may answer."""
    found = json.loads(run("ask", "What material is used?", "--json", "--index", shelf, *options).out)
    shown = found["citations"] or found["refusal"]["nearest"]
    if reason:
        assert found["refusal"]["reason"] == reason
        assert found["citations"] == []
    else:
        expected = "Acme Corp." if "--since" in options else "Bolt SE"
        assert {citation["issuer"] for citation in shown} == {expected}


@pytest.mark.parametrize(
    "question",
    ["", "?", '"OR NEAR(* ', "'; DROP TABLE releases; --", "a AND b NOT c*", "\x1b[2J", "caf\udce9", "why " * 5000],
)
def test_an_odd_question_is_answered_or_refused(question: str, shelf: Path, run: Run) -> None:
    """Never an error; and what a terminal would act on is not printed back."""
    for form in ([], ["--json"]):
        done = run("ask", question, "--index", shelf, *form)
        assert done.code in (0, 3)
        assert done.out
        assert "\x1b" not in done.out


def test_a_terminal_that_knows_few_letters(shelf: Path) -> None:
    """What cannot be shown is a question mark; in JSON it is an escape, so that a quote stays what it is."""
    for encoding in ("ascii", "latin-1"):
        environment = {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
        for command in (["list", "--json"], ["ask", "screws?", "--json", "--issuer", "Bolt"]):
            done = spawn(*command, "--index", shelf, env=environment)
            assert '"Bolt SE Makes Screws in \\u0141\\u00f3d\\u017a"' in done.out
        done = spawn("list", "--index", shelf, env=environment)
        assert done.code == 0
        assert "Bolt SE Makes Screws in ?" in done.out


# -- eval --------------------------------------------------------------------------------------------------------------

QUESTIONS = [
    {
        "id": "1",
        "question": MATERIAL,
        "history": [],
        "answers": ["recycled iron"],
        "evidence": [{"release": "acme.md", "quote": "uses recycled iron as its material"}],
        "kind": "product",
        "answerable": True,
    },
    {
        "id": "2",
        "question": "Does Zyx 99 lay eggs in winter?",
        "history": [],
        "answers": [],
        "evidence": [],
        "kind": "unanswerable",
        "answerable": False,
    },
]


def test_eval_prints_and_writes_its_report(shelf: Path, tmp_path: Path, run: Run) -> None:
    """A table on the terminal, all results as JSON, a report in Markdown."""
    questions, out, report = tmp_path / "q.jsonl", tmp_path / "out.json", tmp_path / "report.md"
    questions.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    done = run("eval", questions, "--json", out, "--report", report, "--index", shelf)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("questions: 2 (first questions 1, follow-ups 0, unanswerable 1)\n")
    found = json.loads(out.read_text(encoding="utf-8"))
    assert list(found) == ["n", "metrics", "slices", "results"]
    assert found["n"] == 2
    assert found["metrics"]["answer_em"]["value"] == found["metrics"]["hit@1"]["value"] == 1.0
    assert found["metrics"]["false_answer_rate"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert {"all", "first question", "unanswerable", "kind: product"} == set(found["slices"])
    assert [result["answered"] for result in found["results"]] == [True, False]
    assert report.read_text(encoding="utf-8").startswith("# Evaluation\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": "1"}\n', 'q.jsonl:1: "question" is missing; add it (a string)'),
        (json.dumps(QUESTIONS[0]) + "\n\nno json\n", "q.jsonl:3: not JSON"),
        ("", "q.jsonl: no question in it; expected one JSON object a line"),
        (None, "q.jsonl: cannot be read (No such file or directory)"),
    ],
)
def test_a_bad_question_set(content: str | None, message: str, shelf: Path, tmp_path: Path, run: Run) -> None:
    """One line that names the file, the line and what is wrong with it."""
    path = tmp_path / "q.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run("eval", path, "--index", shelf)
    assert (done.code, done.out) == (2, "")
    assert one_line(done.err)
    assert done.err.startswith(f"citewire eval: {path.parent}/{message}")


def test_a_report_that_cannot_be_written(shelf: Path, tmp_path: Path, run: Run) -> None:
    """The table is printed all the same."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps(QUESTIONS[1]), encoding="utf-8")
    done = run("eval", questions, "--json", tmp_path, "--index", shelf)
    assert done.code == 1
    assert done.out.startswith("questions: 1")
    assert done.err == f"citewire eval: {tmp_path} cannot be written (Is a directory)\n"


# -- verify ------------------------------------------------------------------------------------------------------------


def test_verify(files: Path, run: Run) -> None:
    """All is well, or what is not is named, one thing a line."""
    run("add", files)
    done = run("verify")
    assert done.code == 0
    assert re.fullmatch(r"2 releases, \d passages: all texts, spans and vectors check out\n", done.out)
    with sqlite3.connect(".citewire/citewire.sqlite") as database:
        database.execute("UPDATE releases SET text = replace(text, 'iron', 'lead')")
    done = run("verify")
    assert done.code == 1
    assert f"{files / 'acme.md'}: the stored text does not have the stored sha256\n" in done.err
    assert re.fullmatch(r"2 releases, \d passages: \d problems?\n", done.out)


# -- wrong usage, no index ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_teaches(command: str, run: Run) -> None:
    """What it does in a sentence, then its options, each explained."""
    done = run(command, "--help")
    assert (done.code, done.err) == (0, "")
    usage, description, *rest = done.out.split("\n\n")
    assert usage.startswith(f"usage: citewire {command}")
    assert re.fullmatch(r"[A-Z].{15,}\.", description)
    assert "--index" in "".join(rest)
    if command in ("add", "sync", "remove", "ask", "eval"):
        assert f"example: citewire {command} " in done.out


def test_help_names_every_command(run: Run) -> None:
    """And every exit code."""
    done = run("--help")
    assert done.code == 0
    assert all(re.search(rf"^    {command}\s+\S", done.out, re.MULTILINE) for command in COMMANDS)
    assert all(f"{code} " in done.out for code in (0, 1, 2, 3, 4, 5, 130))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["bogus"], "invalid choice: 'bogus'"),
        (["ask"], "the following arguments are required: QUESTION"),
        (["remove"], "the following arguments are required: NAME"),
        (["eval"], "the following arguments are required: QUESTIONS.jsonl"),
        (["ask", "x", "--until", "2024-13-01"], "'2024-13-01' is no date; write it as 2024-05-31"),
        (["ask", "x", "--since", "May 2024"], "'May 2024' is no date; write it as 2024-05-31"),
        (["chat", "--until", ""], "'' is no date; write it as 2024-05-31"),
        (
            ["ask", "x", "--since", "2025-01-01", "--until", "2024-01-01"],
            "--since 2025-01-01 is after --until 2024-01-01: no day lies between them",
        ),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, shelf: Path, run: Run) -> None:
    """What is wrong stands on the last line; the exit code is 2."""
    done = run(*arguments, *(["--index", shelf] if arguments[:1] in (["ask"], ["chat"]) else []))
    assert (done.code, done.out) == (2, "")
    assert message in done.err.splitlines()[-1]


WITHOUT_INDEX = [["list"], ["verify"], ["remove", "x"], ["ask", "x"], ["chat"]]


@pytest.mark.parametrize("arguments", WITHOUT_INDEX, ids=lambda arguments: arguments[0])
def test_no_index(arguments: list[str], tmp_path: Path, run: Run) -> None:
    """One line that names the folder and the command that makes one; nothing is made by asking."""
    done = run(*arguments, "--index", tmp_path / "none")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"citewire: no index in {tmp_path}/none; make one with: citewire add PATH --index {tmp_path}/none\n"
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [*WITHOUT_INDEX, ["add", "."]], ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("kind", ["another program's database", "no database"])
def test_a_foreign_file_in_place_of_the_index(arguments: list[str], kind: str, tmp_path: Path, run: Run) -> None:
    """One line that says so; the file is left as it is."""
    path = tmp_path / DATABASE
    if kind == "no database":
        path.write_bytes(b"This is a letter, not a database. " * 100)
    else:
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE birds (name TEXT)")
    before = path.read_bytes()
    done = run(*arguments, "--index", tmp_path)
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err)
    assert re.match(rf"citewire: {path} is (the database of another program|damaged or no index)", done.err)
    assert path.read_bytes() == before


def test_an_index_made_with_another_embedder(files: Path, run: Run) -> None:
    """One line that names both and the way out, and the way out works."""
    run("add", files)
    with sqlite3.connect(".citewire/citewire.sqlite") as database:
        database.execute("UPDATE meta SET value = 'other-model' WHERE key = 'embedder'")
    done = run("ask", MATERIAL)
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err)
    assert "was made with the embedder other-model, not all-MiniLM-L6-v2" in done.err
    assert done.err.endswith("citewire add --rebuild --index .citewire\n")
    assert run("add", "--rebuild", "--index", ".citewire").code == 0
    assert run("ask", MATERIAL).code == 0


def test_an_embedder_that_cannot_be_loaded(shelf: Path, tmp_path: Path) -> None:
    """One line that names it, says why and what to give instead."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = spawn("ask", MATERIAL, "--embedder", tmp_path / "no-model", "--index", shelf, env=offline)
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err), done.err
    assert done.err.startswith(f"citewire: the embedder '{tmp_path}/no-model' cannot be loaded (")
    assert "give the folder of a sentence-transformers model" in done.err


def test_a_folder_that_cannot_be_made(tmp_path: Path, run: Run) -> None:
    """A file stands in its place."""
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        done = run("add", tmp_path, "--index", folder)
        assert (done.code, done.out) == (4, "")
        assert one_line(done.err)
        assert done.err.startswith(f"citewire: {folder} cannot be made a folder (")


# -- output ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["list"], ["ask", MATERIAL], ["ask", MATERIAL, "--json"], ["verify"]], ids=" ".join
)
def test_a_reader_that_has_gone_is_no_error(arguments: list[str], shelf: Path) -> None:
    """As in ``citewire list | head -1``: silence, however early the reader goes."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, ROOT / "citewire.py", *arguments, "--index", shelf],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""
    assert done.returncode in (0, 1)


def test_head(shelf: Path) -> None:
    """The first line, and nothing on standard error."""
    command = f"'{sys.executable}' '{ROOT / 'citewire.py'}' list --index '{shelf}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    assert one_line(done.stdout)
    assert "Acme Corp." in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_said_in_one_line(shelf: Path) -> None:
    """What cannot be written was not done: the exit code is not 0."""
    for arguments in (["list"], ["ask", MATERIAL, "--json"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, ROOT / "citewire.py", *arguments, "--index", shelf],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr == "citewire: the output cannot be written: No space left on device\n"


def test_the_installed_command_is_main() -> None:
    """``citewire`` and ``python citewire.py`` are one."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"]["citewire"] == "citewire:main"
