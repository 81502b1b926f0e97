from __future__ import annotations

from datetime import date

import pytest

from qa.verdict import verdict


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("Does it need a closure plan?", "will notably not require a closure plan", "no"),
        ("and did it affect cash flow?", "had no impact on cash flows", "no"),
        ("Isn't it audited?", "not audited", None),
        ("Has it never been audited?", "never been audited", None),
        ("Is it notable in Norway?", "another noted innovation", None),
        ("Is it licensed or not?", "not licensed", None),
        ("How is it not licensed?", "not licensed", None),
        ("What does it do?", "nothing", None),
        ("Is Acme the market leader?", "the No. 1 provider", None),
        ("Was a patent granted?", "U.S. Patent No. 10,123,456", None),
        ("Will the deal close by then?", "no later than March 31, 2025", None),
        ("Is the foundation a charity?", "a not-for-profit organization", None),
        ("Is it sold in Europe?", "not only in Europe but also in Asia", None),
        ("Can you tell me who audits Acme?", "Ernst & Young, not KPMG", None),
        ("Is Acme debt-free?", "no debt", None),
        ("Is entry free?", "at no cost", None),
        ("Can the test be run without a lab?", "no laboratory is needed", None),
        ("Does it lack a date?", "no date has been set", None),
        ("Did the audit rule out fraud?", "found no fraud", None),
        ("Might the plan fail?", "not certain to succeed", None),
        ("May the forecasts turn out wrong?", "no assurance can be given", None),
        ("Is the payout guaranteed?", "no assurance can be given", "no"),
        ("Is it an unlicensed drug?", "not licensed", None),
        ("Is it a unit of Acme?", "not owned by Acme", "no"),
        ("Did it breach the minimum bid price?", "did not meet the minimum bid price requirement", None),
        ("Has the mill closed?", "not operating", None),
        ("Was the find remarkable?", "nothing short of remarkable", None),
        ("Will it be filed by May?", "not later than May 3", None),
        ("Is it first in its class?", "second to none", None),
    ],
)
def test_no_is_said_only_where_words_deny(question: str, quote: str, expected: str | None) -> None:
    """A question that denies, asks for a lack or offers two things gets none; nor do words that only look negative."""
    assert verdict(question, quote) == expected


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("Did Acme raise more than $10 million?", "$12.5M", "yes"),
        ("Did Acme raise more than $10 million?", "approximately $8 million", "no"),
        ("Did Acme raise more than $10 million?", "€12 million", None),
        ("Did Acme raise more than $10 million?", "nearly $10 million", "no"),
        ("Did Acme raise at least $10 million?", "$10 million", "yes"),
        ("Did Acme raise at least $10 million?", "about $10 million", None),
        ("Did Acme raise over $10 million?", "more than $10 million", "yes"),
        ("Did Acme raise over $10 million?", "up to $12 million", None),
        ("Did Acme raise over $10 million?", "$8 million and $12 million", None),
        ("Did Acme fail to raise over $10 million?", "$12 million", None),
        ("Was the margin above 40%?", "38.5%", "no"),
        ("Was the margin above 40%?", "40%", "no"),
        ("Was the margin no more than 40%?", "40%", "yes"),
        ("Did sales grow by more than 5%?", "fell 7%", "no"),
        ("Does it have fewer than 25 sites?", "19 sites", "yes"),
        ("Does it have fewer than 25 sites?", "19 employees", None),
        ("Does it have more than 200 sites?", "over 250 sites in 40 countries", None),
        ("Is it valid for more than two weeks?", "nine consecutive days", "no"),
        ("Does it last longer than a month?", "six weeks", "yes"),
        ("Is it under 200 km away?", "about 150 kilometers", "yes"),
        ("Was the payout over 20 cents a share?", "$0.25 per share", "yes"),
        ("Is it worth over C$900 million?", "$838 million", None),
        ("According to Bolt, are there more than 100 sites?", "120 sites", "yes"),
        ("Did it have more than 2020 visitors?", "in 2021", None),
        ("Will it open before 2026?", "in the fourth quarter of 2025", "yes"),
        ("Will it open before October 2025?", "in the fourth quarter of 2025", "no"),
        ("Will it open by the end of October 2025?", "in the fourth quarter of 2025", None),
        ("Did it open after May 2024?", "June 3, 2024", "yes"),
        ("Did it open after May 2024?", "May 20, 2024", "no"),
        ("Had it opened before 2020?", "next year", None),
        ("Is Acme listed on the Nasdaq?", "(NASDAQ: ACM) (TSX: AC)", "yes"),
        ("Is Acme listed on the Nasdaq?", "(TSX: AC)", None),
    ],
)
def test_a_limit_is_told_by_arithmetic(question: str, quote: str, expected: str | None) -> None:
    """Where units, currencies or what is counted differ, or the figure may lie on both sides, nothing is told."""
    assert verdict(question, quote, today=date(2025, 6, 1)) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "quote", "expected"),
    [
        ("Did Acme acquire Bolt?", "Acme has acquired Bolt for $5 million.", "acquired Bolt", "yes"),
        ("Did Bolt acquire Acme?", "Acme has acquired Bolt for $5 million.", "acquired Bolt", None),
        ("Did Acme acquire Bolt?", "Acme agreed to acquire Bolt.", "acquire Bolt", None),
        ("Did Acme acquire Bolt?", "Acme plans the purchase; it acquired Bolt shares.", "acquired Bolt", None),
        ("Has the FDA approved ACM-1?", "Acme submitted ACM-1 to be approved by the FDA.", "approved by the FDA", None),
        ("Has the FDA approved ACM-1?", "The FDA gave its approval to ACM-1.", "approval to ACM-1", None),
        ("Is Acme based in Oslo?", "Oslo-based Acme opened a mill.", "Oslo", "yes"),
        ("Is Acme based in Oslo?", "The Company is based in Oslo.", "Oslo", "yes"),
        ("Is Acme based in Oslo?", "The Company is based in Bergen, near Oslo airport.", "Bergen", None),
        ("Are all sites open?", "Its sites are open.", "open", None),
        ("Does Acme have the rights in Japan?", "Acme has rights in all of Asia except Japan.", "except Japan", None),
        ("Is Ann Berg the CEO of Acme?", "Acme’s Chief Executive Officer Ann Berg spoke.", "Ann Berg", "yes"),
        ("Is Ann Berg the CEO of Acme?", "Jo Dahl, CEO of Acme, thanked Ann Berg.", "Jo Dahl", None),
        ("Is Ann Berg the CEO of Acme?", "Ann Berg, the former CEO of Acme, spoke.", "Ann Berg", None),
        ("Is Ann Berg the CEO of Acme?", "Ann Berg, CEO of Bolt, works with Acme.", "CEO of Bolt", None),
        ("Did sales rise?", "Sales fell 5% to $3 million.", "fell 5%", "no"),
        ("Did sales rise?", "Sales grew 5% to $3 million.", "5%", "yes"),
        ("Did the margin rise?", "Sales grew 5% to $3 million.", "5%", None),
    ],
)
def test_yes_takes_all_words_of_the_question(question: str, sentence: str, quote: str, expected: str | None) -> None:
    """And nothing beside them that doubts, limits or turns them round; the issuer's name may be left out."""
    before, _, after = sentence.partition(quote)
    assert verdict(question, quote, before=before, after=after, issuer="Acme, Inc.") == expected


@pytest.mark.parametrize(
    ("question", "sentence", "wrong"),
    [
        ("Did Acme acquire Bolt?", "Acme has been [[acquired by Bolt]] for $5 million.", "yes"),
        ("Did Acme acquire Bolt?", "Acme was [[acquired]] in May 2025 by Bolt, a maker of screws.", "yes"),
        ("Is Acme headquartered in Oslo?", "Acme, [[headquartered in Bergen]], has offices in Oslo and Rome.", "yes"),
        ("Is Acme headquartered in Oslo?", "Acme is headquartered in Bergen with [[offices in Oslo]].", "yes"),
        ("Is Acme based in London?", "Acme, based in Toronto, [[is listed in London]].", "yes"),
        ("Is construction of the mine complete?", "Construction of the mine is [[60% complete]].", "yes"),
        ("Has the financing closed?", "The first tranche of the financing [[closed on May 3]].", "yes"),
        ("Is Acme the largest bank in Ohio?", "Acme is [[the largest independent community bank in Ohio]].", "yes"),
        ("Does Acme sell in Japan?", "Acme is set to [[sell in Japan]].", "yes"),
        ("Does Acme make batteries in Ohio?", "Acme formed a venture [[to make batteries in Ohio]].", "yes"),
        ("Is ACM-1 approved in Japan?", "Acme is on track to have ACM-1 [[approved in Japan]].", "yes"),
        ("Did revenue grow to $13.6 million?", "Revenue grew to [[$14.1 million]] from $13.6 million.", "yes"),
        ("Did revenue increase 5%?", "Revenue increased [[12%]] and costs rose 5%.", "yes"),
        ("Did profit rise 20% in Q2 2025?", "Profit rose [[12% in Q2 2025]] on 20% more orders.", "yes"),
        ("Did revenue rise?", "Cost of revenue [[rose 10%]] to $5 million.", "yes"),
        ("Did revenue increase?", "Deferred revenue [[increased to $5 million]].", "yes"),
        ("Did sales rise?", "Sales and marketing expenses [[rose 5%]].", "yes"),
        ("Is Ann Berg the CEO of Acme?", "“We did it,” said former CEO [[Ann Berg]].", "yes"),
        ("Is Ann Berg the CEO of Acme?", "Ann Berg was [[CEO of Acme from 2010 to 2018]].", "yes"),
        ("Did Acme raise more than $10 million?", "Acme intends to raise [[$12 million]] in its IPO.", "yes"),
        ("Did Acme raise more than $10 million?", "Acme filed to raise [[$12 million]].", "yes"),
        ("Has Acme reached more than 10 million users?", "Acme has not yet reached [[12 million users]].", "yes"),
        ("Will it raise over $12 million?", "It will raise [[$10-15 million]].", "no"),
        ("Is revenue guidance above $9 million?", "Revenue guidance is [[$10-15 million]].", "no"),
        ("Did it sell more than 600,000 units?", "It sold [[half a million units]].", "yes"),
        ("Was it more than $700 million?", "It paid [[half a billion dollars]].", "yes"),
        ("Did it take more than 14 months?", "It took [[a year and a half]].", "no"),
        ("Was the loss more than $10 million?", "Net loss was [[-$12 million]].", "no"),
        ("Did shares fall more than 10%?", "Shares of Acme: [[-12%]].", "no"),
        ("Did revenue decline by more than 5%?", "Revenue growth was [[-7%]].", "no"),
        ("Was the margin higher than 40%?", "Gross margin fell to [[45%]].", "no"),
        ("Is EBITDA higher than $5 million?", "EBITDA decreased to [[$6.2 million]].", "no"),
        ("Is the dividend higher than 5 cents?", "Acme reduced its dividend to [[8 cents]].", "no"),
        ("Is the financing more than $10 million?", "Acme closed the first tranche of [[$4 million]].", "no"),
        ("Does it cost more than $100 per month?", "It costs [[$900 per year]].", "yes"),
        ("Is it less than $20 a month?", "The plan costs [[$199 annually]].", "no"),
        ("Was net income more than $1 million?", "Net income was [[$0.91 per share]].", "no"),
        ("Can Acme draw up to $50 million?", "The facility allows it to draw [[$40 million]].", "yes"),
        ("Is Acme eligible for up to $200 million?", "Acme is eligible for [[$150 million]].", "yes"),
        ("Does Acme have more than one Phase 3 trial?", "Acme runs [[a Phase 3 trial]].", "yes"),
        ("Is Acme testing more than one dose?", "Acme tests [[a 10 mg dose]].", "yes"),
        ("Does Acme have more than one class of shares?", "Acme has [[10 million Class A shares]].", "yes"),
        ("Was Bolt acquired by Acme in 2021?", "Bolt was acquired by Acme [[in May 2020]].", "yes"),
        ("Was ACM-1 approved by the FDA in 2024?", "ACM-1 was approved by the FDA [[in March 2023]].", "yes"),
        ("Was it founded by Ann Berg in 2010?", "It was founded [[in 2005]].", "yes"),
        ("Did the merger close before July 2025?", "The merger, planned for [[May 2025]], was postponed.", "yes"),
        ("Will it open before June 2025?", "It will open no earlier than [[March 2025]].", "yes"),
        ("Is there a going concern doubt at Acme?", "Acme [[may not be able to continue as a going concern]].", "no"),
        ("Is Acme listed on the Nasdaq?", "Acme was delisted from [[Nasdaq]] in May.", "yes"),
        ("Is Acme listed on the NYSE?", "Acme moved from [[the NYSE]] to Nasdaq.", "yes"),
    ],
)
def test_what_only_looks_like_an_answer_gets_no_wrong_verdict(question: str, sentence: str, wrong: str) -> None:
    """Who did it to whom, plans, parts, other periods and units, negations of something else, words that deny."""
    before, _, rest = sentence.partition("[[")
    quote, _, after = rest.partition("]]")
    assert verdict(question, quote, before=before, after=after, issuer="Acme, Inc.") != wrong
