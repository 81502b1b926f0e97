"""Dates, tickers, issuers and headlines, read from invented openings in the forms that wires use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dateline import published
from index.headline import headline_of
from index.issuer import issuer_and_tickers
from index.listing import tickers

JAN_31 = date(2017, 1, 31)


@pytest.mark.parametrize(
    "opening",
    [
        "MADISON, Wis., Jan. 31, 2017 (SAMPLE WIRE) -- Acme, Inc. today",
        "MADISON, WI - January 31, 2017 (SAMPLEWIRE) - Acme, Inc. today",
        "MADISON, WI - (SampleWire) - January 31, 2017 - Acme today",
        "MADISON and OSLO, Jan. 31, 2017 /SampleWire/ -- Acme today",
        "NEW YORK, NY / Sample Wire / January 31st, 2017 / Acme, a maker of",
        "Geneva, Switzerland, January 31, 2017 – Acme today",
        "DALLAS, TX -- January 31st, 2017 -- Acme Inc.: updates",
        "MÜNCHEN, 31 January 2017 – Acme SE",
        "BERLIN, 31. Januar 2017 – Die Acme AG",
        "Paris, le 31 janvier 2017 – Acme SA",
        "Berlin, den 31. Januar 2017 – Die Acme AG",
        "MADRID, 31 de enero de 2017 – Acme",
        "Madrid, 31 de enero de 2017. Acme abre",
        "MADRID, 31 DE ENERO DE 2017 -- Acme",
        "January 31,2017 – Acme",
        "OSLO, JANUARY 31ST, 2017 – Acme",
        "Oslo (Sample.wire) Tuesday Jan 31, 2017 @ 1:30 PM Europe/Oslo",
        "2017-01-31 - Acme today",
        "Frankfurt, 31.01.2017 / 07:30 CET",
        "DALLAS, TX -- JANUARY 31, 2017",
        "SALEM, NY JANUARY 31, 2017",
        "Salt Lake City, Utah and Oslo, Norway, January 31, 2017",
        "London 31 January 2017",
        "January 31, 2017",
        "Tuesday, January 31, 2017",
        "Released: 31 January 2017",
        "1/31/2017 - Acme",
        "TORONTO, ON, January 31, 2017 /SampleWire/ -- Acme today",
        "LONDON, ON January 31, 2017 (SAMPLEWIRE) - Acme today",
        "TORONTO, ON - January 31, 2017 - Acme today",
    ],
)
def test_datelines(opening: str) -> None:
    """Place, wire and date in any order."""
    assert published([opening, "Acme makes anvils."]) == JAN_31


@pytest.mark.parametrize(
    "opening",
    [
        "BOSTON, May 6 -- Acme today",  # no year
        "On June 20, 2025, the company filed a form.",
        "Acme will hold a call on Thursday, Nov. 13, 2025, at 4:30 p.m.",
        "The record date is July 25, 2025 - holders get a share.",
        "OSLO, 03/04/2025 -- Acme",  # March or April?
        "ACME REPORTS RESULTS FOR THE YEAR ENDED DECEMBER 31, 2024",
        "Acme To Hold Its Annual Meeting On May 6, 2025",
        "OSLO, Smarch 13, 2025 -- Acme",
        "OSLO, February 30, 2025 -- Acme",
        "When: Saturday, June 22, 2024",
        "Saturday, June 22, 2024. Join us",
        "June 22, 2024. The mill opens",
        "Effective June 22, 2024. The mill opens",
    ],
)
def test_what_is_not_stated_stays_unknown(opening: str) -> None:
    """A wrong date misleads, an unknown one does not."""
    assert published([opening]) is None


@pytest.mark.parametrize(
    "headline",
    [
        "ACME TO HOST CALL AUGUST 5, 2025",
        "ACME TO HOST CALL ON TUESDAY, AUGUST 5, 2025",
        "ACME HOSTS ITS CALL AUGUST 5",
        "Acme Annual General Meeting 5 June 2025",
        "Acme Announces Dividend Payable September 15, 2025",
        "Acme Declares Dividend, Payable September 15, 2025 (Corrected)",
        "ACME EXTENDS WARRANTS EXPIRING JUNE 30, 2026",
    ],
)
def test_the_day_in_a_headline_is_an_events(headline: str) -> None:
    """More words than a place has, or none that part it from the day: it stays the headline, and tells no date."""
    blocks = [headline, "NEW YORK, July 20, 2025 (SAMPLE WIRE) -- Acme today"]
    assert published(blocks) == date(2025, 7, 20)
    assert published([headline, "Acme opens."], [date(2025, 8, 1)]) is None
    assert headline_of(blocks) == headline


@given(st.lists(st.sampled_from("and OSLO Acme , -- / ( ) . Tuesday den 5. May 5, 2025 Mai".split(" "))).map(" ".join))
def test_whatever_stands_before_a_date_is_read(line: str) -> None:
    """Every run of places, wires and marks ends in a date or none."""
    assert published([line]) in (None, date(2025, 5, 5))


def test_a_date_alone_counts_only_at_the_top() -> None:
    """Further down it is more often an event's."""
    assert published(["January 31, 2017", "Acme opens."]) == JAN_31
    assert published(["Acme opens a shop.", "Come and see.", "January 31, 2017"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme (Nasdaq:ACM) said", ("NASDAQ:ACM",)),
        ("Acme (NYSE American: XYZ) said", ("NYSE AMERICAN:XYZ",)),
        ("Acme (NYSEAmerican: XYZ) said", ("NYSE AMERICAN:XYZ",)),
        ("Acme (TSX-V: ABC) (OTCQB: DEFG) (FSE: 1AB)", ("TSXV:ABC", "OTCQB:DEFG", "FSE:1AB")),
        ("Acme (CSE: BFG | OTC: BFGFF | FWB: YW5)", ("CSE:BFG", "OTC:BFGFF", "FWB:YW5")),
        ("Acme (NASDAQ: SEG, LTRYW)", ("NASDAQ:SEG", "NASDAQ:LTRYW")),
        ("Acme (TSX: PTM.A; NYSE: PLG)", ("TSX:PTM.A", "NYSE:PLG")),
        ("(Cboe CA: SUN)", ("CBOE CA:SUN",)),
        ("Note: THIS is no listing, nor is Contact: IR", ()),
        ("Time: 10AM (CRYPTO: BTC)", ()),
        ("(NasdaqGS: TCB)", ("NASDAQ:TCB",)),
        ("(Nasdaq Stock Market: ACM)", ("NASDAQ:ACM",)),
        ("(The Nasdaq Stock Market LLC: ACM)", ("NASDAQ:ACM",)),
        ("(NYSE and TSX: ACM)", ("NYSE:ACM", "TSX:ACM")),
        ("(NYSE, TSX: ACM; OTC: ACMF)", ("NYSE:ACM", "TSX:ACM", "OTC:ACMF")),
        ("(TSX-V/NYSE American: ACM)", ("TSXV:ACM", "NYSE AMERICAN:ACM")),
        ("(NYSE: SIX, TSX: ACM)", ("NYSE:SIX", "TSX:ACM")),
        ("(NASDAQ: “ACM”, “ACMW”)", ("NASDAQ:ACM", "NASDAQ:ACMW")),
        ("(NASDAQ: “ACM,” “ACMW” and “ACMU”)", ("NASDAQ:ACM", "NASDAQ:ACMW", "NASDAQ:ACMU")),
        ("(NASDAQ: “ACM”, NYSE American: “ACB”)", ("NASDAQ:ACM", "NYSE AMERICAN:ACB")),
        ("(FSE: 103) (TYO: 7203) (HKEX: 0700; BSE: 500325)", ("FSE:103", "TYO:7203", "HKEX:0700", "BSE:500325")),
        ("(TYO: 7203 and NYSE: TM) (SEHK: 700 / OTC: TCEHY)", ("TYO:7203", "NYSE:TM", "SEHK:700", "OTC:TCEHY")),
        ("(NYSE: F) and (NYSE: V, VZ)", ("NYSE:F", "NYSE:V", "NYSE:VZ")),
        ("(CSE: ACM | Frankfurt: AC0)", ("CSE:ACM", "FRANKFURT:AC0")),
        ("CSE: ACM\nFrankfurt: AC0\nUpstream: ACM", ("CSE:ACM", "FRANKFURT:AC0", "UPSTREAM:ACM")),
        ("(EPA: ACM)", ("EPA:ACM",)),
        ("Available OTC: 20 tablets", ()),
        ("Available OTC: 2.5 mg (OTC: 20)", ()),
        ("It told the EPA: 15 sites, the EPA: PCB is out", ()),
        ("Available in Pink: M", ()),
        ("Contact Frankfurt: 069 1234567 (or Frankfurt: 069/123)", ()),
        ("* Upstream: 100% of the mill", ()),
        ("FSE: 10% of shares", ()),
        ("Says NASDAQ: A market grows", ()),
    ],
)
def test_tickers(text: str, expected: tuple[str, ...]) -> None:
    """Exchange and symbol, in order."""
    assert tickers(text) == expected


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        (
            "News",
            ["OSLO, May 6, 2024 -- Acme Robotics, Inc. (Nasdaq: ACM) (the “Company”) said"],
            "Acme Robotics, Inc.",
        ),
        ("Acme Corp. (NYSE: ACM) Buys Bolt (OTC: BLT)", ["Acme said"], "Acme Corp."),
        ("Mileu Wins Prize", ["Mileu, a maker of", "About Mileu", "Mileu makes"], "Mileu"),
        ("Weather", ["It rains."], None),
    ],
)
def test_issuer(headline: str, body: list[str], expected: str | None) -> None:
    """The company before the listing, else the one with an "About" section."""
    assert issuer_and_tickers(headline, body)[0] == expected


def test_the_tickers_of_others_are_left_out() -> None:
    """A partner's listing is not the issuer's."""
    body = ["Acme (NYSE: ACM) buys from Bolt Ltd. (OTC: BLT).", "About Acme", "Acme (NYSE: ACM) (FSE: 1AC) is old."]
    assert issuer_and_tickers("Acme Buys", body)[1] == ("NYSE:ACM", "FSE:1AC")


@pytest.mark.parametrize(
    ("issuer", "other", "own"),
    [
        ("American Airlines (NASDAQ: AAL)", "American Express (NYSE: AXP)", ("NASDAQ:AAL",)),
        ("United Airlines Holdings, Inc. (NASDAQ: UAL)", "United Rentals, Inc. (NYSE: URI)", ("NASDAQ:UAL",)),
        ("First Horizon (NYSE: FHN)", "Horizon Bancorp, Inc. (NASDAQ: HBNC)", ("NYSE:FHN",)),
        ("First Solar, Inc. (NASDAQ: FSLR)", "First Horizon Corporation (NYSE: FHN)", ("NASDAQ:FSLR",)),
        ("GeoVax Labs, Inc. (Nasdaq: GOVX)", "GeoVax (Nasdaq: GOVXW)", ("NASDAQ:GOVX", "NASDAQ:GOVXW")),
        ("Goodyear (NASDAQ: GT)", "The Goodyear Tire & Rubber Company (FSE: GTR)", ("NASDAQ:GT", "FSE:GTR")),
        ("Acme Co., Ltd. (NYSE: ACM)", "Acme Mills (FSE: 1AC)", ("NYSE:ACM", "FSE:1AC")),
        # Names that differ, by way of the listing that both have.
        ("Acme Labs (NYSE: ACM)", "ACME Bio (NYSE: ACM) (FSE: 1AC)", ("NYSE:ACM", "FSE:1AC")),
    ],
)
def test_forms_of_a_name_and_other_names(issuer: str, other: str, own: tuple[str, ...]) -> None:
    """One company is named in a longer and a shorter form; two may share their first word."""
    assert issuer_and_tickers("Mill opens", [f"{issuer} opens a mill.", f"It buys from {other}."])[1] == own


@pytest.mark.parametrize(
    ("written", "issuer"),
    [
        ("The New York Times Company", "New York Times Company"),
        ("New Gold Inc.", "New Gold Inc."),
        ("On Holding AG", "On Holding AG"),
        ("Meet Group, Inc.", "Meet Group, Inc."),
        ("Can B Corp.", "Can B Corp."),
        ("Why Acme Group, Inc.", "Acme Group, Inc."),
        ("About Acme Corp. Acme Corp.", "Acme Corp."),
        ("About Acme CorporationAcme Corporation", "Acme Corporation"),
        ("The Company", None),
        ("Our Shares", None),
        ("New", None),
    ],
)
def test_words_that_lead_to_a_name_or_are_part_of_one(written: str, issuer: str | None) -> None:
    """They are part of what would be no name without them."""
    expected = issuer, ("NYSE:ACM",) if issuer else ()
    assert issuer_and_tickers("Mill opens", [f"{written} (NYSE: ACM) opens a mill."]) == expected


@pytest.mark.parametrize(
    ("headline", "about", "issuer"),
    [
        ("Hilton Capital Management Opens", ["ABOUT HILTON CAPITAL MANAGEMENT"], "Hilton Capital Management"),
        ("ACME Opens", ["ABOUT ACME"], "ACME"),
        ("Virdee Opens", ["About Virdee Virdee is a maker of anvils."], "Virdee"),
        ("Virdee Opens", ["About Virdee, Inc.: Virdee is a maker of anvils."], "Virdee, Inc."),
        ("MadSci Opens", ["ABOUT MADSCIMadSci is a maker of anvils."], "MadSci"),
        ("Acme Opens", ["About SuperCom Ltd.,", "About Acme Ltd.,"], "Acme Ltd."),
        ("Kwikset® Opens", ["About Kwikset®"], "Kwikset"),
        ("SOBRsafe Opens", ["About SOBRsafe(TM)"], "SOBRsafe"),
        ("Acme Group Opens", ["About Acme Group (NASDAQ: ACM"], "Acme Group"),
        ("Mill Is Among Inc. 5000", ["About Inc. Inc. is a magazine about companies of all kinds."], None),
        ("The Works Opens", ["About The Works"], "The Works"),
        ("Numa Numa Opens", ["About Numa Numa Resources Inc."], "Numa Numa Resources Inc."),
    ],
)
def test_about_sections_tell_the_issuer(headline: str, about: list[str], issuer: str | None) -> None:
    """In capitals, run into their text, with marks and trailing commas; shown as the text writes the name."""
    assert issuer_and_tickers(headline, ["It opens a mill.", *about])[0] == issuer


def test_an_about_section_tells_what_is_part_of_a_name() -> None:
    """ "At" may lead to a name; "About At Home Group Inc." says that it does not."""
    blocks = ["At Home Group Inc. (NYSE: HOME) opens.", "About At Home Group Inc.", "At Home sells chairs."]
    assert issuer_and_tickers("Shop opens", blocks) == ("At Home Group Inc.", ("NYSE:HOME",))


def test_a_headlines_words_are_no_part_of_a_name() -> None:
    """Where the company is written without them elsewhere."""
    headline = "New Study Shows Acme Mills (NYSE: ACM) Ahead"
    assert issuer_and_tickers(headline, ["Acme Mills, Inc. (NYSE: ACM) said"]) == ("Acme Mills, Inc.", ("NYSE:ACM",))


def test_of_two_that_share_a_word_the_one_named_first() -> None:
    """By its "About" section, whichever comes first."""
    about = ["About American Express", "It lends.", "About American Airlines", "It flies."]
    assert issuer_and_tickers("American Airlines Meets American Express", about)[0] == "American Airlines"
    assert issuer_and_tickers("American Express Meets American Airlines", about)[0] == "American Express"


def test_headline_is_not_the_date_nor_the_notice() -> None:
    """The first block that is neither; hard-wrapped lines are joined."""
    blocks = ["FOR IMMEDIATE RELEASE", "May 6, 2024", "Acme Opens\nSecond Plant", "BOSTON, May 6, 2024 -- Acme"]
    assert headline_of(blocks) == "Acme Opens Second Plant"


@pytest.mark.parametrize(
    "headline",
    [
        "United States Steel Reports Results",
        "Source Energy Services Reports Results",
        "SOURCE ENERGY SERVICES REPORTS RESULTS",
        "Contact Energy Posts Profit",
        "Acme Expands Contact Center Business",
        "Exhibit Group Wins Award",
        "Securities and Exchange Commission Charges Acme",
        "Exhibits Open in Oslo",
        "Acme Acquires Bolt Inc.",
        "Acme Buys Bolt Ltd",
    ],
)
def test_headlines_that_begin_like_a_notice(headline: str) -> None:
    """A label is told by what follows it, a company's name alone by what the text says of it."""
    for body in ("OSLO, May 6, 2024 -- Acme today", "OSLO, May 6 /SampleWire/ -- Acme today"):
        assert headline_of([headline, body]) == headline
    assert headline_of([headline, "Growth ahead", "OSLO, May 6 -- Bolt Inc., or Bolt Ltd, is well"]) == headline


@pytest.mark.parametrize(
    "line",
    [
        "Contact: Ann Berg",
        "CONTACT",
        "Media Contact Ann Berg",
        "Investor Relations Contact - Ann Berg",
        "Contact Information",
        "SOURCE Acme Corp.",
        "Source: Acme",
        "EXHIBIT 99.1",
        "Exhibit A",
        "Exhibit (a)(5)",
        "Exhibit No. 99",
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION WASHINGTON, DC",
        "United States",
        "SECURITIES AND EXCHANGE COMMISSION",
        "Acme Robotics Systems Inc.",
        "Bank of Acme Corporation",
        "acme.com, inc.",
    ],
)
def test_notices_and_letterheads_are_no_headlines(line: str) -> None:
    """The line after them is."""
    assert (
        headline_of([line, "Acme Opens Mill", "OSLO, May 6, 2024 -- Acme Robotics Systems, Inc. today"])
        == "Acme Opens Mill"
    )
    assert headline_of([line, "May 6, 2024", "Acme Opens Mill", "Acme Robotics Systems Inc."]) == "Acme Opens Mill"


@pytest.mark.parametrize(
    ("headline", "blocks", "issuer", "listings"),
    [
        ("Mill opens", ["iAnvil Inc. (NASDAQ: IANV) opens a mill"], "iAnvil Inc.", ("NASDAQ:IANV",)),
        (
            "Mill opens",
            ["Acme Corp. (TSX: “ACM”, OTC PINK: “ACMF”, FRANKFURT: “AC0”) on the Toronto Stock Exchange (TSX: ACM)"],
            "Acme Corp.",
            ("TSX:ACM", "OTC PINK:ACMF", "FRANKFURT:AC0"),
        ),
        ("Mill opens", ["It trades on the Toronto Stock Exchange (TSX: ACM)."], None, ("TSX:ACM",)),
        ("Acme Robotics’ (NYSE: ACM) mill", [], "Acme Robotics", ("NYSE:ACM",)),
        ("Mill", ["Acme Corp. (NYSE: ACM) opens", "About Acme & Its Industry", "Anvils."], "Acme Corp.", ("NYSE:ACM",)),
        ("Mill", ["Acme (NYSE: ACM) opens a mill", "About Acme Corp.", "Anvils."], "Acme Corp.", ("NYSE:ACM",)),
    ],
)
def test_issuers_as_they_are_written(
    headline: str, blocks: list[str], issuer: str | None, listings: tuple[str, ...]
) -> None:
    """Small first letters, quoted symbols, exchanges that are no company, headings that say more than a name."""
    assert issuer_and_tickers(headline, blocks) == (issuer, listings)


@pytest.mark.parametrize(
    ("written", "issuer"),
    [
        ("July 17, 2025, Acme Corp.", "Acme Corp."),
        ("September 2024, Acme Corp.", "Acme Corp."),
        ("St. Gallen, Switzerland-based Acme Group AG", "Acme Group AG"),
        ("Stonewall Partners Updates Coverage On Acme Corp.", "Acme Corp."),
        ("Ann Berg, CEO of Acme", "Acme"),
        ("Dr. Ann Berg and Bo Lind, Chairman & CEO of Acme", "Acme"),
        ("Ann Berg, EVP and Global Head of Sales, Data and Access for Acme Markets Inc.", "Acme Markets Inc."),
        ("Sole Book-Running Manager for Acme", "Acme"),
        ("Ann Berg, President & CEO, Acme", "Acme"),
        ("Acme Financial Acme Financial Holdings Inc.", "Acme Financial Holdings Inc."),
        ("Old Mill Is Set To Be A Revenue Driver for Acme Minerals Inc.", "Acme Minerals Inc."),
        ("Both the Acme Copper ETF", "Acme Copper ETF"),
        ("2024. Acme Biomed", "Acme Biomed"),
        ("1. Acme Biomed", "Acme Biomed"),
        ("$1.25 Million Underwritten Public Offering for Acme", "Acme"),
        # What these names have in common with those above is part of them.
        ("Centre for Neuro Skills", "Centre for Neuro Skills"),
        ("Bank of America", "Bank of America"),
        ("45Drives", "45Drives"),
        ("180 Life Sciences Corp.", "180 Life Sciences Corp."),
        ("Numa Numa Resources Inc.", "Numa Numa Resources Inc."),
        ("Trump Media & Technology Group Corp.", "Trump Media & Technology Group Corp."),
    ],
)
def test_a_company_without_what_stands_before_it(written: str, issuer: str) -> None:
    """A day, a place, an analyst, a person with an office are no part of the name before a listing."""
    assert issuer_and_tickers("Mill opens", [f"{written} (NYSE: ACM) opens a mill."])[0] == issuer


def test_a_listing_is_no_part_of_the_name_in_an_about_heading() -> None:
    """ "About Acme Corp. (OTC: ACM)" is about Acme Corp."""
    blocks = ["Acme opens a mill.", "About Acme Corp. (OTC: ACM)", "Acme Corp. (OTC: ACM) makes anvils."]
    assert issuer_and_tickers("Acme Corp. opens a mill", blocks)[0] == "Acme Corp."
