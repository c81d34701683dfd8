"""The page of the workbench in a real browser: every act by its keys, several people, both languages, an audit."""

import io
import json
import re
import shutil
import threading
import time
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pytest
import uvicorn
from conftest import ARABIC, ENGLISH, write
from PIL import Image, ImageChops

from muqabala.project.project import Project
from muqabala.review.app import make_app
from muqabala.review.desk import Desk
from muqabala.review.people import People, invite
from muqabala.review.server import _listening

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PICTURES = Path(__file__).parent / "pictures"
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed (apt-get install chromium)")


@contextmanager
def served(folder, *, alone="A"):
    """A server of a project in a thread; gives its address and the project."""
    with Project(folder, threads=True) as project, _listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        desk = Desk(project)
        desk.warm_up()
        app = make_app(desk, People(desk, alone=alone), hosts=frozenset({f"127.0.0.1:{port}"}))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/", project
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium):
    """Opens windows; at the end none may have complained, or asked for anything but this machine."""
    complaints, contexts = [], []

    def opened(address, *, language="en", **options):
        context = chromium.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce", **options)
        contexts.append(context)
        context.add_init_script(f"localStorage.getItem('language') ?? localStorage.setItem('language', '\"{language}\"')")
        page = context.new_page()
        page.on(
            "console",
            lambda m: complaints.append(m.text) if m.type in {"error", "warning"} and not re.search(EXPECTED, m.text) else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(address[:17]) else complaints.append(request.url))
        page.on("dialog", lambda box: complaints.append(box.message))
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sheet(folder, window):
    """The statement of the project, in the order of the document."""
    with served(folder) as (address, _):
        page = window(f"{address}#1")
        page.select_option("#order", "document")
        page.goto(f"{address}#1/p0001-b0001")
        page.wait_for_selector("#p0001-b0001[aria-current]")
        yield page


def beads(page):
    return page.evaluate("fetch('/api/pairs/1').then((r) => r.json()).then((d) => d.beads)")


def texts(page):
    """What a person would see of the beads: types, statuses, texts, notes."""
    return [(len(b["source"]), len(b["target"]), b["status"], b["edited"], b["note"], b["target"]) for b in beads(page)]


def until(page, condition, seconds=5):
    """What the beads are once a condition holds of them."""
    end = time.monotonic() + seconds
    while not condition(found := texts(page)):
        assert time.monotonic() < end, found
        page.wait_for_timeout(30)
    return found


def press(page, *keys):
    for key in keys:
        if key.startswith("'"):
            page.keyboard.type(key[1:])
        else:
            page.keyboard.press(key)
        page.wait_for_timeout(120)


EXPECTED = "status of 409|ERR_CONNECTION_REFUSED"
"""What the console says of conflicts, and of servers that have ended."""

DOWN = ["ArrowDown"]
ACTS = {
    "accept": ["a"],
    "reject": ["x"],
    "needs review": ["r", "'which court?", "Enter"],
    "accept sure ones": ["Shift+A", "Enter"],
    "merge with the next": ["m"],
    "merge with the previous": [*DOWN, "Shift+M"],
    "source sentence up": [*DOWN, "q"],
    "source sentence down": [*DOWN, "w"],
    "target sentence up": [*DOWN, "o"],
    "target sentence down": [*DOWN, "p"],
    "unlink": [*DOWN, "u"],
    "link distant ones": ["b", *DOWN, *DOWN, "l"],
    "edit": ["e", "Control+A", "'The court sat on Monday.", "Enter"],
    "edit the original": ["Shift+E", "End", "'!", "Enter"],
    "comment": ["n", "'<b>see annex</b>", "Enter"],
    "split a sentence": ["t", "Control+Home", *["ArrowRight"] * 9, "Enter"],
    "merge, split": ["m", "s", "Enter", "a"],
    "split a sentence of the original": ["t", "Tab", "Control+Home", *["ArrowRight"] * 4, *["ArrowLeft"] * 8, "Enter"],
    "merge, join sentences": ["m", "Shift+T", "Enter"],
    "merge, join sentences of the original": ["m", "Shift+T", "ArrowDown", "Enter"],
    "unlink, align again": ["u", "Shift+R", "Enter"],
    "accept, take back": ["a", "ArrowUp", "c", "r", "Enter"],
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_by_keys_and_undone(sheet, act):
    before = texts(sheet)
    press(sheet, *ACTS[act])
    after = until(sheet, lambda now: now != before)
    assert ("accepted" in {row[2] for row in after}) == act.startswith(("accept sure", "merge, split")) or act == "accept"
    done, now = 0, after
    while now != before:
        press(sheet, "z")
        now = until(sheet, lambda new, old=now: new != old)
        done += 1
    press(sheet, *["Shift+Z"] * done)
    assert until(sheet, lambda now: now == after)


def test_split_at_the_caret(sheet):
    press(sheet, "m", "ArrowUp")
    expect(sheet.locator("#rows > li")).to_have_count(7)
    sheet.evaluate(
        "document.getSelection().setPosition(document.querySelector('#rows [data-side=target] [data-segment=\"0\"]').firstChild, 3)"
    )
    sheet.evaluate("window.dispatchEvent(new Event('hashchange'))")  # the row is drawn anew, and the caret stays
    press(sheet, "s")
    assert [row[:2] for row in until(sheet, lambda now: len(now) == 8)] == [(1, 1)] * 8


def test_waive_a_finding(sheet):
    press(sheet, "e", "Control+A", "'The court was opened 12 times.", "Enter")
    sheet.wait_for_selector("#rows .told .error")
    press(sheet, "y", "'a figure of speech", "Enter")
    sheet.wait_for_selector("#rows .told .error", state="detached")
    press(sheet, "z")
    sheet.wait_for_selector("#rows .told .error")


def test_words_become_a_candidate(sheet):
    choose = (
        "(side) => { const node = document.querySelector(`#rows > li [data-side=${side}] p`); "
        "const range = document.createRange(); range.selectNodeContents(node); "
        "document.getSelection().removeAllRanges(); document.getSelection().addRange(range); }"
    )
    for side in ("source", "target"):
        sheet.evaluate(choose, side)
        press(sheet, "g")
    expect(sheet.locator("#told")).to_contain_text("candidate")
    sheet.goto(sheet.url.split("#")[0] + "#glossary")
    sheet.get_by_role("button", name="Make a concept").click()
    assert sheet.locator("[name=text]").nth(1).input_value() == ENGLISH[0]
    sheet.locator("#edit button[type=submit]").click()
    expect(sheet.locator("#told")).to_contain_text("Saved")
    assert "the_court_was_opened_on_monday_" in sheet.url


def test_words_become_a_candidate_by_keys(sheet):
    press(sheet, "g", "Control+Home", *["Shift+ArrowLeft"] * 8, "Tab", "Control+Home", *["Shift+ArrowRight"] * 9, "Enter")
    expect(sheet.locator("#told")).to_contain_text("candidate")
    noted = sheet.evaluate("fetch('/api/glossary/candidates').then((r) => r.json())")
    assert (noted[0]["target"], noted[0]["source"] in ARABIC[0]) == ("The court", True)


def test_keys_on_an_arabic_layout(sheet):
    """The key in the place of A is ش there."""
    client = sheet.context.new_cdp_session(sheet)
    for kind in ("keyDown", "keyUp"):
        client.send("Input.dispatchKeyEvent", {"type": kind, "code": "KeyA", "key": "ش", "text": "ش" if kind == "keyDown" else ""})
    assert until(sheet, lambda now: now[0][2] == "accepted")


def test_going_about(sheet):
    def is_at(bead):
        expect(sheet.locator("#rows > [aria-current]")).to_have_attribute("data-id", re.compile(bead))

    press(sheet, "a")
    is_at("p0001-b0002")
    press(sheet, "ArrowUp", "f")
    is_at("p0001-b0002")
    press(sheet, "m", "a", "d")
    assert len([row for row in texts(sheet) if row[0] == 2]) == 1
    is_at("p0001-b0009")
    press(sheet, "h")
    assert sheet.locator("dialog[open] tbody tr").count() >= 2
    press(sheet, "Escape", "Shift+H")
    assert "strict F1" in sheet.inner_text("dialog[open]")
    press(sheet, "Escape", "i")
    assert sheet.input_value("#order") == "risk"
    press(sheet, "Escape")
    sheet.wait_for_selector("[data-page=home]")
    assert sheet.inner_text("#list tbody tr").count("ar.txt") == 1
    sheet.fill("#query", "محكمه")
    press(sheet, "Enter")
    sheet.click("#hits a")
    sheet.wait_for_selector("[data-page=sheet]")
    is_at("p0001-b0001")


def test_keys_can_be_changed_and_switched_off(sheet):
    press(sheet, "Shift+Slash")
    sheet.locator("dialog tr", has_text="accept").first.get_by_role("button").click()
    press(sheet, "x")
    assert "taken" in sheet.inner_text("#told")
    sheet.locator("dialog tr", has_text="accept").first.get_by_role("button").click()
    press(sheet, "5")
    sheet.locator("dialog menu button").click()
    press(sheet, "a")
    assert texts(sheet)[0][2] == "machine"
    press(sheet, "5")
    until(sheet, lambda now: now[0][2] == "accepted")
    press(sheet, "Shift+Slash")
    sheet.get_by_role("button", name="Switch single keys").click()
    press(sheet, "Escape", "x", "m")
    assert [row[2] for row in texts(sheet)] == ["accepted", *["machine"] * 7]


# several people


def write_anew(page, text):
    press(page, "e", "Control+A", f"'{text}", "Enter")


@pytest.mark.parametrize(("choice", "left"), [("Do mine on top", "Mine."), ("Keep theirs", "Theirs.")])
def test_two_on_one_bead_lose_nothing(folder, chromium, choice, left):
    """Both write the same bead anew; the second is shown both texts and chooses."""
    with served(folder, alone=None) as (address, project), people_of(chromium, project, address, "A", "B") as (a, b):
        write_anew(a, "Theirs.")
        until(a, lambda now: now[0][2] == "edited")
        write_anew(b, "Mine.")
        b.wait_for_selector("dialog[open] h3")
        told = b.inner_text("dialog[open]")
        assert "Theirs." in told
        assert "Mine." in told
        b.get_by_role("button", name=choice).click()
        assert until(b, lambda now: now[0][3][1] == left)
        press(b, "ArrowDown", "x")
        press(a, "ArrowDown", "ArrowDown", "a")
        assert [row[2] for row in until(a, lambda now: now[2][2] == "accepted")][:3] == ["edited", "rejected", "accepted"]


def test_others_are_seen(folder, chromium):
    with served(folder, alone=None) as (address, project), people_of(chromium, project, address, "A", "B") as (a, b):
        press(a, "ArrowDown", "ArrowDown", "a")
        expect(b.locator("#left")).to_contain_text("Also here: A", timeout=15_000)
        expect(b.locator("#rows .accepted")).to_have_count(1, timeout=15_000)
        assert b.locator("#rows .person").inner_text() == "A"


def test_blind_review_by_keys(folder, chromium):
    with served(folder, alone=None) as (address, project), people_of(chromium, project, address, "A", "B") as (a, b):
        a.goto(f"{address}#blind")
        a.wait_for_selector("[name=who]")
        for box in a.locator("[name=who]").all():
            box.check()
        a.fill("[name=count]", "3")
        a.get_by_role("button", name="Draw").click()
        a.wait_for_selector("#judging")
        press(a, "a", "a", "x")
        b.goto(f"{address}#blind")
        b.wait_for_selector("#judging")
        press(b, "a", "a", "a")
        b.get_by_role("heading", name="Where they differ").wait_for()
        b.get_by_role("button", name="right", exact=True).click()
        expect(b.locator("#main")).to_contain_text("3 of 3 are right")


@contextmanager
def people_of(chromium, project, address, *names):
    """Windows of people with personal links, each on the statement."""
    tokens = [invite(project, name, "lead") for name in names]
    contexts = [chromium.new_context(viewport={"width": 1280, "height": 860}, locale="en", reduced_motion="reduce") for _ in names]
    pages = []
    for context, token in zip(contexts, tokens, strict=True):
        page = context.new_page()
        page.goto(f"{address}enter?token={token}")
        page.goto(f"{address}#1")
        page.wait_for_selector("#rows")
        page.select_option("#order", "document")
        page.goto(f"{address}#1/p0001-b0001")
        page.wait_for_selector("#p0001-b0001[aria-current]")
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()


# looks


def test_nothing_of_a_text_is_markup(tmp_path, run, window):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp; <b>{{7*7}}</b>"
    write(tmp_path, [evil, *ARABIC], [evil, *ENGLISH])
    for arguments in (["init"], ["add", tmp_path / "t.ar.txt", tmp_path / "t.en.txt"], ["pair"], ["run"]):
        assert run(arguments[0], tmp_path / "p", *arguments[1:]).code == 0
    with served(tmp_path / "p") as (address, _):
        page = window(f"{address}#1")
        page.wait_for_selector("#rows .side")
        assert page.locator("#rows script, #rows img, #rows b >> text=49").count() == 0
        assert "<script>alert(1)</script>" in page.inner_text("#rows")
        page.goto(address)
        page.fill("#query", "alert")
        press(page, "Enter")
        page.wait_for_selector("#hits td")


PAGES = ["", "#1", "#glossary/arbitrary_detention", "#blind", "api"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_audit(folder, window, language, colours):
    """No violation of WCAG 2.2 A and AA, nor of the audit's best practices, on any page or dialog."""
    from axe_playwright_python.sync_playwright import Axe

    with served(folder) as (address, _):
        page = window(address, language=language, color_scheme=colours)
        for place in PAGES:
            page.goto(address + place)
            page.wait_for_timeout(500)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], place
        page.goto(f"{address}#1")
        page.wait_for_selector("#rows")
        for keys in (["Shift+Slash"], ["h"], ["e"], ["t"], ["Shift+A"], ["Shift+H"]):
            press(page, *keys)
            page.wait_for_selector("dialog[open]")
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], keys
            press(page, "Escape")


def test_arabic_mirrors_the_page(folder, window):
    """Every box of the page stands where its mirror image would; texts keep their own directions."""
    boxes = (
        "[...document.querySelectorAll('#pages, #rows .side, #rows .middle, #map, #main > .tools')]"
        ".map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.right])"
    )
    with served(folder) as (address, _):
        found = {}
        for language in ("en", "ar"):
            page = window(f"{address}#1", language=language)
            page.wait_for_selector("#rows .side")
            found[language] = page.evaluate(boxes)
            assert page.evaluate(
                "[...document.querySelectorAll('#rows [lang=ar]')].every((e) => getComputedStyle(e).direction === 'rtl')"
            )
            assert page.evaluate(
                "[...document.querySelectorAll('#rows [lang=en]')].every((e) => getComputedStyle(e).direction === 'ltr')"
            )
    width = 1280
    for (left, right), (other_left, other_right) in zip(found["en"][1:-1], found["ar"][1:-1], strict=True):
        if right - left < 900:  # the bars end where their words end
            assert abs(left - (width - other_right)) < 20
            assert abs(right - (width - other_left)) < 20


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_looks_as_it_did(folder, window, language):
    """A screenshot against the one that is kept, coarse enough for another machine's Latin type."""
    with served(folder) as (address, _):
        page = window(f"{address}#1", language=language)
        page.wait_for_selector("#rows .side")
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(500)
        taken = Image.open(io.BytesIO(page.screenshot())).convert("L").resize((160, 108), Image.Resampling.BOX)
    kept = PICTURES / f"sheet.{language}.png"
    if not kept.exists():
        PICTURES.mkdir(exist_ok=True)
        taken.save(kept)
    difference = ImageChops.difference(taken, Image.open(kept)).histogram()
    assert sum(value * count for value, count in enumerate(difference)) / sum(difference) < 4


def test_zoomed_narrow_and_printed(sheet):
    for width, height in ((640, 430), (320, 640)):  # 200 % of a 1280 px laptop; 400 %
        sheet.set_viewport_size({"width": width, "height": height})
        assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    sheet.set_viewport_size({"width": 1280, "height": 860})
    with pypdfium2.PdfDocument(sheet.pdf()) as printed:
        text = "".join(page.get_textpage().get_text_range() for page in printed)
    assert all(line in text.replace("\r\n", " ") for line in ENGLISH)


def test_words_of_both_languages():
    folder = files("muqabala") / "review" / "static"
    known = {code: json.loads((folder / f"words.{code}.json").read_text(encoding="utf-8")) for code in ("en", "ar")}
    assert known["en"].keys() == known["ar"].keys()
    holes = re.compile(r"\{\w+\}")
    assert all(sorted(holes.findall(text)) == sorted(holes.findall(known["ar"][name])) for name, text in known["en"].items())
    code = "".join(entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".js"))
    asked = set(re.findall(r'say\("([^"]+)"', code)) | set(re.findall(r'"((?:k|x|d|e)\.[^"]+)"', code))
    assert asked <= known["en"].keys()
