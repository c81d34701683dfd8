"""Batches: what is killed goes on, poison harms nobody else, and everything gives the bytes of an undisturbed run."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ARABIC, ENGLISH

from corpora import ReadError
from corpora.duplicates import Duplicates
from corpora.units import read_units
from muqabala.batch import cluster
from muqabala.batch.manifest import read_manifest

COMMAND = [sys.executable, "-c", "from muqabala.cli import main; main()", "batch"]
POISON = """
import os, pathlib, time
plain = pathlib.Path.open
def opened(self, *arguments, **options):
    if "poison-kill" in self.name: os.kill(os.getpid(), 9)
    if "poison-hang" in self.name: time.sleep(600)
    if "poison-raise" in self.name: raise RuntimeError("no such thing")
    if "poison-swell" in self.name: self.swollen = bytearray(b"x") * (3 << 30); time.sleep(600)
    return plain(self, *arguments, **options)
pathlib.Path.open = opened
"""
"""Makes of some documents what the worst of documents do to a library: read by every worker as it starts."""


def pairs(folder, count, *, more=()):
    """The files of some pairs, and a manifest of them and of more."""
    rows = ["id,source,target,source_lang,target_lang,court"]
    for k in range(count):
        for code, lines in (("ar", ARABIC), ("en", ENGLISH)):
            own = [f"{line} ({k})" if j == k % 8 else line for j, line in enumerate(lines)]
            (folder / f"d{k}.{code}.txt").write_text("\n\n".join(own[k % 3 :]), encoding="utf-8")
        rows.append(f"d{k:03d},d{k}.ar.txt,d{k}.en.txt,ar,en,C{k % 2}")
    for name in more:
        rows.insert(len(rows) // 2, f"{name},{name}.ar.txt,{name}.en.txt,ar,en,")
        for code in ("ar", "en"):
            (folder / f"{name}.{code}.txt").write_text("كلمة." if code == "ar" else "A word.", encoding="utf-8")
    (folder / "m.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder / "m.csv"


def called(manifest, out, *options, poison=False, wait=True):
    environment = dict(os.environ)
    if poison:
        (manifest.parent / "site").mkdir(exist_ok=True)
        (manifest.parent / "site" / "sitecustomize.py").write_text(POISON)
        environment["PYTHONPATH"] = str(manifest.parent / "site")
    command = [*COMMAND, str(manifest), "-o", str(out), "--partition", "5", *map(str, options)]
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not wait:
        return started
    told, wrong = started.communicate(timeout=280)
    return started.returncode, told, wrong


def bytes_of(out):
    """The lines of all partitions, sorted, by folder, and the report."""
    found = {}
    for folder in ("parts", "left-out"):
        found[folder] = sorted(line for path in (out / folder).glob("part-*.jsonl") for line in path.read_bytes().split(b"\n"))
    return found | {name: (out / name).read_bytes() for name in ("report.json", "failed.tsv")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A manifest, and what a run that nothing happened to makes of it."""
    folder = tmp_path_factory.mktemp("batch")
    manifest = pairs(folder, 24)
    assert called(manifest, folder / "out", "--workers", 1, "--glossary", "starter", "--dedup", "normalised")[0] == 0
    return manifest, bytes_of(folder / "out")


OPTIONS = ["--glossary", "starter", "--dedup", "normalised"]


def test_what_comes_out(undisturbed):
    manifest, found = undisturbed
    report = json.loads(found["report.json"])
    assert (report["pairs"], report["done"], report["failed"]) == (24, 24, 0)
    kept, left = (len([line for line in found[name] if line]) for name in ("parts", "left-out"))
    assert (report["kept"], report["units"]) == (kept, kept + left)
    assert left > 100  # most of these documents say the same
    record = json.loads(found["parts"][-1])
    assert record["metadata"] == {"court": "C1"} or record["metadata"] == {"court": "C0"}
    units = [unit for path in sorted((manifest.parent / "out" / "parts").iterdir()) for unit in read_units(path)]
    assert len({unit.id for unit in units}) == len(units) == report["kept"]
    assert {unit.document for unit in units} <= {f"d{k:03d}" for k in range(24)}
    seen = Duplicates("normalised")
    assert not any(seen.earlier(unit) for unit in units)


def test_two_workers_make_the_same(undisturbed, tmp_path):
    manifest, whole = undisturbed
    assert called(manifest, tmp_path / "out", "--workers", 2, *OPTIONS)[0] == 0
    assert bytes_of(tmp_path / "out") == whole


@pytest.mark.slow
def test_the_run_is_killed_again_and_again(undisturbed, tmp_path):
    manifest, whole = undisturbed
    done, patience = 0, 3.0
    for _ in range(6):
        started = called(manifest, tmp_path / "out", "--workers", 2, *OPTIONS, wait=False)
        time.sleep(patience)
        os.kill(started.pid, signal.SIGKILL)
        started.communicate()
        now = states(tmp_path / "out").get("done", 0)
        assert now >= done
        patience = patience + 0.35 if now > done else 1.7 * patience  # a slow machine has to begin at all
        done = now
    assert done > 0
    assert called(manifest, tmp_path / "out", "--workers", 2, *OPTIONS)[0] == 0
    assert bytes_of(tmp_path / "out") == whole


def states(out):
    try:
        with sqlite3.connect(f"file:{out}/ledger.db?mode=ro", uri=True) as db:
            return dict(db.execute("SELECT state, count(*) FROM pair GROUP BY state").fetchall())
    except sqlite3.OperationalError:
        return {}


def children(process):
    """The processes below a process, by number."""
    command = ["ps", "-o", "pid=,args=", "--ppid", str(process)]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in found.splitlines() if "spawn_main" in line]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="its workers are found by ps")
def test_workers_are_killed(undisturbed, tmp_path):
    manifest, whole = undisturbed
    started = called(manifest, tmp_path / "out", "--workers", 2, *OPTIONS, wait=False)
    for _ in range(3):
        time.sleep(2.2)
        for worker in children(started.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
    started.communicate(timeout=200)
    assert started.returncode == 0
    assert bytes_of(tmp_path / "out") == whole


@pytest.mark.slow
def test_poison(tmp_path):
    """A document that is missing, one that kills, raises, hangs, swells: each is listed, all others are done."""
    names = ["poison-kill", "poison-raise", "poison-hang", "poison-swell", "missing"]
    manifest = pairs(tmp_path, 12, more=names)
    (tmp_path / "missing.en.txt").unlink()
    options = ["--workers", 2, "--attempts", 2, "--memory", 2000, "--dedup", "exact"]
    code, told, wrong = called(manifest, tmp_path / "out", *options, "--seconds", 15, poison=True)
    assert (code, told.split(",")[0]) == (0, "12 of 17 pairs")
    assert "5 pairs failed" in wrong
    reasons = dict(line.split("\t") for line in (tmp_path / "out" / "failed.tsv").read_text().split("\n")[1:-1])
    assert set(reasons) == set(names)
    assert reasons["poison-kill"] == "its worker was killed by signal 9"
    assert reasons["poison-raise"].startswith("RuntimeError: no such thing")
    assert reasons["poison-hang"] == "not done after 15 s"
    assert "MiB" in reasons["poison-swell"]
    assert "no such file" in reasons["missing"]
    code, told, _ = called(manifest, tmp_path / "out", *options, "--again")
    assert (code, told.split(",")[0]) == (0, "16 of 17 pairs")  # the poison is gone, the file is not there yet
    (tmp_path / "missing.en.txt").write_text("A word.")
    assert called(manifest, tmp_path / "out", *options, "--again")[1].startswith("17 of 17 pairs")
    assert called(manifest, tmp_path / "whole", *options)[0] == 0
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")
    assert not (tmp_path / "out" / ".aligned").exists()


@pytest.mark.slow
def test_a_cluster_is_killed_in_parts(undisturbed, tmp_path):
    """A real local cluster of two worker processes: the run is killed with -9 in the middle, then one of the workers."""
    distributed = pytest.importorskip("distributed")
    manifest, whole = undisturbed
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **cluster.QUIET) as made:
        options = ["--cluster", made.scheduler_address, *OPTIONS]
        started = called(manifest, tmp_path / "out", *options, wait=False)
        until_done(tmp_path / "out", 5, started)
        os.kill(started.pid, signal.SIGKILL)
        started.communicate()
        started = called(manifest, tmp_path / "out", *options, wait=False)
        until_done(tmp_path / "out", 10, started)
        victim = next(iter(made.workers.values())).process.process
        os.kill(victim.pid, signal.SIGKILL)
        started.communicate(timeout=200)
    assert started.returncode == 0
    assert bytes_of(tmp_path / "out") == whole


def until_done(out, count, started):
    """Wait until so many pairs are done."""
    end = time.monotonic() + 90
    while states(out).get("done", 0) < count:
        assert time.monotonic() < end, started.communicate()
        time.sleep(0.02)


@pytest.mark.slow
def test_poison_on_a_cluster(tmp_path):
    """A document that kills every worker that reads it: its partition is done by documents, and it alone is given up."""
    pytest.importorskip("distributed")
    manifest = pairs(tmp_path, 9, more=["poison-kill"])
    code, told, wrong = called(manifest, tmp_path / "out", "--cluster", "local", "--workers", 2, poison=True)
    assert (code, told.split(",")[0]) == (0, "9 of 10 pairs"), wrong
    assert "poison-kill\tits workers died" in (tmp_path / "out" / "failed.tsv").read_text()


@pytest.mark.slow
def test_begun_here_and_ended_on_a_cluster(undisturbed, tmp_path):
    pytest.importorskip("distributed")
    manifest, whole = undisturbed
    started = called(manifest, tmp_path / "out", "--workers", 1, *OPTIONS, wait=False)
    while states(tmp_path / "out").get("done", 0) < 7:
        time.sleep(0.02)
    os.kill(started.pid, signal.SIGKILL)
    started.communicate()
    assert called(manifest, tmp_path / "out", "--cluster", "local", "--workers", 2, *OPTIONS)[0] == 0
    assert bytes_of(tmp_path / "out") == whole


def test_near_duplicates_are_those_of_one_stream(tmp_path):
    manifest = pairs(tmp_path, 9)
    assert called(manifest, tmp_path / "all", "--workers", 1)[0] == 0
    assert called(manifest, tmp_path / "out", "--workers", 1, "--dedup", "near")[0] == 0
    seen = Duplicates("near")
    units = [unit for path in sorted((tmp_path / "all" / "parts").iterdir()) for unit in read_units(path)]
    wanted = [unit.id for unit in units if not seen.earlier(unit)]
    assert [unit.id for path in sorted((tmp_path / "out" / "parts").iterdir()) for unit in read_units(path)] == wanted


def test_texts_parquet_and_json_lines(tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    rows = [{"id": f"t{k}", "source_text": ARABIC[k], "target_text": ENGLISH[k], "year": 2020 + k} for k in range(3)]
    (tmp_path / "m.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "m.parquet")
    out = {}
    for name in ("m.jsonl", "m.parquet"):
        assert called(tmp_path / name, tmp_path / f"{name}.out", "--workers", 1, "--format", "parquet")[0] == 0
        out[name] = (tmp_path / f"{name}.out" / "parts" / "part-00000.parquet").read_bytes()
    assert out["m.jsonl"] == out["m.parquet"]
    table = pq.read_table(tmp_path / "m.jsonl.out" / "parts" / "part-00000.parquet").to_pylist()
    assert [(row["source"], row["target"], row["metadata"]) for row in table] == [
        (ARABIC[k], ENGLISH[k], json.dumps({"year": 2020 + k})) for k in range(3)
    ]


def test_addresses_in_and_out(tmp_path):
    """Documents and partitions at addresses, as those of an object store are."""
    pytest.importorskip("fsspec")
    manifest = pairs(tmp_path, 2)
    manifest.write_text(manifest.read_text().replace(",d0.", f",file://{tmp_path}/d0."))
    code, _, wrong = called(manifest, tmp_path / "out", "--workers", 1, "--parts", f"file://{tmp_path}/store")
    assert (code, wrong) == (0, "")
    assert not (tmp_path / "out" / "parts").exists()
    units = list(read_units(tmp_path / "store" / "parts" / "part-00000.jsonl"))
    assert {unit.document for unit in units} == {"d000", "d001"}


@pytest.mark.parametrize("sql", ["CREATE TABLE other (x)", None])
def test_a_ledger_that_is_none(tmp_path, sql):
    (tmp_path / "out").mkdir()
    if sql:
        with sqlite3.connect(tmp_path / "out" / "ledger.db") as db:
            db.execute(sql)
    else:
        (tmp_path / "out" / "ledger.db").write_bytes(b"not a database" * 100)
    code, _, wrong = called(pairs(tmp_path, 1), tmp_path / "out", "--workers", 1)
    assert (code, wrong.strip().split(": ")[-1]) == (1, "it is no ledger of a batch")


def test_nothing_is_fetched_from_the_web(tmp_path):
    (tmp_path / "m.csv").write_text("id,source,target\na,http://127.0.0.1:9/x.ar.txt,HTTPS://127.0.0.1:9/x.en.txt\n")
    assert called(tmp_path / "m.csv", tmp_path / "out", "--workers", 1)[0] == 0
    assert "not fetched from the web" in (tmp_path / "out" / "failed.tsv").read_text()


def test_a_folder_belongs_to_one_batch(tmp_path):
    manifest = pairs(tmp_path, 2)
    assert called(manifest, tmp_path / "out", "--workers", 1)[0] == 0
    for options, reason in ((["--dedup", "exact"], "other options"), (["--glossary", "none"], "other options")):
        code, _, wrong = called(manifest, tmp_path / "out", "--workers", 1, *options)
        assert (code, reason in wrong) == (1, True)
    manifest.write_text(manifest.read_text() + "x,d0.ar.txt,d0.en.txt,ar,en,\n")
    assert "another manifest" in called(manifest, tmp_path / "out", "--workers", 1)[2]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("m.csv", "id,source\na,b\n", "no columns 'source' and 'target'"),
        ("m.csv", "source,target\na\n", "1 cells under 2 columns"),
        ("m.csv", "source,target\n", "there are no pairs"),
        ("m.csv", "source,target,source_text\na,b,c\n", "both of them given"),
        ("m.csv", "source,target\n,b\n", "neither of them given"),
        ("m.csv", "source,target,target_lang\na,b,xx-??\n", "language"),
        ("m.jsonl", "[1]\n", "not an object"),
        ("m.jsonl", "{\n", "not an object"),
        ("m.parquet", "PAR1", "not Parquet"),
        ("m.jsonl", '{"source": "\\ud800", "target": "b"}\n', "half a character"),
        ("m.jsonl", '{"source": "a", "target": "b", "note": ["\\ud800"]}\n', "half a character"),
        ("m.jsonl", '{"source": {"a": 1}, "target": "b"}\n', "'source' is not a text"),
        ("m.jsonl", '{"id": "a\\n", "source": "a", "target": "b"}\n'.replace("a\\n", "a\\nb"), "an id that is no name"),
        ("m.tsv", "source\ttarget\tsource\na\tb\tc\n", "twice in the header"),
    ],
)
def test_manifests_that_are_none(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    with pytest.raises(ReadError, match=re.escape(reason)):
        list(read_manifest(tmp_path / name))


def test_long_texts_and_no_numbers(tmp_path):
    (tmp_path / "m.csv").write_text(f"id,source_text,target\na,{'x' * 300_000},b\n")
    assert len(next(read_manifest(tmp_path / "m.csv")).source_text) == 300_000
    (tmp_path / "m.jsonl").write_text('{"source": "a", "target": "b", "x": NaN, "y": 1}\n')
    assert next(read_manifest(tmp_path / "m.jsonl")).more == {"y": 1}


def test_two_of_one_name(tmp_path):
    (tmp_path / "m.csv").write_text("id,source,target\na,b,c\na,d,e\n")
    code, _, wrong = called(tmp_path / "m.csv", tmp_path / "out", "--workers", 1)
    assert (code, "two pairs have the id 'a'" in wrong) == (1, True)


def test_a_local_cluster_without_workers_gets_new_ones(monkeypatch):
    """Keepers that have given up start nothing; the batch goes on all the same."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_WATCH", 0.3)
    monkeypatch.setattr(cluster, "_PATIENCE", 3.0)
    with cluster.connected("local", 2) as client:
        keepers = [*client.cluster.workers.values()]
        answers = cluster.map_on(client, ((k, time.sleep, (0.3,)) for k in range(8)))
        ended = [next(answers)]
        for keeper in keepers:
            keeper.auto_restart = False
            os.kill(keeper.pid, signal.SIGKILL)
        ended += answers
    assert sorted(name for name, _, error in ended if error is None) == list(range(8))
