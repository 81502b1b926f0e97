"""Months are English, whatever language the program around speaks."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from index.months import MONTH, MONTHS, WEEKDAYS, in_words, month_number

ROOT = Path(__file__).parent.parent


def test_names_and_numbers() -> None:
    """In the order of the calendar; a name and what is short for it have one number."""
    assert [month_number(name) for name in MONTHS] == list(range(1, 13))
    assert all(re.fullmatch(MONTH, short) for name in MONTHS for short in (name, name[:3]))
    assert not any(re.fullmatch(MONTH, name) for name in ("Maryland", "Decisions", "Junes", ""))
    assert in_words(date(2023, 12, 31)) == "31 December 2023"
    assert date(2024, 1, 1).weekday() == WEEKDAYS.index("Monday")


GERMAN = """
import locale
from datetime import date
locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
assert f"{date(2024, 5, 3):%B}" == "Mai"
from index.months import in_words
from qa.cells import times
from qa.period import periods
from qa.retrieve import names
print(periods("in May 2025", date(2026, 1, 1))[0].last, sorted(times("ended May 3")), names("Was it sold in March?"))
print(in_words(date(2024, 5, 3)))
"""


@pytest.mark.skipif(not shutil.which("localedef"), reason="no localedef to make a locale with")
def test_a_program_that_speaks_german_is_answered_in_english(tmp_path: Path) -> None:
    made = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")]
    if subprocess.run(made, capture_output=True, check=False).returncode > 1:  # 1: made, with warnings
        pytest.skip("localedef lacks its sources")
    environment = os.environ | {"LOCPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", GERMAN], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["2025-05-31 ['d5-3'] []", "3 May 2024"]


@pytest.mark.parametrize("package", ["qa", "eval", "page"])
def test_no_name_of_a_month_comes_from_the_locale(package: str) -> None:
    """Neither by `calendar` nor by a format."""
    for path in (ROOT / package).glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not attributes & {"month_name", "month_abbr", "day_name", "day_abbr"}, path
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert not any(re.search(r"%-?[aAbBcx](?![\w-])", text) for text in texts if isinstance(text, str)), path
