"""The page in a real browser, over the sample releases and with the reader as it ships. Skipped without a Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from asked import BOLT
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from conftest import free_port
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

import app
from index.release import Span
from page.login import Login
from page.place import Link
from page.serve import serve
from qa import Assistant


def chromium() -> str | None:
    """The browser that CHROMIUM names, or one that is installed."""
    installed = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return os.environ.get("CHROMIUM") or next(filter(None, installed), None)


CHROMIUM = chromium()
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium is installed: apt-get install chromium, or name one in CHROMIUM"
)

# Nothing but the page itself: no sandbox in containers, no calls home.
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps"),
)
PAYLOAD = "What payload does CLR 131 use?"
PATIENTS = "How many patients are in the MOTHWING trial?"
HOSTILE = """\
---
issuer: Fiend & Söhne <img src=x onerror=hit()> ${hit()}
date: 2024-02-29
---
# Fiend `hit()` ${hit()} {{hit()}} $x^2$ ~~struck~~ opens a plant

Fiend & Söhne uses \\<script>hit()\\</script> ${hit()} {{constructor.constructor('hit()')()}} as its glue, \
שלום\u202e olleh\u202c \u200b\u200d👩‍👩‍👧 q\u0323\u0307 and $5~$6 million.
"""


class Server:
    """The program over an index of the samples, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        command = [sys.executable, app.__file__, "--index", str(self.folder / "index"), "--port", str(self.port)]
        self._run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._run.stdout is not None
        assert self._run.stdout.readline().startswith("citewire is at")

    def stop(self) -> None:
        self._run.kill()  # as a crash would: nothing is written on the way out
        self._run.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("browser"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def asked_hosts() -> set[str]:
    """The machines that the one page has asked for anything so far."""
    return set()


@pytest.fixture(scope="module")
def one_page(browser: Browser, server: Server, asked_hosts: set[str]) -> Page:
    """One page for all the tests that need no browser of their own: loading it takes longer than most of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.on("request", lambda request: asked_hosts.add(urlsplit(request.url).netloc))
    return opened(context, server.url)


@pytest.fixture
def page(one_page: Page) -> Iterator[Page]:
    """The page as it is at first."""
    one_page.get_by_role("button", name="New conversation").click()
    if one_page.locator("#kept.unfolded").count():
        one_page.get_by_role("button", name="Conversations").click()
    one_page.locator("#scope form").evaluate("form => form.reset()")
    expect(one_page.locator(".reply")).to_have_count(0)
    expect(one_page.locator("#scope .summary")).to_contain_text("Asking all")
    one_page.locator("#question textarea").focus()
    yield one_page
    assert one_page.evaluate("window.errors") == []


def opened(context: BrowserContext, url: str) -> Page:
    """The page, once it can be used."""
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.add_init_script("window.errors = []; window.onerror = message => { window.errors.push(message); };")
    page.add_init_script("window.onunhandledrejection = event => { window.errors.push(String(event.reason)); };")
    page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    page.goto(url)
    expect(page.locator("#question textarea")).to_be_visible()
    expect(page.locator("#scope .summary")).to_contain_text("Asking")
    return page


def ask(page: Page, question: str) -> Locator:
    """Ask, and wait for the reply."""
    replies = page.locator(".reply")
    before = replies.count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(replies).to_have_count(before + 1)
    return replies.nth(before)


def is_in_view(mark: Locator) -> bool:
    """Whether all of it lies inside the box that scrolls, and is not covered by what stands on top of that."""
    return bool(
        mark.evaluate(
            """node => { const box = node.closest("article").getBoundingClientRect();
            const head = node.closest("article").querySelector("header").getBoundingClientRect();
            const at = node.getBoundingClientRect();
            return at.top >= head.bottom && at.bottom <= box.bottom && at.left >= box.left && at.right <= box.right }"""
        )
    )


# -- ask and see -------------------------------------------------------------------------------------------------------


def test_the_words_that_answer_are_marked_and_in_view(page: Page) -> None:
    reply = ask(page, PAYLOAD)
    expect(reply.locator("strong")).to_have_text("iodine-131, a cytotoxic radioisotope")
    expect(reply.locator(".source")).to_contain_text("Cellectar Biosciences, Inc. · 31 January 2017")
    mark = page.locator(".release mark.cited")
    expect(mark).to_have_text("iodine-131, a cytotoxic radioisotope")
    assert is_in_view(mark)


def test_a_long_answer_is_shown_from_its_question_down(page: Page) -> None:
    """What was asked and what is said stand in view, not the end of the last source."""
    page.set_viewport_size({"width": 1280, "height": 420})
    ask(page, PAYLOAD)
    reply = ask(page, PATIENTS)
    top, bottom = page.locator("#chat .bubble-wrap").evaluate(
        "node => [node.getBoundingClientRect().top, node.getBoundingClientRect().bottom]"
    )
    asked, said = page.locator("#chat .user").last.bounding_box(), reply.locator(".answer").bounding_box()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert asked
    assert said
    assert top <= asked["y"]
    assert said["y"] + said["height"] <= bottom


def test_sources_are_gone_through_with_buttons_and_keys(page: Page) -> None:
    reply = ask(page, PATIENTS)
    at, release = page.locator(".steps .at"), page.locator(".release")
    expect(at).to_have_text("1 of 2")
    page.get_by_role("button", name="Next source").click()
    expect(at).to_have_text("2 of 2")
    expect(reply.locator(".source").nth(1)).to_have_class(re.compile("open"))
    expect(page.get_by_role("button", name="Next source")).to_be_disabled()
    release.press("p")
    expect(at).to_have_text("1 of 2")
    release.press("n")
    expect(at).to_have_text("2 of 2")
    assert is_in_view(page.locator(".release mark.cited").first)
    reply.get_by_role("button", name="[1]").first.click()
    expect(at).to_have_text("1 of 2")


def test_confidence_has_words_and_its_number_on_hover(page: Page) -> None:
    sure = ask(page, PAYLOAD).locator(".sure")
    expect(sure).to_contain_text("quite sure")
    expect(sure.locator(".tip")).to_have_css("opacity", "0")
    sure.hover()
    expect(sure.locator(".tip")).to_have_css("opacity", "1")


def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    ask(page, "When did Quillfern dose the first patient in MOTHWING?")
    reply = ask(page, "And how many patients will it enroll?")
    expect(reply.locator(".hint").first).to_contain_text("Understood as: How many patients will Quillfern enroll?")
    expect(reply.locator("strong")).to_contain_text("132")
    reply.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("#question textarea")).to_have_value("How many patients will Quillfern enroll?")
    expect(page.locator("#question textarea")).to_be_focused()
    page.locator("#question textarea").fill("")


def test_what_else_may_be_meant_is_one_click_away(page: Page) -> None:
    """It is asked in place of the last question, which the next one leans on no more."""
    ask(page, "When did Quillfern dose the first patient in MOTHWING?")
    reply = ask(page, "And how many patients will it enroll?")
    expect(reply).to_contain_text("Did you mean How many patients will MOTHWING enroll?")
    reply.get_by_role("button", name="How many patients will MOTHWING enroll?").click()
    expect(page.locator("#chat .user")).to_have_count(3)
    expect(page.locator(".reply").last.locator("strong")).to_contain_text("132")
    expect(page.locator(".reply").last).not_to_contain_text("Understood as")


def test_questions_to_go_on_with_are_asked_with_the_keyboard_alone(page: Page) -> None:
    """They come after the answer, and go with the next question."""
    ask(page, "When did Quillfern dose the first patient in MOTHWING?")
    offered = page.get_by_role("region", name="Ask next").get_by_role("button")
    expect(offered).not_to_have_count(0)
    question = offered.first.text_content()
    offered.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user").nth(1)).to_have_text(str(question))
    expect(page.locator(".reply")).to_have_count(2)
    expect(page.locator(".reply").nth(1).locator(".answer")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.get_by_role("button", name=str(question), exact=True)).to_have_count(0)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".reply")).to_have_count(0)
    expect(offered).to_have_count(0)


def test_a_refusal_shows_the_nearest_as_no_answer(page: Page) -> None:
    reply = ask(page, "What colour is the Gannet Narrows lighthouse painted?")
    expect(reply).to_contain_text("The releases do not say.")
    expect(reply).to_contain_text("Nearest passages, which are no answer:")
    expect(page.locator(".release mark")).to_have_count(0)
    reply.locator(".source").first.click()
    expect(page.locator(".release mark.near")).to_have_count(1)
    expect(page.locator(".release header")).to_contain_text("no answer")


def test_a_scope_limits_what_answers_and_is_counted(page: Page) -> None:
    page.locator("#scope summary").click()
    page.get_by_label("Issuer").fill("Quillfern")
    page.get_by_label("As of").fill("2024-12-31")
    expect(page.locator("#scope .summary")).to_have_text("Asking 2 of 13 releases: Quillfern, as of 31 December 2024")
    expect(ask(page, PAYLOAD)).not_to_contain_text("iodine-131, a cytotoxic")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".rows li")).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#scope .summary")).to_have_text("Asking all 13 releases")
    expect(page.locator(".rows li")).to_have_count(13)


def test_releases_are_found_and_opened(page: Page) -> None:
    page.get_by_role("button", name="All releases").click()
    page.get_by_label("Find").fill("tidewhistle q3")
    expect(page.locator(".rows li")).to_have_count(1)
    page.locator(".headline").click()
    expect(page.locator(".release table")).not_to_have_count(0)
    expect(page.locator(".release")).to_be_focused()


def test_a_line_of_time_shows_where_it_was_said_and_where_it_changed(page: Page) -> None:
    ask(page, "How many patients will the MOTHWING trial enroll?").get_by_role("button", name="Timeline").click()
    expect(page.locator(".timeline .dot")).to_have_count(4)
    expect(page.locator(".timeline .words")).to_have_text(["132 patients", "132 to 156 patients"])
    page.get_by_role("link", name=re.compile("19 November 2024, changed: 132 to 156")).click()
    expect(page.locator(".release mark.cited")).to_have_text("132 to 156 patients")


def test_money_and_tildes_stay_what_they_are(page: Page) -> None:
    reply = ask(page, "How much cash did Quillfern have on September 30, 2024?")
    expect(reply.locator("strong")).to_have_text("$47.8 million")
    ask(page, "Is it $5~$6 or ~~$7~~ *now* $x^2$?")
    expect(page.locator("#chat .user").last).to_have_text("Is it $5~$6 or ~~$7~~ *now* $x^2$?")
    assert page.locator("#chat :is(.katex, del, s)").count() == 0


# -- links and copies --------------------------------------------------------------------------------------------------


def test_a_copied_link_opens_the_same_words_in_another_browser(page: Page, browser: Browser) -> None:
    ask(page, PAYLOAD)
    page.get_by_role("link", name="Copy link").click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = browser.new_context(viewport={"width": 390, "height": 844})  # where the panel is folded away at first
    shown = opened(other, link)
    expect(shown.locator(".release")).to_be_focused()
    expect(shown.locator(".release mark.cited")).to_have_text("iodine-131, a cytotoxic radioisotope")
    assert is_in_view(shown.locator(".release mark.cited"))
    other.close()


def test_an_answer_is_copied_with_links_that_work(page: Page, server: Server) -> None:
    reply = ask(page, PAYLOAD)
    for button in reply.locator(".copy").all():
        button.click()
        expect(button).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "iodine-131, a cytotoxic radioisotope" in copied
        (link,) = re.findall(r"http\S+?sha256=[0-9a-f]{64}", copied)
        assert link.startswith(f"{server.url}?release=")


# -- bring -------------------------------------------------------------------------------------------------------------


def test_a_hostile_release_is_brought_in_shown_inert_and_taken_out(page: Page, tmp_path: Path) -> None:
    (tmp_path / "fiend.md").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("input[type=file]").set_input_files([tmp_path / "fiend.md", tmp_path / "binary.txt"])
    expect(page.locator(".job")).to_contain_text("1 release added, 1 file could not be read.")
    expect(page.locator(".job .failed")).to_contain_text("binary.txt: not added: not text")
    expect(page.locator("#title")).to_contain_text("14 releases")
    ask(page, "What does Fiend & Söhne use as its glue?")
    page.get_by_role("button", name="All releases").click()
    page.get_by_label("Find").fill("fiend")
    expect(page.locator(".rows li")).to_have_count(1)
    page.locator(".headline").click()
    shown = page.locator(".release")
    expect(shown).to_contain_text("{{constructor.constructor('hit()')()}}")
    expect(shown).to_contain_text("${hit()}")
    expect(shown).to_contain_text("שלום\u202e olleh\u202c \u200b\u200d👩‍👩‍👧 q\u0323\u0307 and $5~$6 million.")
    expect(shown.locator(":is(script, img, del, .katex)")).to_have_count(0)
    assert page.evaluate("window.hits") == 0
    page.get_by_role("button", name="Remove from the index").click()
    page.get_by_role("button", name="Really remove it?").click()
    expect(shown).to_contain_text("The release is removed")
    expect(page.locator("#title")).to_contain_text("13 releases")


# -- keep --------------------------------------------------------------------------------------------------------------


def test_two_browsers_do_not_see_each_other(page: Page, browser: Browser, server: Server) -> None:
    ask(page, PAYLOAD)
    expect(page.locator("#kept .title").first).to_have_text(PAYLOAD)
    other = browser.new_context()
    stranger = opened(other, server.url)
    reply = ask(stranger, "And what is QF-217?")
    expect(reply).not_to_contain_text("Understood as")
    expect(stranger.locator("#kept .title")).to_have_text(["And what is QF-217?"])
    expect(page.locator("#chat .user")).to_have_count(1)
    other.close()


def test_an_answer_is_judged_and_comes_back_as_judged(page: Page) -> None:
    ask(page, PAYLOAD)
    judged = page.locator(".feedback").first
    judged.get_by_role("button", name="Wrong source").press("Enter")
    expect(judged).to_contain_text("You said: right words from the wrong source")
    expect(judged.get_by_role("button", name="Add a note")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Note on this answer").fill("it is in <b>another</b> release")
    page.keyboard.press("Enter")
    expect(judged.locator(".note")).to_have_text("it is in <b>another</b> release")
    ask(page, PATIENTS)
    expect(page.locator(".feedback")).to_have_count(2)
    expect(judged).to_contain_text("You said: right words from the wrong source")
    page.reload()
    expect(judged.locator(".note")).to_have_text("it is in <b>another</b> release")
    judged.get_by_role("button", name="Take back").click()
    expect(judged).to_contain_text("Is this right?")


def test_conversations_are_renamed_exported_and_deleted(page: Page) -> None:
    ask(page, PAYLOAD)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Title").fill("Payloads <b>")
    page.keyboard.press("Enter")
    expect(page.locator("#kept .title").first).to_have_text("Payloads <b>")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export", exact=True).click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert saved.value.suggested_filename.endswith(".md")
    assert "iodine-131, a cytotoxic radioisotope" in text
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Really?").click()
    expect(page.get_by_text("Payloads <b>")).to_have_count(0)
    expect(page.locator(".reply")).to_have_count(0)


# -- looks -------------------------------------------------------------------------------------------------------------


def test_everything_is_reached_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.type(PATIENTS)
    page.keyboard.press("Enter")
    expect(page.locator(".reply")).to_have_count(1)

    def tab_to(wanted: str, most: int = 40) -> None:
        for _ in range(most):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
                return
        pytest.fail(f"{wanted} was not reached")

    tab_to(".reply .source:not(.other)")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".release")).to_be_focused()
    expect(page.locator(".steps .at")).to_have_text("1 of 2")
    page.keyboard.press("n")
    expect(page.locator(".steps .at")).to_have_text("2 of 2")
    page.keyboard.press("p")
    expect(page.locator(".steps .at")).to_have_text("1 of 2")
    page.keyboard.press("Escape")
    expect(page.locator(".reply .source").first).to_be_focused()
    tab_to("#kept .toggle")
    page.keyboard.press("Enter")
    expect(page.locator("#kept nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#kept nav")).to_be_hidden()


AXE = Axe()
SERIOUS = ("serious", "critical")
# In the dark nothing but the colours differs.
RULES: dict[str, dict[str, Any]] = {
    "light": {"rules": {"target-size": {"enabled": True}}},
    "dark": {"runOnly": ["color-contrast"]},
}
IS_DRAWN = "dark => !document.querySelector('gradio-app') || document.body.classList.contains('dark') === dark"


def findings(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds in a part of the page that keeps somebody out, in light and in the dark."""
    violations = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_function(IS_DRAWN, arg=scheme == "dark")
        violations += AXE.run(page, within, {"resultTypes": ["violations"], **rules}).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in violations
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [390, 1600])
def test_nobody_is_kept_out(browser: Browser, server: Server, width: int) -> None:
    """axe-core in every view; nothing moves under the reader's hand; nothing is wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page = opened(context, server.url)
    expect(page.locator("#question textarea")).to_be_focused()
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
        if (!one.hadRecentInput) window.shift += one.value; }).observe({type: "layout-shift", buffered: true}) }"""
    )
    assert findings(page) == []
    ask(page, PATIENTS)
    page.locator("#scope summary").click()
    assert findings(page) == []
    page.locator(".reply .source").first.click()
    expect(page.locator(".release mark.cited")).to_be_visible()
    assert findings(page, "#panel") == []
    if width == 390:
        page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Timeline").click()
    expect(page.locator(".timeline")).to_be_visible()
    assert findings(page, "#panel") == []
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".bring")).to_be_visible()
    assert findings(page, "#panel") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shift") < 0.05
    context.close()


def test_a_password_lets_in_to_what_the_address_names(browser: Browser, asked: Assistant) -> None:
    """Here a text that has changed since the link was made."""
    served = serve(asked, port=free_port(), login=Login("ann", "anvil"))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    release = asked.index.releases()[0]
    page.goto(f"{served.url}{Link(Span(release.id, 3, 9), '0' * 64)}")
    assert findings(page) == []
    page.keyboard.type("ann")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type("anvil")
    page.keyboard.press("Enter")
    expect(page.locator(".release")).to_contain_text("has changed since the link was made")
    expect(page.locator(".release")).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)
    page.context.close()
    served.close()


def test_nothing_is_loaded_from_elsewhere(page: Page, server: Server, asked_hosts: set[str]) -> None:
    """Neither here nor in any test before."""
    ask(page, PAYLOAD)
    page.get_by_role("button", name="All releases").click()
    expect(page.locator(".rows li")).not_to_have_count(0)
    assert asked_hosts - {""} == {f"127.0.0.1:{server.port}"}


# -- last, for they change what is there -------------------------------------------------------------------------------


def test_a_folder_is_added_while_questions_are_answered(page: Page, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.md").write_text(BOLT.replace("Hall 3", f"Hall {number}") + "Bolt rests. " * 200)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Or a folder on this computer").fill(str(tmp_path))
    page.get_by_role("button", name="Add folder").click()
    expect(page.locator(".job progress")).to_be_visible()
    ask(page, PAYLOAD)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".job")).to_contain_text("20 releases added.", timeout=30_000)


def test_a_conversation_and_its_marks_outlast_a_crash(page: Page, server: Server) -> None:
    ask(page, PAYLOAD)
    ask(page, PATIENTS)
    expect(page.locator("#kept [aria-current]")).to_have_count(1)  # it is written
    server.stop()
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Export as JSON").click()
    expect(page.locator("#told.problem")).to_contain_text("citewire does not answer")
    server.start()
    page.goto(server.url)
    expect(page.locator(".reply")).to_have_count(2)
    page.locator(".reply .source").first.click()
    mark = page.locator(".release mark.cited")
    expect(mark).to_have_text("iodine-131, a cytotoxic radioisotope")
    assert is_in_view(mark)
    understood = ask(page, "And when was the first one dosed?").locator(".hint").first
    expect(understood).to_contain_text("Understood as: When was the first one dosed (MOTHWING trial)?")
