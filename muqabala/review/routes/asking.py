"""Who asks, and what is asked: the parts that all routes share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from muqabala.review.company import Company
from muqabala.review.desk import Desk
from muqabala.review.double import Double
from muqabala.review.people import ForbiddenError, People, Reviewer
from muqabala.review.terms import Terms

COOKIE = "muqabala"
PairNumber = Annotated[int, Path(ge=1, le=2**31, description="Number of the pair.")]
BeadPath = Annotated[str, Path(pattern=r"^p\d{4,9}-b\d{4,9}$")]
Answer = dict[str, Any]


def the_desk(request: Request) -> Desk:
    """The project of the request."""
    desk: Desk = request.app.state.desk
    return desk


def the_company(request: Request) -> Company:
    """Who is there."""
    company: Company = request.app.state.company
    return company


def the_terms(request: Request) -> Terms:
    """The project's glossary."""
    terms: Terms = request.app.state.terms
    return terms


def the_double(request: Request) -> Double:
    """Its blind reviews."""
    double: Double = request.app.state.double
    return double


def the_reviewer(request: Request) -> Reviewer:
    """Who asks; raises StrangerError."""
    people: People = request.app.state.people
    return people.of(request.cookies.get(COOKIE, ""))


def an_actor(reviewer: Annotated[Reviewer, Depends(the_reviewer)]) -> Reviewer:
    """Who asks and may change something; raises ForbiddenError."""
    if reviewer.role == "reader":
        raise ForbiddenError("a reader changes nothing")
    return reviewer


def a_lead(reviewer: Annotated[Reviewer, Depends(the_reviewer)]) -> Reviewer:
    """Who asks and leads; raises ForbiddenError."""
    if reviewer.role != "lead":
        raise ForbiddenError("only a lead may do this")
    return reviewer


TheDesk = Annotated[Desk, Depends(the_desk)]
TheCompany = Annotated[Company, Depends(the_company)]
TheTerms = Annotated[Terms, Depends(the_terms)]
TheDouble = Annotated[Double, Depends(the_double)]
TheReviewer = Annotated[Reviewer, Depends(the_reviewer)]
TheActor = Annotated[Reviewer, Depends(an_actor)]
TheLead = Annotated[Reviewer, Depends(a_lead)]
