"""The page itself, its files, signing in, and the API written out to be read."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from muqabala.review.people import People
from muqabala.review.routes.asking import COOKIE

_KINDS = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "woff2": "font/woff2",
    "json": "application/json",
}
_MONTH = 30 * 86_400  # seconds that a personal link is remembered


def pages() -> APIRouter:
    """What is read in a browser."""
    router = APIRouter(include_in_schema=False)
    folder = files("muqabala") / "review" / "static"
    page = (folder / "page.html").read_text(encoding="utf-8")
    content = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.rpartition(".")[2] in _KINDS}

    @router.get("/", response_class=HTMLResponse)
    def index() -> HTMLResponse:
        return HTMLResponse(page)

    @router.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in content:
            return JSONResponse({"error": "there is no such file"}, 404)
        return Response(content[name], media_type=_KINDS[name.rpartition(".")[2]], headers={"Cache-Control": "max-age=60"})

    @router.get("/enter")
    def enter(request: Request, token: str = "") -> Response:
        people: People = request.app.state.people
        if not people.knows(token):
            return HTMLResponse("<p>This link is not known here.</p>", 403)
        response = Response(status_code=303, headers={"Location": "/"})
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", max_age=_MONTH)
        return response

    @router.get("/api", response_class=HTMLResponse)
    def api(request: Request) -> HTMLResponse:
        description = request.app.openapi()
        told = _template().render(api=description, resolve=lambda body: _resolved(description, body), limits=_limits)
        return HTMLResponse(told)

    return router


def _resolved(description: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A schema, or the one it refers to."""
    name = str(body.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = description.get("components", {}).get("schemas", {}).get(name, body)
    return found


def _limits(schema: dict[str, Any]) -> str:
    """What a schema allows, in words."""
    if "anyOf" in schema:
        return " or ".join(_limits(part) for part in schema["anyOf"])
    if "items" in schema:
        return f"list of {_limits(schema['items'])}, {schema.get('minItems', 0)} to {schema.get('maxItems', 'any number')}"
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    told = [str(schema.get("type", "any"))]
    words = {"minimum": "from", "maximum": "to", "maxLength": "characters at most:", "pattern": "as", "default": "without:"}
    return ", ".join(told + [f"{word} {schema[name]!r}" for name, word in words.items() if name in schema])


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = (files("muqabala") / "data" / "api.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
