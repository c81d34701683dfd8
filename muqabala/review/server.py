"""The server of the workbench: one process, on loopback unless told otherwise."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from muqabala.project.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def serve(
    folder: Path, *, host: str, port: int, browser: bool, invitations: Sequence[str], name: str, tell: Callable[[str], None]
) -> None:
    """Serve a project until it is interrupted.

    Args:
        folder: of the project.
        host: address to listen on.
        port: to listen on, 0 for any.
        browser: open the page.
        invitations: `NAME` or `NAME=ROLE` for whom to make personal links.
        name: of whoever works here without signing in.
        tell: prints a line.

    Raises:
        MuqabalaError: the address cannot be used, or strangers could come in.
    """
    try:
        import uvicorn

        from muqabala.review.app import make_app
    except ImportError:
        raise MuqabalaError("the workbench needs the extra 'review'", hint="pip install 'muqabala[review]'") from None
    from muqabala.review.desk import Desk
    from muqabala.review.people import People, invite

    local = _is_loopback(host)
    with Project(folder, threads=True) as project, _listening(host, port) as listener:
        port = listener.getsockname()[1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        tokens = {}
        for invitation in invitations:
            who, _, role = invitation.partition("=")
            tokens[who] = invite(project, who, role or "reviewer")
        if not local and not project.store.value("SELECT count(*) FROM reviewer"):
            raise MuqabalaError("others could come in without a name", hint="--invite NAME=lead makes a personal link")
        desk = Desk(project)
        desk.warm_up()
        app = make_app(desk, People(desk, alone=name if local else None), hosts=_hosts(host, port))
        tell(address)
        for who, token in tokens.items():
            tell(f"{who}\t{address}enter?token={token}")
        sys.stdout.flush()
        if browser:
            import webbrowser

            webbrowser.open(address)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)).run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hosts(host: str, port: int) -> frozenset[str]:
    """The names by which the page may be asked for."""
    names = {"localhost", "127.0.0.1", "[::1]"} if _is_loopback(host) else {socket.gethostname(), "localhost", "127.0.0.1"}
    names.add(f"[{host}]" if ":" in host else host)
    return frozenset(f"{name}:{port}" for name in names)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves small answers waiting 40 ms
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise MuqabalaError(f"cannot listen on {host}:{port}: {reason}", hint="--port 0 takes any that is free") from None
    listener.listen(128)
    return listener
