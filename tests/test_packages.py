"""What the packages export, what importing them pulls in, and that their names are ours."""

import json
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

import align
import corpora
import glossary

EXPORTS = {
    align: "Alignment Evidence Scores align_document align_texts evaluate signature",
    corpora: "Bead Bitext BitextSide Block BlockKind Doubt Finding Metadata MuqabalaError Origin ReadError Segment Severity"
    " Statement WriteError parse_bitext read_statement segment segment_text to_jsonl to_tsv write_tmx",
    glossary: "Change Checker Concept Glossary GlossaryFormat Match Matcher Source Status Term check read_glossary starter_glossary"
    " write_glossary",
}
HEAVY = {
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "sentencepiece",
    "simplemma",
    "inflect",
    "lxml",
    "trafilatura",
    "babel",
    "py3langid",
    "jinja2",
}


@pytest.mark.parametrize("package", EXPORTS, ids=lambda package: package.__name__)
def test_exports(package):
    assert package.__all__ == EXPORTS[package].split()
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError):
        _ = package.nothing_of_this_name


@pytest.mark.parametrize(
    "statement", ["import align", "import corpora", "import glossary", "import muqabala.cli", "import muqabala.pipeline"]
)
def test_imports_are_light(statement):
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not HEAVY & set(json.loads(done.stdout))


def test_no_other_distribution_owns_our_names():
    owners = packages_distributions()
    for name in ("align", "corpora", "glossary", "muqabala"):
        assert set(owners.get(name, ["muqabala"])) == {"muqabala"}
