"""Duplicates in a whole batch, by a shuffle: keys of partitions, sorted; equal keys brought together; then each partition again.

A unit goes where an earlier one (by partition and line) has the same texts, or, with `near`, is near it on both sides.
Whether the earlier one goes itself does not matter, so that the work can be done in any order, on any number of machines,
with one result. Each of the three steps is a function of files, and can be run twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpora.duplicates import are_near, band_keys, key_of, normalised
from corpora.writing import write_files
from muqabala.batch.partitions import ALIGNED, name_of, read_lines, write_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

KEYS = ".keys"
_KEY = np.dtype([("key", "<u8"), ("part", "<u4"), ("line", "<u4"), ("near", "u1")])
_PAIR = np.dtype([("part", "<u4"), ("line", "<u4"), ("other", "<u4"), ("earlier", "<u4"), ("near", "u1")])
_IN_RANGE = 4_000_000  # keys that are brought together at a time
_CROWD = 50  # units with one band in common that are all compared; of more, each with the first


def write_keys(out: str, part: int, how: str) -> int:
    """First step, of a partition: its units' keys, sorted, in a file; returns how many there are."""
    rows: list[tuple[int, int, int, int]] = []
    for line, record in enumerate(read_lines(Path(out, ALIGNED, name_of(part)))):
        texts = str(record["source"]["text"]), str(record["target"]["text"])
        if how != "exact":
            texts = normalised(texts[0]), normalised(texts[1])
        rows.append((key_of("\0".join(texts)), part, line, 0))
        if how == "near":
            rows += [(key, part, line, 1) for key in band_keys(texts)]
    keys = np.array(rows, dtype=_KEY)
    keys.sort(order=["near", "key", "part", "line"])
    path = Path(out, KEYS, f"{part:05d}.keys")
    path.parent.mkdir(exist_ok=True)
    write_files({path: keys.tobytes()})
    return len(keys)


def ranges(keys: int) -> list[tuple[int, int]]:
    """Ranges of the key space, such that about four million of so many keys are in each."""
    count = max(1, -(-keys // _IN_RANGE))
    edges = [(k << 64) // count for k in range(count + 1)]
    return [(first, last - 1) for first, last in pairwise(edges)]


def find_pairs(out: str, number: int, span: tuple[int, int], parts: int) -> None:
    """Second step, of a range of keys: which units repeat an earlier one, and which have to be compared with an earlier one."""
    found: list[tuple[int, int, int, int, int]] = []
    for near in (0, 1):
        keys = np.concatenate([_slice(Path(out, KEYS, f"{part:05d}.keys"), near, span) for part in range(parts)])
        keys.sort(order=["key", "part", "line"])
        edges = np.flatnonzero(np.concatenate(([True], keys["key"][1:] != keys["key"][:-1], [True])))
        for k in np.flatnonzero(np.diff(edges) > 1):
            found += _of_group(keys[edges[k] : edges[k + 1]], near)
    pairs = np.unique(np.array(found, dtype=_PAIR))  # sorted by partition
    write_files({Path(out, KEYS, f"range-{number:05d}.pairs"): pairs.tobytes()})


def _slice(path: Path, near: int, span: tuple[int, int]) -> NDArray[np.void]:
    keys = np.memmap(path, dtype=_KEY, mode="r") if path.stat().st_size else np.zeros(0, dtype=_KEY)
    border = int(np.searchsorted(keys["near"], 1))
    own = keys[border:] if near else keys[:border]
    first = np.searchsorted(own["key"], np.uint64(span[0]), side="left")
    last = np.searchsorted(own["key"], np.uint64(span[1]), side="right")
    return np.array(own[first:last])


def _of_group(group: NDArray[np.void], near: int) -> list[tuple[int, int, int, int, int]]:
    """Units with one key, each with the first of them; near ones with every earlier one."""
    places = [(int(part), int(line)) for part, line in zip(group["part"], group["line"], strict=True)]
    if not near or len(places) > _CROWD:
        return [(*place, *places[0], near) for place in places[1:] if place != places[0]]
    return [(*place, *other, near) for k, place in enumerate(places) for other in places[:k] if other != place]


def take_out(out: str, part: int, spans: int, kind: str) -> int:
    """Third step, of a partition: written without the units that repeat an earlier one, which are listed; returns how many."""
    same: dict[int, tuple[int, int]] = {}
    near: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for number in range(spans):
        path = Path(out, KEYS, f"range-{number:05d}.pairs")
        pairs = np.memmap(path, dtype=_PAIR, mode="r") if path.stat().st_size else np.zeros(0, dtype=_PAIR)
        first, last = np.searchsorted(pairs["part"], (part, part + 1))
        for _, line, other, earlier, is_near in pairs[first:last].tolist():
            if is_near:
                near[line].add((other, earlier))
            else:
                same[line] = min(same.get(line, (other, earlier)), (other, earlier))
    others = _records(out, [*same.values(), *(place for places in near.values() for place in places)])
    kept, gone = "", ""
    count = 0
    for line, record in enumerate(read_lines(Path(out, ALIGNED, name_of(part)))):
        flag = f"duplicate of {others[same[line]]['id']}" if line in same else _near(record, near.get(line, set()), others)
        if flag:
            record["flags"] = [flag]
            gone += json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
            count += 1
        else:
            kept += json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    before = Path(out, ALIGNED, "left", name_of(part))
    left = before.read_text(encoding="utf-8") if before.is_file() else ""
    write_part(out, part, kept, left + gone, kind=kind)
    return count


def _near(record: dict[str, object], places: set[tuple[int, int]], others: dict[tuple[int, int], dict[str, object]]) -> str:
    own = _texts(record)
    for place in sorted(places):
        if are_near(own, _texts(others[place])):
            return f"near-duplicate of {others[place]['id']}"
    return ""


def _texts(record: dict[str, object]) -> tuple[str, str]:
    return normalised(str(record["source"]["text"])), normalised(str(record["target"]["text"]))  # type: ignore[index]


def _records(out: str, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], dict[str, object]]:
    """The records at places of other partitions, each partition read once."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for part, line in places:
        wanted[part].add(line)
    found = {}
    for part, lines in sorted(wanted.items()):
        last = max(lines)
        for line, record in enumerate(read_lines(Path(out, ALIGNED, name_of(part)))):
            if line in lines:
                found[part, line] = record
            if line >= last:
                break
    return found
