"""citewire follow, unfollow, sync, and add with addresses, as a person at the terminal meets them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock
from local_edgar import CONTACT, LocalEdgar
from local_site import Site, entry, page, rss

import citewire
import following
from index.fetch import Fetcher, Manners
from index.sources import FILE, Sources

ROOT = Path(__file__).parent.parent
ALLOW = ("--allow", "127.0.0.1")


class Done(NamedTuple):
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs commands in this process, with the site's address written as SITE."""

    def __init__(self, capsys: pytest.CaptureFixture[str], site: Site) -> None:
        self.capsys, self.site = capsys, site

    def __call__(self, *arguments: object) -> Done:
        self.capsys.readouterr()
        try:
            code = citewire.main([str(argument).replace("SITE", self.site.url) for argument in arguments])
        except SystemExit as error:  # argparse
            code = int(error.code or 0)
        out, err = (text.replace(self.site.url, "SITE") for text in self.capsys.readouterr())
        assert "Traceback" not in out + err
        return Done(code, out, err)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """In an empty folder, without the second between two requests."""
    monkeypatch.chdir(tmp_path)

    def fetcher(sources: Sources) -> Fetcher:
        manners = Manners(pause=0)
        return Fetcher(sleep=lambda seconds: None, manners_of=lambda url: manners, resting=sources.resting())

    monkeypatch.setattr(following, "_fetcher", fetcher)
    return Terminal(capsys, site)


def test_a_feed_from_first_to_last(run: Terminal, site: Site) -> None:
    """Every line as a person reads it."""
    for number in (1, 2):
        site.put(f"/{number}", page(f"works {number}"))
    site.put("/4", b"x", "image/png")
    site.put("/feed", rss(*(entry(f"/{number}") for number in (1, 2, 3, 4)), "<title>Unlinked</title>"))
    assert run("follow", "SITE/feed", *ALLOW) == (
        0, "following Acme News (SITE/feed); citewire sync fetches 4 releases\n", "")  # fmt: skip
    assert run("sync") == (
        1,
        "Acme News (SITE/feed)\n  added     SITE/1\n  added     SITE/2\n"
        "1 source: 2 added, 1 skipped, 1 left for a later run; 2 releases in the index\n",
        "SITE/feed: SITE/3: 404 Not Found: no such page; check the address; to be tried again\n"
        "SITE/feed: SITE/4: image/png, and a release is text; it was not read; skipped\n",
    )
    assert run("follow", "--skipped") == (
        0,
        "Acme News (SITE/feed): 1 waiting, 2 done, 2 skipped\n"
        "  skipped  SITE/4: image/png, and a release is text; it was not read\n"
        "  skipped  the entry 'Unlinked': its entry has no link to a page\n"
        "1 source followed\n",
        "",
    )
    left = "Acme News (SITE/feed): nothing new\n1 source: 1 left for a later run; 2 releases in the index\n"
    assert run("sync") == (0, left, "")
    for number in (3, 4):
        site.put(f"/{number}", page(f"works {number}"))
    assert run("sync", "--again").out.startswith("Acme News (SITE/feed)\n  added     SITE/3\n  added     SITE/4\n")
    assert run("sync", "--quiet") == (0, "", "")
    assert run("remove", "SITE/1") == (0, "removed 1 file; 3 releases left\n", "")
    stay = "its releases stay, citewire remove takes them out\n"
    assert run("unfollow", "SITE/feed") == (0, f"no longer following Acme News (SITE/feed); {stay}", "")
    assert run("unfollow", "SITE/feed") == (1, "", "SITE/feed: not followed; citewire follow lists what is\n")
    assert run("list").out.endswith("3 releases\n")


def test_an_answer_names_the_address(run: Terminal, site: Site) -> None:
    """As a file's name is named."""
    assert run("add", site.put("/1", page("one")), *ALLOW).code == 0
    assert re.search(r"^    SITE/1$", run("ask", "What does Acme Corp. make?").out, re.MULTILINE)


def test_addresses_are_reported_like_files(run: Terminal, site: Site, tmp_path: Path) -> None:
    """A line for each that has something to tell, and the sum of all."""
    (tmp_path / "acme.md").write_text("# Acme\n\nAcme opened.", encoding="utf-8")
    site.put("/1", page("one"))
    site.put("/2", page("one"))
    assert run("add", "acme.md", "SITE/1", "SITE/2", "SITE/3", "http://10.9.8.7/x", "gone.md", *ALLOW) == (
        1,
        "2 added, 1 the same as another, 3 skipped; 2 releases in the index\n",
        f"{tmp_path}/gone.md: no such file; skipped\n"
        "SITE/3: 404 Not Found: no such page; check the address; skipped\n"
        "http://10.9.8.7/x: 10.9.8.7 is inside this machine or its network, where a fetch must not reach; if that is "
        "meant, add --allow 10.9.8.7; skipped\n"
        "SITE/2: the same release as SITE/1; kept once\n"
        "no date found in 1, no issuer found in 1; citewire list --files says which\n",
    )
    site.put("/1", page("one", "Now of steel."))
    assert run("add", "SITE/1", "SITE/2", *ALLOW).out == "1 replaced, 1 unchanged; 3 releases in the index\n"
    listed = run("list", "--files").out
    assert "SITE/3 (404 Not Found: no such page; check the address)" in listed
    assert listed.endswith("2 read, 1 same, 3 skipped\n")


def test_a_dry_run_of_addresses(run: Terminal, site: Site, tmp_path: Path) -> None:
    """Fetched and reported, and nothing kept."""
    site.put("/1", page("one"))
    code, out, err = run("add", "--dry-run", "SITE/1", "SITE/2", *ALLOW)
    assert (code, err) == (1, "SITE/2: 404 Not Found: no such page; check the address; skipped\n")
    assert out == ("SITE/1: would be added\nnothing written; there would be 1 added, 1 skipped\n")
    assert not (tmp_path / ".citewire").exists()


def test_a_company(run: Terminal, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks is asked for first, and kept."""
    sec = LocalEdgar(site)
    sec.file(1, date.today().isoformat(), [("8-K", "a.htm", ""), ("EX-99.1", "b.htm", page("one"))])
    monkeypatch.setattr(following, "SITES", sec.sites)
    refused = run("follow", "edgar:ACM", *ALLOW)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "citewire follow: the SEC asks programs to say who runs them, and refuses those that do not; give your name or "
        'company and an e-mail address once: --contact "Ann Berg ann@example.com". It is kept in this index and sent '
        "to the SEC only\n"
    )
    assert site.seen == []
    assert run("follow", "edgar:ACM", "--contact", "Ann", *ALLOW).err.endswith(
        "argument --contact: 'Ann' is no contact: a name and an e-mail address in plain letters are needed, "
        '--contact "Ann Berg ann@example.com"\n'
    )
    assert run("follow", "edgar:ACM", "--contact", CONTACT, *ALLOW) == (
        0, "following ACME CORP (edgar:ACM); citewire sync fetches 1 filing\n", "")  # fmt: skip
    assert run("follow", "edgar:1279704", *ALLOW).out == (
        "already following ACME CORP (edgar:ACM); citewire sync fetches 1 filing\n")  # fmt: skip
    done = run("sync")
    assert done.code == 0
    assert done.out.endswith("b.htm\n1 source: 1 added; 1 release in the index\n")
    assert {seen.headers["user-agent"] for seen in site.seen} == {CONTACT}
    nobody = "edgar:NIX: no company with this ticker files with the SEC; try its CIK, a number; not followed\n"
    assert run("follow", "edgar:NIX", *ALLOW) == (1, "", nobody)


def test_a_folder(run: Terminal, tmp_path: Path) -> None:
    """Watched by name; a bad file is told of, and not again."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.md").write_text("# Acme\n\nAcme opened.", encoding="utf-8")
    (folder / "b.txt").write_bytes(b"\0\0\0")
    assert run("follow", "news") == (0, f"following {folder}; citewire sync fetches its files\n", "")
    assert run("sync") == (
        1,
        f"{folder}\n  added     {folder}/a.md\n1 source: 1 added, 1 skipped; 1 release in the index\n",
        f"{folder}: {folder}/b.txt: not text (it holds NUL bytes): a binary file?; skipped\n",
    )
    assert run("sync").code == 0
    assert run("follow", "news", "--since", "2024-01-01").code == 2
    folder.rename(tmp_path / "old")
    gone = f"{folder}: no such folder now; what was read from it stays in the index; to be asked again\n"
    assert run("sync", "--quiet") == (1, "", gone)
    assert run("unfollow", "news").code == 0


def test_many_lines_that_say_the_same(run: Terminal, site: Site) -> None:
    """Are said a few times, then counted."""
    site.put("/feed", rss(*(entry(f"/{number}") for number in range(30))))
    run("follow", "SITE/feed", *ALLOW)
    done = run("sync")
    assert done.err.count("404 Not Found") == 4
    assert done.err.endswith("SITE/feed: and 27 more: 404 Not Found: no such page; check the address\n")
    assert done.out == "1 source: 30 left for a later run; 0 releases in the index\n"


def test_two_syncs_do_not_collide(run: Terminal, site: Site) -> None:
    """The second says so, and has a code of its own."""
    run("follow", site.put("/feed", rss()), *ALLOW)
    with FileLock(Path(".citewire") / following.LOCK):
        assert run("sync") == (5, "", "another citewire sync is at work on .citewire; nothing done, it does it\n")
    assert run("sync").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sync"], "citewire sync: nothing is followed; citewire follow FEED_OR_FOLDER begins"),
        (["follow", "nix"], "citewire follow: nix: no such folder; for a company's filings write edgar:nix"),
        (
            ["follow", "SITE/x", "--allow", "home"],
            "'home' is no address or network; write it as 10.1.2.3 or 10.0.0.0/8",
        ),
        (["follow", "SITE/x", "--since", "May"], "'May' is no date; write it as 2024-05-31"),
        (["unfollow"], "the following arguments are required: NAME"),
        (["sync", "now"], "unrecognized arguments: now"),
    ],
)
def test_wrong_usage(run: Terminal, arguments: list[str], message: str) -> None:
    """One line, and code 2."""
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.rstrip().endswith(message)


def test_nothing_is_followed(run: Terminal) -> None:
    """The list says how to begin."""
    assert run("follow") == (0, "nothing is followed; citewire follow FEED_OR_FOLDER begins\n", "")


def test_a_file_of_sources_that_is_damaged(run: Terminal) -> None:
    """Has the code of an index that cannot be used; the index itself is not touched."""
    folder = Path(".citewire")
    folder.mkdir()
    (folder / FILE).write_bytes(b"x" * 5000)
    for command in (["sync"], ["follow"], ["unfollow", "x"], ["add", "SITE/1"]):
        done = run(*command)
        assert done.code == 4
        assert "sources.sqlite cannot be used" in done.err


def test_from_cron(run: Terminal, site: Site, tmp_path: Path) -> None:
    """A process of its own, without a terminal or a home, at its own pace: it says nothing when all is well."""
    site.put("/1", page("one"))
    run("follow", site.put("/feed", rss(entry("/1"))), *ALLOW)
    done = subprocess.run(
        [sys.executable, str(ROOT / "citewire.py"), "sync", "--quiet"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "PYTHONWARNINGS": "error::ResourceWarning"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert site.asked("/1") == 1
    assert os.listdir(tmp_path) == [".citewire"]
