"""Source maps of linked scripts: a browser's tools show each word where it was written."""

from __future__ import annotations

import json
import re
from pathlib import Path

from builders import needs_esbuild, tree, widget

from widgetpack.bundle.linked_maps import linked_maps
from widgetpack.bundle.package import bundle
from widgetpack.config.settings import Config, read_config
from widgetpack.files.sources import read_tree
from widgetpack.native.sourcemap import load_lines
from widgetpack.utf16 import offset_of
from widgetpack.widget import load_widget

SAMPLE = Path(__file__).parent.parent / "sample_widget"


@needs_esbuild
def test_each_word_of_the_linked_sample_is_mapped_to_itself() -> None:
    found = read_tree(SAMPLE, read_config(SAMPLE))
    package = bundle(load_widget(found, read_config(SAMPLE)))
    maps = linked_maps(package, found.files)
    assert list(maps) == ["script.js"]
    value = json.loads(maps["script.js"])
    assert (value["version"], value["file"], value["sourceRoot"], value["names"]) == (3, "script.js", "widget:///", [])
    assert value["sources"][0] == "script.js"
    assert sorted(value["sources"][1:]) == [path for path in found.files if path.startswith("lib/")]
    assert value["sourcesContent"] == [found.files[path].decode() for path in value["sources"]]
    data, other, count = package.files["script.js"], set(), 0
    for number, line in enumerate(load_lines(maps["script.js"]), 1):
        for piece in line:
            made = data[offset_of(data, number, piece.column + 1) :]
            source = found.files[piece.source]
            written = source[offset_of(source, piece.line + 1, piece.at + 1) :]
            words = [re.match(rb"[\w$]+", text) for text in (made, written)]
            count += 1
            if words[0] is None or words[1] is None or words[0][0] != words[1][0]:
                other.add((made[:3], written[:4]))
    assert other == {(b"1e3", b"1000")}
    assert count > 2000


def test_a_line_with_marks_and_other_alphabets_has_the_columns_of_a_browser() -> None:
    greet = "\ufeffdefine([], function () { return ['\U0001f600', \"\u00f1\", after]; });\r\n".encode()
    files = widget(files={"lib/greet.js": greet})
    package = bundle(load_widget(tree(files), Config(Path())))
    (line,) = [line for line in load_lines(linked_maps(package, files)["script.js"]) if any(one.source == "lib/greet.js" for one in line)]  # fmt: skip
    made = package.files["script.js"].decode().splitlines()[1]
    columns = [(one.column, one.line, one.at) for one in line]
    assert columns[-1] == (len(made[: made.index("after")]) + 1, 0, len("define([], function () { return ['  ', 'n', "))


def test_what_ships_as_it_was_written_needs_no_map() -> None:
    files = widget(files={"script.js": widget()["lib/greet.js"], "lib/greet.js": None})
    assert linked_maps(bundle(load_widget(tree(files), Config(Path()))), files) == {}


def test_a_script_without_a_word_of_its_sources_has_no_map() -> None:
    files = widget(files={"script.js": b"/* */\r\n"})
    assert linked_maps(bundle(load_widget(tree(files), Config(Path()))), files) == {}
