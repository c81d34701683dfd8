"""What is kept in the cache folder is only ever a copy: damaged, missing or out of date, it is made anew."""

import hashlib

import numpy as np
import pytest

from align import unpacked


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A file of weights as the package has them, and an empty cache folder."""
    monkeypatch.setattr(unpacked, "kept_file", lambda name: tmp_path / "cache" / name)
    path = tmp_path / "weights.npz"
    chunks = {f"q{k + 1}": np.full((2, 3), k, dtype=np.uint8) for k in range(unpacked.CHUNKS)}
    np.savez_compressed(path, quick=np.arange(3.0), eps=np.float64(1e-6), **chunks)
    return path


@pytest.mark.parametrize("damage", [None, b"", b"PK\x03\x04 not whole"])
def test_weights_are_those_of_the_package(weights, damage):
    for _ in range(3):
        table, others = unpacked.token_table(weights, "d"), unpacked.other_weights(weights, "d")
        assert table[: unpacked.CHUNKS, 0].tolist() == list(range(unpacked.CHUNKS))
        assert set(others) == {"quick", "eps"}
        assert others["quick"].tolist() == [0, 1, 2]
        kept = sorted(unpacked.kept_file("").iterdir())
        assert [path.suffix for path in kept] == [".npy", ".npz"]
        if damage is not None:
            for path in kept:
                path.write_bytes(damage)


def test_a_digest_follows_its_files(weights):
    other = weights.with_name("sp.model")
    other.write_bytes(b"one")
    first = unpacked.digest_of(other, weights)
    assert first == hashlib.sha256(b"one" + weights.read_bytes()).hexdigest()[:12] == unpacked.digest_of(other, weights)
    other.write_bytes(b"another")
    assert unpacked.digest_of(other, weights) == hashlib.sha256(b"another" + weights.read_bytes()).hexdigest()[:12]
    for path in unpacked.kept_file("").iterdir():
        path.write_text("no digest")
    assert unpacked.digest_of(other, weights) == hashlib.sha256(b"another" + weights.read_bytes()).hexdigest()[:12]


def test_a_folder_that_cannot_be_written(weights):
    unpacked.kept_file("").write_text("a file where the folder should be")
    assert unpacked.token_table(weights, "d").shape == (2 * unpacked.CHUNKS, 3)
    assert "quick" in unpacked.other_weights(weights, "d")
    assert len(unpacked.digest_of(weights)) == 12
