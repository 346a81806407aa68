"""From a place in a script that ships to the one in the sources: its line, its column, its file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import SCRIPT, needs_esbuild, tree, widget
from native_builders import needs_native

from widgetpack.bundle.package import Package, bundle
from widgetpack.config.settings import Config, read_config
from widgetpack.files.sources import read_tree
from widgetpack.preview.origin import Sources, Spot
from widgetpack.utf16 import place_of
from widgetpack.widget import load_widget

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = Path(__file__).parent.parent / "sample_widget"
WORD = re.compile(rb"[\w$]+")


def shipped(changed: Mapping[str, bytes], *, minify: bool = False) -> tuple[Package, Sources]:
    """Return what is made of a widget with other scripts, and the way back."""
    config, files = Config(Path(__file__).parent), {**widget(), **changed}
    package = bundle(load_widget(tree(files), config._replace(script=config.script._replace(minify=minify))))
    return package, Sources(package, files, {})


def origin(sources: Sources, package: Package, part: bytes, path: str = "script.js") -> Spot | None:
    """Return where the one place that reads so lies."""
    data = package.files[path]
    assert data.count(part) == 1, data.decode()
    return sources.find(path, *place_of(data, data.index(part)))


def spot(path: str, data: bytes, part: bytes) -> Spot:
    """Return the one place of a source that reads so."""
    assert data.count(part) == 1
    return Spot(path, *place_of(data, data.index(part)))


def text_at(data: bytes, place: Spot, size: int) -> bytes:
    line = data.split(b"\n")[place.line - 1].decode()
    return line[place.column - 1 :].encode()[:size]


@needs_esbuild
def test_every_word_of_the_linked_sample_is_the_same_word_in_its_source_or_what_the_linker_wrote() -> None:
    found = read_tree(SAMPLE, read_config(SAMPLE))
    package = bundle(load_widget(found, read_config(SAMPLE)))
    sources = Sources(package, found.files, {})
    data = package.files["script.js"]
    places = {match: sources.find("script.js", *place_of(data, match.start())) for match in WORD.finditer(data)}
    other = {
        match[0]
        for match, place in places.items()
        if place is not None and text_at(found.files[place.path], place, len(match[0])) != match[0]
    }
    # Of undefined, 1000, `require('./defaults.js')` and the entry's own list: at the word before, or in its place.
    assert other == {b"void", b"0", b"1e3", b"m1", b"return"}
    assert {place.path for place in places.values() if place is not None} == {"script.js", *(
        path for path in found.files if path.startswith("lib/")
    )}  # fmt: skip
    unplaced = {match[0].decode() for match, place in places.items() if place is None}
    names = re.compile(r"[mph]\d+")  # of modules, of the page's modules, of helpers
    assert {word for word in unplaced if not names.fullmatch(word)} == {"jquery", "function", "var", "void", "0"}


ONE = b"define([], function () {\n  return function (a) {\n    return a.b;\n  };\n});\n"
TWO = b"define([], function () {\n  // a.b\n  return function (a) {\n    var c = 'd';\n    return a.b;\n  };\n});\n"


def test_equal_lines_of_several_modules_are_each_in_their_own() -> None:
    entry = SCRIPT.replace(b"'./lib/greet.js'", b"'./lib/one.js', './lib/two.js'").replace(b"greet)", b"one, greet)")
    package, sources = shipped({"script.js": entry, "lib/one.js": ONE, "lib/two.js": TWO})
    data = package.files["script.js"]
    first, second = (match.start() for match in re.finditer(rb"a\.b", data))
    assert sources.find("script.js", *place_of(data, first + 2)) == Spot("lib/one.js", 3, 14)
    assert sources.find("script.js", *place_of(data, second + 2)) == Spot("lib/two.js", 5, 14)
    assert sources.find("script.js", *place_of(data, second + 1)) == Spot(
        "lib/two.js", 5, 12
    )  # the dot: the word before
    assert [sources.find("script.js", *at) for at in ((0, 1), (1, 0), (9999, 1))] == [None] * 3
    assert sources.find("none.js", 1, 1) == Spot("none.js", 1, 1)


def test_what_the_linker_wrote_has_no_place() -> None:
    package, sources = shipped({})
    assert origin(sources, package, b"m1 =") is None
    assert origin(sources, package, b"m1)") is None


REWRITTEN = """\ufeffdefine([], function () {\r
\tif (zero) { one('\U0001f600', 1000); } else { two(undefined, 'n\u00f1'); } three()\r
\t/* what lowering prints must not be longer than what was written: else it stays as it is */ return { four: "five", 'six': function (seven) { return eight[nine + (1.50)] } };\r
});\r
""".encode()


@needs_esbuild
@pytest.mark.parametrize(
    ("made", "given"),
    [(word, word) for word in (b"zero", b"one", b"two", b"n\xc3\xb1", b"three", b"four", b"five", b"eight", b"nine")]
    + [(b"1e3", b"1000"), (b"six", b"six"), (b"seven", b"seven"), (b"1.5", b"1.50"), (b"void 0", b"two")],
)
def test_lines_that_lowering_wrote_anew_keep_line_and_column_of_each_word(made: bytes, given: bytes) -> None:
    package, sources = shipped({"lib/greet.js": REWRITTEN})
    assert REWRITTEN.count(b"\n") < package.files["script.js"].count(b"\n") - SCRIPT.count(b"\n")
    assert origin(sources, package, made) == spot("lib/greet.js", REWRITTEN, given)


@needs_esbuild
def test_jsx_has_the_places_of_its_words() -> None:
    panel = b"define(['react'], function (React) {\n  return function () { return <b title={no.where}>{names.map(one)}</b>; };\n});\n"
    package, sources = shipped({"lib/greet.js": panel})
    assert origin(sources, package, b"where") == spot("lib/greet.js", panel, b"where")
    assert origin(sources, package, b"map(") == spot("lib/greet.js", panel, b"map(")


@needs_native
def test_a_minified_script_has_the_places_of_its_source() -> None:
    greet = b"define([], function () {\n  return function (someone) {\n    return someone.first.last();\n  };\n});\n"
    package, sources = shipped({"lib/greet.js": greet}, minify=True)
    assert list(package.maps) == ["script.js"]
    assert origin(sources, package, b"last") == spot("lib/greet.js", greet, b"last")


def test_a_module_of_more_words_than_can_be_compared_has_no_places() -> None:
    greet = b"define([], function () { return [" + b"1 ,\n" * 50_000 + b"last]; });\n"
    package, sources = shipped({"lib/greet.js": greet})
    assert origin(sources, package, b"last") is None


def test_a_script_that_ships_as_it_was_written_keeps_its_places() -> None:
    sources = Sources(Package({"script.js": b"a\nb\n"}, None), {"script.js": b"a\nb\n"}, {})
    assert sources.find("script.js", 2, 7) == Spot("script.js", 2, 7)


def test_a_script_of_the_bundler_has_the_places_of_its_map() -> None:
    package = Package({"script.js": b"\nxx"}, None)
    data = json.dumps({"version": 3, "sources": ["src/a.ts"], "names": [], "mappings": ";AAEA,IAAI"}).encode()
    sources = Sources(package, {}, {"script.js": data})
    assert sources.find("script.js", 2, 1) == Spot("src/a.ts", 3, 1)
    assert sources.find("script.js", 2, 6) == Spot("src/a.ts", 3, 5)
    assert sources.find("script.js", 1, 1) is None
    assert Sources(package, {}, {"script.js": b"{}"}).find("script.js", 1, 1) is None
