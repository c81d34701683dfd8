"""What the first pass shows of a document's ways."""

from conftest import EXAMPLES

from align.finer import read_pair
from align.habits import USUAL_TORN, Habits
from align.lengths import first_look
from align.weights import shipped_weights
from corpora.ids import parse_ids
from muqabala.pipeline import align_files


def torn(source, target):
    return Habits.of(*first_look([read_pair(source, target)], shipped_weights().first)).torn


def test_a_summary_is_torn_a_text_without_a_section_is_not():
    source, target, kept = [], [], []
    for example in EXAMPLES:
        bitext = align_files(example.source, example.target, source_language="ar", target_language="en")
        beads = parse_ids(example.gold.read_text(encoding="utf-8"))
        kept += [k + len(target) for bead in beads[::2] for k in bead.target]
        source += [segment.text for segment in bitext.source.segments]
        target += [segment.text for segment in bitext.target.segments]
    whole, summary = torn(source, target), torn(source, [target[k] for k in sorted(kept)])
    without_section = torn(source, [*target[: len(target) // 3], *target[len(target) * 2 // 3 :]])
    assert whole < USUAL_TORN
    assert without_section < 2 * USUAL_TORN
    assert summary > 5 * USUAL_TORN
