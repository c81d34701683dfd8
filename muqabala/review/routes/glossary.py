"""The project's glossary."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from muqabala.review.bodies import ConceptBody, Removal
from muqabala.review.routes.asking import Answer, TheLead, TheReviewer, TheTerms

_CONFLICT: dict[int | str, dict[str, str]] = {409: {"description": "Somebody changed the glossary meanwhile."}}
ConceptName = Annotated[str, Query(max_length=200, description="Id of the concept.")]


def glossary() -> APIRouter:
    """Concepts, and candidates for them."""
    router = APIRouter(prefix="/glossary", tags=["glossary"])

    @router.get("")
    def browse(
        terms: TheTerms,
        _: TheReviewer,
        words: Annotated[str, Query(max_length=300, description="All words, in any form; everything where empty.")] = "",
        most: Annotated[int, Query(ge=1, le=2000)] = 200,
    ) -> Answer:
        """The concepts with these words in a term, the id, the domain or the definition."""
        return terms.browse(words, most)

    @router.get("/candidates")
    def candidates(terms: TheTerms, _: TheReviewer) -> list[Answer]:
        """What reviewers noted while they read, and is not in the glossary yet."""
        return terms.candidates()

    @router.get("/concept")
    def concept(name: ConceptName, terms: TheTerms, _: TheReviewer) -> Answer:
        """A concept whole: terms, sources, history, and what is doubtful about it."""
        return terms.concept(name)

    @router.put("/concept", responses=_CONFLICT)
    def save(body: ConceptBody, terms: TheTerms, who: TheLead) -> Answer:
        """Write a concept, a new one or a changed one; its history grows."""
        return terms.save(body.name, body.concept, version=body.version, by=who.name)

    @router.delete("/concept", responses=_CONFLICT)
    def remove(body: Removal, terms: TheTerms, who: TheLead) -> Answer:
        """Take a concept out."""
        return terms.save(body.name, None, version=body.version, by=who.name)

    return router
