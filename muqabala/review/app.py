"""The web application: pages, the JSON API, and what keeps others out."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response

from corpora import MuqabalaError
from muqabala.review import acts
from muqabala.review.bodies import (
    Act,
    Beads,
    Comment,
    Decide,
    Divide,
    Edit,
    Marks,
    Merge,
    One,
    Realign,
    Resegment,
    Shift,
    Suggest,
    Surer,
    Waive,
)
from muqabala.review.desk import ConflictError, Desk
from muqabala.review.people import People, Reviewer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LARGEST = 4 << 20  # bytes of a request
_COOKIE = "muqabala"
_STATIC = {
    "review.js": "text/javascript; charset=utf-8",
    "review.css": "text/css; charset=utf-8",
    "noto-naskh-arabic.woff2": "font/woff2",
    "noto-naskh-arabic-bold.woff2": "font/woff2",
    "words.en.json": "application/json",
    "words.ar.json": "application/json",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

PairNumber = Annotated[int, Path(ge=1, le=2**31, description="Number of the pair.")]


def make_app(desk: Desk, people: People, *, hosts: frozenset[str]) -> FastAPI:
    """The application of a project.

    Args:
        desk: the project.
        people: who may come in, and as what.
        hosts: the values of `Host` that it answers to, against DNS rebinding.
    """
    app = FastAPI(title="Muqabala review", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.desk, app.state.people = desk, people

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
        return JSONResponse({"error": error.reason, "hint": error.hint or ""}, 422)

    app.include_router(_pages())
    app.include_router(_reading(), prefix="/api")
    app.include_router(_acting(), prefix="/api")
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


def the_desk(request: Request) -> Desk:
    """The project of the request."""
    desk: Desk = request.app.state.desk
    return desk


def the_reviewer(request: Request) -> Reviewer:
    """Who asks; raises MuqabalaError for a stranger."""
    people: People = request.app.state.people
    return people.of(request.cookies.get(_COOKIE, ""))


def an_actor(reviewer: Annotated[Reviewer, Depends(the_reviewer)]) -> Reviewer:
    """Who asks and may change something."""
    if reviewer.role == "reader":
        raise MuqabalaError("a reader changes nothing")
    return reviewer


TheDesk = Annotated[Desk, Depends(the_desk)]
TheReviewer = Annotated[Reviewer, Depends(the_reviewer)]
TheActor = Annotated[Reviewer, Depends(an_actor)]


def _pages() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    page = (files("muqabala") / "review" / "static" / "page.html").read_text(encoding="utf-8")
    content = {name: (files("muqabala") / "review" / "static" / name).read_bytes() for name in _STATIC}

    @router.get("/", response_class=HTMLResponse)
    def index() -> HTMLResponse:
        return HTMLResponse(page)

    @router.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in content:
            return JSONResponse({"error": "there is no such file"}, 404)
        return Response(content[name], media_type=_STATIC[name], headers={"Cache-Control": "max-age=3600"})

    @router.get("/enter")
    def enter(request: Request, token: str = "") -> Response:
        people: People = request.app.state.people
        if not people.knows(token):
            return HTMLResponse("<p>This link is not known here.</p>", 403)
        response = Response(status_code=303, headers={"Location": "/"})
        response.set_cookie(_COOKIE, token, httponly=True, samesite="strict", max_age=30 * 86_400)
        return response

    return router


def _reading() -> APIRouter:
    router = APIRouter(tags=["reading"])

    @router.get("/me")
    def me(reviewer: TheReviewer) -> dict[str, str]:
        """Who is asking, and as what."""
        return {"name": reviewer.name, "role": reviewer.role}

    @router.get("/project")
    def project(desk: TheDesk, _: TheReviewer) -> dict[str, Any]:
        """The statements with their progress and risk."""
        return desk.overview()

    @router.get("/pairs/{pair}")
    def statement(pair: PairNumber, desk: TheDesk, _: TheReviewer) -> dict[str, Any]:
        """A statement with all its beads, in document order."""
        return desk.sheet(pair)

    @router.get("/pairs/{pair}/version")
    def version(pair: PairNumber, desk: TheDesk, _: TheReviewer) -> dict[str, int]:
        """The version of a statement: it grows with every act on it."""
        return {"version": desk.version(pair)}

    @router.post("/pairs/{pair}/marks")
    def marks(pair: PairNumber, body: Marks, desk: TheDesk, _: TheReviewer) -> dict[str, Any]:
        """The glossary's terms in some beads."""
        return desk.marks(pair, body.beads)

    @router.get("/pairs/{pair}/history/{bead}")
    def history(
        pair: PairNumber, bead: Annotated[str, Path(pattern=r"^p\d{4,9}-b\d{4,9}$")], desk: TheDesk, _: TheReviewer
    ) -> list[dict[str, Any]]:
        """What happened to a bead."""
        return desk.history(pair, bead)

    @router.get("/search")
    def search(
        desk: TheDesk,
        _: TheReviewer,
        words: Annotated[str, Query(max_length=500, description="All words; those in quotation marks next to each other.")],
        most: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[dict[str, Any]]:
        """Beads by their words, Arabic with or without vowels, hamza, clitics."""
        return desk.search(words, most)

    @router.get("/suggestions")
    def suggestions(desk: TheDesk, _: TheReviewer) -> list[dict[str, Any]]:
        """Candidates for the glossary."""
        return desk.suggestions()

    return router


def _acting() -> APIRouter:
    router = APIRouter(
        prefix="/pairs/{pair}", tags=["acts"], responses={409: {"description": "Somebody else changed it meanwhile."}}
    )

    @router.post("/decide")
    def decide(pair: PairNumber, body: Decide, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Accept or reject beads, ask for a review, or take a decision back."""
        make = lambda s: acts.decided(s.state, body.beads, body.status, note=body.note)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=body.beads)

    @router.post("/accept-surer")
    def surer(pair: PairNumber, body: Surer, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Accept all beads above a confidence that nobody decided on."""
        return desk.accept_surer(pair, body.confidence, by=who.name, version=body.version, preview=body.preview)

    @router.post("/merge")
    def merge(pair: PairNumber, body: Merge, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """A bead and its neighbour become one."""
        make = lambda s: acts.merged(s.state, body.bead, body.towards)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/link")
    def link(pair: PairNumber, body: Beads, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Beads become one, wherever they stand."""
        return desk.act(pair, lambda s: acts.joined(s.state, body.beads), by=who.name, version=body.version, about=body.beads)

    @router.post("/shift")
    def shift(pair: PairNumber, body: Shift, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """A sentence at the edge of a bead goes to its neighbour."""
        make = lambda s: acts.shifted(s.state, body.bead, body.side, body.towards)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/divide")
    def divide(pair: PairNumber, body: Divide, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """A bead becomes two."""
        make = lambda s: acts.divided(s.state, body.bead, body.source, body.target)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/unlink")
    def unlink(pair: PairNumber, body: One, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """The two sides of a bead have no partner any more."""
        return desk.act(pair, lambda s: acts.unlinked(s.state, body.bead), by=who.name, version=body.version, about=[body.bead])

    @router.post("/edit")
    def edit(pair: PairNumber, body: Edit, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Write a side anew over the segments, which stay."""
        make = lambda s: acts.edited(s.state, body.bead, {body.side: body.text}, s.whole(s.state.bead(body.bead)))  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/comment")
    def comment(pair: PairNumber, body: Comment, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Say something of a bead."""
        make = lambda s: acts.commented(s.state, body.bead, body.text)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/waive")
    def waive(pair: PairNumber, body: Waive, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """A finding is right as it is, with a reason."""
        told = (body.bead, body.code, body.concept, body.reason, body.rendering)
        return desk.waive(pair, *told, by=who.name, version=body.version)

    @router.post("/resegment")
    def resegment(pair: PairNumber, body: Resegment, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Split a sentence in two, or join it with the next."""
        return desk.resegment(pair, body.bead, body.side, body.segment, body.offset, by=who.name, version=body.version)

    @router.post("/suggest")
    def suggest(pair: PairNumber, body: Suggest, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Words of both sides as a candidate for the glossary."""
        return desk.suggest_term(pair, body.bead, body.source, body.target, by=who.name)

    @router.post("/realign")
    def realign(pair: PairNumber, body: Realign, desk: TheDesk, who: TheActor) -> dict[str, Any]:
        """Align again around what people fixed; by default only tell what would change."""
        return desk.realign(pair, by=who.name, version=body.version, preview=body.preview)

    @router.post("/undo")
    def undo(pair: PairNumber, body: Act, desk: TheDesk, who: TheActor) -> dict[str, Any]:  # noqa: ARG001  its version is not needed
        """Take back one's last act on the statement."""
        return desk.undo(pair, by=who.name)

    @router.post("/redo")
    def redo(pair: PairNumber, body: Act, desk: TheDesk, who: TheActor) -> dict[str, Any]:  # noqa: ARG001
        """Do again what was taken back last."""
        return desk.undo(pair, by=who.name, redo=True)

    return router
