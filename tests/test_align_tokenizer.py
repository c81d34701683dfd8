"""The tokenizer is loaded once, beside other work; who asks for it hears why it cannot be."""

import pytest

from align import tokenizer


@pytest.fixture
def fresh():
    """A process that has not asked for it yet."""
    tokenizer._loading.cache_clear()
    yield
    tokenizer._loading.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_loaded_once():
    tokenizer.begin_loading()
    assert tokenizer.use_tokenizer() is tokenizer.use_tokenizer()
    assert tokenizer.use_tokenizer().encode("The court", out_type=str)


@pytest.mark.usefixtures("fresh")
def test_missing_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: None)
    tokenizer.begin_loading()  # nobody waits for it, so nobody is told
    for _ in range(2):
        with pytest.raises(tokenizer.EncoderError, match="not installed"):
            tokenizer.use_tokenizer()
    tokenizer._loading.cache_clear()
    monkeypatch.setattr(tokenizer, "model_folder", lambda: tmp_path)
    with pytest.raises(FileNotFoundError):
        tokenizer.use_tokenizer()
