"""The list of releases: searched, sorted, page by page, with an issuer's timeline above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from index.store import ReleaseRef
from page.inline import about, counted, day, escape, line
from page.place import Place
from page.scope import within
from qa import Filters

Order = Literal["newest", "oldest", "issuer"]
ORDERS: tuple[Order, ...] = get_args(Order)

ON_A_PAGE = 40
MOST_WORDS = 200  # characters searched for


class Listing(NamedTuple):
    """Which releases to list, and how."""

    words: str = ""  # each must stand in headline, issuer, tickers or file name
    order: Order = "newest"
    page: int = 0

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Listing:
        """What a form, or a program, asks for; what makes no sense counts as not said."""
        order: Order = next((order for order in ORDERS if order == request.get("order")), "newest")
        page = str(request.get("page") or 0)
        return cls(
            str(request.get("words") or "")[:MOST_WORDS],
            order,
            int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 0,
        )

    def pick(self, refs: Sequence[ReleaseRef]) -> list[ReleaseRef]:
        """The releases that have all the words, in order.

        Args:
            refs: newest first, those without a date last.
        """
        words = self.words.casefold().split()
        found = [ref for ref in refs if all(word in _searched(ref) for word in words)] if words else list(refs)
        if self.order == "oldest":
            found.sort(key=lambda ref: ref.published or date.max)
        elif self.order == "issuer":
            found.sort(key=lambda ref: (ref.issuer is None, (ref.issuer or "").casefold()))
        return found


def _searched(ref: ReleaseRef) -> str:
    return "\n".join((ref.headline, ref.issuer or "", *ref.tickers, ref.source.rpartition("/")[2])).casefold()


FIND = (
    '<form class="find" role="search"><label>Find <input type="search" name="words" maxlength="200" '
    'placeholder="headline, issuer, ticker, file"></label><label>Sort <select name="order">'
    '<option value="newest">newest first</option><option value="oldest">oldest first</option>'
    '<option value="issuer">by issuer</option></select></label></form>'
)


def browse_html(listed: str) -> str:
    """The list with the form that searches and sorts it."""
    return (
        f'<article class="view browse" tabindex="0" data-view="browse" aria-label="Releases">{FIND}{listed}</article>'
    )


def listed_html(found: Sequence[ReleaseRef], listing: Listing, filters: Filters, timeline: str = "") -> str:
    """One page of the releases found: the part that is made anew while somebody types.

    Args:
        found: all of them, in order.
        filters: which releases were searched.
        timeline: the plot above the list.
    """
    scope = within(filters)
    note = f" · {line(scope)}" if scope else ""
    pages = max(1, -(-len(found) // ON_A_PAGE))
    number = min(listing.page, pages - 1)
    rows = "".join(_row(ref) for ref in found[number * ON_A_PAGE : (number + 1) * ON_A_PAGE])
    nothing = "" if found else f'<p class="hint">{_why_none(listing, scope)}</p>'
    return (
        f'<div class="listed"><p class="found" role="status">{counted(len(found), "release")}{note}</p>{timeline}'
        f'<ul class="rows">{rows}</ul>{nothing}{_pages(number, pages)}</div>'
    )


def _why_none(listing: Listing, scope: str) -> str:
    """Why a list is empty, and what to do now."""
    if listing.words:
        return "No release has these words. Fewer words find more."
    return (
        "No release is of that issuer and those days." if scope else "Nothing is indexed yet. “Add” takes releases in."
    )


def _row(ref: ReleaseRef) -> str:
    issuer = (
        f'<button type="button" class="only" value="{escape(ref.issuer)}" '
        f'aria-label="Ask only {escape(ref.issuer)}"><bdi>{line(ref.issuer)}</bdi></button> · '
        if ref.issuer
        else ""
    )
    headline = f'<span dir="auto">{line(ref.headline)}</span>'
    from_ = f'<p class="from">{issuer}{about(day(ref.published), *ref.tickers)}</p>'
    return f'<li><button type="button" class="headline" value="{Place(ref.id)}">{headline}</button>{from_}</li>'


def _pages(number: int, pages: int) -> str:
    if pages == 1:
        return ""
    back = f'<button type="button" class="page" value="{number - 1}"{"" if number else " disabled"}>Back</button>'
    is_last = " disabled" if number == pages - 1 else ""
    more = f'<button type="button" class="page" value="{number + 1}"{is_last}>More</button>'
    return f'<nav class="pages" aria-label="Pages">{back}<span>{number + 1} of {pages:,}</span>{more}</nav>'
