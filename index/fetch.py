"""URL -> Document, politely: robots.txt, a pause between requests to a host, back-off, redirects hop by hop.

A `Fetcher` remembers what each host asked for. One request is on its way at a time.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from index import web
from index.months import in_words
from index.web import FetchError, Limits, Network, NoHost, Refuse, Reply, Resolve, Resting, TooSlow, TryLater

if TYPE_CHECKING:
    from protego import Protego

TRIES = 3  # of one request that fails for a reason that passes
PATIENCE = 60.0  # seconds waited at most when a server names a time; a longer one is left to the next sync
REST = 900.0  # seconds that a host is left alone which says "too many requests" and no time
HOPS = 10  # redirects followed; browsers stop at 20, the longest chains of wires' feeds have 4
FAILURES = 2  # documents in a row that fail on a host until it is left for this run
_BUSY = (429, 503)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)


class Validators(NamedTuple):
    """What a server said of a document's version; with them it answers "not modified" instead of sending it again."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """As the fields of a conditional request."""
        fields = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in fields.items() if value}


UNKNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Document:
    """What was fetched."""

    url: str  # as asked for
    final_url: str  # after redirects: what relative links in it stand against
    content_type: str  # as the server states it, parameters included; empty where it does not
    data: bytes
    validators: Validators = UNKNOWN


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site wants to be asked."""

    agent: str = ""  # User-Agent; citewire's own if empty
    pause: float = 1.0  # seconds from one request to the next
    robots: bool = True  # whether robots.txt is asked
    site: str = ""  # hosts of one site share its pause; each host its own if empty


@dataclass(slots=True)
class Fetcher:
    """Fetches one document at a time.

    Attributes:
        manners_of: how the site of a URL wants to be asked.
        resting: host -> until when (seconds since 1970) it asked to be left alone; the caller may keep it.
    """

    limits: Limits = field(default_factory=Limits)
    resolve: Resolve = socket.getaddrinfo
    sleep: Callable[[float], None] = time.sleep
    manners_of: Callable[[str], Manners] = lambda url: Manners()
    resting: dict[str, float] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)  # site -> when it may be asked again
    _failed: dict[str, int] = field(default_factory=dict)  # host -> documents in a row
    _robots: dict[str, Protego | str] = field(default_factory=dict)  # origin -> its rules, or why they cannot be had

    def get(
        self,
        url: str,
        *,
        validators: Validators = UNKNOWN,
        refuse: Refuse = lambda content_type: None,
        allowed: Sequence[Network] = (),
        manners: Manners | None = None,
    ) -> Document | None:
        """Fetch a document; ``None`` if it has not been modified.

        Args:
            validators: of the version that is known.
            refuse: asked with the content type before a body is read; returns why it is not wanted.
            allowed: networks that may be reached although they are not public.
            manners: for this once.

        Raises:
            FetchError: it will not work tomorrow either.
            TryLater: it may.
        """
        ask = _Ask(url, refuse, tuple(allowed), manners, validators.headers())
        reply = self._follow(ask)
        if reply.status == 304 and validators.headers():
            return None
        if reply.status != 200:
            raise _refusal(url, reply)
        if not reply.body:  # headers that break off end in this, too
            raise TryLater(url, "empty; try again later")
        found = Validators(reply.headers.get("etag") or None, reply.headers.get("last-modified") or None)
        return Document(url, reply.url, reply.headers.get("content-type", ""), reply.body, found)

    def rest(self, url: str, seconds: float) -> None:
        """Leave the host of this URL alone for so long, a day at most."""
        self.resting[urlsplit(url).netloc] = time.time() + min(seconds, 86_400)

    def _follow(self, ask: _Ask) -> Reply:
        """Ask, and go where redirects lead; each hop is checked like the first."""
        hops = [_normal(ask.url)]
        while True:
            reply = self._patiently(hops[-1], ask)
            if reply.status not in _REDIRECTS:
                return reply
            location = reply.headers.get("location")
            if not location:
                raise FetchError(ask.url, f"{reply.said}, but it does not say where to")
            hop = _next_hop(ask.url, hops[-1], location)
            if hop in hops or len(hops) > HOPS:
                way = "in a circle" if hop in hops else f"more than {HOPS} times"
                raise FetchError(ask.url, f"leads on {way}; open it in a browser and give the address where it ends")
            hops.append(hop)

    def _patiently(self, url: str, ask: _Ask) -> Reply:
        """One hop, tried again where the reason passes."""
        host = urlsplit(url).netloc
        manners = ask.manners or self.manners_of(url)
        self._check_rest(ask.url, host)
        if manners.robots:
            self._check_robots(url, ask, manners)
        for tries_left in reversed(range(TRIES)):
            try:
                reply = self._once(url, ask, manners)
            except TryLater as error:
                seconds, late = None, error
            else:
                if reply.status not in _PASSING:
                    self._failed.pop(host, None)
                    return reply
                seconds = _retry_after(reply)
                late = TryLater(ask.url, _busy(url, reply, seconds), seconds)
                if reply.status in _BUSY and (not tries_left or (seconds or 0) > PATIENCE):
                    self.rest(url, seconds or REST)
                    raise late
            if not tries_left or isinstance(late, NoHost | TooSlow) or (seconds or 0) > PATIENCE:
                self._failed[host] = self._failed.get(host, 0) + 1
                raise late
            self.sleep(seconds if seconds is not None else 2 ** (TRIES - 1 - tries_left) * random.uniform(0.5, 1.5))
        raise AssertionError("the last try returns or raises")

    def _once(self, url: str, ask: _Ask, manners: Manners) -> Reply:
        """One request, after the site's pause."""
        site = manners.site or urlsplit(url).netloc
        wait = self._next.get(site, 0.0) - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        headers = {"User-Agent": manners.agent or AGENT, "Accept": _ACCEPT, **ask.headers}
        try:
            return web.get(
                url, headers, limits=self.limits, refuse=ask.refuse, allowed=ask.allowed, resolve=self.resolve
            )
        except FetchError as error:
            if url != _normal(ask.url):  # name the address that the person knows, and where it led
                raise _renamed(error, ask.url, f"leads to {url}: {error.reason}") from None
            raise
        finally:
            self._next[site] = time.monotonic() + self._pause(url, manners)

    def _pause(self, url: str, manners: Manners) -> float:
        rules = self._robots.get(_origin(url))
        asked = 0.0 if rules is None or isinstance(rules, str) else float(rules.crawl_delay(_NAME) or 0.0)
        return max(manners.pause, min(asked, PATIENCE))

    def _check_rest(self, url: str, host: str) -> None:
        if self._failed.get(host, 0) >= FAILURES:
            raise Resting(url, f"{host} failed {FAILURES} times in a row; left for the next run")
        until = self.resting.get(host, 0.0)
        if until > time.time():
            clock = datetime.fromtimestamp(until).astimezone()
            raise Resting(url, f"{host} asked to be left alone until {clock:%H:%M} on {in_words(clock)}")
        self.resting.pop(host, None)

    def _check_robots(self, url: str, ask: _Ask, manners: Manners) -> None:
        """Ask the host's robots.txt, once a run (RFC 9309: not there is a yes, out of order a no)."""
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin, ask, manners)
        rules = self._robots[origin]
        if isinstance(rules, str):
            raise TryLater(ask.url, rules)
        if not rules.can_fetch(url, _NAME):
            raise FetchError(
                ask.url,
                f"{origin}/robots.txt asks programs to stay away from it; save it with a browser and add the file",
            )

    def _read_robots(self, origin: str, ask: _Ask, manners: Manners) -> Protego | str:
        from protego import Protego

        address = f"{origin}/robots.txt"
        blindly = replace(manners, robots=False)
        try:
            reply = self._follow(_Ask(address, lambda content_type: None, ask.allowed, blindly, {}))
        except TryLater as error:
            return error.reason
        except FetchError:  # leads in circles, or inside: as if there were none
            return Protego.parse("")
        # The RFC asks readers to take at least 500 KiB.
        return Protego.parse(reply.body[:512_000].decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class _Ask:
    """What one call of `Fetcher.get` wants, over all its hops."""

    url: str
    refuse: Refuse
    allowed: tuple[Network, ...]
    manners: Manners | None  # as each hop's own site wants it if None
    headers: Mapping[str, str]


_NAME = "citewire"  # what robots.txt may call us
AGENT = f"{_NAME}/{version(_NAME)}"
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/plain;q=0.9,*/*;q=0.5"


def _normal(url: str) -> str:
    """A URL as it is asked for: normalised, without fragment."""
    return web.parse(url)._replace(fragment=None).url


def _next_hop(url: str, here: str, location: str) -> str:
    try:
        return _normal(urljoin(here, location))
    except ValueError as error:
        reason = error.reason if isinstance(error, FetchError) else "not a web address"
        raise FetchError(url, f"leads to {location}: {reason}") from None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _renamed(error: FetchError, url: str, reason: str) -> FetchError:
    return TryLater(url, reason, error.seconds) if isinstance(error, TryLater) else FetchError(url, reason)


def _retry_after(reply: Reply) -> float | None:
    """Seconds that a server asks to wait: a number, or a date."""
    text = (reply.headers.get("retry-after") or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, until.timestamp() - time.time())


def _busy(url: str, reply: Reply, seconds: float | None) -> str:
    parts = urlsplit(url)
    asked = " for its robots.txt, so nothing else is asked" if parts.path == "/robots.txt" else ""
    wait = f"; it asks to come back in {seconds:,.0f} s" if seconds is not None else ""
    return f"{parts.netloc} answers {reply.said}{asked}{wait}"


def _refusal(url: str, reply: Reply) -> FetchError:
    """What a status that is no document means to the person."""
    if reply.status in (401, 402, 403, 407, 451):
        what = "the site does not give it to programs; save it with a browser and add the file"
    elif reply.status == 404:  # feeds name pages before they are there
        return TryLater(url, f"{reply.said}: no such page; check the address")
    elif reply.status == 410:
        what = "taken down for good"
    else:
        what = "no document"
    return FetchError(url, f"{reply.said}: {what}")
