"""Quality, duplicates, parts without leaks, vocabularies, scores, pseudonyms, releases."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
import sentencepiece
from conftest import ARABIC, ENGLISH
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import Finding, MuqabalaError, Severity
from corpora.duplicates import Duplicates, normalised
from corpora.quality import Limits, flags_of, measure, usual_ratio
from corpora.scores import score_systems
from corpora.splits import assign_documents, prove, split
from corpora.statistics import flag_kind, statistics_of
from corpora.subwords import train
from corpora.units import Unit, UnitSide, read_units, to_line, unit_from
from muqabala.corpus import glossary_accuracy
from muqabala.persons import names_of, to_table
from muqabala.project.people import review_of
from muqabala.project.project import Project
from muqabala.pseudonyms import Pseudonyms


def unit(source, target, name="u1", document="d", **values):
    record = {
        "id": name, "document": document,
        "source": {"lang": "ar", "segments": [0] if source else [], "text": source, "starts": [0] if source else []},
        "target": {"lang": "en", "segments": [0] if target else [], "text": target, "starts": [0] if target else []},
        "score": 0.5, "confidence": values.pop("confidence", 0.9), "status": values.pop("status", "machine"),
        "findings": [], "doubts": [], "provenance": {},
    }  # fmt: skip
    return replace(unit_from(record), **values)


LONG_AR = "لم يُسمح لأحد من العائلات بالدخول إلى قاعة المحكمة في ذلك اليوم."
LONG_EN = "Nobody from the families was let into the court room on that day."
LONG_FR = (
    "Personne parmi les familles n'a été autorisé à entrer dans la grande salle du tribunal ce jour-là, à ce que dit le communiqué."
)


@pytest.mark.parametrize(
    ("source", "target", "values", "flags"),
    [
        (LONG_AR, LONG_EN, {}, ()),
        ("", LONG_EN, {}, ("empty source",)),
        (LONG_AR, "", {}, ("empty target",)),
        (LONG_EN, LONG_EN, {}, ("copied", "source in another script")),
        (LONG_AR, LONG_AR, {}, ("copied", "target in another script")),
        (LONG_AR, LONG_FR, {}, ("target in fr",)),
        (LONG_AR, "No.", {}, ("length ratio 6.5",)),
        ("٣٤ / ٢٠١٧ (٥)", "34 / 2017 (5)", {}, ("letters 0.00",)),
        (LONG_AR, LONG_EN, {"confidence": 0.3}, ("confidence 0.30",)),
        (LONG_AR, LONG_EN, {"confidence": 0.3, "status": "accepted"}, ()),
        (LONG_AR, LONG_EN, {"status": "rejected"}, ("rejected",)),
        (LONG_AR, LONG_EN, {"findings": (Finding("term missing", Severity.ERROR),)}, ("errors 1",)),
        (LONG_AR, LONG_EN, {"findings": (Finding("punctuation", Severity.WARNING),)}, ()),
        ("نعم.", "Yes.", {}, ()),
    ],
)
def test_flags(source, target, values, flags):
    assert flags_of(measure(unit(source, target, **values), 1.0), Limits()) == flags


def test_every_limit_can_be_switched_off():
    off = Limits(confidence=0, length_ratio=1e9, letters=0, errors=False, language=False, copied=False)
    for bad in (unit(LONG_AR, "No.", confidence=0.1), unit(LONG_EN, LONG_EN), unit("1", "2"), unit(LONG_AR, LONG_FR)):
        assert flags_of(measure(bad, 1.0), off) == ()


def test_usual_ratio_is_the_corpus_own():
    units = [unit("س" * 20, "x" * 40, str(k)) for k in range(5)]
    assert flags_of(measure(units[0], usual_ratio(units)), Limits(length_ratio=1.5, letters=0, language=False)) == ()
    assert usual_ratio([]) == 1.0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("المَحْكَمَة الأُولى", "المحكمه الاولي"), ("مسؤول", "مسوول"), ("عام ٢٠١٧", "عام 2017"), ("The Court.", "the court"),
        ("a\u200fb", "a b"), ("محكـــمة", "محكمة"), ("\ufefb", "لا"), ("Café", "cafe"),
    ],
)  # fmt: skip
def test_normalised(first, second):
    assert normalised(first) == normalised(second)


@given(st.text(max_size=60))
def test_normalising_twice_is_once(text):
    assert normalised(normalised(text)) == normalised(text)


def test_duplicates():
    units = [
        unit(LONG_AR, LONG_EN, "a"),
        unit(LONG_AR, LONG_EN, "b"),
        unit(LONG_AR.replace("يُ", "ي"), LONG_EN.upper(), "c"),
        unit(LONG_AR, LONG_EN.replace("that day", "this day"), "d"),
        unit(LONG_AR, "Another translation of the same sentence, with hardly a word of the first one.", "e"),
        unit("نعم", "Yes", "f"),
    ]
    found = {how: [seen.earlier(u) for u in units] for how in ("none", "exact", "normalised", "near") for seen in [Duplicates(how)]}
    assert found["none"] == [""] * 6
    assert found["exact"] == ["", "duplicate of a", "", "", "", ""]
    assert found["normalised"] == ["", "duplicate of a", "duplicate of a", "", "", ""]
    assert found["near"] == ["", "duplicate of a", "duplicate of a", "near-duplicate of a", "", ""]


def corpus(documents=30, size=6):
    """Documents that share a formula, an opening, and now and then a paragraph with small changes."""
    for d in range(documents):
        for k in range(size):
            source, target = (
                f"فقرة {d * 97 + k} عن الشاهد رقم {d * 31 + k * 7}",
                f"Paragraph {d * 97 + k} of case {d} with witness {d * 31 + k * 7}",
            )
            if k == 0:
                source, target = "بيان صحفي", "Press statement"
            if k == size - 1:
                source, target = LONG_AR, LONG_EN.replace("that", ("that", "this", "the same")[d % 3])
            yield unit(source, target, f"d{d}-{k}", f"doc{d:02d}", status="accepted" if d in {3, 4} else "machine")


def test_parts_share_nothing():
    units = list(corpus())
    parts = list(split(lambda: units, dev=0.1, test=0.1))
    assert len(parts) == len(units)
    kept = [u for u in parts if u.split]
    sides = {
        part: {normalised(t) for u in kept if u.split == part for t in (u.source.text, u.target.text)}
        for part in ("train", "dev", "test")
    }
    assert not sides["train"] & sides["dev"] | sides["train"] & sides["test"] | sides["dev"] & sides["test"]
    proof = prove(lambda: parts)
    assert (proof.shared_documents, proof.shared_sides, proof.near) == (0, 0, 0)
    assert sum(proof.taken_out.values()) == len(units) - len(kept) > 0
    assert "in test: " in next(u.flags[0] for u in parts if u.flags)
    assert min(proof.units.values()) > 0


def test_the_proof_finds_a_leak():
    units = [replace(u, split="train") for u in corpus(3)]
    units[-1] = replace(units[-1], split="test")
    units[7] = replace(units[7], split="dev")
    proof = prove(lambda: units)
    assert proof.shared_documents == 2
    assert proof.shared_sides > 0
    near = [
        replace(unit(LONG_AR, LONG_EN, "a", "a"), split="train"),
        replace(unit("س" * 30, LONG_EN.replace("that", "this"), "b", "b"), split="test"),
    ]
    assert prove(lambda: near).near == 1


def test_reviewed_documents_are_tested_on_and_parts_are_stable():
    units = list(corpus())
    parts = assign_documents(units, dev=0.05, test=0.05)
    assert {name for name, part in parts.items() if part == "test"} == {"doc03", "doc04"}
    more = assign_documents([*units, *(replace(u, document=f"x{u.document}") for u in corpus(3))], dev=0.05, test=0.05)
    assert sum(parts[name] != more[name] for name in parts) <= 2
    assert assign_documents(units, dev=0.05, test=0.05, seed="b") != parts
    assert set(assign_documents(units[:6], dev=0.5, test=0.4).values()) == {"train"}  # one document stays whole


@given(st.floats(0, 0.4), st.floats(0, 0.4), st.integers(1, 12))
@settings(max_examples=30)
def test_every_document_has_one_part(dev, test, documents):
    units = list(corpus(documents, 3))
    parts = assign_documents(units, dev=dev, test=test)
    assert set(parts) == {u.document for u in units}
    assert "train" in parts.values()


def test_flag_kinds():
    flags = [
        "length ratio 5.2",
        "empty source",
        "duplicate of p1-b2",
        "near-duplicate of a",
        "in test: p1",
        "near in dev: x",
        "errors 2",
        "target in fr",
    ]
    assert [flag_kind(flag) for flag in flags] == [
        "length ratio",
        "empty source",
        "duplicate",
        "near-duplicate",
        "in test",
        "near in dev",
        "errors",
        "target in fr",
    ]


def test_statistics():
    found = statistics_of([*corpus(2), unit("", "x", "z", "w", flags=("empty source",))])
    assert (found.units, found.documents, found.types) == (13, 3, Counter({"1-1": 12, "0-1": 1}))
    assert sum(found.confidence) == sum(found.lengths) == 13
    assert found.flags == {"empty source": 1}


def test_vocabulary_is_reproducible_and_keeps_the_text():
    lines = [f"{ar} {k}\u200f\u200d" for k in range(40) for ar in ARABIC] + [f"{en} {k}" for k in range(40) for en in ENGLISH]
    model = train(lines, size=420)
    assert model == train(lines, size=420)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    for text in (*ARABIC, *ENGLISH, "☃ \u200f ﷺ  x", "漢字"):
        assert pieces.decode(pieces.encode(text)) == text
    with pytest.raises(MuqabalaError, match=r"a vocabulary of 9000 is too large for these texts \(--size \d+ or less\)"):
        train(lines, size=9000)
    with pytest.raises(MuqabalaError, match="too small"):
        train(lines, size=100)
    with pytest.raises(MuqabalaError, match="no lines"):
        train(["", " "], size=400)
    with pytest.raises(MuqabalaError, match="unknown kind"):
        train(lines, size=400, kind="word")


def test_scores():
    units = [unit(LONG_AR, f"{line} And {k} more.", f"u{k}", f"d{k % 2}") for k, line in enumerate(ENGLISH * 3)]
    good = [u.target.text for u in units]
    poor = [" ".join(reversed(text.split())) for text in good]
    poor[5] = ""
    base, other = score_systems(units, {"poor": poor, "good": good}, samples=200)
    assert [score.metric for score in base.scores] == ["chrF++", "BLEU", "TER"]
    assert (other.scores[0].value, other.scores[2].value) == (100, 0)
    assert all(score.signature.startswith("nrefs:1|bs:200|seed:12345") for score in other.scores)
    assert other.scores[0].p < 0.05
    assert base.worst[0] == ("u5", 0.0, "")
    assert set(base.documents) == {"d0", "d1"}
    with pytest.raises(MuqabalaError, match="1 lines for 24 units"):
        score_systems(units, {"x": ["a"]})
    with pytest.raises(MuqabalaError, match="no units"):
        score_systems([], {"x": []})


def test_glossary_accuracy():
    from glossary import starter_glossary

    units = [unit("حكم القاضي.", "The judge ruled."), unit("تحدث الشاهد.", "The witness spoke."), unit("نعم.", "Yes.")]
    assert glossary_accuracy(units, ["The judge ruled.", "The onlooker spoke.", "Yes."], starter_glossary()) == (1, 2)


NAMES = "ar\ten\tpseudonym\nالخالد|خالد الخالد\tKhalid|K. Alkhalid\t\nرنا\tRana\tXX\n"


def test_pseudonyms():
    names = Pseudonyms(NAMES, path="names.tsv", source="ar", target="en")
    before = unit("قال خالد الخالد لرنا إنه رأى رنا.", "Khalid told Rana that he had seen Rana's house.", "a")
    after = names.apply(before)
    assert (after.source.text, after.target.text) == ("قال شخص-1 لXX إنه رأى XX.", "Person-1 told XX that he had seen XX's house.")
    assert "Rana" not in to_line(after)
    assert "خالد" not in to_line(after)
    names.count(before)
    assert names.replaced == {"source": 3, "target": 3}
    names.count(unit("حضرت رنا.", "She came.", "b"))
    assert names.one_sided == ["b"]
    hidden = names.apply(unit("قال خا\u200dلد الخالد\u200f لر\u200cنا.", "Kha\u00adlid told Ra\u00adna.", "c"))
    assert (hidden.source.text, hidden.target.text) == ("قال شخص-1\u200f لXX.", "Person-1 told XX.")
    same = unit("لا أحد.", "Nobody.")
    assert names.apply(same) is same


def test_names_that_both_sides_have():
    rows = [
        ("سأل المحقق خالد بن مروان عن الرسالة.", "The investigator asked Khalid bin Marwan about the letter."),
        ("لم يجب خالد بن مروان عن السؤال.", "Khalid Bin Marwan did not answer the question."),
        ("وخالد بن مروان شاهد.", "And Khalid bin Marwan is a witness."),
        ("سافرت رنا إلى بيروت.", "Rana travelled to Beirut."),
        ("لم يكن ذلك سراً.", "Later the letter was a secret."),
        ("بعد ذلك كُتبت لاترات.", "She wrote it later."),
    ]
    rows[2] = tuple(text.replace("خالد", "خا\u200dلد").replace("Khalid", "Kha\u00adlid") for text in rows[2])
    names = names_of(lambda: (unit(*row, str(k)) for k, row in enumerate(rows)))
    assert list(names.found) == ["Khalid bin Marwan", "Beirut", "Khalid Bin Marwan"]
    table = to_table(names)
    assert table.split("\n")[:2] == ["ar\ten\tpseudonym\tcount\tbeads", "خالد بن مروان\tKhalid bin Marwan\t\t2\t0 2"]
    assert len(Pseudonyms(table, path="names.tsv", source="ar", target="en")) == 3


def coined(seed, language):
    """Six words that no other text has, so that texts are no near-duplicates."""
    letters = {"ar": "ابتثجحخدذر", "en": "abcdefghij"}[language]
    return " ".join("".join(letters[int(d)] for d in str((seed * 7919 + k * 104_729) % 999_983)) for k in range(6))


@pytest.fixture
def project(tmp_path, run):
    """Twelve pairs of documents, three of them reviewed, one with a copied side."""
    folder = tmp_path / "p"
    for k in range(12):
        for language, lines, word in (("ar", ARABIC, "الشاهد"), ("en", ENGLISH, "Witness")):
            own = [f"{lines[(k + j) % 8][:-1]}, {word} {k * 9 + j} {coined(k * 9 + j, language)}." for j in range(4)]
            (tmp_path / f"d{k:02d}.{language}.txt").write_text("\n\n".join([*own, lines[0]]), encoding="utf-8")
    run("init", folder)
    run("add", folder, *sorted(tmp_path.glob("d*.txt")), "--licence", "CC BY 4.0")
    run("pair", folder)
    run("run", folder)
    return folder


def test_release(project, run, tmp_path):
    run("decide", project, "p0002-b0001", "p0002-b0002", "--as", "accepted", "--by", "Translator A")
    run("decide", project, "p0002-b0001", "--as", "rejected", "--by", "Translator B")
    wishes = ("--name", "sample", "--format", "jsonl,tmx,moses,tsv,xces,parquet")
    result = run("release", project, "-o", tmp_path / "r", *wishes, "--json")
    told = json.loads(result.out)
    assert result.code == 0, result.err
    assert told["proof"]["shared_documents"] == told["proof"]["shared_sides"] == told["proof"]["near"] == 0
    lines = (tmp_path / "r" / "left-out.tsv").read_text(encoding="utf-8").split("\n")[1:-1]
    assert sum(told["kept"].values()) + len(lines) == told["units"]
    assert {line.split("\t")[2].split(" ")[0] for line in lines} >= {"rejected"}
    ids = [u.id for part in ("train", "dev", "test") for u in read_units(tmp_path / "r" / part / "sample.jsonl")]
    assert len(ids) == len(set(ids))
    card = json.loads((tmp_path / "r" / "card.json").read_text(encoding="utf-8"))
    assert card["review"]["people"] == {"Translator A": 2, "Translator B": 1}
    assert (card["review"]["decided"]["twice"], card["review"]["decided"]["share"]) == (1, 0.0)
    assert card["licences"] == {"CC BY 4.0": 24}
    assert card["glossary"]["digest"] in (tmp_path / "r" / "README.md").read_text(encoding="utf-8")
    written = [path for path in (tmp_path / "r").rglob("*") if path.is_file()]
    assert not any(str(tmp_path).encode() in path.read_bytes() for path in written)
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "r", check=False)
    assert done.returncode == 0
    assert run("release", project, "-o", tmp_path / "again", *wishes).code == 0
    files = sorted(p.relative_to(tmp_path / "r") for p in (tmp_path / "r").rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file())
    for file in files:
        assert (tmp_path / "r" / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file


def test_release_with_pseudonyms(project, run, tmp_path):
    (tmp_path / "names.tsv").write_text("ar\ten\nالشاهد\tWitness\n", encoding="utf-8")
    assert run("release", project, "-o", tmp_path / "r", "--pseudonyms", tmp_path / "names.tsv").code == 0
    text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "r").rglob("*") if p.is_file())
    assert "Witness " not in text
    assert "Person-1" in text
    assert "شخص-1" in text
    assert "Names of 1 people were replaced" in (tmp_path / "r" / "README.md").read_text(encoding="utf-8")


def test_a_release_of_nothing_is_refused(project, run, tmp_path):
    text = (project / "muqabala.toml").read_text()
    (project / "muqabala.toml").write_text(text.replace("letters = 0.5", "letters = 1.1"))
    result = run("release", project, "-o", tmp_path / "r")
    assert (result.code, "no unit is left" in result.err) == (1, True)
    assert not (tmp_path / "r").exists()


def test_agreement(project, run):
    for by, statuses in (("A", ("accepted", "accepted", "rejected")), ("B", ("accepted", "rejected", "rejected"))):
        for k, status in enumerate(statuses, 1):
            run("decide", project, f"p0001-b{k:04d}", "--as", status, "--by", by)
    with Project(project, write=False) as opened:
        found = review_of(opened)
    assert (found.decided.twice, found.decided.share, found.decided.kappa) == (3, 0.6667, 0.4)


def test_corpus_commands(project, run, tmp_path):
    assert run("export", project, "--format", "jsonl,tmx", "-o", tmp_path / "out").code == 0
    for place in (project, tmp_path / "out" / "p.jsonl", tmp_path / "out" / "p.tmx"):
        assert json.loads(run("corpus", "stats", place, "--json").out)["units"] == 60
    assert run("corpus", "stats", project, "--html", tmp_path / "s.html").code == 0
    assert "<script" not in (tmp_path / "s.html").read_text(encoding="utf-8")
    lost = tmp_path / "lost.tsv"
    assert run("corpus", "filter", project, "-o", tmp_path / "f.jsonl", "--letters", 0.9, "--left-out", lost).code == 0
    kept = list(read_units(tmp_path / "f.jsonl"))
    assert len(kept) + len(lost.read_text(encoding="utf-8").split("\n")[1:-1]) == 60
    result = run("corpus", "dedup", project, "-o", tmp_path / "d.jsonl")
    assert result.out == "kept\t49 units\nleft out\t11 units: duplicate\n"
    assert run("corpus", "split", tmp_path / "d.jsonl", "-o", tmp_path / "parts", "--dev", 0.2, "--test", 0.2).code == 0
    assert (tmp_path / "parts" / "test" / "d.en").exists()
    assert json.loads(run("corpus", "stats", tmp_path / "parts", "--json").out)["splits"]["test"] > 0
    assert run("corpus", "subwords", tmp_path / "parts", "-o", tmp_path / "sw", "--size", 360).code == 0
    assert (tmp_path / "sw.model").exists()
    scored = run("corpus", "score", tmp_path / "parts", tmp_path / "parts" / "test" / "d.en", "--samples", 50, "--json")
    assert json.loads(scored.out)["scores"][0]["value"] == 100
    assert "is no corpus" in run("corpus", "stats", tmp_path / "s.html").err
    assert "is no project and no release" in run("corpus", "stats", tmp_path).err
    assert "unknown way" in run("corpus", "dedup", project, "-o", tmp_path / "x.jsonl", "--how", "some").err


@pytest.mark.slow
def test_exports_do_not_grow_with_the_corpus(tmp_path):
    """Peak memory of writing four times as many units in all streaming formats is about the same."""
    script = """
import resource, sys
from pathlib import Path
from corpora.exports.writer import CorpusInfo
from corpora.units import unit_from
from muqabala.formats import Format
from muqabala.project.exporting import export
def units(count):
    for k in range(count):
        sides = {
            name: {"lang": code, "segments": [k % 50], "text": f"{name} {k} " * 12, "starts": [0]}
            for name, code in (("source", "ar"), ("target", "en"))
        }
        told = {"score": 0.5, "confidence": 0.9, "status": "machine", "findings": [], "doubts": [], "provenance": {}}
        yield unit_from({"id": f"u{k}", "document": f"d{k // 50}", **sides, **told})
kinds = [kind for kind in Format]
export(units(int(sys.argv[1])), kinds, Path(sys.argv[2]), CorpusInfo("c", "ar", "en"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    peaks = []
    for count in (2_000, 8_000):
        command = [sys.executable, "-c", script, str(count), str(tmp_path / str(count))]
        peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] < 1.25 * peaks[0], peaks


def test_units_are_equal_after_a_line():
    for u in (unit(LONG_AR, LONG_EN, flags=("a",), split="dev"), unit("", "x")):
        assert unit_from(json.loads(to_line(u))) == u
    assert Unit("a", "b", UnitSide("ar", ""), UnitSide("en", "x")).is_two_sided is False
