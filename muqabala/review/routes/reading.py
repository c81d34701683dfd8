"""What the page reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.background import BackgroundTask

from muqabala.formats import Format
from muqabala.review.bodies import Here, Marks
from muqabala.review.downloads import downloaded
from muqabala.review.overview import overview
from muqabala.review.routes.asking import Answer, BeadPath, PairNumber, TheCompany, TheDesk, TheReviewer

Since = Annotated[
    int, Query(ge=0, le=2**53, description="A version: only the beads that acts since then are about, and the order of all.")
]


def reading() -> APIRouter:
    """What changes nothing."""
    router = APIRouter(tags=["reading"])

    @router.get("/me")
    def me(reviewer: TheReviewer) -> dict[str, str]:
        """Who is asking, and as what."""
        return {"name": reviewer.name, "role": reviewer.role}

    @router.get("/project")
    def project(desk: TheDesk, _: TheReviewer) -> JSONResponse:
        """The statements with their progress and risk."""
        with desk.aside() as reading:
            return JSONResponse(overview(reading))

    @router.get("/pairs/{pair}", response_class=JSONResponse)
    def statement(pair: PairNumber, desk: TheDesk, _: TheReviewer, since: Since = 0) -> Response:
        """A statement with its beads, in document order."""
        return Response(desk.sheet(pair, since=since), media_type="application/json")

    @router.get("/pairs/{pair}/version")
    def version(pair: PairNumber, desk: TheDesk, _: TheReviewer) -> dict[str, int]:
        """The version of a statement: it grows with every act on it."""
        return {"version": desk.version(pair)}

    @router.post("/pairs/{pair}/here")
    def here(pair: PairNumber, body: Here, desk: TheDesk, company: TheCompany, who: TheReviewer) -> Answer:
        """Tell where one is on a statement, every few seconds; gives its version, and who else is there."""
        version = desk.version(pair)
        company.here(who.name, pair, body.bead or "", active=body.active and who.role != "reader")
        return {"version": version, "others": company.others(who.name, pair)}

    @router.get("/pairs/{pair}/changes")
    def changes(pair: PairNumber, desk: TheDesk, _: TheReviewer) -> Answer:
        """What people changed of the machine's alignment."""
        return desk.changes(pair)

    @router.post("/pairs/{pair}/marks")
    def marks(pair: PairNumber, body: Marks, desk: TheDesk, _: TheReviewer) -> Answer:
        """The glossary's terms in some beads."""
        return desk.marks(pair, body.beads)

    @router.get("/pairs/{pair}/history/{bead}")
    def history(pair: PairNumber, bead: BeadPath, desk: TheDesk, _: TheReviewer) -> list[Answer]:
        """What happened to a bead."""
        return desk.history(pair, bead)

    @router.get("/search")
    def search(
        desk: TheDesk,
        _: TheReviewer,
        words: Annotated[str, Query(max_length=500, description="All words; those in quotation marks next to each other.")],
        most: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[Answer]:
        """Beads by their words, Arabic with or without vowels, hamza, clitics."""
        return desk.search(words, most)

    @router.get("/day")
    def day(
        company: TheCompany,
        who: TheReviewer,
        day: Annotated[str, Query(pattern=r"^\d{4}-\d\d-\d\d$", description="ISO 8601, UTC.")],
    ) -> Answer:
        """What one did oneself on a day, and how long."""
        return company.day(who.name, day)

    @router.get("/people")
    def people(request: Request, company: TheCompany, who: TheReviewer) -> Answer:
        """Who may come in, who is there now, and to a lead what everybody did."""
        did = company.everybody() if who.role == "lead" else []
        return {"names": request.app.state.people.names, "now": company.others(who.name), "did": did}

    @router.get("/export/{kind}", response_class=FileResponse)
    def export(
        kind: Format,
        desk: TheDesk,
        _: TheReviewer,
        status: Annotated[str, Query(max_length=200, description="Only beads of these statuses, with commas; all without.")] = "",
    ) -> FileResponse:
        """The project's beads as a file, zipped where there are several."""
        made = downloaded(desk.project, kind, [name.strip() for name in status.split(",") if name.strip()])
        return FileResponse(made.file, filename=made.name, background=BackgroundTask(made.clear))

    return router
