"""What fetching costs beside reading the same releases from disk: a feed and a folder, from a server on this machine;
and how long a feed takes to read, also one that is made to take long.

    python benchmarks/sync.py RELEASES [--sample 300]

The pauses that are kept for others' sake are left out. Each way begins with an empty index; then each runs once more,
with nothing new.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from index.feed import FeedError, parse
from index.fetch import Fetcher, Manners
from index.look import begin, source_of
from index.read import find
from index.sources import Sources
from index.store import Index
from index.sync import Sync


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def seconds_of_sync(index: Index, source_name: str) -> tuple[float, float]:
    """Seconds of the first run and of a second one."""
    fetcher = Fetcher(manners_of=lambda url: Manners(pause=0), sleep=lambda seconds: None)
    with Sources(index.folder) as sources:
        begin(replace(source_of(source_name), allowed=("127.0.0.1/32",)), sources, fetcher, {})
        times = []
        for _ in range(2):
            started = time.perf_counter()
            for _event in Sync(index, sources, fetcher).run():
                pass
            times.append(time.perf_counter() - started)
    return times[0], times[1]


def seconds_of_a_megabyte(entry: str) -> float:
    """To read a feed of one megabyte that is nothing but this."""
    data = ("<rss version='2.0'><channel>" + entry * (1_000_000 // len(entry))).encode()
    started = time.perf_counter()
    with suppress(FeedError):
        parse(data, "https://example.com/feed")
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--sample", type=int, default=300)
    options = parser.parse_args()
    words = "Acme opens a new works for anvils in Oslo and says why. " * 15
    entry = f"<item><title>Acme</title><link>/1</link><description>{words}</description></item>"
    print(f"a megabyte of a feed: entries {seconds_of_a_megabyte(entry):.2f} s", end=", ")
    print(f"opening tags {seconds_of_a_megabyte('<a>'):.1f} s")
    chosen = random.Random(0).sample(sorted(find([options.releases])), options.sample)
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder, "files")
        shop.mkdir()
        for path in chosen:
            shutil.copy(path, shop)
        links = "".join(f"<item><title>{path.stem}</title><link>/{path.name}</link></item>" for path in chosen)
        feed_text = f"<rss version='2.0'><channel><title>T</title>{links}</channel></rss>"
        (shop / ".feed.xml").write_text(feed_text, encoding="utf-8")  # hidden from those who read the folder
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shop)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        feed = f"http://127.0.0.1:{server.server_address[1]}/.feed.xml"
        print(f"{'':24}  first run  again, nothing new")
        with Index.open(Path(folder, "add")) as index:
            times = []
            for _ in range(2):
                started = time.perf_counter()
                index.add([shop])
                times.append(time.perf_counter() - started)
            print(f"citewire add FOLDER       {times[0]:8.2f} s  {times[1]:8.2f} s")
        for name, source in (("sync of a folder", str(shop)), ("sync of a feed", feed)):
            with Index.open(Path(folder, name)) as index:
                first, again = seconds_of_sync(index, source)
                print(f"{name:24}  {first:8.2f} s  {again:8.2f} s")
        server.shutdown()


if __name__ == "__main__":
    main()
