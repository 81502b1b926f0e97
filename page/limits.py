"""What stands before every request: who may send it, how large and how frequent, and what the browser may load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.read import MAX_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PER_MINUTE = 300  # requests of one address that ask for work: questions, sources opened, files
LOGINS_PER_MINUTE = 10
MOST_BYTES = 1_000_000  # of a request that is no upload; the longest question has 2,000 characters
MOST_UPLOADED = MAX_BYTES + 100_000  # of one that is: a file and the form around it

# Gradio writes scripts into its page and makes functions of text, so both stay allowed; other machines do not.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class TooLarge(Exception):
    """A request went on beyond the limit."""


class Limits:
    """ASGI middleware. A request that breaks a limit is refused with the reason, before Gradio sees it.

    Args:
        per_minute: requests for work from one address in any minute. Behind a proxy all visitors are one address.
    """

    def __init__(self, app: ASGIApp, per_minute: int = PER_MINUTE) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._app = app
        self._rates = MovingWindowRateLimiter(MemoryStorage())
        self._work = RateLimitItemPerMinute(per_minute, namespace="work")
        self._login = RateLimitItemPerMinute(LOGINS_PER_MINUTE, namespace="login")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST":
            path, headers = scope["path"], dict(scope["headers"])
            if _is_foreign(headers):
                await _refuse(scope, receive, send, 403, "Another site's page may not send requests here.")
                return
            most = MOST_UPLOADED if path.rstrip("/").endswith("/upload") else MOST_BYTES
            if not self._in_time(scope, path):
                await _refuse(scope, receive, send, 429, "Too many requests in a minute; wait a little and try again.")
                return
            if (length := headers.get(b"content-length", b"0")).isdigit() and int(length) > most:
                await _refuse(scope, receive, send, 413, f"A request of at most {most:,} bytes is taken here.")
                return
            receive = _counted(receive, most)
        await self._app(scope, receive, _with_headers(send))

    def _in_time(self, scope: Scope, path: str) -> bool:
        address = (scope.get("client") or ("unknown",))[0]
        rate = self._login if path.rstrip("/").endswith("/login") else self._work
        return bool(self._rates.hit(rate, address))


def _is_foreign(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser sends this for a page that did not come from here: that could change the index unseen.

    A browser says so itself (Fetch Metadata), but not over plain HTTP from another machine; then it names the page's
    origin, which is the host asked, or the one that a proxy was asked for. Programs that are no browsers say neither.
    """
    if site := headers.get(b"sec-fetch-site"):
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    own = {headers.get(name, b"").lower() for name in (b"host", b"x-forwarded-host")}
    return origin is not None and urlsplit(origin.lower()).netloc not in own - {b""}


def _counted(receive: Receive, most: int) -> Receive:
    """Receive, until more has come than was announced or is allowed."""
    so_far = 0

    async def counted() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > most:
            raise TooLarge(f"a request went beyond {most:,} bytes")
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        await send(message)

    return with_headers


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    from starlette.responses import JSONResponse

    await JSONResponse({"detail": reason}, status, {"Retry-After": "30"} if status == 429 else None)(
        scope, receive, send
    )
