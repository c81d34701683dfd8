"""The web application: its routes, and what keeps others out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from corpora import MuqabalaError
from muqabala.review.company import Company
from muqabala.review.desk import ConflictError, Desk
from muqabala.review.double import Double
from muqabala.review.people import ForbiddenError, People, StrangerError
from muqabala.review.routes.acting import acting
from muqabala.review.routes.blind import blind
from muqabala.review.routes.glossary import glossary
from muqabala.review.routes.pages import pages
from muqabala.review.routes.reading import reading
from muqabala.review.terms import StaleError, Terms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LARGEST = 4 << 20  # bytes of a request
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_CODES: dict[type[MuqabalaError], int] = {StrangerError: 401, ForbiddenError: 403, StaleError: 409}
_REFUSALS: dict[int | str, dict[str, str]] = {
    400: {"description": "The body is not JSON."},
    401: {"description": "Nobody has signed in."},
    403: {"description": "The role may not do this, or the request does not come from the page."},
    413: {"description": "The request is too large."},
    421: {"description": "Another host."},
}
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make_app(desk: Desk, people: People, *, hosts: frozenset[str]) -> FastAPI:
    """The application of a project.

    Args:
        desk: the project.
        people: who may come in, and as what.
        hosts: the values of `Host` that it answers to, against DNS rebinding.
    """
    app = FastAPI(title="Muqabala review", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.desk, app.state.people = desk, people
    app.state.company, app.state.terms, app.state.double = Company(desk), Terms(desk), Double(desk)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = _refusal(request, hosts) or await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(ConflictError)
    async def conflict(request: Request, error: ConflictError) -> JSONResponse:  # noqa: ARG001  the framework's signature
        return JSONResponse({"error": error.reason, "by": error.by, "at": error.at, "beads": error.beads}, 409)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:  # noqa: ARG001
        first = error.errors()[0]  # without the input, which may be anything
        where = ".".join(str(part) for part in first.get("loc", ()))
        return JSONResponse({"error": f"{where}: {first.get('msg', 'not valid')}"[:300]}, 422)

    @app.exception_handler(MuqabalaError)
    async def refused(request: Request, error: MuqabalaError) -> JSONResponse:  # noqa: ARG001
        code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), 422)
        return JSONResponse({"error": error.reason, "hint": error.hint or ""}, code)

    app.include_router(pages())
    for router in (reading(), acting(), blind(), glossary()):
        app.include_router(router, prefix="/api", responses=_REFUSALS)
    return app


def _refusal(request: Request, hosts: frozenset[str]) -> Response | None:
    """Another host's name, a foreign origin, a write without our header, too large a body."""
    if request.headers.get("host", "") not in hosts:
        return JSONResponse({"error": "another host"}, 421)
    if request.method in {"GET", "HEAD"}:
        return None
    origin = request.headers.get("origin")
    if request.headers.get("x-muqabala") != "1" or (origin is not None and origin.partition("://")[2] not in hosts):
        return JSONResponse({"error": "the request does not come from the page"}, 403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _LARGEST:
        return JSONResponse({"error": "the request is too large"}, 413)
    return None
