"""Long documents: the way through them, stretches, and what repeats itself."""

import numpy as np
import pytest

from align import align_document, align_texts, band, document, stretches
from align.encoder import use_encoder
from align.finer import read_pair
from align.recursions import banded_grid_path, grid_path
from corpora import Bead

NAMES = ["judge", "witness", "lawyer", "guard", "doctor", "mother", "student", "driver"]
NOMS = ["juge", "témoin", "avocat", "gardien", "médecin", "mère", "étudiant", "chauffeur"]
PLACES = ["court", "prison", "school", "hospital", "market", "port", "village"]
LIEUX = ["tribunal", "prison", "école", "hôpital", "marché", "port", "village"]


def long_texts(count):
    """English and French sentences that differ, some without partner."""
    source, target, gold = [], [], []
    for k in range(count):
        source.append(f"On day {k} the {NAMES[k % 8]} number {k * 7 % 911} went to the {PLACES[k % 7]}.")
        if k % 29:
            target.append(f"Le jour {k}, {NOMS[k % 8]} numéro {k * 7 % 911} est allé au lieu dit {LIEUX[k % 7]}.")
            gold.append((k, len(target) - 1))
    return source, target, gold


def test_stretches_find_what_the_whole_finds(monkeypatch):
    source, target, gold = long_texts(420)
    whole = {(b.source, b.target) for b in align_texts(source, target)}
    monkeypatch.setattr(document, "LONG", 150)
    monkeypatch.setattr(stretches, "_STRETCH", 120)
    monkeypatch.setattr(stretches, "_TAIL", 30)
    seen = []
    parts = align_document(source, target, progress=lambda done, total: seen.append((done, total)))
    found = {(b.source, b.target) for b in parts.beads}
    assert sorted(k for b in parts.beads for k in b.source) == list(range(len(source)))
    assert sorted(k for b in parts.beads for k in b.target) == list(range(len(target)))
    assert len(found & whole) > 0.97 * len(whole)
    assert sum(((i,), (j,)) in found for i, j in gold) > 0.97 * len(gold)
    assert parts.belief > 0.95
    assert seen[-1] == (len(source) + len(target),) * 2


def test_between_locked_beads_as_in_the_whole(monkeypatch):
    source, target, gold = long_texts(120)
    locked = [Bead((i,), (j,)) for i, j in gold[::3]]
    whole = align_texts(source, target, locked=locked)
    monkeypatch.setattr(document, "LONG", 50)
    read = []
    monkeypatch.setattr(document, "read_pair", lambda *a, **k: read.append(len(a[0])) or read_pair(*a, **k))
    assert [(b.source, b.target) for b in align_texts(source, target, locked=locked)] == [(b.source, b.target) for b in whole]
    assert len(read) == 1  # forty gaps between locked beads
    monkeypatch.setattr(stretches, "_STRETCH", 20)
    found = align_texts(source, target, locked=locked)
    assert sorted(k for b in found for k in b.source) == list(range(len(source)))
    assert {(b.source, b.target) for b in found} == {(b.source, b.target) for b in whole}


@pytest.mark.parametrize(("count", "width"), [(400, 2), (2, 400), (400, 400)])
def test_lopsided_and_identical(monkeypatch, count, width):
    monkeypatch.setattr(document, "LONG", 150)
    monkeypatch.setattr(stretches, "_STRETCH", 120)
    beads = align_texts(["أفرجت السلطات عن الشهود."] * count, ["The authorities released the witnesses."] * width)
    linked = [b for b in beads if b.source and b.target]  # none of the shorter side is left alone
    assert sum(len(b.target if width < count else b.source) for b in linked) == min(count, width)
    assert all(len(b.source) + len(b.target) <= 3 for b in linked)


def test_the_way_through_a_large_grid_is_the_best(monkeypatch):
    dice = np.random.default_rng(0)
    shared = dice.normal(size=(300, 64))
    x, y = (shared + 1.2 * dice.normal(size=shared.shape) for _ in range(2))
    x, y = (
        (side / np.linalg.norm(side, axis=1)[:, None]).astype(np.float32) for side in (x, np.delete(y, range(120, 150), axis=0))
    )
    best = grid_path(np.ascontiguousarray(x @ y.T), np.float32(0.05))
    monkeypatch.setattr(band, "_GRID", 32)
    assert np.array_equal(band.coarse_path(x, y), best)


def test_a_full_band_is_the_grid():
    dice = np.random.default_rng(1)
    for n, m in ((1, 1), (3, 7), (9, 4)):
        grid = dice.normal(size=(n, m)).astype(np.float32)
        low, high = np.zeros(n, dtype=np.int64), np.full(n, m)
        assert np.array_equal(banded_grid_path(grid, low, high, np.float32(0.1)), grid_path(grid, np.float32(0.1)))


def test_what_repeats_is_read_once(monkeypatch):
    encoder = use_encoder()
    wanted = []
    sums = encoder._network.sums
    monkeypatch.setattr(encoder._network, "sums", lambda *a: wanted.append(len(a[2].places)) or sums(*a))
    text = "The authorities released the witnesses on Monday after a long night in the cells of the old prison."
    encoder.read([text] * 50)
    once = sum(wanted)
    wanted.clear()
    read = encoder.read([text] * 500)
    assert sum(wanted) < 20 * once
    assert len(read.words) < 100 < len(read.word_kind)
    assert np.allclose(read.body[3], read.body[400])
