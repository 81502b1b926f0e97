"""A site on this machine with the shapes of SEC EDGAR's: tickers, submissions, filings' pages, exhibits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from local_site import Site

CONTACT = "Ann Berg ann@example.com"
CIK = 1279704
ROW = """<tr{odd}><td scope="row">{seq}</td><td scope="row">{title}</td>
<td scope="row"><a href="{href}">{name}</a>{mark}</td><td scope="row">{kind}</td><td scope="row">1234</td></tr>"""


class LocalEdgar:
    """One company, "ACME CORP", and its filings."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.columns: dict[str, list[Any]] = {
            name: []
            for name in (
                *("accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "act", "form", "fileNumber"),
                *("items", "size", "isXBRL", "isInlineXBRL", "primaryDocument", "primaryDocDescription"),
            )
        }
        self.older: list[dict[str, Any]] = []
        tickers = [(CIK, "ACM", "ACME CORP"), (320193, "ACM-B", "ACME B INC")]
        rows = {
            str(n): {"cik_str": cik, "ticker": ticker, "title": name} for n, (cik, ticker, name) in enumerate(tickers)
        }
        site.put("/files/company_tickers.json", json.dumps(rows), "application/json")
        self.publish()

    @property
    def sites(self) -> dict[str, str]:
        return {"data": self.site.url, "archive": self.site.url}

    def publish(self, etag: str = "") -> None:
        """Let the submissions say what was filed so far."""
        found = {
            "cik": str(CIK),
            "entityType": "operating",
            "name": "ACME CORP",
            "tickers": ["ACM", "ACMW"],
            "exchanges": ["Nasdaq", None],
            "formerNames": [],
            "filings": {"recent": self.columns, "files": self.older},
        }
        self.site.put(f"/submissions/CIK{CIK:010d}.json", json.dumps(found), "application/json", etag=etag)

    def file(self, number: int, day: str, documents: Sequence[tuple[str, str, str | bytes]], form: str = "8-K") -> str:
        """File documents (kind, name, text) as one report; returns the address of its page."""
        accession = f"0001193125-{day[2:4]}-{number:06d}"
        values = [accession, day, day, f"{day}T16:05:00.000Z", "34", form, "001-36598", "2.02,9.01", 1234, 1, 1]
        for name, value in zip(self.columns, [*values, documents[0][1], form], strict=True):
            self.columns[name].insert(0, value)
        folder = f"/Archives/edgar/data/{CIK}/{accession.replace('-', '')}"
        rows = []
        for seq, (kind, name, text) in enumerate(documents, 1):
            self.site.put(f"{folder}/{name}", text, "text/html" if name.endswith("htm") else "text/plain")
            inline = kind == form and name.endswith("htm")
            href = f"/ix?doc={folder}/{name}" if inline else f"{folder}/{name}"
            mark = ' &nbsp;&nbsp;<span style="color:green">iXBRL</span>' if inline else ""
            rows.append(ROW.format(odd="", seq=seq, title=kind, href=href, name=name, mark=mark, kind=kind))
        whole = f"{accession}.txt"
        title = "Complete submission text file"
        rows.append(ROW.format(odd=' class="evenRow"', seq="&nbsp;", title=title, href=f"{folder}/{whole}", name=whole,
                               mark="", kind="&nbsp;"))  # fmt: skip
        head = "<tr>" + "".join(
            f'<th scope="col">{name}</th>' for name in ("Seq", "Description", "Document", "Type", "Size")
        )
        listing = f'<table class="tableFile" summary="Document Format Files">{head}</tr>{"".join(rows)}</table>'
        xsd = ROW.format(
            odd="", seq=9, title="SCHEMA", href=f"{folder}/a.xsd", name="a.xsd", mark="", kind="EX-101.SCH"
        )
        other = f"<table class='tableFile'>{head}</tr>{xsd}</table>"
        page = f"<html><body><div>Form {form}</div>{listing}{other}</body></html>"
        self.publish()
        return self.site.put(f"{folder}/{accession}-index.htm", page)

    def file_as_one(self, number: int, day: str, documents: Sequence[tuple[str, str]]) -> str:
        """File as it was done in the 1990s: one text file and no documents beside it."""
        accession = f"0001193125-{day[2:4]}-{number:06d}"
        page = self.file(number, day, [("8-K", "x.txt", "")])
        folder = page.rsplit("/", 1)[0].removeprefix(self.site.url)
        parts = [
            f"<DOCUMENT>\n<TYPE>{kind}\n<SEQUENCE>{n}\n<TEXT>\n{text}\n</TEXT>\n</DOCUMENT>\n"
            for n, (kind, text) in enumerate([("8-K", "The report."), *documents], 1)
        ]
        self.site.put(f"{folder}/{accession}.txt", f"<SEC-DOCUMENT>{accession}.txt\n{''.join(parts)}", "text/plain")
        name = f"{accession}.txt"
        row = ROW.format(
            odd="", seq="&nbsp;", title="Complete", href=f"{folder}/{name}", name=name, mark="", kind="&nbsp;"
        )
        return self.site.put(page.removeprefix(self.site.url), f"<table class='tableFile'>{row}</table>")
