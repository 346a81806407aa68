"""63 public widgets: nothing raises, what is known to run has no error, and every error is one that was looked at.

The data lies beside a checkout of the project, not in it; without it these tests skip. Scripts and pictures are stand-ins
of the stated kind and size. The reasons for each error are in ``docs/evidence.md``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import brief, findings, picture, png

if TYPE_CHECKING:
    from widgetpack.model import Finding

EVIDENCE = Path(__file__).parent.parent / "docs" / "evidence.md"
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


def judged(name: str) -> tuple[Finding, ...]:
    """Return what the rules say of a widget, but for those that read scripts and styles: these are stand-ins."""
    found = findings(files_of(CORPUS / name))
    return tuple(item for item in found if item.code[0] not in "SC" and item.code not in {"L10", "L11"})


def counted(*severities: str) -> dict[str, int]:
    counts = Counter(item.code for name in widgets() for item in judged(name) if item.severity in severities)
    return dict(sorted(counts.items()))


def test_the_vendors_own_widget_has_one_hint() -> None:
    assert brief(judged("kommo-crm+birthday-widget")) == [
        "A19 info images/github images/Send _template.png:1:1 a blank in the name of the folder `images/github images`"
    ]


def test_every_error_was_looked_at() -> None:
    assert counted("error") == {"I01": 51, "I02": 36, "I07": 1, "L01": 4, "M02": 2, "M13": 2}


def test_the_evidence_names_each_error_with_its_counts() -> None:
    found = [(item.code, name) for name in widgets() for item in judged(name) if item.severity == "error"]
    rows = re.findall(r"^\| ([A-Z]\d\d) \| (\d+) \| (\d+) \|", EVIDENCE.read_text("utf-8"), re.MULTILINE)
    counts = Counter(code for code, _ in found)
    owners = Counter(code for code, _ in set(found))
    assert rows == [(code, str(counts[code]), str(owners[code])) for code in sorted(counts)]


def test_warnings_and_infos_are_those_of_the_evidence() -> None:
    assert counted("warning", "info") == {
        "A19": 5,
        "I01": 3,
        "I02": 1,
        "I04": 3,
        "J05": 1,
        "L02": 6,
        "L05": 5,
        "L06": 2,
        "L07": 4,
        "L12": 6,
        "L13": 21,
        "L15": 9,
        "L19": 1,
        "M04": 11,
        "M06": 2,
        "M07": 3,
        "M12": 3,
        "M14": 4,
        "M16": 6,
        "M19": 10,
        "M20": 19,
        "M21": 16,
        "M23": 2,
        "M26": 22,
        "M28": 18,
        "M29": 12,
        "M31": 1,
        "M38": 2,
        "M45": 38,
        "M46": 3,
    }
