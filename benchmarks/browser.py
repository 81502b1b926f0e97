"""The page as people meet it, in headless Chromium over a real index: loading, answers, a long release, a crowd.

    python benchmarks/browser.py INDEX QUESTIONS.jsonl [--asked 40] [--people 20]

Works on a copy of INDEX, to which it adds one release of 60,000 characters, made of the texts of its longest ones.
Times are what a person sees: from the address typed to a question's box that takes letters, from Enter to the answer,
from a click to the release with its list of blocks drawn. The crowd sends the page's own requests, all at once, and
each of its answers is compared with what the same question gets alone.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from eval.example import read_examples
from index.release import Release
from index.store import Index
from page.place import Place
from page.serve import Served, serve
from qa import Assistant

LONG = 60_000  # characters
TALK = 5  # questions of one conversation
READING = 3.0  # seconds that a person takes over an answer; meanwhile the page looks for questions to go on with
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def long_release(index: Index, folder: Path) -> str:
    """Add a release of ``LONG`` characters, and return its id."""
    by_length = sorted(map(_loaded(index), (ref.id for ref in index.releases())), key=lambda one: -len(one.text))
    text, number = "", 0
    while len(text) < LONG:
        text += by_length[number].text + "\n\n"
        number += 1
    file = folder / "long.txt"
    file.write_text(f"A very long release\n\n{text[:LONG]}", encoding="utf-8")
    index.add([file])
    return next(ref.id for ref in index.releases() if ref.source == str(file))


def _loaded(index: Index) -> Callable[[str], Release]:
    def load(release_id: str) -> Release:
        release = index.release(release_id)
        assert release is not None
        return release

    return load


@contextmanager
def browser_page(chromium: str) -> Iterator[Page]:
    """A page of a browser with nothing in its cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()


def interactive(page: Page, url: str) -> float:
    """Seconds until the question's box takes letters, and they stay."""
    started = time.perf_counter()
    page.goto(url)
    box = page.locator("#question textarea")
    box.wait_for()
    box.fill("x")
    page.wait_for_function("document.querySelector('#scope .summary').textContent.startsWith('Asking')")
    assert box.input_value() == "x"
    return time.perf_counter() - started


def taken(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def begin(page: Page) -> None:
    """A new conversation."""
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_function("!document.querySelector('.reply')")


def answered(page: Page, question: str) -> float:
    """Seconds from Enter to the answer, or to the refusal."""
    replies = page.locator(".reply").count()
    page.locator("#question textarea").fill(question)
    started = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function("count => document.querySelectorAll('.reply').length > count", arg=replies)
    return time.perf_counter() - started


def opened(page: Page, release_id: str) -> float:
    """Seconds from a click to the whole release on the page, laid out."""
    page.get_by_role("button", name="All releases").click()
    page.locator(".headline").first.wait_for()
    page.evaluate("value => { document.querySelector('.headline').value = value; }", str(Place(release_id)))
    started = time.perf_counter()
    page.locator(".headline").first.click()
    page.wait_for_function(
        "most => { const shown = document.querySelector('#view .release'); "
        "return shown && shown.textContent.length > most && shown.scrollHeight > 0; }",
        arg=LONG,
    )
    return time.perf_counter() - started


def reply(url: str, submit: int, who: int, question: str) -> tuple[float, str]:
    """One of the crowd: seconds to the answer, and the reply's HTML."""
    name = f"person-{who}"
    with httpx.Client(base_url=url, timeout=120) as http:
        started = time.perf_counter()
        request = {"data": [question, None, None, None], "fn_index": submit, "session_hash": name}
        http.post("gradio_api/queue/join", json=request).raise_for_status()
        shown = ""
        with http.stream("GET", "gradio_api/queue/data", params={"session_hash": name}) as stream:
            for line in stream.iter_lines():
                event = json.loads(line.removeprefix("data: ")) if line else {}
                if event.get("msg") == "process_generating":
                    shown = json.dumps(event["output"]["data"][2])
                elif event.get("msg") == "process_completed":
                    return time.perf_counter() - started, shown if event["success"] else ""
    return time.perf_counter() - started, ""


def said(shown: str) -> list[tuple[str, ...]]:
    """The answer of a reply, and the places that it rests on."""
    return re.findall(
        r'<strong>(.*?)</strong>|class=\\"source[^"]*" value=\\"([^"\\]+)|class=\\"refusal\\">(.*?)</p>', shown
    )


def crowd(served: Served, questions: Sequence[str]) -> tuple[list[float], int, int]:
    """All at once: seconds of each, how many were answered, and how many as they are alone."""
    config = httpx.get(served.url + "config").json()
    submit = next(one["id"] for one in config["dependencies"] if one["api_name"] == "submit")
    alone = [reply(served.url, submit, who, question)[1] for who, question in enumerate(questions)]
    with ThreadPoolExecutor(len(questions)) as pool:
        together = list(pool.map(lambda n: reply(served.url, submit, 1000 + n, questions[n]), range(len(questions))))
    seconds = sorted(taken for taken, _ in together)
    same = sum(said(shown) == said(one) for (_, shown), one in zip(together, alone, strict=True))
    return seconds, sum(bool(shown) for _, shown in together), same


def main() -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--asked", type=int, default=40)
    parser.add_argument("--people", type=int, default=20)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    questions = [example.question for example in read_examples(options.questions) if not example.history]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(options.index, Path(folder) / "index")
        index = Index.open(Path(folder) / "index")
        long = long_release(index, Path(folder))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        assistant = Assistant(index)
        served = serve(assistant, port=port)
        with browser_page(chromium) as page:
            loads = [interactive(page, served.url) for _ in range(5)]
            print(f"interactive: first load {loads[0]:.2f} s, again {statistics.median(loads[1:]):.2f} s")
            alone, shown = [], []
            for number, question in enumerate(questions[: options.asked]):
                if number % TALK == 0:
                    begin(page)
                # In turns: other work on the machine slows both down.
                time.sleep(READING)
                alone.append(taken(lambda: assistant.ask(question)))  # noqa: B023  (called at once)
                shown.append(answered(page, question))
            p95 = sorted(shown)[int(0.95 * len(shown))]
            python = statistics.median(alone)
            print(f"answer: p50 {statistics.median(shown):.2f} s, p95 {p95:.2f} s; in Python p50 {python:.2f} s")
            opens = [opened(page, long) for _ in range(5)]
            print(f"release of {LONG:,} characters: p50 {statistics.median(opens):.2f} s, worst {max(opens):.2f} s")
        seconds, answers, same = crowd(served, questions[-options.people :])
        print(
            f"{options.people} at once: {answers} answered, {same} as alone, "
            f"p50 {statistics.median(seconds):.1f} s, p95 {seconds[int(0.95 * len(seconds))]:.1f} s"
        )
        served.close()
        index.close()


if __name__ == "__main__":
    main()
