"""An esbuild that answers and does not do its work: one line, exit code 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import brief
from native_builders import INDEX, project

from widgetpack.config.settings import read_config
from widgetpack.native.build import read_build
from widgetpack.pipeline import validate
from widgetpack.toolchain.executable import EsbuildError

if TYPE_CHECKING:
    from pathlib import Path

WRITES = """for word in "$@"; do case $word in
  --metafile=*) printf '%s' '{META}' > "${{word#--metafile=}}" ;;
  --outdir=*) out=${{word#--outdir=}}; mkdir -p "$out"; {FILES} ;;
esac; done"""
META = '{"inputs": {}, "outputs": {}}'
SCRIPT = 'printf 1 > "$out/script.js"'


def with_map(text: str) -> str:
    return f"{SCRIPT}; printf '%s' '{text}' > \"$out/script.js.map\""


def home_of(base: Path, lines: str) -> Path:
    """Write a widget of sources whose esbuild is a shell script of these lines."""
    home = project(base / "w", {"src/index.ts": INDEX}, '[script]\nesbuild = "esbuild"\n')
    program = home / "esbuild"
    program.write_text(f'#!/bin/sh\ncase "$*" in *--version*) echo 0.28.2; exit ;; esac\n{lines}\n')
    program.chmod(0o755)
    return home


@pytest.mark.parametrize(
    ("meta", "files", "words"),
    [
        ("garbage", "true", "writes no metafile that can be read"),
        ("[]", "true", "writes no metafile that can be read"),
        ('{"inputs": {"a.js": 1}, "outputs": {}}', "true", "writes no metafile that can be read"),
        ("[" * 100_000, "true", "writes no metafile that can be read"),
        (META, "true", "writes no script.js"),
        (META, SCRIPT, "writes no script.js.map"),
        (META, with_map("1"), "writes no source map that can be read"),
        (META, with_map("[" * 100_000), "writes no source map that can be read"),
        (META, with_map('{"sources": [1], "mappings": ""}'), "writes no source map that can be read"),
        (META, with_map('{"sources": [], "mappings": "A?"}'), "writes no source map that can be read"),
    ],
)
def test_what_it_writes_is_not_taken_on_trust(tmp_path: Path, meta: str, files: str, words: str) -> None:
    home = home_of(tmp_path, WRITES.format(META=meta, FILES=files))
    with pytest.raises(EsbuildError) as caught:
        read_build(home, read_config(home))
    assert (str(caught.value), caught.value.exit_code) == (f"{home}/esbuild ([script] esbuild): {words}", 3)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("exit 0", "writes no metafile that can be read"),
        ("exit 1", "fails and says: nothing"),
        ("echo out of order >&2; exit 1", "fails and says: out of order"),
        ("exit 2", "ends with exit code 2 and says nothing"),
        ("kill -SEGV $$", "crashes (SIGSEGV)"),
    ],
)
def test_one_that_ends_without_a_result_is_told(tmp_path: Path, lines: str, words: str) -> None:
    home = home_of(tmp_path, lines)
    with pytest.raises(EsbuildError) as caught:
        read_build(home, read_config(home))
    assert caught.value.words == words


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("src/index.ts:99999999999999:5", "2:1"),
        ("src/index.ts:1:99999999999999", "2:1"),
        ("src/index.ts:0:0", "1:1"),
    ],
)
def test_a_place_that_no_source_has_is_the_nearest_one(tmp_path: Path, place: str, expected: str) -> None:
    home = home_of(
        tmp_path, f"printf '\\342\\234\\230 [ERROR] Out of order\\n\\n    {place}:\\n      x\\n\\n' >&2; exit 1"
    )
    found = validate(home, read_config(home)).findings
    assert brief(found) == [f"B01 error src/index.ts:{expected} out of order"]
