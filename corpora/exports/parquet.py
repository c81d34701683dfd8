"""Parquet with a dataset card, as the `datasets` library opens a folder. Needs the extra `parquet` (pyarrow)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora.errors import WriteError
from corpora.exports.writer import Writer

if TYPE_CHECKING:
    from corpora.units import Unit

_ROWS = 2000  # written together
_COLUMNS = ("id", "document", "source", "target", "source_lang", "target_lang", "score", "confidence", "status", "note", "findings")


def schema() -> Any:
    """The columns and their kinds. Raises ImportError without pyarrow."""
    import pyarrow as pa

    text = ("id", "document", "source", "target", "source_lang", "target_lang", "status", "note")
    kinds: dict[str, Any] = {name: pa.string() for name in text}
    kinds |= {"score": pa.float64(), "confidence": pa.float64(), "findings": pa.list_(pa.string())}
    return pa.schema([(name, kinds[name]) for name in _COLUMNS])


def row_of(unit: Unit) -> dict[str, Any]:
    """A unit as a row."""
    told = [f"{f.severity.value}: {f.code}" + (f": {f.concept}" if f.concept else "") for f in unit.findings]
    return {
        "id": unit.id, "document": unit.document, "source": unit.source.text, "target": unit.target.text,
        "source_lang": unit.source.language, "target_lang": unit.target.language, "score": unit.score,
        "confidence": unit.confidence, "status": unit.status, "note": unit.note, "findings": told,
    }  # fmt: skip


class ParquetWriter(Writer):
    """parquet/NAME-train.parquet, -dev, -test where there are splits, else one `train`; parquet/README.md is the card."""

    two_sided = False

    def open(self) -> None:
        """The folder and the schema."""
        try:
            self._schema = schema()
        except ImportError:
            raise WriteError("Parquet needs pyarrow", hint="pip install 'muqabala[parquet]'") from None
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._files: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        (self.folder / "parquet").mkdir()

    def write(self, unit: Unit) -> None:
        """A row, kept until there are some."""
        rows = self._rows.setdefault(unit.split or "train", [])
        rows.append(row_of(unit))
        if len(rows) >= _ROWS:
            self._flush(unit.split or "train")

    def close(self) -> None:
        """The last rows and the card."""
        for split in list(self._rows) or ["train"]:
            self._flush(split)
        for file in self._files.values():
            file.close()
        (self.folder / "parquet" / "README.md").write_text(self._card(), encoding="utf-8", newline="\n")

    def _flush(self, split: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = self._rows.get(split, [])
        if split not in self._files:
            path = self.folder / "parquet" / f"{self.info.name}-{split}.parquet"
            self._files[split] = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._files[split].write_table(pa.Table.from_pylist(rows, schema=self._schema))
        self._counts[split] = self._counts.get(split, 0) + len(rows)
        self._rows[split] = []

    def _card(self) -> str:
        names = {"dev": "validation"}
        splits = "".join(
            f"      - split: {names.get(split, split)}\n        path: {self.info.name}-{split}.parquet\n" for split in self._files
        )
        languages = "".join(f"  - {code}\n" for code in (self.info.source, self.info.target))
        size = sum(self._counts.values())
        head = f"---\nlanguage:\n{languages}task_categories:\n  - translation\n" + (
            f"license: other\nlicense_name: {self.info.licence!r}\n" if self.info.licence else ""
        )
        head += f"configs:\n  - config_name: default\n    data_files:\n{splits}---\n\n"
        return head + (self.info.card or f"# {self.info.name}\n\n{size} units.\n")
