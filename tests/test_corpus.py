"""63 public widgets: nothing raises, what is known to run has no error, and every error is one that was looked at.

The data lies beside a checkout of the project, not in it; without it these tests skip. Scripts and pictures are stand-ins
of the stated kind and size. The reasons for each error are in ``docs/evidence.md``.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from builders import brief, findings, picture, png

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
SCRIPT = b"define([], function () { return function () { this.callbacks = {}; }; });\n"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no public widgets in {CORPUS}")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return a widget's files: manifest and texts as they are, the rest as stand-ins."""
    with (folder / "files.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return {
        row["path"]: stand_in(folder, row["path"], row["image"] or "") for row in rows if "__MACOSX" not in row["path"]
    }


def stand_in(folder: Path, path: str, image: str) -> bytes:
    if (folder / path).is_file():
        return (folder / path).read_bytes()
    if path.endswith(".js"):
        return SCRIPT
    kind, _, rest = image.partition(" ")
    if kind == "SVG":
        return b"<svg></svg>"
    if kind in {"PNG", "JPEG", "GIF"}:
        width, height = map(int, rest.split()[0].split("x"))
        return png(width, height) if kind == "PNG" else picture(width, height, kind)
    return b""


def widgets() -> list[str]:
    return sorted(folder.name for folder in CORPUS.iterdir() if folder.is_dir()) if CORPUS.is_dir() else []


def test_the_corpus_is_whole() -> None:
    assert len(widgets()) == 63


def test_the_vendors_own_widget_has_no_finding() -> None:
    assert brief(findings(files_of(CORPUS / "kommo-crm+birthday-widget"))) == []


def test_every_error_was_looked_at() -> None:
    counts = Counter(
        item.code for name in widgets() for item in findings(files_of(CORPUS / name)) if item.severity == "error"
    )
    assert dict(sorted(counts.items())) == {"I01": 51, "I02": 39, "L01": 4, "M02": 2, "M13": 2}
