"""Pictures of the page over the sample releases: docs/page-{wide,narrow}-{light,dark}.webp

python docs/screenshots.py
"""

from __future__ import annotations

import io
import shutil
import socket
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from app import SAMPLES
from index.store import Index
from page.serve import serve
from qa import Assistant

SIZES = {"wide": (1600, 900), "narrow": (390, 844)}
QUESTIONS = ("What payload does CLR 131 use?", "How many patients will the MOTHWING trial enroll?")


def shoot(browser: Browser, url: str, size: str, scheme: str) -> None:
    """One picture, after questions; in the dark with the line of time where it is wide, else with the release."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    expect(page.locator("#scope .summary")).to_contain_text("Asking", timeout=60_000)
    for number, question in enumerate(QUESTIONS[0 if size == "wide" else 1 :], 1):
        page.locator("#question textarea").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".reply")).to_have_count(number, timeout=60_000)
    expect(page.locator(".onward button")).not_to_have_count(0, timeout=60_000)
    if (size, scheme) == ("wide", "dark"):
        page.get_by_role("button", name="Timeline").last.click()
        expect(page.locator(".timeline")).to_be_visible()
    elif (size, scheme) == ("narrow", "dark"):
        page.locator(".reply .source").first.click()
        expect(page.locator(".release mark.cited")).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(Path(__file__).parent / f"page-{size}-{scheme}.webp", quality=82, method=6)
    context.close()


def main() -> None:
    """Take all four."""
    with tempfile.TemporaryDirectory() as folder, Index.open(folder) as index:
        index.add([SAMPLES])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        served = serve(Assistant(index), port=port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for size in SIZES:
                for scheme in ("light", "dark"):
                    shoot(browser, served.url, size, scheme)
            browser.close()
        served.close()


if __name__ == "__main__":
    main()
