"""The workbench's API: every act and its undoing, conflicts, and who is kept out."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import zipfile
from http.client import HTTPConnection

import pytest
from conftest import ARABIC, ENGLISH
from fastapi.testclient import TestClient

from muqabala.project import shelf
from muqabala.project.ledger import replayed
from muqabala.project.people import review_of
from muqabala.project.project import Project
from muqabala.project.running import run as run_pairs
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
    desk = Desk(project)
    app = make_app(desk, People(desk, alone="A"), hosts=frozenset({"127.0.0.1:8000"}))
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


def test_what_others_did_since_a_version(page):
    old = page.get("/api/pairs/1/version").json()["version"]
    since = lambda: page.get("/api/pairs/1", params={"since": old}).json()  # noqa: E731
    assert since()["beads"] == []
    act(page, "decide", beads=["p0001-b0002"], status="accepted")
    act(page, "merge", bead="p0001-b0004", towards=1)
    told = since()
    assert [bead["id"] for bead in told["beads"]] == ["p0001-b0002", "p0001-b0009"]
    assert told["order"] == [bead["id"] for bead in beads(page)]
    act(page, "undo")
    assert {bead["id"] for bead in since()["beads"]} == {"p0001-b0002", "p0001-b0004", "p0001-b0005"}
    old = since()["version"]
    act(page, "resegment", bead="p0001-b0001", side="target", segment=0, offset=9)
    assert len(since()["beads"]) == 8


@pytest.mark.parametrize("seed", range(6))
def test_several_people_at_random(people, project, seed):
    """Whatever three people do, take back and do again: the tables are what the events say, and every segment has its one bead."""
    dice = random.Random(seed)
    for _ in range(40):
        now = beads(people["L"])
        bead = dice.choice(now)["id"]
        name, body = dice.choice([
            ("decide", {"beads": [bead], "status": dice.choice(["accepted", "rejected", "machine"])}),
            ("merge", {"bead": bead, "towards": 1}),
            ("unlink", {"bead": bead}),
            ("shift", {"bead": bead, "side": "source", "towards": -1}),
            ("edit", {"bead": bead, "side": "target", "text": f"Anew {dice.random()}"}),
            ("comment", {"bead": bead, "text": f"{dice.random()}"}),
            ("undo", {}), ("undo", {}), ("undo", {}), ("redo", {}),
        ])  # fmt: skip
        assert act(people[dice.choice("LAB")], name, **body).status_code in {200, 422}
        state = shelf.state(project.store, 1)
        assert replayed(1, shelf.events(project.store, 1)) == state
        assert people["L"].app.state.desk.opened(1).state == state
        for side in ("source", "target"):
            assert sorted(k for bead in state.beads for k in getattr(bead, side)) == list(range(8))


def test_names_are_never_given_again(page):
    for _ in range(3):
        act(page, "merge", bead="p0001-b0001", towards=1)
        act(page, "undo")
    act(page, "merge", bead="p0001-b0003", towards=1)
    assert [bead["id"] for bead in beads(page)][2] == "p0001-b0012"


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
    desk = Desk(project)
    app = make_app(desk, People(desk), hosts=frozenset({"127.0.0.1:8000"}))
    other = TestClient(app, base_url="http://127.0.0.1:8000", headers=HEADERS)
    assert other.get("/api/project").status_code == 401
    assert other.get("/enter", params={"token": "x"}).status_code == 403
    entered = other.get("/enter", params={"token": token}, follow_redirects=False)
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "samesite=strict" in entered.headers["set-cookie"].lower()
    assert other.get("/api/me").json() == {"name": "R", "role": "reader"}
    assert act(other, "decide", beads=["p0001-b0001"], status="accepted").status_code == 403


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


# several people


@pytest.fixture
def people(project):
    """Pages of a lead, two reviewers and a reader, each with a personal link."""
    tokens = {
        name: invite(project, name, role) for name, role in (("L", "lead"), ("A", "reviewer"), ("B", "reviewer"), ("R", "reader"))
    }
    desk = Desk(project)
    app = make_app(desk, People(desk), hosts=frozenset({"127.0.0.1:8000"}))
    out = {}
    for name, token in tokens.items():
        out[name] = TestClient(app, base_url="http://127.0.0.1:8000", headers=HEADERS)
        out[name].get("/enter", params={"token": token}, follow_redirects=False)
    return out


def test_who_is_where_and_how_long(people, project):
    now = [1000.0]
    people["L"].app.state.company._clock = lambda: now[0]
    for _ in range(4):
        people["A"].post("/api/pairs/1/here", json={"bead": "p0001-b0003", "active": True})
        told = people["B"].post("/api/pairs/1/here", json={"bead": "p0001-b0001", "active": False}).json()
        now[0] += 5
    assert told["others"] == [{"name": "A", "pair": 1, "bead": "p0001-b0003"}]
    act(people["A"], "decide", beads=["p0001-b0001", "p0001-b0002"], status="accepted")
    day = project.now()[:10]
    mine = people["A"].get("/api/day", params={"day": day}).json()
    assert (mine["seconds"], mine["acts"], mine["beads"]) == (15, {"decided": 1}, 2)
    assert people["B"].get("/api/day", params={"day": day}).json()["seconds"] == 0
    everybody = people["L"].get("/api/people").json()
    assert everybody["names"] == ["A", "B", "L"]
    assert [(row["name"], row["seconds"]) for row in everybody["did"]] == [("A", 15)]
    assert people["A"].get("/api/people").json()["did"] == []
    now[0] += 60
    assert people["L"].get("/api/people").json()["now"] == []


def test_blind_review(people, project):
    assert people["A"].post("/api/blind", json={"count": 4, "reviewers": ["A", "B"]}).status_code == 403
    assert people["L"].post("/api/blind", json={"count": 4, "reviewers": ["A", "A"]}).status_code == 422
    assert people["L"].post("/api/blind", json={"count": 4, "reviewers": ["A", "B"]}).json()["of"] == 4
    verdicts = {"A": ["right", "right", "wrong", "right"], "B": ["right", "wrong", "wrong", "right"]}
    names = [bead["bead"] for bead in people["A"].get("/api/blind").json()["beads"]]
    for name in ("A", "B"):
        mine = people[name].get("/api/blind").json()
        assert [bead["bead"] for bead in mine["beads"]] == names
        assert not set(mine["beads"][0]) - {"bead", "pair", "source", "target"}  # neither status nor confidence nor verdicts
        assert people[name].get("/api/blind/outcome").status_code == 403
        for bead, verdict in zip(names, verdicts[name], strict=True):
            assert people[name].post("/api/blind/judge", json={"bead": bead, "verdict": verdict}).status_code == 200
    assert people["L"].post("/api/blind/judge", json={"bead": names[0], "verdict": "right"}).status_code == 422
    found = people["A"].get("/api/blind/outcome").json()
    assert (found["twice"], found["share"], found["kappa"]) == (4, 0.75, 0.5)
    assert [row["bead"] for row in found["differing"]] == [names[1]]
    assert people["A"].post("/api/blind/settle", json={"bead": names[1], "verdict": "wrong"}).status_code == 403
    settled = people["L"].post("/api/blind/settle", json={"bead": names[1], "verdict": "wrong"}).json()
    assert settled["differing"][0]["settled"] == "wrong"
    assert (settled["right"]["right"], settled["right"]["of"]) == (2, 4)
    assert {bead["id"]: bead["status"] for bead in beads(people["L"])}[names[1]] == "rejected"
    assert review_of(project).blind.kappa == 0.5


def test_what_people_changed(page):
    assert page.get("/api/pairs/1/changes").json() == {"kept": 8, "gone": [], "new": [], "edited": [], "f1": 1.0}
    act(page, "merge", bead="p0001-b0002", towards=1)
    act(page, "edit", bead="p0001-b0001", side="target", text="The tribunal opened.")
    act(page, "resegment", bead="p0001-b0004", side="target", segment=3, offset=4)
    told = page.get("/api/pairs/1/changes").json()
    assert (told["kept"], len(told["gone"]), len(told["new"])) == (5, 3, 2)
    assert told["edited"] == [
        {"id": "p0001-b0001", "before": [ARABIC[0], ENGLISH[0]], "after": [ARABIC[0], "The tribunal opened."]}
    ]
    assert told["f1"] == round(2 * 5 / 15, 4)


def test_waive_and_candidates(page, project):
    act(page, "edit", bead="p0001-b0003", side="target", text="The judge read 12 charges for an hour.")
    wrong = next(bead for bead in beads(page) if bead["findings"])
    finding = wrong["findings"][0]
    asked = {"bead": wrong["id"], "code": finding["code"], "concept": finding["concept"]}
    assert act(page, "waive", **asked, reason=" ").status_code == 422
    assert act(page, "waive", **asked, reason="the name of the office").status_code == 200
    assert len(next(bead for bead in beads(page) if bead["id"] == wrong["id"])["findings"]) == len(wrong["findings"]) - 1
    act(page, "undo")
    assert next(bead for bead in beads(page) if bead["id"] == wrong["id"])["findings"] == wrong["findings"]
    list(run_pairs(project))
    words = {"bead": "p0001-b0003", "source": ARABIC[2].split()[0], "target": "judge"}
    assert page.post("/api/pairs/1/suggest", json=words).status_code == 200
    assert page.post("/api/pairs/1/suggest", json=words | {"target": "jury"}).status_code == 422
    assert [row["target"] for row in page.get("/api/glossary/candidates").json()] == ["judge"]


def test_the_glossary_is_changed_with_history(page, project):
    found = page.get("/api/glossary", params={"words": "المحكمه"}).json()
    assert "registrar" in {row["id"] for row in found["concepts"]}
    whole = page.get("/api/glossary/concept", params={"name": "arbitrary_detention"}).json()
    concept = whole["concept"]
    concept["definition"] = "Detention without a ground in law."
    body = {
        "name": "arbitrary_detention",
        "version": whole["version"],
        "concept": {key: value for key, value in concept.items() if key != "id"},
    }
    saved = page.put("/api/glossary/concept", json=body)
    assert saved.status_code == 200, saved.text
    assert saved.json()["concept"]["history"][-1]["who"] == "A"
    assert page.put("/api/glossary/concept", json=body).status_code == 409
    body["version"] = saved.json()["version"]
    assert page.put("/api/glossary/concept", json=body | {"name": "none", "concept": {"terms": []}}).status_code == 422
    assert page.put("/api/glossary/concept", json=body | {"name": "../x", "concept": {"terms": "x"}}).status_code == 422
    assert 'file = "glossary.json"' in (project.folder / "muqabala.toml").read_text()
    assert "# TSV, CSV, XLSX" in (project.folder / "muqabala.toml").read_text()
    term = {"text": "طبيب", "language": "ar"}
    new = {"name": "physician", "version": body["version"], "concept": {"terms": [term, {"text": "physician", "language": "en"}]}}
    assert page.put("/api/glossary/concept", json=new).status_code == 200
    assert any("physician" in {f["concept"] for f in bead["findings"]} for bead in beads(page))  # checked again when it is opened
    version = page.get("/api/glossary").json()["version"]
    assert page.request("DELETE", "/api/glossary/concept", json={"name": "physician", "version": version}).status_code == 200
    assert page.get("/api/glossary/concept", params={"name": "physician"}).status_code == 422


def test_exports_are_files(page, project):
    act(page, "decide", beads=["p0001-b0001"], status="accepted")
    one = page.get("/api/export/tmx", params={"status": "accepted"})
    assert one.content.count(b"<tu ") == 1
    assert 'filename="' in one.headers["content-disposition"]
    assert zipfile.ZipFile(io.BytesIO(page.get("/api/export/moses").content)).namelist()
    assert page.get("/api/export/exe").status_code == 422
    assert not list(project.folder.glob(".download-*"))


def test_the_api_is_written_out(page):
    text = page.get("/api").text
    assert all(f"<code>{line}</code>" in text for line in ("POST /api/pairs/{pair}/decide", "GET /api/blind/outcome"))
    assert "one of accepted, needs review, rejected, machine" in text


@pytest.mark.slow
def test_a_killed_server_loses_nothing(folder):
    """Six servers, each killed with -9 right behind an answer: every act that was answered is in the project."""
    done = 0
    for k in range(6):
        command = [sys.executable, "-c", "from muqabala.cli import main; main()", "review", str(folder), "--no-open", "--by", "A"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            connection = HTTPConnection(server.stdout.readline().split("/")[2], timeout=30)
            for j in range(3 + k):
                body = json.dumps({"version": 2**40, "bead": "p0001-b0003", "text": f"comment {k} {j}"})
                connection.request("POST", "/api/pairs/1/comment", body, HEADERS | {"Content-Type": "application/json"})
                answer = connection.getresponse()
                assert (answer.status, bool(answer.read())) == (200, True)
                done += 1
            connection.close()
            os.kill(server.pid, signal.SIGKILL)
        with Project(folder, write=False) as project:
            assert project.store.value("SELECT count(*) FROM event WHERE kind = 'commented'") == done
            assert project.store.value("PRAGMA integrity_check") == "ok"
            assert replayed(1, shelf.events(project.store, 1)) == shelf.state(project.store, 1)
