from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from page.limits import LOGINS_PER_MINUTE, MOST_BYTES, MOST_UPLOADED, POLICY, Limits, TooLarge


async def served(scope, receive, send):  # type: ignore[no-untyped-def]
    """An application that reads what it is sent and says how much that was."""
    size, more = 0, scope["method"] == "POST"
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def send(limits: Limits, *requests: httpx.Request, address: str = "192.0.2.1") -> list[httpx.Response]:
    async def all_() -> list[httpx.Response]:
        transport = httpx.ASGITransport(limits, client=(address, 1234))
        async with httpx.AsyncClient(transport=transport) as client:
            return [await client.send(request) for request in requests]

    return asyncio.run(all_())


def post(path: str = "run", content: bytes | Iterator[bytes] = b"x") -> httpx.Request:
    return httpx.Request("POST", f"http://here/{path}", content=content)


def test_a_request_within_the_limits_passes_with_the_policy_of_the_page() -> None:
    (response,) = send(Limits(served), post())
    assert (response.status_code, response.text) == (200, "1")
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://here"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),  # typed by a person
        ({"Origin": "http://here"}, 200),  # plain HTTP on a network
        ({"Origin": "https://News.example:8443", "X-Forwarded-Host": "news.example:8443"}, 200),  # behind a proxy
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://here"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # another port of this machine
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://here:8080"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_no_page_of_another_site_sends_requests_here(headers: dict[str, str], status: int) -> None:
    request = httpx.Request("POST", "http://here/gradio_api/component_server", headers=headers, content=b"{}")
    assert [response.status_code for response in send(Limits(served), request)] == [status]


def test_too_many_requests_of_one_address_are_refused_and_others_pass() -> None:
    limits = Limits(served, per_minute=3)
    responses = send(limits, *(post() for _ in range(4)))
    assert [response.status_code for response in responses] == [200, 200, 200, 429]
    assert "wait a little" in responses[-1].json()["detail"]
    assert [response.status_code for response in send(limits, post(), address="192.0.2.2")] == [200]
    assert [response.status_code for response in send(limits, httpx.Request("GET", "http://here/"))] == [200]


def test_passwords_cannot_be_tried_fast() -> None:
    responses = send(Limits(served), *(post("login") for _ in range(LOGINS_PER_MINUTE + 1)))
    assert [response.status_code for response in responses][-2:] == [200, 429]


@pytest.mark.parametrize(("path", "most"), [("gradio_api/run/ask", MOST_BYTES), ("gradio_api/upload", MOST_UPLOADED)])
def test_a_large_request_is_refused_by_what_it_announces(path: str, most: int) -> None:
    fits, too_large = send(Limits(served), post(path, b"x" * most), post(path, b"x" * (most + 1)))
    assert (fits.status_code, too_large.status_code) == (200, 413)


def test_a_large_request_that_announces_nothing_is_broken_off() -> None:
    """Sent piece by piece, without a length."""

    async def received() -> None:
        async def receive():  # type: ignore[no-untyped-def]
            return {"type": "http.request", "body": b"x" * 300_000, "more_body": True}

        async def ignore(message) -> None:  # type: ignore[no-untyped-def]
            pass

        scope = {"type": "http", "method": "POST", "path": "/run", "headers": [], "client": ("192.0.2.1", 1)}
        await Limits(served)(scope, receive, ignore)

    with pytest.raises(TooLarge):
        asyncio.run(received())
