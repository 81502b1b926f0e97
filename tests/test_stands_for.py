"""Which abbreviation a question asks to spell out, and which words of a passage it is short for."""

from __future__ import annotations

import pytest
from made import release, span

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.scored import ScoredSpan
from qa.stands_for import Abbreviation
from qa.told import TOLD, _told_by_form


def spelled_out(short: str, text: str) -> str | None:
    made = release(("paragraph", text))
    found = Abbreviation(short).stated(made, Span(made.id, 0, len(made.text)))
    return made.quote(found) if found else None


def kept(short: str, made: Release, words: str) -> str | None:
    whole = Span(made.id, 0, len(made.text))
    found = Abbreviation(short).meant(made, whole, span(made, words), whole)
    return made.quote(found) if found else None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does MACE stand for in the Sigyn release?", "MACE"),
        ("what is ARPPA short for", "ARPPA"),
        ("what does CTCL mean in the Citius release?", "CTCL"),
        ("full form of ATO", "ATO"),
        ("ATO full form", "ATO"),
        ("What's the meaning of the abbreviation PDC?", "PDC"),
        ("What do the letters USV stand for in Red Cat's company profile?", "USV"),
        ("What does the FMCW in Aeva's LiDAR stand for?", "FMCW"),
        ("What does the abbreviation rbf mean in FAVO Capital's materials?", "rbf"),
        ("BFS in Critical Metals' Tanbreez drilling announcement stands for what?", "BFS"),
        ("NdPr, in the note on Pensana, is short for what?", "NdPr"),
        ("And NILE, what do the letters stand for?", "NILE"),
        ("IntelliTek CVA meaning", "CVA"),
        ("BiTAC meaning, Veraxa platform", "BiTAC"),
        ("In the Citius release, what does “CTCL” mean?", "CTCL"),
        ("What is meant by PDCs?", "PDC"),
        ("What's DTX an acronym for?", "DTX"),
        ("what does mace stand for", "mace"),
        ("Spell out CDVA as used by Ocumetics.", "CDVA"),
        ("How is C&C spelled out?", "C&C"),
        ("What does Citius mean by CTCL?", "CTCL"),
        ("What does H.E.M.T. stand for?", "HEMT"),
    ],
)
def test_a_question_for_what_an_abbreviation_stands_for(question: str, short: str) -> None:
    assert Abbreviation.of(question) == Abbreviation(short)


@pytest.mark.parametrize(
    "question",
    [
        "What does CTCL mean for patients?",
        "What does the FDA approval mean?",
        "what does it mean",
        "what do the letters stand for?",
        "What does Acme stand for?",
        "what does mace mean",
        "What does Sigyn mean to sell?",
        "What does BitMine mean by immersion technology?",
        "What do the two T's stand for in CTTC's new logo?",
        "what does the name FAVO mean",
        "Does one Acme ADS stand for several shares?",
        "Who leads the trial, in GeoVax's UK expansion news?",
        "What does Cheer Up Charlie's stand for?",
        "What is CTCL?",
        "What is the abbreviation for cutaneous T-cell lymphoma?",
        "",
    ],
)
def test_a_question_for_something_else(question: str) -> None:
    assert Abbreviation.of(question) is None


@pytest.mark.parametrize(
    ("short", "text", "expected"),
    [
        ("MACE", "fewer major adverse cardiovascular events (MACE) than", "major adverse cardiovascular events"),
        ("MACE", "of MACE (major adverse cardiovascular events) fell", "major adverse cardiovascular events"),
        ("ARPPA", "Average Revenue Per Player Account, or ARPPA, rose", "Average Revenue Per Player Account"),
        ("ARPPA", "ARPPA stands for Average Revenue Per Player Account.", "Average Revenue Per Player Account"),
        ("CTCL", "the cutaneous T-cell lymphoma (“CTCL”).", "cutaneous T-cell lymphoma"),
        ("CIRT", 'the Critical Incident Response Team ("CIRT") came', "Critical Incident Response Team"),
        ("PDC", "its phospholipid drug conjugates (PDCs) are", "phospholipid drug conjugates"),
        ("ATO", "from the Australian Taxation Office (the “ATO”)", "Australian Taxation Office"),
        ("GenAI", "uses Generative AI (GenAI) for", "Generative AI"),
        ("DTX", "a “digital twin exchange,” (DTX)", "digital twin exchange"),
        ("CBD", "an ointment with cannabidiol (CBD)", "cannabidiol"),
        ("DoD", "the U.S. Department of Defense (“DoD”)", "Department of Defense"),
        ("B2B", "a business-to-business (B2B) seller", "business-to-business"),
        ("SaaS", "SaaS (Software-as-a-Service) tools", "Software-as-a-Service"),
        ("EMEA", "EMEA (Europe, Middle East, and Africa)", "Europe, Middle East, and Africa"),
        ("C&C", "Its Capture and Contain(TM), or C&C, hydrogel", "Capture and Contain"),
        ("ARI", "Acme Robotics, Inc. (NASDAQ: ACR) (“ARI” or the “Company”)", "Acme Robotics, Inc."),
        ("LOI", "a Letter of Intent dated May 3, 2024 (“LOI”)", "Letter of Intent"),
        ("CDC", "Centers for Disease Control and Prevention (CDC)", "Centers for Disease Control and Prevention"),
        ("CNW", "by CanadianCannabisWire (“CNW”)", "CanadianCannabisWire"),
        ("CPV", "Contact DetailsCompetitive Power Ventures (“CPV”)", "Competitive Power Ventures"),
        ("HEMT", "Heavy Equipment Maintenance & Trading (H.E.M.T.)", "Heavy Equipment Maintenance & Trading"),
    ],
)
def test_it_is_the_words_beside_it_with_exact_edges(short: str, text: str, expected: str) -> None:
    assert spelled_out(short, text) == expected


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("CEO", "was founded by Dmitri Orlov (CEO)"),
        ("ZETA", "a suit against Zeta Global Holdings (ZETA)"),
        ("UTC", "at 12:00 (UTC)"),
        ("OTC", "Oculis (OTC: OTLC) sells"),
        ("ET", "at 9:30 ET: Exail Technologies"),
        ("MACE", "Major adverse events. Cardiovascular effects (MACE)"),
        ("MACE", "MACE fell."),
        ("ACE", "major adverse cardiovascular events (MACE)"),
    ],
)
def test_what_does_not_have_its_letters_is_no_long_form(short: str, text: str) -> None:
    assert spelled_out(short, text) is None


def test_the_place_is_that_of_the_passage() -> None:
    made = release(("paragraph", "Net loss (NL)."), ("paragraph", "Our net loss (NL) fell."))
    later = Span(made.id, made.text.index("Our"), len(made.text))
    found = Abbreviation("NL").stated(made, later)
    assert found == span(made, "net loss")


def test_of_what_the_reader_takes_the_words_with_its_letters_are_kept() -> None:
    made = release(("paragraph", "DTX, a new digital twin exchange of Acme's, opened in a tower of Xanten."))
    assert kept("DTX", made, "a new digital twin exchange of Acme's") == "digital twin exchange"
    assert kept("DTX", made, "twin exchange") == "digital twin exchange"
    assert kept("DTX", made, "digital twin") is None
    assert kept("DTX", made, "DTX") is None
    assert kept("DTX", made, "opened") is None


@pytest.mark.parametrize(
    "question",
    [
        "What does the CEO mean when he says growth will slow?",
        "What does the CFO mean at the end?",
        "What does IPO mean in terms of shareholder value?",
        "What does H1 mean on the guidance?",
        "expand AI in Europe",
        "What does TM stand for in Acme Therapy(TM)?",
        "What does CTCL mean" + ", " * 5000,
    ],
)
def test_what_somebody_means_is_no_abbreviation(question: str) -> None:
    assert Abbreviation.of(question) is None


def test_no_long_form_begins_with_a_little_word() -> None:
    made = Release.of("the Office of National Drug Control Policy (ONDCP)", headline="", source="")
    span = Abbreviation("ONDCP").stated(made, Span(made.id, 0, len(made.text)))
    assert span
    assert made.quote(span) == "Office of National Drug Control Policy"


def test_the_long_form_is_told_in_place_of_the_readers_words() -> None:
    made = release(("paragraph", "It treats cutaneous T-cell lymphoma (CTCL) in Oslo."))
    whole = Span(made.id, 0, len(made.text))
    passage = Passage(Chunk(made, whole, ""), 0.5)
    guess = ScoredSpan(span(made, "T-cell lymphoma"), whole, 0.6, passage)
    (told,) = _told_by_form("What does CTCL stand for?", [passage], [guess])
    assert (made.quote(told.span), told.score) == ("cutaneous T-cell lymphoma", TOLD)
