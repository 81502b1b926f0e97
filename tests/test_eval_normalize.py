from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.normalize import normalize
from qa.amount import Amount, fold

SAME = [
    (
        "$3.2 billion",
        "$3.2B",
        "USD 3.2 billion",
        "US$3.2bn",
        "3.2 billion dollars",
        "$3,200 million",
        "U.S. $3.2 billion",
    ),
    ("$131.7 million", "131.7 million dollars", "$131.7M", "$ 131.7 million", "$131,700,000", "$131.70 mm"),
    ("4%", "4 percent", "4 per cent", "4.0%", "+4%", "four percent", "4 %"),
    ("-4%", "−4%", "–4%", "(4%)", "(4)%", "-4 percent"),
    ("($0.15)", "-$0.15", "$-0.15", "$(0.15)", "−$0.150"),
    ("1,250,000", "1250000", "1.25 million", "1.25M", "1.25-million"),
    ("14", "fourteen", "Fourteen (14)", "14.0"),
    ("26", "twenty-six", "twenty six"),
    ("180 days", "one hundred eighty (180) days", "one hundred and eighty days"),
    (
        "Nov. 4, 2024",
        "November 4, 2024",
        "4 November 2024",
        "2024-11-04",
        "Monday, Nov. 4, 2024",
        "4th of November, 2024",
    ),
    ("November 2024", "Nov. 2024", "November of 2024", "2024-11"),
    ("July 5", "Jul. 5th", "5 July", "the 5th of July"),
    ("Q2 2025", "second quarter of 2025", "2Q25", "2Q 2025", "Q2'25", "second-quarter 2025", "2025 Q2"),
    ("Q2 FY2025", "fiscal second quarter of 2025", "second quarter of fiscal year 2025", "fiscal 2025 second quarter"),
    ("H2 2024", "second half of 2024", "the second half of 2024", "2H24"),
    ("FY25", "fiscal 2025", "fiscal year 2025"),
    ("$4-6 billion", "$4 to $6 billion", "between $4 billion and $6 billion", "$4B–$6B", "4-6 billion dollars"),
    ("8-10%", "8% to 10%", "8 to 10 percent"),
    ("C$7 million", "CAD 7 million", "7 million Canadian dollars", "$7 million CAD", "CA$7M"),
    ("€5 million", "5 million euros", "EUR 5m"),
    ("Bitfarms’", "Bitfarms", "the Bitfarms", "“Bitfarms”"),
    ("enLIGHTEN™ Platform*", "enLIGHTEN platform", "enlighten(TM) platform"),
    ("Cobre Panamá", "Cobre Panama", "Cobre Panama\u0301"),
    ("U.S. FDA", "US FDA", "the US FDA's"),
    ("Loyens & Loeff", "Loyens and Loeff"),
    ("non-opioid analgesic", "a non‑opioid analgesic", "non opioid analgesic"),
    ("the second  half\nof this year", "second half of this year"),
]

APART = [
    ("$3.2 billion", "$32 billion"),
    ("$3.2 billion", "$3.2 million"),
    ("$3.2 billion", "€3.2 billion"),
    ("$3.2 billion", "C$3.2 billion"),
    ("$3.2 billion", "3.2 billion"),
    ("$3.2 billion", "$3.2"),
    ("4%", "-4%"),
    ("4%", "4"),
    ("4%", "$4"),
    ("4%", "4 percentage points"),
    ("($0.15)", "$0.15"),
    ("1.25", "125"),
    ("1,250", "1.250"),
    ("1.2.3", "123"),
    ("1.2.3", "1.23"),
    ("007", "7"),
    ("40m", "40M"),  # metres, million
    ("Nov. 4, 2024", "Nov. 4, 2023"),
    ("Nov. 4, 2024", "April 11, 2024"),
    ("Nov. 4, 2024", "November 2024"),
    ("Nov. 4", "Nov. 2004"),
    ("Q2 2025", "Q3 2025"),
    ("Q2 2025", "Q2 FY2025"),
    ("Q2 2025", "Q2 2024"),
    ("second quarter", "second half"),
    ("14 days", "14 weeks"),
    ("Vitamin A", "Vitamin B"),
    ("Vitamin A", "Vitamin"),
    ("Phase 2", "Phase 2B"),
    ("yes", "no"),
]


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: str(forms[0]))
def test_forms_of_one_answer_are_equal(forms: tuple[str, ...]) -> None:
    """Ways to write one thing have one normal form."""
    assert {normalize(form) for form in forms} == {normalize(forms[0])}
    assert normalize(forms[0]) != ()


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_answers_stay_apart(one: str, other: str) -> None:
    """What SQuAD's normaliser, or a careless one, would make equal is not."""
    assert normalize(one) != normalize(other)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("net loss of ($0.15) per share", ("net", "loss", "of", "-$0.15", "per", "share")),
        ("a majority (55%) of patients", ("majority", "55%", "of", "patients")),
        ("Smith (2024) found", ("smith", "2024", "found")),
        ("C$7 million (US$5 million)", ("cad7000000", "$5000000")),
        ("Loss (1.2) million", ("loss", "-1200000")),
        ("Net 1,842 -3% 5 -10", ("net", "1842", "-3%", "5", "-10")),
        ("rose 4,306% to $178K", ("rose", "4306%", "to", "$178000")),
        ("$5 million to 300 holders", ("$5000000", "to", "300", "holders")),
        ("of 9-12 months6, 8", ("of", "9", "to", "12", "months6", "8")),
        ("COVID-19 and CAN-2409", ("covid", "19", "and", "can", "2409")),
        ("Phase 3 may start", ("phase", "3", "may", "start")),
        ("a 2H infusion", ("2", "h", "infusion")),
        ("revenue —4% more— fell", ("revenue", "4%", "more", "fell")),
        ("award U01DA059994", ("award", "u01da059994")),
        ("at 12:01 a.m. EDT", ("at", "12", "01", "am", "edt")),
        ("786,809 g/t", ("786809", "g", "t")),
        ("twenty million to thirty million", ("20000000", "to", "30000000")),
        ("3 won, 3 pounds", ("3", "won", "3", "pounds")),
        ("₩5, ¥6, £7, 8 yuan", ("krw5", "jpy6", "gbp7", "cny8")),
        ("0.1000000000000000000000000000001%", ("0.1000000000000000000000000000001%",)),
        ("-0 and -$0.00", ("0", "and", "$0")),
        ("the", ("the",)),
        ("The a", ("a",)),
        ("*** — “”", ()),
        ("", ()),
    ],
)
def test_tokens(text: str, tokens: tuple[str, ...]) -> None:
    """Each rule, and what it must leave alone."""
    assert normalize(text) == tokens


PIECES = (
    "$ $5 5 3.2 , . -4 - – — ( ) % percent million M k b US$ C$ usd eur € one twenty six hundred and to between Nov."
    " November 4 2024 May Q2 2Q 25 ' second quarter half of fiscal FY first 's U.S. a the ® * _ : / 007 1.2.3 1,250"
    " .15 st 1h x é ß"
).split(" ")
built = st.lists(st.sampled_from(PIECES) | st.sampled_from([" ", "-"]), max_size=10).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join)


@given(st.text() | built | spaced)
def test_normal_forms_are_normal(text: str) -> None:
    """Each token is its own normal form, and white space around and between words means nothing."""
    tokens = normalize(text)
    assert [normalize(token) for token in tokens] == [(token,) for token in tokens]
    assert normalize(f"\n{text.replace(' ', '  ')}\t") == tokens


@given(st.text() | spaced)
def test_folding_twice_is_folding_once(text: str) -> None:
    """Case, accents and marks are gone after the first time."""
    assert fold(fold(text)) == fold(text)


@given(st.integers(0, 10**15), st.integers(0, 6), st.sampled_from([0, 3, 6, 9, 12]), st.booleans())
def test_amounts_are_exact(digits: int, places: int, scale: int, negative: bool) -> None:
    """A slow twin in decimal arithmetic: value, sign and scale come out to the last digit."""
    written = Decimal(digits).scaleb(-places)
    token = Amount(negative, "", f"{written:f}", scale, False).token
    assert Decimal(token) == (-1 if negative else 1) * written.scaleb(scale)
    assert not token.startswith(".")
    assert not token.endswith(("-0", "."))


@given(st.integers(0, 10**12), st.sampled_from(["", " thousand", " million", " billion"]))
def test_thousands_separators_mean_nothing(number: int, scale: str) -> None:
    """With or without them, the number is one."""
    assert normalize(f"{number:,}{scale}") == normalize(f"{number}{scale}")
