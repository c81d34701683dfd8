"""What several tests share: the bundled examples, and a way to call the command line in this process."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from muqabala import cli
from muqabala.demo import examples

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
