"""Who may come in, and the page (login.html) on which they say who they are."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

FORM = Path(__file__).with_name("login.html")


class Login(NamedTuple):
    """Who may come in."""

    user: str
    password: str

    def __call__(self, user: str, password: str) -> bool:
        """Whether name and password are right; it takes as long where they are nearly right."""
        given, wanted = (f"{name}\0{word}".encode() for name, word in ((user, password), self))
        return hmac.compare_digest(given, wanted)


class Door:
    """ASGI middleware: who has not logged in gets the form to do so.

    Gradio's own has no title, tells nobody aloud that a password was wrong, and is silent to one who tried too often.
    It stays the one that checks: the form posts to it, and no call is answered without its cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show the form, or pass a request on."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/" and not _is_in(scope):
            from starlette.responses import HTMLResponse

            await HTMLResponse(FORM.read_text(encoding="utf-8"))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_in(scope: Scope) -> bool:
    """Whether a request carries a cookie that Gradio has given out."""
    from starlette.requests import Request

    gradio, cookies = scope["app"], Request(scope).cookies
    given = (cookies.get(f"access-token-{kind}{gradio.cookie_id}") for kind in ("", "unsecure-"))
    return any(token in gradio.tokens for token in given)
