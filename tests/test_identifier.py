"""The language identifier is the same, undone anew or kept."""

import numpy as np
import pytest

from corpora import identifier as identifying

LANGUAGES = ["ar", "en", "fa", "fr"]
TEXTS = {
    "ar": "وصلنا إلى القرية في الصباح ووجدنا البيوت خالية",
    "en": "We came to the village in the morning",
    "fr": "Nous sommes arrivés",
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(identifying, "kept_file", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache"


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("damage", [None, b"", b"PK\x03\x04 not whole"])
def test_kept_and_undone_say_the_same(cache, damage, at):
    ranked = []
    for _ in range(3):
        found = identifying.identifier(LANGUAGES)
        ranked.append([found.rank(text) for text in TEXTS.values()])
        assert [found.classify(text)[0] for text in TEXTS.values()] == list(TEXTS)
        kept = sorted(cache.iterdir())
        assert [path.suffix for path in kept] == [".npz", ".npy"]
        if damage is not None:
            kept[at].write_bytes(damage)
    assert ranked[0] == ranked[1] == ranked[2]
    assert {code for code, _ in ranked[0][0]} == set(LANGUAGES)


def test_other_languages_are_another_file(cache):
    identifying.identifier(LANGUAGES)
    assert {code for code, _ in identifying.identifier(["ar", "ur"]).rank(TEXTS["ar"])} == {"ar", "ur"}
    assert len(list(cache.iterdir())) == 4


def test_moves_of_another_model(cache):
    identifying.identifier(LANGUAGES)
    np.save(cache / next(path.name for path in cache.iterdir() if path.suffix == ".npy"), np.zeros(256, dtype=np.uint32))
    assert identifying.identifier(LANGUAGES).classify(TEXTS["fr"])[0] == "fr"


def test_a_folder_that_cannot_be_written(cache):
    cache.write_text("a file where the folder should be")
    assert identifying.identifier(LANGUAGES).classify(TEXTS["ar"])[0] == "ar"
