"""One HTTP GET within bounds: from an address that was checked, so many bytes, so many seconds.

    Error family:  FetchError(url, reason) ◁ TryLater ◁ NoHost, TooSlow, Resting

A fetch must not reach into the local network. A name is looked up once, what it stands for is checked, and the
connection goes to that very address, so that a second look-up cannot say something else (DNS rebinding). Redirects are
not followed here: each is a new request that is checked anew.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, InvalidURL
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, parse_url

Network = IPv4Network | IPv6Network
Resolve = Callable[..., Sequence[tuple[Any, ...]]]  # as socket.getaddrinfo
Refuse = Callable[[str], str | None]  # content type -> why its body is not wanted, or None

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address in the last 32 bits
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))  # Teredo, 6to4: retired, and they hide an IPv4 address
_MOST_ADDRESSES = 4  # of one name that are tried
_MOST_DIGITS = 18  # of a stated length: int refuses thousands


class FetchError(ValueError):
    """A document that cannot be fetched, tomorrow no more than today. ``url`` and ``reason`` say which and why."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = printable(url), printable(reason)
        super().__init__(f"{self.url}: {self.reason}")


class TryLater(FetchError):
    """It may work at another time. ``seconds``: how long the server asks to be left alone, if it says."""

    def __init__(self, url: str, reason: str, seconds: float | None = None) -> None:
        super().__init__(url, reason)
        self.seconds = seconds


class NoHost(TryLater):
    """Nobody knows its name."""


class TooSlow(TryLater):
    """It was not whole when its time was over."""


class Resting(TryLater):
    """It was not asked for at all: its host is to be left alone for now."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request."""

    connect: float = 10.0  # seconds until the connection stands, an address
    idle: float = 20.0  # seconds without a byte
    total: float = 60.0  # seconds in all, however the bytes drip
    size: int = 10_000_000  # bytes of the body, unpacked


class Reply(NamedTuple):
    """What a server said. The body is empty for every status but 200."""

    url: str
    status: int
    headers: Mapping[str, str]  # names are found in any case
    body: bytes

    @property
    def said(self) -> str:
        """Status as people know it: ``404 Not Found``."""
        with suppress(ValueError):
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        return str(self.status)


def get(
    url: str,
    headers: Mapping[str, str],
    *,
    limits: Limits = Limits(),
    refuse: Refuse = lambda content_type: None,
    allowed: Sequence[Network] = (),
    resolve: Resolve = socket.getaddrinfo,
) -> Reply:
    """Ask for one URL, once.

    Args:
        headers: of the request; ``Host`` and ``Accept-Encoding`` are added.
        refuse: asked with the content type before a body is read.
        allowed: networks that may be reached although they are not public.
        resolve: looks names up, as `socket.getaddrinfo` does.

    Raises:
        FetchError: no web address, an address inside, a kind of body that is not wanted, or a body over the limit.
        TryLater: name not known, no connection, no trusted certificate, too slow, or broken off.
    """
    target = parse(url)
    connection = _connect(url, target, addresses(url, target, allowed, resolve), limits)
    with _deadline(url, connection, limits.total), _explained(url, limits):
        connection.timeout = limits.idle
        named = {**headers, "Host": target.netloc or "", "Accept-Encoding": "gzip, deflate"}
        connection.request("GET", target.request_uri, headers=named, preload_content=False)
        response = connection.getresponse()
        body = _body(url, response, limits.size, refuse) if response.status == 200 else b""
        return Reply(url, response.status, response.headers, body)


def parse(url: str) -> Url:
    """Take a URL apart, normalised.

    Raises:
        FetchError: it is not a web address that can be fetched.

    >>> parse("HTTP://Acme.com/ä?q=1").url
    'http://acme.com/%C3%A4?q=1'
    """
    try:
        url.encode()  # bytes of a terminal that are no text
        target = parse_url(url.strip())
    except (urllib3.exceptions.LocationParseError, ValueError):
        raise FetchError(url, "not a web address; write it as https://host/path") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise FetchError(url, "not a web address; only http:// and https:// are fetched")
    if target.auth:
        raise FetchError(
            url.replace(f"{target.auth}@", "…@"), "a name or password in an address is not sent; leave it out"
        )
    return target


def printable(text: str) -> str:
    """Text of strangers as it may be stored and shown: no controls, nothing invisible, no halves of characters.

    >>> printable("Acme\\x1b[31m opens\\u202e")
    'Acme[31m opens'
    """
    return "".join(filter(str.isprintable, text))


# -- addresses ---------------------------------------------------------------------------------------------------------


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, reserved, or for many.

    >>> [is_public(ip_address(text)) for text in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """Networks as people write them: ``10.1.2.3``, ``10.0.0.0/8``, ``fd00::/8``.

    Raises:
        ValueError: one of them is no network.

    >>> networks(["10.1.2.3"])
    (IPv4Network('10.1.2.3/32'),)
    """
    return tuple(ip_network(name, strict=False) for name in names)


def addresses(url: str, target: Url, allowed: Sequence[Network], resolve: Resolve) -> list[str]:
    """The addresses that a URL's host stands for and that may be connected to, as the resolver prefers them.

    Raises:
        NoHost: the name is not known.
        FetchError: it stands for addresses inside only.
    """
    host = (target.host or "").strip("[]")
    try:
        found = resolve(host, target.port or _port(target), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NoHost(url, f"the host {host} is not found ({why}); check the address and the network") from None
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    fit = [number for number in numbers if _may_reach(number, allowed)]
    if not fit:
        number = next(iter(numbers), "nowhere")
        raise FetchError(
            url,
            f"{host} is {'' if host == number else f'{number}, '}inside this machine or its network, where a fetch "
            f"must not reach; if that is meant, add --allow {number}",
        )
    return fit[:_MOST_ADDRESSES]


def _may_reach(number: str, allowed: Sequence[Network]) -> bool:
    address = ip_address(number)
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    return is_public(address) or any(plain in network for network in allowed if network.version == plain.version)


def _port(target: Url) -> int:
    return target.port or {"http": 80, "https": 443}[target.scheme or ""]


# -- the exchange ------------------------------------------------------------------------------------------------------


def _connect(url: str, target: Url, numbers: Sequence[str], limits: Limits) -> HTTPConnection:
    """A connection to the first of these addresses that answers; over TLS the certificate must be the host's."""
    last: Exception = OSError("no address")
    for number in numbers:
        connection = _connection(number, target, limits.connect)
        try:
            connection.connect()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            connection.close()
            last = error
        else:
            return connection
    if isinstance(last, ssl.SSLError | urllib3.exceptions.SSLError):
        raise TryLater(url, f"no trusted connection to {target.host} ({_why(last)}); its certificate is not accepted")
    raise TryLater(url, f"no connection to {target.host} ({_why(last)}); try again later")


def _connection(number: str, target: Url, seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(number, _port(target), timeout=seconds)
    import truststore

    host = (target.host or "").strip("[]")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts what the operating system trusts
    return HTTPSConnection(number, _port(target), timeout=seconds, ssl_context=context, server_hostname=host)


@contextmanager
def _deadline(url: str, connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds.

    The socket's own timeout begins anew with every byte: headers, chunk sizes or a body that drip would last for ever.
    """
    late = threading.Event()
    sock = connection.sock  # the connection forgets it when a body ends with the connection

    def cut() -> None:
        late.set()
        with suppress(OSError):  # closed already
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # wakes a read that waits; under TLS, too

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
        if late.is_set():  # what came may have been taken for the whole
            raise TooSlow(url, "")
    except (FetchError, urllib3.exceptions.HTTPError, HTTPException, OSError):
        if late.is_set():
            raise TooSlow(url, f"not finished after {seconds:g} s; try again later") from None
        raise
    finally:
        timer.cancel()
        connection.close()


@contextmanager
def _explained(url: str, limits: Limits) -> Iterator[None]:
    """Say the errors of the exchange in words."""
    try:
        yield
    except InvalidURL:
        raise FetchError(url, "not a web address; write it as https://host/path") from None
    except (TimeoutError, urllib3.exceptions.TimeoutError):
        raise TryLater(url, f"not a byte came for {limits.idle:g} s; try again later") from None
    except urllib3.exceptions.DecodeError:
        raise TryLater(url, "what came cannot be unpacked: it is damaged; try again later") from None
    except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise TryLater(url, f"broke off before it was whole ({_why(error)}); try again later") from None


def _why(error: BaseException) -> str:
    """The innermost reason, in a few words."""
    while True:
        inner = error.__cause__ or next((arg for arg in error.args if isinstance(arg, BaseException)), None)
        if inner is None:
            break
        error = inner
    said = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    return said or type(error).__name__


def _body(url: str, response: urllib3.BaseHTTPResponse, most: int, refuse: Refuse) -> bytes:
    """The body, unpacked piece by piece so that a small one that unpacks to a large one is noticed in time."""
    if reason := refuse(response.headers.get("content-type", "")):
        raise FetchError(url, reason)
    too_large = FetchError(url, f"larger than the {most / 1e6:g} MB that a document may have; not read further")
    stated = response.headers.get("content-length", "")
    if stated.isdecimal() and (len(stated) > _MOST_DIGITS or int(stated) > most):
        raise too_large
    parts, size = [], 0
    while part := response.read1(65_536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > most:
            raise too_large
    return b"".join(parts)
