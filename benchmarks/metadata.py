"""How well dates, headlines and tickers are read, on real releases.

    python benchmarks/metadata.py RELEASES [--show]

RELEASES is a folder of the archive's releases (wire__year__mmdd__slug.md). The day in a file's name is the archive's
and serves as a check only; where it differs from the stated date the difference is counted, and shown with --show.
Tickers are compared with metadata_gold.jsonl: 200 releases drawn by chance and checked by eye, with the listings of
the company whose news it is, and none where a release is about several companies or its author is not the one listed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from html import unescape
from pathlib import Path

from index.read import read
from index.release import Release


def day_in_name(path: Path) -> date:
    """The archive's day for a release: ``wire__2024__0531__slug.md``."""
    _, year, month_and_day, *_ = path.name.split("__")
    return date(int(year), int(month_and_day[:2]), int(month_and_day[2:]))


def against_names(releases: dict[Path, Release], show: bool) -> None:
    """Stated dates beside the archive's days; headlines beside the first lines."""
    apart = Counter[str]()
    for path, release in releases.items():
        if release.published:
            days = (release.published - day_in_name(path)).days
            apart["same day" if not days else "1 to 3 days apart" if abs(days) <= 3 else "further apart"] += 1
            if days and show:
                opening = " / ".join(release.text.split("\n\n")[1:3])[:160]
                print(f"{days:+5d} days: {path.name[:60]}: stated {release.published} in: {opening}")
    stated = sum(apart.values())
    print(f"dates: stated and found in {stated} of {len(releases)} releases; against the archive's day: {dict(apart)}")
    first_lines = {
        path: unescape(path.read_text("utf-8-sig").split("\n", 1)[0].removeprefix("# ")) for path in releases
    }
    same = sum(" ".join(first_lines[path].split()) == release.headline for path, release in releases.items())
    print(f"headlines: {same} of {len(releases)} are the first line ({same / len(releases):.1%})")


def against_gold(releases: dict[Path, Release], show: bool) -> None:
    """Tickers beside those checked by eye."""
    lines = (Path(__file__).parent / "metadata_gold.jsonl").read_text("utf-8").splitlines()
    gold = {found["file"]: found["tickers"] for found in map(json.loads, lines)}
    checked = {path.name: list(release.tickers) for path, release in releases.items() if path.name in gold}
    wrong = [name for name, tickers in checked.items() if tickers != gold[name]]
    for name in wrong if show else ():
        print(f"{name[:60]}: read {checked[name]}, right {gold[name]}")
    if checked:
        right = len(checked) - len(wrong)
        print(f"tickers: right in {right} of {len(checked)} checked by eye ({right / len(checked):.1%})")


def main() -> None:
    """Read every release and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--show", action="store_true", help="print every difference")
    options = parser.parse_args()
    releases = {path: read(path) for path in sorted(options.releases.glob("*.md"))}
    against_names(releases, options.show)
    against_gold(releases, options.show)


if __name__ == "__main__":
    main()
