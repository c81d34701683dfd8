"""The bodies of the API's requests, with their limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from muqabala.review.acts import LONGEST

BeadName = Annotated[str, Field(pattern=r"^p\d{4,9}-b\d{4,9}$", max_length=24)]
Text = Annotated[str, Field(max_length=LONGEST)]
Short = Annotated[str, Field(max_length=500)]
Side = Literal["source", "target"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Act(_Body):
    """Every act tells which version of the statement it was made on."""

    version: Annotated[int, Field(ge=0, le=2**53, description="Of the statement, as the last answer gave it.")]


class Decide(Act):
    """A decision on beads."""

    beads: Annotated[list[BeadName], Field(min_length=1, max_length=20_000)]
    status: Literal["accepted", "needs review", "rejected", "machine"]
    note: Text = ""


class Surer(Act):
    """Accept all beads that nobody decided on and the machine is so sure of."""

    confidence: Annotated[float, Field(ge=0, le=1)]
    preview: Annotated[bool, Field(description="Only tell how many.")] = False


class Beads(Act):
    """Beads to become one, wherever they stand."""

    beads: Annotated[list[BeadName], Field(min_length=2, max_length=50)]


class Merge(Act):
    """A bead and its neighbour become one."""

    bead: BeadName
    towards: Literal[-1, 1]


class Shift(Act):
    """A sentence at the edge of a bead goes to its neighbour."""

    bead: BeadName
    side: Side
    towards: Literal[-1, 1]


class Divide(Act):
    """A bead becomes two; the first gets so many sentences of each side."""

    bead: BeadName
    source: Annotated[int, Field(ge=0, le=1000)]
    target: Annotated[int, Field(ge=0, le=1000)]


class One(Act):
    """An act on one bead."""

    bead: BeadName


class Resegment(Act):
    """Split a sentence at a character of its line, or join it with the next one (no offset)."""

    bead: BeadName
    side: Side
    segment: Annotated[int, Field(ge=0, le=10_000_000)]
    offset: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class Edit(Act):
    """A side written anew; null takes it back."""

    bead: BeadName
    side: Side
    text: Text | None


class Comment(Act):
    """What there is to say of a bead."""

    bead: BeadName
    text: Text


class Waive(Act):
    """A finding is right as it is."""

    bead: BeadName
    code: Short
    concept: Short = ""
    reason: Short
    rendering: Short = ""


class Suggest(_Body):
    """Words of both sides as a candidate for the glossary."""

    bead: BeadName
    source: Short
    target: Short


class Realign(Act):
    """Align again around what people fixed."""

    preview: bool = True


class Marks(_Body):
    """Beads whose terms are wanted."""

    beads: Annotated[list[BeadName], Field(max_length=500)]


class Here(_Body):
    """Where somebody is."""

    bead: BeadName | None = None
    active: Annotated[bool, Field(description="They have touched keys or mouse lately, so that the time counts as work.")] = False


class Draw(_Body):
    """A sample for a blind review."""

    count: Annotated[int, Field(ge=1, le=5000)] = 50
    reviewers: Annotated[list[Short], Field(min_length=2, max_length=20)]


class Verdict(_Body):
    """What a bead of the sample is: do its sides belong together?"""

    bead: BeadName
    verdict: Literal["right", "wrong", "unsure"]
    note: Text = ""


class Removal(_Body):
    """A concept is to go."""

    name: Annotated[str, Field(min_length=1, max_length=200, description="Id of the concept.")]
    version: Annotated[str, Field(max_length=64, description="Of the glossary, as the last answer gave it.")]


class ConceptBody(Removal):
    """A concept as the JSON format of glossaries has it; its history is kept by the server."""

    concept: dict[str, Any]
