from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest
from local_site import HERE, Site

from index.fetch import AGENT, UNKNOWN, Document, Fetcher, Manners, Validators
from index.web import FetchError, Limits, TryLater

QUICK = Limits(connect=2, idle=0.3, total=1, size=100_000)


def at_once(url: str) -> Manners:
    return Manners(pause=0)


class Slept(list[float]):
    """What a fetcher would have waited, in seconds."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
def fetcher(slept: Slept) -> Fetcher:
    return Fetcher(limits=QUICK, sleep=slept, manners_of=at_once)


def get(fetcher: Fetcher, url: str, **options: Any) -> Document:
    document = fetcher.get(url, **({"allowed": HERE} | options))
    assert document is not None
    return document


def status(site: Site, code: int, **headers: str) -> Any:
    site.put("/made", "busy", status=code, **headers)
    return site.pages.pop("/made")


def page(site: Site, body: str) -> Any:
    site.put("/made", body)
    return site.pages.pop("/made")


def test_a_document(site: Site, fetcher: Fetcher) -> None:
    """Its bytes, its kind as stated, its version, and who asked."""
    url = site.put("/a", "hello", "text/html; charset=x", etag='"7"', last_modified="Fri, 03 May 2024 10:00:00 GMT")
    assert get(fetcher, url + "#part") == Document(
        url + "#part", url, "text/html; charset=x", b"hello", Validators('"7"', "Fri, 03 May 2024 10:00:00 GMT")
    )
    assert {seen.headers["user-agent"] for seen in site.seen} == {AGENT}


def test_not_modified(site: Site, fetcher: Fetcher) -> None:
    """The server is asked whether there is another version."""
    url = site.put("/a", status=304)
    assert fetcher.get(url, allowed=HERE, validators=Validators('"7"', "Fri, 03 May 2024 10:00:00 GMT")) is None
    sent = site.seen[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"7"', "Fri, 03 May 2024 10:00:00 GMT")
    with pytest.raises(FetchError, match="304 Not Modified"):
        get(fetcher, url, validators=UNKNOWN)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (410, "410 Gone: taken down for good"),
        (403, "403 Forbidden: the site does not give it to programs; save it with a browser and add the file"),
        (204, "204 No Content: no document"),
        (299, "299: no document"),
    ],
)
def test_a_status_that_is_no_document(site: Site, fetcher: Fetcher, slept: Slept, code: int, said: str) -> None:
    """Said with what to do; not tried again."""
    with pytest.raises(FetchError) as caught:
        get(fetcher, site.put("/a", status=code))
    assert caught.value.reason == said
    assert not isinstance(caught.value, TryLater)
    assert site.asked("/a") == 1


def test_a_page_that_is_not_there_may_come(site: Site, fetcher: Fetcher) -> None:
    """Feeds name pages before they are there."""
    with pytest.raises(TryLater, match="404 Not Found: no such page; check the address"):
        get(fetcher, f"{site.url}/a")
    assert site.asked("/a") == 1


def test_an_empty_page_may_be_one_that_broke_off(site: Site, fetcher: Fetcher) -> None:
    """As when the connection is lost among the headers."""
    with pytest.raises(TryLater, match="empty"):
        get(fetcher, site.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Ty"))


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, fetcher: Fetcher, code: int) -> None:
    """Relative ones, too; the document knows where it ended."""
    site.put("/x/b", status=code, location="../c#top")
    site.put("/c", "hello")
    document = get(fetcher, site.put("/a", status=code, location="/x/b"))
    assert (document.data, document.url, document.final_url) == (b"hello", f"{site.url}/a", f"{site.url}/c")


def test_redirects_in_a_circle(site: Site, fetcher: Fetcher) -> None:
    """Left as soon as a page comes again."""
    site.put("/b", status=302, location="/a")
    with pytest.raises(FetchError, match="leads on in a circle; open it in a browser"):
        get(fetcher, site.put("/a", status=302, location="/b"))
    assert len(site.seen) == 3  # with robots.txt


def test_redirects_without_end(site: Site, fetcher: Fetcher) -> None:
    """Each to another page."""
    for number in range(30):
        site.put(f"/{number}", status=302, location=f"/{number + 1}")
    with pytest.raises(FetchError, match="leads on more than 10 times"):
        get(fetcher, site.url + "/0")


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://127.0.0.2:{port}/secret", r"leads to .*127\.0\.0\.2 is inside this machine"),
        ("http://169.254.169.254/latest/meta-data", r"169\.254\.169\.254 is inside this machine or its network"),
        ("http://[::1]:{port}/", "inside this machine"),
        ("//10.0.0.1/", "inside this machine"),
        ("file:///etc/passwd", "only http:// and https:// are fetched"),
        ("http://[", "not a web address"),
        ("javascript:alert(1)", "only http:// and https:// are fetched"),
        ("", "does not say where to"),
    ],
)
def test_a_redirect_that_must_not_be_followed(site: Site, fetcher: Fetcher, location: str, said: str) -> None:
    """Each hop is checked like the first."""
    port = site.server.server_address[1]
    with pytest.raises(FetchError, match=said) as caught:
        get(fetcher, site.put("/a", status=302, location=location.format(port=port)))
    assert caught.value.url == f"{site.url}/a"
    assert not isinstance(caught.value, TryLater)


# -- what passes -------------------------------------------------------------------------------------------------------


def test_what_breaks_off_is_fetched_anew_not_pieced_together(site: Site, fetcher: Fetcher, slept: Slept) -> None:
    """The page changes between two tries: what comes is one version, whole."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"
    site.raw("/broken", head + b"old o")
    site.in_turn("/a", site.pages["/broken"], page(site, "new new "))
    assert get(fetcher, f"{site.url}/a").data == b"new new "
    assert len(slept) == 1


def test_a_server_that_fails_is_asked_three_times_ever_more_slowly(site: Site, fetcher: Fetcher, slept: Slept) -> None:
    """And then left."""
    with pytest.raises(TryLater, match=r"answers 500 Internal Server Error$"):
        get(fetcher, site.put("/a", status=500))
    assert site.asked("/a") == 3
    assert 0.5 <= slept[0] <= 1.5
    assert 1 <= slept[1] <= 3


@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_server_says_how_long_to_wait(site: Site, fetcher: Fetcher, slept: Slept, code: int) -> None:
    """And is given that time."""
    site.in_turn("/a", status(site, code, retry_after="7"), page(site, "hello"))
    assert get(fetcher, f"{site.url}/a").data == b"hello"
    assert slept == [7]


def test_a_time_of_day_to_come_back(site: Site, fetcher: Fetcher, slept: Slept) -> None:
    """Retry-After may be a date."""
    site.in_turn("/a", status(site, 429, retry_after=formatdate(time.time() + 20, usegmt=True)), page(site, "hello"))
    get(fetcher, f"{site.url}/a")
    assert 15 < slept[0] <= 20


def test_a_long_wait_is_kept_for_the_next_run(site: Site, fetcher: Fetcher, slept: Slept) -> None:
    """The host is not asked for anything before; a fetcher that is told so keeps to it."""
    url = site.put("/a", status=429, retry_after="3600")
    with pytest.raises(TryLater, match="429 Too Many Requests; it asks to come back in 3,600 s"):
        get(fetcher, url)
    assert slept == []
    later = Fetcher(limits=QUICK, resting=dict(fetcher.resting))
    for each in (fetcher, later):
        with pytest.raises(TryLater, match=f"{site.host} asked to be left alone until"):
            get(each, site.put("/b", "hello"))
    assert site.asked("/b") == 0
    over = Fetcher(limits=QUICK, manners_of=at_once, resting={site.host: time.time() - 1})
    assert get(over, site.url + "/b").data == b"hello"
    assert over.resting == {}


def test_no_server_makes_a_run_wait_for_years(site: Site, fetcher: Fetcher, slept: Slept) -> None:
    """One that fails, and is not busy, is left as well."""
    with pytest.raises(TryLater, match="502 Bad Gateway; it asks to come back in 864,000,000 s"):
        get(fetcher, site.put("/a", status=502, retry_after="864000000"))
    assert (slept, site.asked("/a")) == ([], 1)


@pytest.mark.parametrize("value", ["soon", "-5", "", "99999999999999999999", "Foo, 99 Bar 2024 99:99:99 GMT"])
def test_a_wait_that_makes_no_sense(site: Site, fetcher: Fetcher, slept: Slept, value: str) -> None:
    """Ends in no error of ours and in no wait of years."""
    with pytest.raises(TryLater, match="429 Too Many Requests"):
        get(fetcher, site.put("/a", status=429, retry_after=value))
    assert fetcher.resting[site.host] - time.time() <= 86_400
    assert sum(slept) < 60


def test_a_host_that_fails_twice_is_left_for_this_run(site: Site, fetcher: Fetcher) -> None:
    """Of fifty links to a dead host not each is tried."""
    for name in ("/a", "/b", "/c"):
        site.put(name, status=500)
    for name in ("/a", "/b", "/c"):
        with pytest.raises(TryLater) as caught:
            get(fetcher, site.url + name)
    assert caught.value.reason == f"{site.host} failed 2 times in a row; left for the next run"
    assert (site.asked("/b"), site.asked("/c")) == (3, 0)


def test_a_slow_page_is_not_tried_again_at_once(site: Site, fetcher: Fetcher) -> None:
    """It would take its time three times."""
    site.raw("/a", *[b"H"] * 40, wait=lambda: time.sleep(0.1))
    with pytest.raises(TryLater, match="not finished after 1 s"):
        get(fetcher, site.url + "/a")
    assert site.asked("/a") == 1


# -- robots and pauses -------------------------------------------------------------------------------------------------


def test_robots(site: Site, fetcher: Fetcher) -> None:
    """Asked once; patterns and the longest rule count, and rules for citewire before those for all."""
    site.put(
        "/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: citewire\nDisallow: /*.pdf$\nAllow: /\n", "text/plain"
    )
    assert get(fetcher, site.put("/a", "hello")).data == b"hello"
    with pytest.raises(FetchError, match=r"/robots\.txt asks programs to stay away from it; save it with a browser"):
        get(fetcher, site.put("/a.pdf", "hello"))
    assert (site.asked("/robots.txt"), site.asked("/a.pdf")) == (1, 0)


def test_robots_are_asked_at_each_hop(site: Site, fetcher: Fetcher) -> None:
    """A redirect is no way around them."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /b", "text/plain")
    site.put("/b", "hello")
    with pytest.raises(FetchError, match="stay away"):
        get(fetcher, site.put("/a", status=302, location="/b"))
    assert site.asked("/b") == 0


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_robots_that_are_not_there_forbid_nothing(site: Site, fetcher: Fetcher, code: int) -> None:
    """RFC 9309, 2.3.1.3."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /", status=code)
    assert get(fetcher, site.put("/a", "hello")).data == b"hello"


def test_robots_out_of_order_forbid_everything_for_now(site: Site, fetcher: Fetcher) -> None:
    """RFC 9309, 2.3.1.4."""
    site.put("/robots.txt", status=500)
    with pytest.raises(TryLater, match=r"500 Internal Server Error for its robots\.txt, so nothing else is asked"):
        get(fetcher, site.put("/a", "hello"))
    assert site.asked("/a") == 0


@pytest.mark.parametrize("body", [b"", b"\0\xff\xfe<html>", b"Disallow: /", b"User-agent: citewire\nCrawl-delay: soon"])
def test_robots_that_are_no_rules(site: Site, fetcher: Fetcher, body: bytes) -> None:
    """Forbid nothing."""
    site.put("/robots.txt", body)
    assert get(fetcher, site.put("/a", "hello")).data == b"hello"


def test_a_pause_between_requests_to_a_host(site: Site, slept: Slept) -> None:
    """Its own, or the longer one that robots.txt asks for; another host is not waited for."""
    fetcher = Fetcher(limits=QUICK, sleep=slept, manners_of=lambda url: Manners(pause=2))
    get(fetcher, site.put("/a", "hello"))  # after robots.txt
    assert len(slept) == 1
    assert 1.8 < slept[0] <= 2
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 9", "text/plain")
    asks = Fetcher(limits=QUICK, sleep=slept, manners_of=lambda url: Manners(pause=2))
    get(asks, site.url + "/a")
    get(asks, site.url + "/a")
    assert 8 < slept[-1] <= 9
    other = Site()
    before = len(slept)
    site.put("/robots.txt", status=404)
    get(asks, other.put("/a", "hello"), manners=Manners(pause=2, robots=False))
    assert len(slept) == before
    other.close()


def test_hosts_of_one_site_share_its_pause(site: Site, slept: Slept) -> None:
    """And its agent; a site with terms of its own for programs is not asked for robots.txt."""
    fetcher = Fetcher(limits=QUICK, sleep=slept)
    other = Site()
    manners = Manners("Ann ann@acme.test", 5, robots=False, site="acme")
    get(fetcher, site.put("/a", "hello"), manners=manners)
    get(fetcher, other.put("/a", "hello"), manners=manners)
    assert len(slept) == 1
    assert 4 < slept[0] <= 5
    assert [seen.headers["user-agent"] for seen in site.seen + other.seen] == ["Ann ann@acme.test"] * 2
    other.close()


def test_each_hop_is_asked_as_its_own_site_wants(site: Site) -> None:
    """Who is named to one is not named to another."""
    other = Site()
    other.put("/b", "hello")
    fetcher = Fetcher(
        limits=QUICK, manners_of=lambda url: Manners("Ann" if url.startswith(other.url) else "Bob", 0, robots=False)
    )
    get(fetcher, site.put("/a", status=302, location=f"{other.url}/b"))
    assert [seen.headers["user-agent"] for seen in site.seen + other.seen] == ["Bob", "Ann"]
    other.close()
