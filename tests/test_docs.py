"""Everything the README and docs show is run: files are written, commands called, output compared, Python executed."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(page):
    """(info, body) of the page's fenced blocks."""
    return FENCE.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_do_what_they_show(page, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for info, body in steps(page):
        kind, _, name = info.partition(" ")
        if kind == "text":
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif kind == "console":
            for part in body.split("$ ")[1:]:
                command, _, shown = part.partition("\n")
                program, *arguments = shlex.split(command)
                assert program == "muqabala", "only our own commands are run"
                result = run(*arguments)
                assert result.code in {0, 3}, result.err
                assert result.out == shown, command
        elif kind == "python":
            exec(compile(body, str(page), "exec"), {})
        else:
            pytest.fail(f"a block of kind '{info}' is not run")


def test_the_two_commands():
    readme, ci = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".ci/run"))
    for command in ("python3 run demo", "python3 run test"):
        assert f"\n    {command}\n" in readme
        assert command in ci


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", FENCE.sub("", page.read_text(encoding="utf-8"))):
        assert (page.parent / target).exists(), target
