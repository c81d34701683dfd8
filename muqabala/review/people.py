"""Who may come in: everybody on this machine under one name, or people with personal links."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from corpora import MuqabalaError

if TYPE_CHECKING:
    from muqabala.project.project import Project
    from muqabala.review.desk import Desk

Role = Literal["lead", "reviewer", "reader"]
ROLES: tuple[Role, ...] = ("lead", "reviewer", "reader")


class StrangerError(MuqabalaError):
    """Nobody has signed in."""


class ForbiddenError(MuqabalaError):
    """The role of the one who asks does not allow it."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody by name, and what they may do."""

    name: str
    role: Role


class People:
    """The reviewers of a project.

    Args:
        desk: the project, whose database keeps the digests of the links' tokens, never the tokens.
        alone: the name of the one who works on this machine without signing in; None where signing in is required.
    """

    def __init__(self, desk: Desk, *, alone: str | None = None) -> None:
        self._desk = desk
        self._alone = Reviewer(alone, "lead") if alone is not None else None

    @property
    def _known(self) -> dict[str, Reviewer]:
        """People by the digests of their tokens; links are made and ended while the server runs."""
        with self._desk.lock:
            rows = self._desk.project.store.rows("SELECT name, role, token FROM reviewer ORDER BY id")
        return {row["token"]: Reviewer(row["name"], row["role"]) for row in rows}

    def of(self, token: str) -> Reviewer:
        """Whose token it is. Raises StrangerError."""
        found = self._known.get(_digest(token)) if token else None
        found = found or self._alone
        if found is None:
            raise StrangerError("sign in with your personal link")
        return found

    @property
    def names(self) -> list[str]:
        """Who may change something."""
        return sorted({r.name for r in (*self._known.values(), *filter(None, [self._alone])) if r.role != "reader"})

    def knows(self, token: str) -> bool:
        """Whether it is the token of a link."""
        return _digest(token) in self._known


def invite(project: Project, name: str, role: str) -> str:
    """Make a personal link for somebody; returns its token, which is nowhere else. An earlier link of that name ends.

    Raises:
        MuqabalaError: no such role, or no name.
    """
    if role not in ROLES:
        raise MuqabalaError(f"there is no role '{role}'", hint=f"one of {', '.join(ROLES)}")
    if not name.strip() or len(name) > 100:
        raise MuqabalaError("a reviewer needs a name of at most 100 characters")
    token = secrets.token_urlsafe(24)
    with project.store.change():
        project.store.write("DELETE FROM reviewer WHERE name = ?", name.strip())
        project.store.write("INSERT INTO reviewer (name, role, token) VALUES (?, ?, ?)", name.strip(), role, _digest(token))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
