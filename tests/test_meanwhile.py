"""What is done while esbuild works, and what is left out after it, changes nothing of what comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from builders import folder, png, tree, widget
from native_builders import INDEX, STATIC, built, needs_native, project, run, script

from widgetpack.config.settings import Config, read_config
from widgetpack.images import REMEMBERED, load_image
from widgetpack.native.build import read_build
from widgetpack.native.sourcemap import Origin, load_lines
from widgetpack.scripts import esbuild_py
from widgetpack.scripts.javascript import GLANCED_BYTES, glance, glance_all, load_script
from widgetpack.toolchain.process import run_apart
from widgetpack.widget import load_widget, look_at_images

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.model import Tree


def test_what_is_done_meanwhile_is_done_while_the_program_runs(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    waiting = ["sh", "-c", f"while [ ! -e {mark} ]; do sleep 0.01; done; echo seen"]
    done = run_apart(waiting, environ=os.environ, timeout=60, most=100, meanwhile=mark.touch)
    assert done == (0, b"seen\n", b"")


def test_what_is_raised_meanwhile_ends_the_program(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def fail() -> None:
        while not (note.exists() and note.read_text().endswith("\n")):
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_apart(
            ["sh", "-c", f"echo $$ > {note}; exec sleep 60"], environ=os.environ, timeout=60, most=100, meanwhile=fail
        )
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


@needs_native
def test_what_was_read_is_handed_on_while_sources_are_bundled(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX})
    seen: list[Tree] = []
    made = read_build(home, read_config(home), seen.append)
    assert [sorted(each.files) for each in seen] == [sorted(STATIC)]
    assert sorted(made.tree.files) == sorted([*STATIC, "script.js"])


def test_nothing_is_done_meanwhile_for_a_classic_widget(tmp_path: Path) -> None:
    home = folder(tmp_path, widget())
    seen: list[Tree] = []
    assert read_build(home, read_config(home), seen.append).tree.files == widget()
    assert seen == []


@needs_native
def test_an_entry_with_a_function_of_its_own_called_define_is_bundled_beside_one_that_calls_the_page_s(
    tmp_path: Path,
) -> None:
    made = built(
        tmp_path,
        {
            "src/index.ts": "function define(a: number) { return a + 1; }\nexport default define(1);\n",
            "src/page.ts": "declare const define: any;\ndefine(['jquery'], ($: string) => $ + '!');\n",
        },
        '[script.entries]\n"personal_page.js" = "src/page.ts"\n',
    )
    assert run(script(made), "(value) => value") == {"asked": [[]], "value": 2, "styles": []}
    page = run(script(made, "personal_page.js"), "(value) => value", jquery="'page'")
    assert page == {"asked": [["jquery"]], "value": "page!", "styles": []}


def large(code: str) -> bytes:
    """Return minified code that is long enough to be glanced at."""
    return code.encode() + b"var a={" + b",".join(b"k%d:%d" % (n, n) for n in range(GLANCED_BYTES // 6)) + b"};"


def test_a_script_that_was_just_bundled_is_not_judged_by_esbuild_again() -> None:
    files = {
        "script.js": large("define(['jquery'],function($){return 1});"),
        "personal_page.js": b"define([], function () { return 2; });",
    }
    before = esbuild_py.transform.cache_info()
    found = glance_all(files, tuple(files))
    assert esbuild_py.transform.cache_info() == before
    assert found == {path: glance(path, data) for path, data in files.items()}
    assert [found[path].glanced for path in files] == [True, False]


def test_a_bundled_script_that_must_not_be_parsed_still_has_its_fault() -> None:
    data = large("define([],f);") + b"\0"
    assert glance("script.js", data, sound=True) == load_script("script.js", data)


def test_pictures_are_looked_at_once() -> None:
    read = tree({**STATIC, **{f"images/{number}.png": png(1, number + 1) for number in range(9)}})
    load_image.cache_clear()
    look_at_images(read)
    pictures = load_image.cache_info().misses
    loaded = load_widget(read, Config(os.devnull))  # type: ignore[arg-type]
    assert (len(loaded.images), load_image.cache_info().misses) == (pictures, pictures)


def test_of_more_pictures_than_are_remembered_only_so_many_are_looked_at_ahead() -> None:
    read = tree({f"images/{number}.png": png(1, number + 1) for number in range(REMEMBERED + 5)})
    load_image.cache_clear()
    look_at_images(read)
    assert load_image.cache_info().misses == REMEMBERED


def test_judges_are_imported_only_when_there_is_something_to_judge() -> None:
    asked = "import sys, widgetpack.pipeline as p; a = 'widgetpack.rules' in sys.modules; p.import_judges(); print(a, 'widgetpack.rules' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"


@pytest.mark.parametrize(
    ("mappings", "lines"),
    [
        ("", [[]]),
        (";;AAAA", [[], [], [(0, "a", 0, 0)]]),
        ("A,CAAA", [[(1, "a", 0, 0)]]),
        ("AAAA,C,CACA;C;A", [[(0, "a", 0, 0), (2, "a", 1, 0)], [], []]),
        ("gBCAgBA;AAAAA", [[(16, "b", 0, 16)], [(0, "b", 0, 16)]]),
        ("ggDAAD,DAAA", [[(1536, "a", 0, -1), (1535, "a", 0, -1)]]),
    ],
)
def test_a_source_map_is_decoded_exactly(mappings: str, lines: list[list[Origin]]) -> None:
    data = json.dumps({"version": 3, "sources": ["a", "b"], "names": ["n"], "mappings": mappings}).encode()
    assert [list(map(tuple, line)) for line in load_lines(data)] == lines


@pytest.mark.parametrize("mappings", ["!", "AAAA,!", "g", "AAAA,gg"])
def test_a_mapping_that_is_none_is_told(mappings: str) -> None:
    data = json.dumps({"version": 3, "sources": ["a"], "names": [], "mappings": mappings}).encode()
    with pytest.raises(ValueError, match=r"^no source map$"):
        load_lines(data)


def test_a_line_of_a_source_map_is_a_sequence() -> None:
    data = json.dumps({"version": 3, "sources": ["a"], "names": [], "mappings": "AAAA,CAAC,CAAC"}).encode()
    (line,) = load_lines(data)
    assert line[1:] == [Origin(1, "a", 0, 1), Origin(2, "a", 0, 2)]
    assert line[-1] == Origin(2, "a", 0, 2)
