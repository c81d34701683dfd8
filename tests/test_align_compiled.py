"""Loops are compiled once, kept, loaded without numba; what cannot be kept or read is compiled again."""

import os
import subprocess
import sys

import numpy as np
import pytest

from align import compiled, rowwise
from align.recursions import forward_backward

NATIVE = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere numba compiles in the process")


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """An empty cache folder, and loops that have not run yet."""
    monkeypatch.setattr(compiled, "_kept", lambda module: tmp_path / "cache" / f"{module}.npz")
    for loops in compiled._loops.values():
        for loop in loops:
            monkeypatch.setattr(loop, "run", None)
    return tmp_path / "cache" / "align.rowwise.npz"


def rectified():
    rows = np.array([[-1, 2], [3, -4]], dtype=np.float32)
    out = np.empty((2, 2), dtype=np.float32)
    rowwise.rectify(rows, 2, out)
    return out.tolist()


@NATIVE
@pytest.mark.slow
def test_damaged_and_unwritable_folders(fresh):
    assert not compiled.is_warm()
    assert rectified() == [[0, 2], [3, 0]]
    assert fresh.exists()
    whole = fresh.read_bytes()
    fresh.write_bytes(whole[: len(whole) // 2])
    assert compiled._load("align.rowwise") is None
    fresh.unlink()
    fresh.parent.rmdir()
    fresh.parent.write_text("a file where the folder should be")
    for loop in compiled._loops["align.rowwise"]:
        loop.run = None
    assert rectified() == [[0, 2], [3, 0]]


def test_the_same_without_machine_code_of_our_own(fresh, monkeypatch):
    monkeypatch.setattr(compiled, "_is_native", lambda: False)
    assert rectified() == [[0, 2], [3, 0]]
    whole, posterior = forward_backward(np.array([1, 1]), np.array([0, 0]), np.log([0.25, 0.75]), 2)
    assert whole == pytest.approx(0)
    assert posterior.tolist() == pytest.approx([0.25, 0.75])


def test_wrong_arrays_are_refused():
    right = np.zeros((2, 2), dtype=np.float32)
    with pytest.raises(TypeError, match="contiguous float32"):
        rowwise.rectify(np.zeros((2, 2)), 2, right)
    with pytest.raises(TypeError, match="contiguous float32"):
        rowwise.rectify(np.zeros((2, 4), dtype=np.float32)[:, ::2], 2, right)


@NATIVE
def test_a_later_run_does_not_need_numba():
    code = "from align import align_texts; align_texts(['نعم.'], ['Yes.']); import sys; print('numba' in sys.modules)"
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ)
    assert done.stdout == "False\n"
