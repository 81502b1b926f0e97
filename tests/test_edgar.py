from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from local_edgar import CIK, CONTACT, LocalEdgar
from local_site import HERE, Site

from index import edgar
from index.edgar import Company, Edgar, Exhibit, Filing, NoContact
from index.fetch import Fetcher, Validators
from index.web import FetchError, Limits, Resting, TryLater

SINCE = date(2024, 1, 1)


@pytest.fixture
def sec(site: Site) -> LocalEdgar:
    return LocalEdgar(site)


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def asked(sec: LocalEdgar, slept: list[float]) -> Edgar:
    fetcher = Fetcher(limits=Limits(idle=1, total=2), sleep=slept.append)
    return Edgar(fetcher, CONTACT, allowed=HERE, **sec.sites)


def test_every_request_says_who_asks_and_keeps_the_rate(asked: Edgar, sec: LocalEdgar, slept: list[float]) -> None:
    """At most ten a second over all of the SEC's hosts; robots.txt is not asked."""
    page = sec.file(1, "2024-05-03", [("8-K", "a.htm", "x"), ("EX-99.1", "b.htm", "y")])
    asked.filings(asked.cik("ACM"), SINCE)
    asked.exhibits(page)
    assert {seen.headers["user-agent"] for seen in sec.site.seen} == {CONTACT}
    assert sec.site.asked("/robots.txt") == 0
    assert len(slept) == 2
    assert all(0.05 < pause <= edgar.PAUSE for pause in slept)
    assert 1 / edgar.PAUSE < 10


@pytest.mark.parametrize("contact", ["", "Ann Berg", "ann@", "ann@example", "@example.com", "Ann\nann@example.com",
                                     "Jörg joerg@example.com", "a" * 300 + "@example.com"])  # fmt: skip
def test_who_asks_must_be_known(contact: str) -> None:
    """An e-mail address in plain letters; the message shows how it is given."""
    with pytest.raises(NoContact, match=r'--contact "Ann Berg ann@example\.com"'):
        Edgar(Fetcher(), contact)


@pytest.mark.parametrize("name", ["ACM", "acm", str(CIK), f"CIK{CIK:010d}", f"cik{CIK}", f"{CIK:010d}"])
def test_a_company_by_ticker_or_number(asked: Edgar, name: str) -> None:
    """In any spelling."""
    assert asked.cik(name) == CIK


def test_a_ticker_with_a_class(asked: Edgar) -> None:
    """BRK.B is BRK-B at the SEC."""
    assert asked.cik("ACM.B") == 320193


def test_a_ticker_that_nobody_has(asked: Edgar) -> None:
    """Says what else to try."""
    with pytest.raises(FetchError, match="edgar:NONE: no company with this ticker files with the SEC; try its CIK"):
        asked.cik("NONE")


def test_a_number_that_nobody_has(asked: Edgar) -> None:
    """As the SEC answers it."""
    with pytest.raises(FetchError, match="404 Not Found"):
        asked.filings(5, SINCE)


def test_filings(asked: Edgar, sec: LocalEdgar) -> None:
    """Current reports only, since a day, newest first, with the days told apart."""
    sec.file(1, "2023-12-31", [("8-K", "a.htm", "")])
    sec.file(2, "2024-01-01", [("10-K", "a.htm", "")], form="10-K")
    page = sec.file(3, "2024-01-01", [("8-K", "a.htm", "")])
    sec.file(4, "2024-05-03", [("8-K/A", "a.htm", "")], form="8-K/A")
    sec.columns["reportDate"][0] = ""
    sec.publish(etag='"3"')
    found = asked.filings(CIK, SINCE)
    assert found is not None
    company, filings, validators = found
    assert company == Company(CIK, "ACME CORP", ("NASDAQ:ACM", "ACMW"))
    assert [filing[:4] for filing in filings] == [
        ("0001193125-24-000004", "8-K/A", date(2024, 5, 3), None),
        ("0001193125-24-000003", "8-K", date(2024, 1, 1), date(2024, 1, 1)),
    ]
    assert filings[1] == Filing(*filings[1][:4], page)
    assert validators == Validators('"3"', None)


def test_older_filings_are_in_files_of_their_own(asked: Edgar, sec: LocalEdgar) -> None:
    """Which are fetched only where the day asked for reaches into them."""
    sec.file(1, "2010-05-03", [("8-K", "a.htm", "")])
    sec.site.put("/submissions/CIK0001279704-submissions-001.json", json.dumps(sec.columns), "application/json")
    sec.columns = {name: [] for name in sec.columns}
    sec.older = [{"name": "CIK0001279704-submissions-001.json", "filingCount": 1, "filingFrom": "2009-01-05",
                  "filingTo": "2012-12-31"}]  # fmt: skip
    sec.file(2, "2024-05-03", [("8-K", "a.htm", "")])
    for since, days in ((date(2010, 1, 1), [2024, 2010]), (SINCE, [2024])):
        found = asked.filings(CIK, since)
        assert found is not None
        assert [filing.filed.year for filing in found[1]] == days
    assert sum("submissions-001" in seen.path for seen in sec.site.seen) == 1


def test_not_modified(asked: Edgar, sec: LocalEdgar) -> None:
    """Nothing was filed since."""
    sec.site.put(f"/submissions/CIK{CIK:010d}.json", status=304)
    assert asked.filings(CIK, SINCE, Validators('"3"')) is None


def test_exhibits(asked: Edgar, sec: LocalEdgar) -> None:
    """99 with any number after it, and no other; inline viewers' links lead to the document itself."""
    documents = [("8-K", "a.htm", ""), ("EX-10.1", "b.htm", ""), ("EX-99.1", "c.htm", ""), ("EX-99.02", "d.txt", ""),
                 ("EX-99", "e.htm", ""), ("EX-999", "f.htm", ""), ("GRAPHIC", "g.jpg", "")]  # fmt: skip
    page = sec.file(1, "2024-05-03", documents)
    base = page.rsplit("/", 1)[0]
    assert asked.exhibits(page) == [
        Exhibit(f"{base}/c.htm", "EX-99.1", "EX-99.1"),
        Exhibit(f"{base}/d.txt", "EX-99.02", "EX-99.02"),
        Exhibit(f"{base}/e.htm", "EX-99", "EX-99"),
    ]


def test_an_exhibit_behind_the_viewer(asked: Edgar, sec: LocalEdgar) -> None:
    """Is fetched itself."""
    row = "<tr><td>2</td><td>x</td><td><a href='/ixviewer/doc/action?doc=/a/b.htm'>b.htm</a></td><td>EX-99.1</td></tr>"
    page = sec.site.put("/page", f"<table class='tableFile'>{row}</table>")
    assert [exhibit.url for exhibit in asked.exhibits(page)] == [f"{sec.site.url}/a/b.htm"]


def test_tickers_without_exchanges(asked: Edgar, sec: LocalEdgar) -> None:
    """Stand alone."""
    recent = sec.columns
    found = {"name": "A", "tickers": ["A", "B"], "exchanges": ["NYSE"], "filings": {"recent": recent, "files": []}}
    sec.site.put(f"/submissions/CIK{CIK:010d}.json", json.dumps(found))
    answer = asked.filings(CIK, SINCE)
    assert answer is not None
    assert answer[0].tickers == ("NYSE:A", "B")


def test_a_filing_without_exhibits_99(asked: Edgar, sec: LocalEdgar) -> None:
    """Has none; the complete text file is not taken for one."""
    assert asked.exhibits(sec.file(1, "2024-05-03", [("8-K", "a.htm", ""), ("EX-10", "b.htm", "")])) == []


def test_a_filing_of_the_nineties(asked: Edgar, sec: LocalEdgar) -> None:
    """Is one text file that holds its exhibits."""
    page = sec.file_as_one(
        1, "1999-05-03", [("EX-99.1", "ACME OPENS"), ("EX-27", "NUMBERS"), ("EX-99", "<HTML>HI</HTML>")]
    )
    (whole,) = asked.exhibits(page)
    assert (whole.kind, whole.url) == ("", page.replace("-index.htm", ".txt"))
    document = asked.fetch(whole.url)
    assert document is not None
    assert edgar.exhibits_in(document.data) == [
        ("EX-99.1", b"ACME OPENS", "text/plain"),
        ("EX-99", b"<HTML>HI</HTML>", "text/html"),
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Maintenance</html>", b"[]", b"[" * 100_000, b'{"name": 1}', b'{"filings": {"recent": []}}',
     b'{"name":"A","tickers":[],"exchanges":[],"filings":{"recent":{"accessionNumber":["1"],"form":["8-K"],'
     b'"filingDate":["soon"],"reportDate":[""]},"files":[]}}',
     b'{"name":"A","tickers":[],"filings":{"recent":{},"files":[]}}',
     b'{"name":"A","tickers":[{}],"exchanges":["N"],"filings":{"recent":{"accessionNumber":[],"form":[],'
     b'"filingDate":[]}}}'],
)  # fmt: skip
def test_submissions_that_are_none(asked: Edgar, sec: LocalEdgar, body: bytes) -> None:
    """Are said to be so; nothing of ours breaks."""
    sec.site.put(f"/submissions/CIK{CIK:010d}.json", body, "application/json")
    with pytest.raises(FetchError, match=r"not what the SEC says it sends|empty"):
        asked.filings(CIK, SINCE)


@pytest.mark.parametrize("body", [b"<html></html>", b"<table class=tableFile></table>", b"\0", b"{}"])
def test_a_filings_page_that_is_none(asked: Edgar, sec: LocalEdgar, body: bytes) -> None:
    """Likewise."""
    with pytest.raises(FetchError, match="not what the SEC says it sends"):
        asked.exhibits(sec.site.put("/page", body))


def test_the_sec_turns_away_who_asks_too_much(asked: Edgar, sec: LocalEdgar) -> None:
    """It may pass, so nothing is given up; the host is left alone for ten minutes."""
    sec.site.put(f"/submissions/CIK{CIK:010d}.json", status=403)
    with pytest.raises(TryLater, match=r"the SEC refuses \(403\) what calls itself 'Ann Berg ann@example\.com'"):
        asked.filings(CIK, SINCE)
    before = len(sec.site.seen)
    with pytest.raises(Resting, match="asked to be left alone until"):
        asked.cik("ACM")
    assert len(sec.site.seen) == before


def test_only_the_sec_is_told_who_asks() -> None:
    """Whatever a host calls itself."""
    asks = edgar.etiquette(CONTACT)
    for url in ("https://www.sec.gov/news", "https://data.sec.gov/x", "https://sec.gov/"):
        assert asks(url).agent == CONTACT
    for url in (
        "https://sec.gov.acme.test/",
        "https://mysec.gov/",
        "https://acme.test/www.sec.gov",
        "http://u@acme.test",
    ):
        assert asks(url).agent == ""
    with pytest.raises(NoContact):
        edgar.etiquette("")("https://www.sec.gov/news")
    assert replace(asks("https://www.sec.gov/"), robots=False).site == "sec.gov"
