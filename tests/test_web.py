from __future__ import annotations

import gzip
import random
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import trustme
from local_site import HERE, Site

from index import web
from index.web import FetchError, Limits, Reply, TooSlow, TryLater

QUICK = Limits(connect=2, idle=0.3, total=0.6, size=100_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def get(url: str, **options: Any) -> Reply:
    given: dict[str, Any] = {"limits": QUICK, "allowed": HERE}
    return web.get(url, {"User-Agent": "test"}, **(given | options))


def resolver(*answers: Sequence[str], port: int) -> tuple[Any, list[str]]:
    """A name service that gives these addresses in turn, and what it was asked."""
    asked: list[str] = []

    def resolve(host: str, _: int, **__: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        numbers = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    return resolve, asked


# -- addresses ---------------------------------------------------------------------------------------------------------

INSIDE = """
127.0.0.1 127.8.9.1 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255
224.0.0.1 239.1.1.1 240.0.0.1 198.18.0.1 192.0.2.1 203.0.113.9 ::1 :: fe80::1 fc00::1 fd12::1 fec0::1 ff02::1
::ffff:127.0.0.1 ::ffff:10.1.1.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1::1 2001:0:1::1
2001:db8::1 ::127.0.0.1
""".split()
OUTSIDE = "1.1.1.1 8.8.8.8 172.32.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8".split()


@pytest.mark.parametrize("number", INSIDE)
def test_addresses_inside(number: str) -> None:
    """Private, loopback, link-local, shared, reserved, for many, and any of them wrapped in IPv6."""
    assert not web.is_public(ip_address(number))


@pytest.mark.parametrize("number", OUTSIDE)
def test_addresses_outside(number: str) -> None:
    """Public ones, also as a translator writes them."""
    assert web.is_public(ip_address(number))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "0", "[::ffff:127.0.0.1]"]
)
def test_every_spelling_of_this_machine_is_refused(site: Site, host: str) -> None:
    """Nothing reaches the server; the message says how to allow it."""
    port = site.host.split(":")[1]
    with pytest.raises(FetchError, match=r"inside this machine or its network.*add --allow [0-9a-f:.]+$") as caught:
        get(f"http://{host}:{port}/", allowed=())
    assert not isinstance(caught.value, TryLater)
    assert site.seen == []


def test_a_network_that_is_allowed_is_reached(site: Site) -> None:
    """And no other: the next address on the same interface stays out."""
    url = site.put("/", "hello")
    assert get(url).body == b"hello"
    with pytest.raises(FetchError, match=r"127\.0\.0\.2 is inside"):
        get(url.replace("127.0.0.1", "127.0.0.2"))


def test_the_name_is_looked_up_once_and_that_address_is_connected_to(site: Site) -> None:
    """A name server that says something else the second time is never asked a second time."""
    port = site.server.server_address[1]
    site.put("/", "hello")
    resolve, asked = resolver(["127.0.0.1"], ["127.0.0.2"], port=port)
    assert get(f"http://acme.test:{port}/", resolve=resolve).body == b"hello"
    assert asked == ["acme.test"]
    assert site.seen[0].headers["host"] == f"acme.test:{port}"


def test_of_several_addresses_only_those_outside_are_tried(site: Site) -> None:
    """One public address does not open the door to a private one."""
    port = site.server.server_address[1]
    resolve, _ = resolver(["10.9.9.9", "127.0.0.1"], port=port)
    site.put("/", "hello")
    assert get(f"http://acme.test:{port}/", resolve=resolve).body == b"hello"


def test_the_next_address_is_tried_when_one_is_dead(site: Site) -> None:
    """As browsers do."""
    port = site.server.server_address[1]
    resolve, _ = resolver(["127.0.0.3", "127.0.0.1"], port=port)
    site.put("/", "hello")
    allowed = web.networks(["127.0.0.0/8"])
    assert get(f"http://acme.test:{port}/", resolve=resolve, allowed=allowed).body == b"hello"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://acme.test/x", "only http:// and https:// are fetched"),
        ("file:///etc/passwd", "only http:// and https://"),
        ("acme.test/x", "only http:// and https://"),
        ("http:///x", "only http:// and https://"),
        ("http://ac me.test/", "write it as https://host/path"),
        ("http://acme.test:99999/", "write it as https://host/path"),
        ("http://a\r\nX-Evil: 1/", "write it as https://host/path"),
        ("", "only http:// and https://"),
    ],
)
def test_what_is_no_web_address(url: str, said: str) -> None:
    """Said in words; nothing is looked up."""
    resolve, asked = resolver(["127.0.0.1"], port=1)
    with pytest.raises(FetchError, match=said):
        get(url, resolve=resolve)
    assert asked == []


def test_a_password_in_an_address_is_neither_sent_nor_shown() -> None:
    """It would end up in logs and lists."""
    with pytest.raises(FetchError, match="leave it out") as caught:
        get("https://ann:secret@acme.test/")
    assert "secret" not in str(caught.value)


def test_line_ends_in_a_path_do_not_become_headers(site: Site) -> None:
    """They are escaped."""
    with pytest.raises(FetchError):
        get(f"http://user\r\n@{site.host}/")
    get(f"{site.url}/a\r\nX-Evil: 1")
    assert "x-evil" not in site.seen[0].headers


def test_a_host_that_is_not_there() -> None:
    """No name, or nobody who listens: it may work later."""
    with pytest.raises(TryLater, match=r"the host nowhere\.invalid is not found"):
        get("http://nowhere.invalid/")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(TryLater, match=r"no connection to 127\.0\.0\.1 .*refused"):
            get(f"http://127.0.0.1:{unused.getsockname()[1]}/")


# -- bodies ------------------------------------------------------------------------------------------------------------


def test_headers_and_body(site: Site) -> None:
    """What is sent and what comes back."""
    reply = get(site.put("/a%20b?x=1", "hello", etag='"1"').replace("%20", " "))
    assert (reply.status, reply.body, reply.headers["ETag"]) == (200, b"hello", '"1"')
    assert site.seen[0].path == "/a%20b?x=1"
    assert site.seen[0].headers["user-agent"] == "test"
    assert site.seen[0].headers["accept-encoding"] == "gzip, deflate"


def test_a_status_that_is_not_200_has_no_body(site: Site) -> None:
    """Error pages are not read."""
    reply = get(site.put("/", "x" * 50_000, status=404))
    assert (reply.said, reply.body) == ("404 Not Found", b"")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_packed_bodies_are_unpacked(site: Site, pack: Any) -> None:
    """Both kinds that are asked for."""
    url = site.put("/", pack(b"hello" * 1000), content_encoding="gzip" if pack is gzip.compress else "deflate")
    assert get(url).body == b"hello" * 1000


def chunked(body: bytes, size: int = 10_000) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("way", ["length", "chunked", "twice"])
def test_a_small_body_that_unpacks_to_a_huge_one(site: Site, way: str) -> None:
    """50 MB out of 50 kB: stopped at the limit, in little memory."""
    bomb = gzip.compress(b"\0" * 50_000_000, 6)
    encoding = b"gzip"
    if way == "twice":
        bomb, encoding = gzip.compress(bomb), b"gzip, gzip"
    head = HEAD + b"Content-Encoding: " + encoding + b"\r\n"
    if way == "chunked":
        site.raw("/", head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(bomb))
    else:
        site.raw("/", head + b"Content-Length: %d\r\n\r\n" % len(bomb) + bomb)
    tracemalloc.start()
    with pytest.raises(FetchError, match="larger than the 1 MB that a document may have"):
        get(f"{site.url}/", limits=Limits(size=1_000_000, total=10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("length", [b"5000000000", b"9" * 5000])
def test_a_huge_body_is_refused_by_its_stated_length(site: Site, length: bytes) -> None:
    """Before a byte of it is read."""
    url = site.raw("/", HEAD + b"Content-Length: " + length + b"\r\n\r\n")
    with pytest.raises(FetchError, match=r"larger than the 0\.1 MB"):
        get(url)


def test_a_huge_body_of_unknown_length_is_left_at_the_limit(site: Site) -> None:
    """It may never end."""
    url = site.raw("/", HEAD + b"\r\n", *[b"x" * 10_000] * 1000)
    with pytest.raises(FetchError, match=r"larger than the 0\.1 MB"):
        get(url)


def test_a_body_of_a_kind_not_wanted_is_not_read(site: Site) -> None:
    """The content type is asked about first."""
    url = site.put("/", b"x" * 50_000, "image/png")
    with pytest.raises(FetchError, match="no pictures"):
        get(url, refuse=lambda kind: "no pictures" if kind == "image/png" else None)


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 1000\r\n\r\nonly this",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhello",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
    ],
    ids=[
        "length",
        "no last chunk",
        "half a chunk",
        "no chunk",
        "no gzip",
        "nothing",
        "ssh",
        "long",
        "many",
    ],
)
def test_an_answer_that_is_broken(site: Site, answer: bytes) -> None:
    """Never taken for the whole; it may work later."""
    with pytest.raises(TryLater, match=r"broke off before it was whole|cannot be unpacked"):
        get(site.raw("/", answer))


def test_any_answer_at_all(site: Site) -> None:
    """Is a reply or an error in words."""
    draw = random.Random(0)
    whole = (
        HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(gzip.compress(b"x" * 9000), 30)
    )
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 5)):
            at = draw.randrange(len(data))
            piece = draw.choice(
                [b"", b"\r\n", b"\0", b"-1", b"\xff", b"ffffffffffffffff\r\n", b"Location: \x1b[0m\r\n"]
            )
            data[at : at + draw.choice([0, 1, 30])] = piece
        try:
            assert get(site.raw("/", bytes(data))).status in range(1000)
        except FetchError as error:
            assert str(error).isprintable()


def test_silence(site: Site) -> None:
    """A server that says nothing is left after the time for that."""
    done = threading.Event()
    started = time.monotonic()
    with pytest.raises(TryLater, match=r"not a byte came for 0\.3 s"):
        get(site.raw("/", b"", b"", wait=lambda: done.wait(5)))
    done.set()
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "head",
    [b"", HEAD + b"Content-Length: 1000\r\n\r\n", HEAD + b"\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
    ids=["headers", "body", "body without length", "chunk size"],
)
def test_an_answer_that_drips(site: Site, head: bytes) -> None:
    """A byte now and then keeps each read alive; the time in all still ends it."""
    started = time.monotonic()
    drops = (b"H" if not head else b"0",) * 40
    with pytest.raises(TooSlow, match=r"not finished after 0\.6 s"):
        get(site.raw("/", head, *drops, wait=lambda: time.sleep(0.1)))
    assert 0.5 < time.monotonic() - started < 2


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def secure(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site over TLS, with a certificate for acme.test from an authority that this process trusts."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("acme.test").configure_cert(context)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return site


def test_the_certificate_is_checked_against_the_name_not_the_address(secure: Site) -> None:
    """Though the connection goes to the address that was checked."""
    port = secure.server.server_address[1]
    resolve, _ = resolver(["127.0.0.1"], port=port)
    secure.put("/", "hello")
    assert get(f"https://acme.test:{port}/", resolve=resolve).body == b"hello"
    with pytest.raises(TryLater, match=r"no trusted connection to other\.test .*certificate is not accepted"):
        get(f"https://other.test:{port}/", resolve=resolve)


def test_a_certificate_that_nobody_vouches_for(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is refused before anything is asked."""
    monkeypatch.delenv("SSL_CERT_FILE")
    port = secure.server.server_address[1]
    resolve, _ = resolver(["127.0.0.1"], port=port)
    with pytest.raises(TryLater, match="certificate is not accepted"):
        get(f"https://acme.test:{port}/", resolve=resolve)
    assert secure.seen == []
