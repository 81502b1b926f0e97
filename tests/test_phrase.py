from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.phrase import asked_form, last_question, phrase
from qa.read import stem
from qa.retrieve import content_words


def asked(query: str) -> Callable[[str], bool]:
    stems = {stem(word) for word in content_words(query)}
    return lambda word: stem(word) in stems


def answer(query: str, sentence: str) -> str | None:
    """The phrase itself; None for the whole sentence."""
    found = phrase(query, sentence, asked(query))
    return None if found is None else sentence[slice(*found)]


# -- what each form of question gets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount",
    """
    $3.2 billion|$5|$1,234,567.89|$ 4.5 million|$1.5bn|$145M|$3.5-million|US$12.5 million|C$0.9 million|A$ 3 million
    £450,000|€17.9 million|¥1,200|EUR 3.5 billion|CHF 12 million|12 euros|20 cents|3.2 billion dollars|$0.05 CAD
    $(4.4) million|€(4.4) million|($0.15)|-$4.0 million|−€2 million|$-3 million|$(1,250)|$(4.4 million)|($1.2) million
    $1.25 per share|($0.15) per share|$2,100 per tonne
    $2 to $3 million|$2 million to $3 million|$150-160 million|€1.2–1.4 billion|$1.10 – $1.20 per share
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_how_much_gets_the_amount_with_sign_scale_and_unit(amount: str) -> None:
    """An amount is cut nowhere: not before its sign or currency, not after a point, not before its scale."""
    amount = amount.strip()
    assert answer("How much did Acme lose?", f"Acme lost {amount} in the year.") == amount


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Acme expects to earn between $150 million and $160 million.", "$150 million and $160 million"),
        ("Acme expects to earn between $1.10 and $1.20 per share.", "$1.10 and $1.20 per share"),
        ("Acme did earn a record sum ($5.2 million) again.", "$5.2 million"),  # brackets of the prose, no loss
        ("Acme will earn more: from $3 million to $5 million.", "$3 million"),  # a change is no range
    ],
)
def test_ranges_of_money(sentence: str, expected: str) -> None:
    """Both ends of a range are the answer, since one alone would be wrong."""
    assert answer("How much will Acme earn?", sentence) == expected


@pytest.mark.parametrize(
    "share",
    """
    12%|12.5 %|-4%|−4.2%|+8%|(12.4)%|5-7%|2–3%|5% to 7%|5 to 7%|15.5 percent|0.5 per cent|3 percentage points
    25 basis points|100%
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_what_percentage_gets_the_share_with_sign_and_unit(share: str) -> None:
    """A share keeps its sign and both ends of a range."""
    share = share.strip()
    assert answer("What percentage of patients responded?", f"Of the patients {share} responded.") == share


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Of the patients between 5% and 7% responded.", "5% and 7%"),
        ("The share that responded rose from 15 to 17%.", "17%"),
        ("The share that responded rose from 15% to 17%.", "15%"),
    ],
)
def test_ranges_of_percent(sentence: str, expected: str) -> None:
    """A range is one phrase and a change is two; a figure is never cut in its middle."""
    assert answer("What percentage responded?", sentence) == expected


@pytest.mark.parametrize(
    "day",
    """
    May 3, 2024|May 3rd, 2024|3 May 2024|May 2024|June 3|Sept. 3rd, 2025|Monday, June 2, 2025|Tuesday June 3
    31 December 2023|Dec. 31, 2023|March of 2026|2024-05-03|2024|Q3 2025|Q4 FY25|1H 2026|H2 2025|mid-2026|early 2027
    May 5-7, 2025|late 2025|year-end 2025|end of 2026|the third quarter of 2026|first quarter of fiscal 2026
    the second half of 2025
    end of the first quarter|second-quarter 2025
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_when_gets_the_date(day: str) -> None:
    """A date as releases write it, whole: a year is not cut to its first digits, a quarter keeps its year."""
    day = day.strip()
    assert answer("When did Acme list?", f"Acme did list on {day}, as planned.") == day


@pytest.mark.parametrize("word", ["Marketing 12", "Mayor 5", "Decision 3", "Augment 21", "Junction 7"])
def test_a_word_that_begins_like_a_month_is_no_month(word: str) -> None:
    """ "Mayor" holds "May", and "Marketing" "Mar"."""
    assert answer("When did Acme list?", f"Acme did list {word} in the park.") is None


@pytest.mark.parametrize(
    "count",
    """
    156 patients|36 sites|5,400 metres|24 weeks|58 healthy volunteers|about 1.2 million people|over 1,200|three
    more than 80 xenograft models|nearly 40 countries|up to 120|15-year|twelve months|1,000+
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_how_many_gets_the_count_with_its_unit(count: str) -> None:
    """A count brings what is counted, and "more than" where the sentence says so."""
    count = count.strip()
    assert answer("How many has Acme?", f"Acme has {count} and more.") == count


@pytest.mark.parametrize(
    "name",
    """
    Ann Berg|Dr. Jürgen Weißgräber|John S. Kuo, M.D., Ph.D.|Łucja Żabińska-Krauß|Élise Dupont|Ludwig van Beethoven
    Mary-Jane O’Neil|Robert “Bob” Smith|Marguerite Oakhollow, M.D.|Öner Çelik
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_who_gets_the_name(name: str) -> None:
    """A person's name with title, initials, accents and degrees."""
    name = name.strip()
    assert answer("Who runs Acme?", f"Acme is run by {name}, who joined in May.") == name


@pytest.mark.parametrize(
    "name", ["Bolt Capital Partners", "Chief Financial Officer", "Oslo Stock Exchange", "Acme Corp"]
)
def test_who_gets_no_company_and_no_office(name: str) -> None:
    """Capitalised words that name an office, a firm or what was asked about are not who it is."""
    assert answer("Who runs Acme?", f"It is run by {name} now.") is None


@pytest.mark.parametrize("symbol", ["Nasdaq: CLRB", "NYSE: ACM", "TSX-V: ABC", "OTCQB:DEFGF", "TSX: BRK.A"])
def test_ticker_gets_exchange_and_symbol(symbol: str) -> None:
    """A listing is exchange and symbol together."""
    assert answer("What is the ticker of Acme?", f"Acme Corp. ({symbol}) said so.") == symbol


@pytest.mark.parametrize(
    ("query", "sentence", "expected"),
    [
        (
            "What payload does CLR 131 use?",
            "CLR 131, a lead PDC, uses iodine-131, a cytotoxic radioisotope, as its payload.",
            "iodine-131, a cytotoxic radioisotope",
        ),
        ("What fuel do the engines take?", "The engines use ammonia as their fuel.", "ammonia"),
        ("Which kind of fuel is used?", "The mill employs peat as a cheap fuel.", "peat"),
        ("What auditor did Acme choose?", "Acme selected Lund & Dahl as its new auditor.", "Lund & Dahl"),
        ("What payload does CLR 131 use?", "CLR 131 glows in the near infrared.", None),
    ],
)
def test_what_x_gets_what_is_used_as_its_x(query: str, sentence: str, expected: str | None) -> None:
    """The sentence says the asked word itself: "as its payload"."""
    assert answer(query, sentence) == expected


def test_the_phrase_nearest_to_the_words_of_the_question_wins() -> None:
    """Of several phrases of the right form the one that stands by the asked words is taken."""
    sentence = "Revenue was $5 million and net debt was $9 million, while the dividend stayed at $1 million."
    assert answer("How much net debt is there?", sentence) == "$9 million"
    assert answer("How much revenue was there?", sentence) == "$5 million"


def test_by_how_much_asks_for_the_change() -> None:
    """ "By how much" asks for a share, "how much" for an amount."""
    sentence = "Revenue grew 12% to $5 million."
    assert answer("By how much did revenue grow?", sentence) == "12%"
    assert answer("How much revenue was there?", sentence) == "$5 million"


def test_what_the_question_names_is_not_its_answer() -> None:
    """ "When … in 2024" is not answered with 2024."""
    assert answer("When in 2024 did Acme list?", "In 2024, on May 3, Acme did list.") == "May 3"


@pytest.mark.parametrize(
    "query", ["Is revenue $5 million?", "did Acme list in 2024", "Can it pay 5%?", "Why is it $5?"]
)
def test_other_questions_get_the_whole_sentence(query: str) -> None:
    """Yes or no and why are answered by sentences."""
    assert asked_form(query) is None
    assert answer(query, "Acme paid $5 million, or 5%, on May 3, 2024.") is None


# -- follow-ups --------------------------------------------------------------------------------------------------------


def test_the_form_is_that_of_the_last_question() -> None:
    """What was asked before says nothing of the form asked for now."""
    query = "When did Acme list?\nMay 3, 2024\nWho runs it?"
    assert last_question(query) == "Who runs it?"
    assert answer(query, "Ann Berg joined on May 5, 2024.") == "Ann Berg"


def test_a_thing_that_was_asked_for_before_is_not_asked_for_now() -> None:
    """ "What payload" stands in an earlier turn: the sentence on it is no phrase for the question why."""
    query = "What payload does CLR 131 use?\niodine-131\nWhy was it chosen?"
    assert answer(query, "CLR 131 uses iodine-131 as its payload.") is None


def test_what_was_answered_before_is_not_the_answer_now() -> None:
    """Of two amounts the one that was given already is passed over."""
    query = "What does Acme pay at signing?\n$18 million\nHow much could milestones bring?"
    assert answer(query, "Milestones: $18 million at signing, $145 million in all.") == "$145 million"


# -- for any input -----------------------------------------------------------------------------------------------------

QUERIES = [
    "How much did Acme lose?",
    "What percentage is it?",
    "How many has Acme?",
    "When did Acme list?",
    "Who runs Acme?",
    "What is the ticker?",
    "What payload does Acme use?",
]
FRAGMENTS = st.sampled_from(
    "$|€(|-| |(|)|5|3.2|1,250| million|%| to |May| 2024|Ann |Łucja Berg|é|\n|\t|NYSE: |uses | as its payload|Q3 |“|.|;"
    "|between | and |\U0001f600".split("|")
)
sentences = st.lists(FRAGMENTS, max_size=12).map("".join) | st.text(max_size=60)


@settings(max_examples=300)
@given(st.sampled_from(QUERIES) | st.text(max_size=30), sentences)
def test_a_phrase_is_never_empty_and_always_inside_the_sentence(query: str, sentence: str) -> None:
    """Whatever question and sentence, the range is one of the sentence."""
    found = phrase(query, sentence, asked(query))
    if found is not None:
        start, end = found
        assert 0 <= start < end <= len(sentence)


CURRENCIES = st.sampled_from(["$", "US$", "C$", "€", "£"])
NUMBERS = st.integers(1, 10**9).map("{:,}".format) | st.decimals(0, 999, places=2).map(str)
SCALES = st.sampled_from(["", " thousand", " million", " billion", " trillion"])


@given(CURRENCIES, NUMBERS, SCALES, st.sampled_from(["{}{}{}", "-{}{}{}", "{}({}){}"]))
def test_any_amount_is_found_whole(currency: str, number: str, scale: str, form: str) -> None:
    """Sign, currency, every digit and the scale."""
    amount = form.format(currency, number, scale)
    assert answer("How much did Acme lose?", f"Acme lost {amount} again.") == amount


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%B {}, %Y", "%b {}, %Y", "%b. {}, %Y", "{} %B %Y", "%B %Y", "%A, %B {}, %Y", "%Y-%m-%d", "%Y"]),
)
def test_any_date_is_found_whole(day: date, form: str) -> None:
    """Every day and every month in each form that releases use."""
    written = day.strftime(form).format(day.day)
    written = re.sub(r"\bMay\.", "May", written)
    assert answer("When did Acme list?", f"Acme did list on {written}, as planned.") == written


@pytest.mark.parametrize(
    "piece", ["Aa ", "1,111,", "$1 to ", "uses it as ", "(5", "May 1 ", "NYSE: A", "a.b ", "five ", " "]
)
def test_a_long_sentence_takes_no_long_time(piece: str) -> None:
    """Twenty thousand characters, each pattern, in well under a second: nothing backtracks without end."""
    sentence = (piece * 20_000)[:20_000]
    started = time.process_time()
    for query in QUERIES:
        phrase(query, sentence, asked(query))
    assert time.process_time() - started < 5
