"""`widgetpack logos` beside what is there already: the picture itself, and what the zip would take in."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from builders import folder, png, widget

from widgetpack.errors import EXIT_CLEAN, EXIT_USAGE

if TYPE_CHECKING:
    from pathlib import Path

Done = subprocess.CompletedProcess[str]


def run(*words: object, cwd: Path) -> Done:
    env = {key: value for key, value in os.environ.items() if not key.startswith("WIDGETPACK_")}
    command = [sys.executable, "-m", "widgetpack", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.parametrize(
    ("picture", "words", "named"),
    [
        ("a.png", ["--preview", "a.png"], "a.png"),
        ("a.png", ["--preview", "images/../a.png"], "images/../a.png"),
        ("a.png", ["--preview", "link.png"], "link.png"),
        ("images/logo.png", [], "images/logo.png"),
        ("images/logo.png", ["--slot", "logo", "-o", "."], "images/logo.png"),
    ],
)
@pytest.mark.parametrize("force", [["--force"], []])
def test_the_picture_itself_is_never_replaced(
    tmp_path: Path, picture: str, words: list[str], named: str, force: list[str]
) -> None:
    folder(tmp_path, widget(files={"a.png": png(900, 900), "images/logo.png": png(910, 910)}))
    (tmp_path / "link.png").symlink_to("a.png")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.png")}
    done = run("logos", picture, *words, *force, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        EXIT_USAGE,
        "",
        (
            f"widgetpack: {named}: the picture itself; it is left as it is\n"
            "  try: move the picture out of the way, or name another --preview, --slot or -o\n"
        ),
    )
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.png")} == before


@pytest.mark.parametrize(
    ("picture", "preview", "told"),
    [
        ("a.png", "preview.png", ["a.png", "preview.png"]),
        ("art/a.png", "images/preview.png", ["images/preview.png"]),
        ("other/a.png", "../preview.png", []),
        (".art/a.png", "node_modules/preview.png", []),
        ("images/a.png", "notes.d/preview.png", ["images/a.png", "notes.d/preview.png"]),
    ],
)
def test_a_file_that_would_ship_is_told(tmp_path: Path, picture: str, preview: str, told: list[str]) -> None:
    config = b'exclude = ["art/"]\n'
    files: dict[str, bytes | None] = {picture: png(900, 900), "other/manifest.json": b"{}", "widgetpack.toml": config}
    base = folder(tmp_path / "w", widget(files=files))
    done = run("logos", picture, "--slot", "logo", "--force", "--preview", preview, cwd=base)
    assert done.returncode == EXIT_CLEAN
    assert done.stderr == "".join(
        f"warning: {path}: lies in the widget and would ship; put it elsewhere or under `exclude`\n" for path in told
    )
    listed = run("ls", cwd=base).stdout.split()
    assert [path for path in (picture, preview) if path in listed] == told


def test_outside_of_a_widget_nothing_ships(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(900, 900))
    done = run("logos", "a.png", "-o", ".", "--preview", "see.png", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (EXIT_CLEAN, "")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    done = run("logos", ".", cwd=folder(tmp_path, widget()))
    assert (done.returncode, done.stdout, done.stderr) == (
        EXIT_USAGE,
        "",
        (
            "widgetpack: .: a folder, not a picture\n"
            "  try: name a PNG, JPEG, GIF, WebP or SVG; the widget's folder goes behind -o\n"
        ),
    )
