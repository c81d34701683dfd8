"""What several tests share: the bundled examples, and a way to call the command line in this process."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from muqabala import cli
from muqabala.demo import examples
from muqabala.project import shelf
from muqabala.project.project import Project

EXAMPLES = examples(Path(cli.__file__).parent / "data" / "examples")


@dataclass
class Result:
    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """Standard output that keeps what was written to it and to its buffer."""


@pytest.fixture
def run(monkeypatch):
    """Call `muqabala` with arguments and standard input."""

    def call(*arguments: object, stdin: bytes = b"") -> Result:
        streams = {name: _Stream(io.BytesIO(), encoding="utf-8", newline="") for name in ("stdout", "stderr")}
        streams["stdin"] = _Stream(io.BytesIO(stdin), encoding="utf-8")
        code = 0
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["muqabala", *map(str, arguments)])
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            try:
                cli.main()
            except SystemExit as end:
                code = int(end.code or 0)
        for stream in streams.values():
            stream.flush()
        out, err = (streams[name].buffer.getvalue().decode("utf-8") for name in ("stdout", "stderr"))
        return Result(code, out, err)

    return call


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.name)
def example(request):
    return request.param


ENGLISH = [
    "The court was opened on Monday.",
    "Nobody from the families was let in.",
    "The judge read the charges for an hour.",
    "Two witnesses spoke of the prison.",
    "A doctor explained the injuries.",
    "The lawyer asked for a new hearing.",
    "The hearing will go on next week.",
    "We shall publish a longer report.",
]
ARABIC = [
    "افتُتحت المحكمة يوم الاثنين.",
    "لم يُسمح لأحد من العائلات بالدخول.",
    "قرأ القاضي التهم مدة ساعة.",
    "تحدث شاهدان عن السجن.",
    "شرح طبيب الإصابات.",
    "طلب المحامي جلسة جديدة.",
    "تُستأنف الجلسة الأسبوع المقبل.",
    "سننشر تقريراً أطول.",
]


@pytest.fixture
def folder(tmp_path, run):
    """A project with one pair, aligned."""
    write(tmp_path, ARABIC, ENGLISH)
    assert run("init", tmp_path / "p").code == 0
    assert run("add", tmp_path / "p", tmp_path / "t.ar.txt", tmp_path / "t.en.txt").code == 0
    assert run("pair", tmp_path / "p").code == 0
    assert run("run", tmp_path / "p").code == 0
    return tmp_path / "p"


def write(place, arabic, english):
    for language, lines in (("ar", arabic), ("en", english)):
        (place / f"t.{language}.txt").write_text("\n\n".join(lines), encoding="utf-8")


def beads(folder):
    with Project(folder, write=False) as project:
        return list(shelf.beads(project.store, 1))
