"""Serving the page: one address, safe by default."""

from __future__ import annotations

import errno
import os
import socket
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from page.blocks import HERE, build, theme
from page.chat import Chat
from page.keeper import Keeper
from page.library import Library
from page.limits import Limits
from page.login import Door, Login
from qa import Assistant
from qa.conversation import Conversations

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 4  # questions taken at the same time; they share what the machine has
MOST_WAITING = 64  # questions that wait; more are refused at once rather than answered in minutes


class CannotServe(RuntimeError):
    """The page cannot be served as asked for; the message says what to do now."""


class Served(NamedTuple):
    """The page while it is served."""

    blocks: gr.Blocks
    library: Library
    keeper: Keeper

    @property
    def url(self) -> str:
        """Its address on this machine."""
        return str(self.blocks.local_url)

    def close(self) -> None:
        """Stop serving, and adding."""
        self.blocks.close(verbose=False)
        self.library.close()
        self.keeper.close()


def serve(
    assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, *, login: Login | None = None, mcp: bool = False
) -> Served:
    """Build the page and serve it in the background, without a word to any other machine.

    Where others can reach it without a password, releases can be read and not changed.

    Args:
        mcp: offer the named calls to language models as well.

    Raises:
        CannotServe: the host or port cannot be had, or MCP is wanted together with a password.
    """
    if mcp and login:
        raise CannotServe("MCP knows no password: with --mcp anybody could ask. Leave out --mcp or --user")
    if mcp and not find_spec("mcp"):
        raise CannotServe("--mcp needs one more package: pip install 'gradio[mcp]'")
    check_address(host, port)
    for name in ("NO_PROXY", "no_proxy"):  # Gradio calls its own address once, which no proxy can reach
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "localhost", host)))
    private = is_loopback(host)
    library = Library(
        assistant.index.folder,
        assistant.index.embedder,
        may_change=private or login is not None,
        may_name_folders=private,
    )
    keeper = Keeper(Conversations.open(assistant.index.folder), library, login.user if login else None)
    blocks = build(Chat(assistant, keeper, removable=library.may_change), library, keeper)
    blocks.queue(default_concurrency_limit=AT_ONCE, max_size=MOST_WAITING)
    try:
        _launch(blocks, host, port, login, mcp)
    except OSError as error:
        keeper.close()
        library.close()
        raise CannotServe(f"port {port} cannot be used; take another with --port {port + 1}") from error
    return Served(blocks, library, keeper)


def _launch(blocks: gr.Blocks, host: str, port: int, login: Login | None, mcp: bool) -> None:
    """Every switch of Gradio's that reaches out of this machine is set, so that no environment variable sets it."""
    from index.read import MAX_BYTES

    blocks.launch(
        server_name=f"[{host}]" if ":" in host else host,
        server_port=port,
        auth=login,
        prevent_thread_lock=True,
        quiet=True,
        inline=False,
        share=False,
        ssr_mode=False,
        mcp_server=mcp,
        pwa=False,
        enable_monitoring=False,
        run_history=False,  # or the browser would keep every question
        max_file_size=MAX_BYTES,
        footer_links=[],
        app_kwargs={"middleware": _middleware(host, login)},
        theme=theme(),
        # In the head, where it is before anything is drawn: what it is given as css= Gradio rewrites, and wrongly.
        head=f"<style>{(HERE / 'style.css').read_text(encoding='utf-8')}</style>",
    )


def _middleware(host: str, login: Login | None) -> list[object]:
    """The limits, and the door where there is one.

    On this machine alone, only its own names are answered to: a page elsewhere may have its name point here.
    """
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    own = Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]", "::1", host])
    return [*([own] if is_loopback(host) else []), Middleware(Limits), *([Middleware(Door)] if login else [])]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what is served there.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(host: str, port: int) -> None:
    """Try the address before models are loaded for it.

    Raises:
        CannotServe: another program has the port, or this machine does not have the host.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # elsewhere this option would let two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CannotServe(f"{host} is no name or address of this machine; leave --host out for 127.0.0.1") from error
    except OSError as error:
        raise CannotServe(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use, perhaps by another citewire; take another with --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; take another with --port 7860"
    return f"{host} port {port} cannot be used ({error.strerror}); leave --host out for 127.0.0.1"
