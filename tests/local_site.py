"""A real HTTP server on this machine whose pages may misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any, NamedTuple

HERE = (ip_network("127.0.0.1/32"),)  # what tests must be allowed to reach
Answer = Callable[[BaseHTTPRequestHandler], None]


class Seen(NamedTuple):
    """A request that came."""

    path: str
    headers: dict[str, str]  # names in small letters


class Site:
    """Pages by path. What is not there is 404; robots.txt, too, until it is put."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append(Seen(self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer = site.pages.get(self.path)
                with suppress(OSError):  # the client has seen enough
                    answer(self) if answer else self.send_error(404)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        self.pages: dict[str, Answer] = {}
        self.seen: list[Seen] = []
        self.server = Server((host, 0), Handler)
        self.host = f"{host}:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def put(
        self, path: str, body: str | bytes = b"", kind: str = "text/html; charset=utf-8", status: int = 200, **more: str
    ) -> str:
        """Serve this at a path; further headers as keywords, ``retry_after="5"``. Returns the URL."""
        data = body.encode() if isinstance(body, str) else body

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            if kind:
                handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(data)))
            for name, value in more.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(data)

        self.pages[path] = answer
        return self.url + path

    def raw(self, path: str, *pieces: bytes, wait: Callable[[], object] = lambda: None) -> str:
        """Serve these bytes, headers and all, with a wait before each piece but the first; then hang up."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            for number, piece in enumerate(pieces):
                if number:
                    wait()
                handler.wfile.write(piece)
                handler.wfile.flush()
            handler.close_connection = True

        self.pages[path] = answer
        return self.url + path

    def in_turn(self, path: str, *answers: Answer) -> str:
        """Serve one answer after another, the last one for ever."""
        left = list(answers)

        def answer(handler: BaseHTTPRequestHandler) -> None:
            (left.pop(0) if len(left) > 1 else left[0])(handler)

        self.pages[path] = answer
        return self.url + path

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(seen.path == path for seen in self.seen)

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


def page(name: str, more: str = "") -> str:
    """A release as a web page."""
    return (
        f"<!doctype html><html><head><title>{name}</title></head><body><h1>Acme opens {name}</h1>"
        f"<p>OSLO, May 3, 2024 -- Acme Corp. (NYSE: ACM) opened {name}, where it makes anvils of iron. {more}</p>"
        f"<p>The works of {name} cost $5 million and employ 300 people, Acme said.</p></body></html>"
    )


def rss(*entries: str, title: str = "Acme News") -> str:
    """A feed of these entries."""
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def entry(path: str, day: str = "3 May 2024", key: str = "") -> str:
    """An entry of a feed."""
    guid = f"<guid isPermaLink='false'>{key or path}</guid>"
    return f"<title>{path}</title><link>{path}</link>{guid}<pubDate>{day}</pubDate>"
