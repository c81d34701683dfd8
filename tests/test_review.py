"""The workbench's API: every act and its undoing, conflicts, and who is kept out."""

import pytest
from conftest import ENGLISH
from fastapi.testclient import TestClient

from muqabala.project import shelf
from muqabala.project.ledger import replayed
from muqabala.project.project import Project
from muqabala.review.app import make_app
from muqabala.review.desk import Desk
from muqabala.review.people import People, invite

HEADERS = {"X-Muqabala": "1"}


@pytest.fixture
def project(folder):
    with Project(folder, threads=True) as opened:
        yield opened


@pytest.fixture
def page(project):
    app = make_app(Desk(project), People(project, alone="A"), hosts=frozenset({"127.0.0.1:8000"}))
    return TestClient(app, base_url="http://127.0.0.1:8000", headers=HEADERS)


def act(page, name, **body):
    version = body.pop("version", None)
    if version is None:
        version = page.get("/api/pairs/1/version").json()["version"]
    return page.post(f"/api/pairs/1/{name}", json={"version": version, **body})


def beads(page):
    return page.get("/api/pairs/1").json()["beads"]


ACTS = [
    ("decide", {"beads": ["p0001-b0001", "p0001-b0002"], "status": "accepted"}),
    ("decide", {"beads": ["p0001-b0001"], "status": "needs review", "note": "why?"}),
    ("accept-surer", {"confidence": 0.5}),
    ("merge", {"bead": "p0001-b0002", "towards": 1}),
    ("merge", {"bead": "p0001-b0002", "towards": -1}),
    ("link", {"beads": ["p0001-b0001", "p0001-b0004"]}),
    ("shift", {"bead": "p0001-b0002", "side": "target", "towards": 1}),
    ("unlink", {"bead": "p0001-b0003"}),
    ("edit", {"bead": "p0001-b0003", "side": "target", "text": "The judge read them."}),
    ("comment", {"bead": "p0001-b0003", "text": "<script>alert(1)</script>"}),
    ("resegment", {"bead": "p0001-b0001", "side": "target", "segment": 0, "offset": 9}),
]


@pytest.mark.parametrize(("name", "body"), ACTS)
def test_every_act_is_done_undone_and_done_again(page, project, name, body):
    before = beads(page)
    done = act(page, name, **body)
    assert done.status_code == 200, done.text
    after = beads(page)
    assert after != before
    confirms = name == "accept-surer" or body.get("status") == "accepted"
    assert ("accepted" in {bead["status"] for bead in after}) == confirms
    for _ in range(2 if body.get("note") else 1):
        assert act(page, "undo").status_code == 200
    assert beads(page) == before
    for _ in range(2 if body.get("note") else 1):
        assert act(page, "redo").status_code == 200
    assert beads(page) == after
    assert replayed(1, shelf.events(project.store, 1)) == shelf.state(project.store, 1)


def test_divide_and_join_sentences(page):
    act(page, "merge", bead="p0001-b0002", towards=1)
    merged = next(bead for bead in beads(page) if len(bead["source"]) == 2)
    assert act(page, "divide", bead=merged["id"], source=1, target=1).status_code == 200
    assert [len(bead["source"]) for bead in beads(page)] == [1] * 8
    act(page, "resegment", bead="p0001-b0001", side="target", segment=0, offset=9)
    assert [text for _, text in beads(page)[0]["target"]] == ["The court", ENGLISH[0][10:]]
    act(page, "resegment", bead="p0001-b0001", side="target", segment=0)
    assert [text for _, text in beads(page)[0]["target"]] == [ENGLISH[0]]


def test_conflicts_are_told_and_others_are_none(page):
    old = page.get("/api/pairs/1/version").json()["version"]
    assert act(page, "decide", beads=["p0001-b0001"], status="accepted", version=old).status_code == 200
    other = act(page, "decide", beads=["p0001-b0002"], status="rejected", version=old)
    assert other.status_code == 200  # about another bead: nothing is lost
    same = act(page, "edit", bead="p0001-b0001", side="target", text="x", version=old)
    assert (same.status_code, same.json()["by"], same.json()["beads"]) == (409, "A", ["p0001-b0001"])


def test_realign_is_shown_before_it_is_done(page):
    act(page, "unlink", bead="p0001-b0003")
    told = act(page, "realign").json()
    assert told["locked"] == 2
    assert act(page, "realign", preview=False).status_code == 200
    assert [bead["status"] for bead in beads(page)].count("realigned") == 2


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("decide", {"beads": ["p0001-b0099"], "status": "accepted"}, 422),
        ("decide", {"beads": ["../../etc"], "status": "accepted"}, 422),
        ("decide", {"beads": ["p0001-b0001"], "status": "perfect"}, 422),
        ("merge", {"bead": "p0001-b0001", "towards": -1}, 422),
        ("edit", {"bead": "p0001-b0001", "side": "target", "text": "x" * 30_000}, 422),
        ("unlink", {"bead": "p0001-b0001", "more": 1}, 422),
        ("undo", {}, 422),
    ],
)
def test_what_does_not_fit_is_refused(page, path, body, code):
    before = beads(page)
    answer = act(page, path, **body)
    assert answer.status_code == code
    assert "Traceback" not in answer.text
    assert beads(page) == before


def test_strangers_are_kept_out(page, project):
    assert page.get("/api/project", headers={"Host": "evil.example"}).status_code == 421
    assert page.post("/api/pairs/1/undo", json={"version": 0}, headers={"X-Muqabala": ""}).status_code == 403
    assert page.post("/api/pairs/1/undo", json={"version": 0}, headers={"Origin": "http://evil.example"}).status_code == 403
    assert page.get("/static/..%2f..%2fmuqabala.toml").status_code == 404
    assert "script-src 'self'" in page.get("/").headers["content-security-policy"]
    assert "unsafe" not in page.get("/").headers["content-security-policy"]
    token = invite(project, "R", "reader")
    app = make_app(Desk(project), People(project), hosts=frozenset({"127.0.0.1:8000"}))
    other = TestClient(app, base_url="http://127.0.0.1:8000", headers=HEADERS)
    assert other.get("/api/project").status_code == 422
    assert other.get("/enter", params={"token": "x"}).status_code == 403
    entered = other.get("/enter", params={"token": token}, follow_redirects=False)
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "samesite=strict" in entered.headers["set-cookie"].lower()
    assert other.get("/api/me").json() == {"name": "R", "role": "reader"}
    assert act(other, "decide", beads=["p0001-b0001"], status="accepted").status_code == 422


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\xff\xfe", b'{"version": 1e400}', b'{"version": 0, "confidence": NaN}', b"null"]
)
def test_bodies_that_are_none_are_told(page, body):
    answer = page.post("/api/pairs/1/accept-surer", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert len(answer.content) < 400


@pytest.mark.parametrize("words", ['"', "* OR NEAR(", "\0", 'a"b', "x" * 500])
def test_words_are_words(page, words):
    assert page.get("/api/search", params={"words": words}).status_code in {200, 422}
