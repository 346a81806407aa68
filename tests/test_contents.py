"""What is in the scripts: by package and file, in a listing and in a page."""

from __future__ import annotations

import html
import json
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from builders import SCRIPT, folder, widget
from native_builders import INDEX, built, needs_native, project, run, script
from test_cli import run as command
from test_watch import Start, mode, packed, start

from widgetpack.bundle.contents import contents_of
from widgetpack.bundle.package import bundle
from widgetpack.config.settings import read_config
from widgetpack.contents.packages import Item, copies, read_items
from widgetpack.contents.page import render_page
from widgetpack.contents.table import render_table
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from widgetpack.files.sources import read_tree
from widgetpack.files.written import PAGE_START
from widgetpack.model import Content
from widgetpack.native.packages import package_of
from widgetpack.widget import load_widget

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["mode", "start"]

PNG = b"\x89PNG" + bytes(2_000)
PACKAGES: dict[str, str | bytes] = {
    "src/index.ts": "import './a.css';\nimport one from 'one';\nimport { two } from '@scope/two/lib/deep';\n"
    f"import p from './p.png';\nexport const all = [one, two, p];\n{INDEX}",
    "src/a.css": ".w-a { top: 0 }\n",
    "src/p.png": PNG,
    "node_modules/one/package.json": '{"version": "1.2.3", "main": "main.js"}',
    "node_modules/one/main.js": "module.exports = [require('two-of-them'), 'one'];\n",
    "node_modules/one/node_modules/two-of-them/package.json": '{"version": "1.0.0"}',
    "node_modules/one/node_modules/two-of-them/index.js": "module.exports = 'the old one';\n",
    "node_modules/@scope/two/package.json": '{"version": 2}',
    "node_modules/@scope/two/lib/deep.js": "import old from 'two-of-them';\nexport const two = [old, 'two'];\n",
    "node_modules/two-of-them/package.json": '{"version": "2.0.0"}',
    "node_modules/two-of-them/index.js": "module.exports = 'the new one';\n",
}


@pytest.mark.parametrize(
    ("path", "name", "place"),
    [
        ("src/index.ts", "", ""),
        ("node_modules/react/index.js", "react", "node_modules/react"),
        ("../node_modules/react/cjs/a.js", "react", "../node_modules/react"),
        ("node_modules/@kommo-crm/kit/dist/a.css", "@kommo-crm/kit", "node_modules/@kommo-crm/kit"),
        ("node_modules/a/node_modules/@b/c/d.js", "@b/c", "node_modules/a/node_modules/@b/c"),
        (
            "node_modules/.pnpm/react@18.3.1/node_modules/react/index.js",
            "react",
            "node_modules/.pnpm/react@18.3.1/node_modules/react",
        ),
        ("(disabled):node_modules/crypto/index.js", "crypto", "node_modules/crypto"),
        ("node_modules/beside.js", "", ""),
        ("node_modules/@scope/beside.js", "@scope", "node_modules/@scope"),
        ("src/node_modules", "", ""),
        ("", "", ""),
    ],
)
def test_a_file_belongs_to_the_innermost_package(path: str, name: str, place: str) -> None:
    assert package_of(path) == (name, place)


def test_packages_come_by_size_each_with_its_version_as_far_as_it_is_known(tmp_path: Path) -> None:
    versions: dict[str, bytes] = {
        "good": b'{"version": "1.0.0"}',
        "list": b"[]",
        "broken": b"{",
        "number": b'{"version": 1}',
        "orders": b'{"version": "1\\u001b[2J"}',
        "long": b'{"version": "%s"}' % (b"1" * 65),
        "deep": b"[" * 100_000,
        "latin": b'{"version": "\xe9"}',
    }
    folder(tmp_path, {f"node_modules/{name}/package.json": data for name, data in versions.items()})
    parts = [(f"node_modules/{name}/i.js", 10) for name in [*versions, "none", "\0"]]
    items = read_items(
        Content("script.js", 200, (*parts, ("node_modules/good/big.js", 90), ("src/a.ts", 5)), str(tmp_path))
    )
    assert items[0] == Item(
        "good", 100, (("node_modules/good/big.js", 90), ("node_modules/good/i.js", 10)), "node_modules/good", "1.0.0"
    )
    assert [item.label for item in items[1:]] == ["\0", *sorted([*versions.keys() - {"good"}, "none"]), "src/a.ts"]


def test_copies_of_one_package_are_told_with_their_places() -> None:
    old = Item("a", 1, (), "node_modules/b/node_modules/a", "1.0.0")
    items = [Item("a", 2, (), "node_modules/a", "2.0.0"), old, Item("c", 1, (), "node_modules/c"), Item("a", 1, ())]
    assert list(copies(items)) == ["2 copies of a: 2.0.0 in node_modules/a, 1.0.0 in node_modules/b/node_modules/a"]


def test_the_table_gives_bytes_and_shares_and_shows_orders_to_a_terminal_as_escapes() -> None:
    contents = [
        Content("script.js", 2_000, (("node_modules/p/a.js", 1_500), ("src/\x1b[2J.ts", 250))),
        Content("empty.js", 0, ()),
    ]
    assert render_table(contents) == (
        "script.js  2.0 kB before compression: 1 package, 1 file\n"
        "    1.5 kB  75.0 %  p\n"
        "     250 B  12.5 %  src/\\x1b[2J.ts\n"
        "     250 B  12.5 %  (written by the bundler)\n"
        "\n"
        "empty.js  0 B before compression: nothing\n"
    )


@needs_native
@pytest.mark.parametrize(
    "config", ["", '[script]\ncss = "file"\ninline-limit = 5000\n', "[script]\ninline-limit = 10\n"]
)
def test_contents_of_sources_count_css_and_pictures_where_they_are(tmp_path: Path, config: str) -> None:
    made = built(tmp_path, PACKAGES, config)
    files = {content.file: dict(content.parts) for content in made.contents}
    code = made.tree.files["script.js"].decode()
    assert [content.size for content in made.contents] == [len(made.tree.files[file]) for file in files]
    assert sorted(files) == (["script.js", "style.css"] if "css" in config else ["script.js"])
    assert sorted(files["script.js"]) == sorted(
        path for path in PACKAGES if not path.endswith("package.json") and (path != "src/a.css" or "css" not in config)
    )
    assert files.get("style.css", files["script.js"])["src/a.css"] == len(".w-a {\n  top: 0;\n}\n")
    text = re.search(r'var p_default = "[^"]*";\n', code)
    assert text is not None
    assert files["script.js"]["src/p.png"] - len(text[0]) in {0, len("// src/p.png\n"), -len("// src/p.png\n")}
    assert sum(files["script.js"].values()) < len(code)


@needs_native
@pytest.mark.parametrize("how", ["inject", "file"])
def test_css_of_an_entry_that_calls_define_ships_wherever_it_is_imported(tmp_path: Path, how: str) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.ts": "window.define([], () => require('./widget').default);\n",
        "src/widget.ts": "import './a.css';\nimport names from './b.module.css';\nexport default names.x;\n",
        "src/a.css": ".w-a { background: url(./p.png) }\n",
        "src/b.module.css": ".x { top: 0 }\n",
        "src/p.png": b"\x89PNG",
    }
    made = built(tmp_path, sources, f'[script]\ncss = "{how}"\n')
    page = run(script(made))
    text = ".w-a {\n  background: url(data:image/png;base64,iVBORw==);\n}\n\n.b_x_2dc6b {\n  top: 0;\n}\n"
    injected = [style["textContent"] for style in page["styles"]]
    written = made.tree.files.get("style.css", b"").decode()
    assert (page["value"], injected, written) == ("b_x_2dc6b", *([[text], ""] if how == "inject" else [[], text]))


@pytest.mark.parametrize("minify", [False, pytest.param(True, marks=needs_native)])
def test_contents_of_a_linked_script_add_up(tmp_path: Path, minify: bool) -> None:
    big = (
        b"define(['jquery'], function ($) {\n  var words = '\xd0\xb6\xf0\x9f\x98\x80';\n  return [words, $, `%s`];\n});\n"
        % (b"x" * 500)
    )
    text = SCRIPT.replace(b"'./lib/greet.js'", b"'./lib/greet.js', './lib/big.js', 'text!./t.html'")
    files = widget(files={"script.js": text, "lib/big.js": big, "t.html": b"<p>\n" * 100})
    folder(tmp_path, files)
    (tmp_path / "widgetpack.toml").write_text(f"[script]\nminify = {str(minify).lower()}\n")
    config = read_config(tmp_path)
    package = bundle(load_widget(read_tree(tmp_path, config), config))
    (content,) = contents_of(package)
    parts = dict(content.parts)
    assert (content.file, content.size) == ("script.js", len(package.files["script.js"]))
    assert sorted(parts) == ["lib/big.js", "lib/greet.js", "script.js", "t.html"]
    assert 0 <= content.size - sum(parts.values()) <= 40
    if minify:
        assert 500 < parts["lib/big.js"] < 580
        assert 400 < parts["t.html"] < 420
    else:
        assert parts["t.html"] == len("var m3 = " + json.dumps("<p>\n" * 100) + ";\n")
        others = [size for path, size in package.linked.chunks if path != "script.js"] if package.linked else []
        assert parts["script.js"] == content.size - sum(others)


def test_ls_bundle_of_a_classic_widget(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    done = command("ls", "--bundle", "w", cwd=tmp_path)
    head, *lines = done.out.splitlines()
    assert (done.code, done.err, [line.split("  ")[-1] for line in lines]) == (
        EXIT_CLEAN,
        "",
        ["script.js", "lib/greet.js", "(written by the bundler)"],
    )
    assert re.fullmatch(r"script\.js  \d+ B before compression: 2 files", head)


@needs_native
def test_ls_bundle_of_sources_lists_packages_and_files_and_says_which_are_there_twice(tmp_path: Path) -> None:
    project(tmp_path / "w", PACKAGES)
    done = command("ls", "--bundle", "w", cwd=tmp_path)
    names = [re.split(r" %  ", line)[-1] for line in done.out.splitlines()[1:]]
    assert (done.code, done.err) == (EXIT_CLEAN, "")
    assert sorted(names) == [
        "  2 copies of two-of-them: 1.0.0 in node_modules/one/node_modules/two-of-them, 2.0.0 in node_modules/two-of-them",
        "(written by the bundler)",
        "@scope/two",
        "one 1.2.3",
        "src/a.css",
        "src/index.ts",
        "src/p.png",
        "two-of-them 1.0.0",
        "two-of-them 2.0.0",
    ]
    assert re.fullmatch(r"script\.js  \d\.\d kB before compression: 4 packages, 3 files", done.out.splitlines()[0])


@needs_native
def test_ls_of_broken_sources_says_what_is_broken(tmp_path: Path) -> None:
    project(tmp_path / "w", {"src/index.ts": "import './a';\n"})
    done = command("ls", "--bundle", "w", cwd=tmp_path)
    words = 'w/src/index.ts:1:8: B01 error "./a" leads nowhere: no such file\n'
    assert (done.code, done.out, done.err) == (EXIT_FINDINGS, "", words)
    done = command("ls", "w", cwd=tmp_path)
    assert (done.code, "script.js" in done.out, done.err) == (EXIT_FINDINGS, False, words)


def test_ls_bundle_of_what_has_no_script_that_is_made(tmp_path: Path) -> None:
    folder(tmp_path / "none", widget(files={"script.js": None}))
    folder(tmp_path / "raw", widget())
    (tmp_path / "raw/widgetpack.toml").write_text("[script]\nbundle = false\n")
    (tmp_path / "w.zip").write_bytes(b"")
    for name in ("none", "raw"):
        done = command("ls", "--bundle", name, cwd=tmp_path)
        assert (done.code, done.out, done.err) == (EXIT_CLEAN, "no script is bundled or linked\n", "")
    (tmp_path / "empty").mkdir()
    done = command("ls", "--bundle", "empty", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (EXIT_FINDINGS, "", "empty:1:1: M01 error no manifest.json\n")
    for words, said in (
        (["w.zip"], "w.zip: a file; what is in a script is known only where it is made"),
        (
            ["raw", "--why"],
            "--bundle lists what is in the scripts that are made, and --why explains what is in the zip",
        ),
        (["raw", "--raw"], "--bundle lists what is in the scripts that are made, and --raw makes none"),
    ):
        done = command("ls", "--bundle", *words, cwd=tmp_path)
        assert (done.code, done.out, done.err.splitlines()[0]) == (EXIT_USAGE, "", f"widgetpack: {said}")


HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&\"'`\x1b\udc80"


def data_of(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    value: list[dict[str, Any]] = json.loads(found[1])
    return value


def test_a_page_holds_nothing_that_a_name_brought_in() -> None:
    page = render_page(
        [(HOSTILE, [Content(f"{HOSTILE}.js", 30, ((f"node_modules/{HOSTILE}/{HOSTILE}", 10), (HOSTILE, 5)))])]
    )
    assert page.encode().startswith(PAGE_START)
    assert [page.count(word) for word in ("<script", "</script", "<img", "\u2028", "\x1b")] == [2, 2, 0, 0, 0]
    assert re.findall(r"https?:|\burl\(|<link|<iframe|@import|fetch\(", page) == []
    shown = HOSTILE.replace("\u2028", "\\u2028").replace("\x1b", "\\x1b").replace("\udc80", "\\udc80")
    (data,) = data_of(page)
    assert data["name"] == shown
    assert data["scripts"][0]["files"] == [[shown, 5]]
    assert data["scripts"][0]["rest"] == ["written by the bundler", 15]
    assert page.count(f'<tr><th scope="row">{html.escape(shown)}</th><td>5</td><td>16.7 %</td></tr>') == 1


def test_a_page_about_several_widgets_has_a_table_for_each_script() -> None:
    content = Content("script.js", 10, (("a.js", 10),))
    page = render_page([("one", [content]), ("two", [content, content._replace(file="page.js")]), ("none", [])])
    assert re.findall(r"<(?:title|caption)>([^<]*)<", page) == [
        "What is in the scripts of 3 widgets",
        "one: script.js, 10 B before compression",
        "two: script.js, 10 B before compression",
        "two: page.js, 10 B before compression",
    ]
    assert [(item["name"], len(item["scripts"])) for item in data_of(page)] == [("one", 1), ("two", 2), ("none", 0)]


def test_build_writes_the_page_and_no_build_ever_packs_it(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    assert command("build", "-q", "--report", "bundle.html", cwd=tmp_path).code == EXIT_CLEAN
    (data,) = data_of((tmp_path / "bundle.html").read_text("utf-8"))
    (made,) = data["scripts"]
    assert (data["name"], made["name"], made["packages"]) == ("dist/widget.zip", "script.js", [])
    assert [path for path, _ in made["files"]] == ["script.js", "lib/greet.js"]
    assert sum(size for _, size in [*made["files"], made["rest"]]) == made["size"]
    first = (tmp_path / "dist/widget.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "dist/widget.zip") as packed:
        assert packed.namelist() == sorted(widget().keys() - {"lib/greet.js"})
    (tmp_path / "bundle.html").rename(tmp_path / "lib/other.html")
    assert command("build", "-q", "--report", "bundle.html", cwd=tmp_path).code == EXIT_CLEAN
    assert command("build", "-q", cwd=tmp_path).code == EXIT_CLEAN
    assert (tmp_path / "dist/widget.zip").read_bytes() == first
    reasons = [
        line.split("  ")[-1].strip()
        for line in command("ls", "--why", cwd=tmp_path).out.splitlines()
        if ".html" in line
    ]
    assert reasons == ["a report of widgetpack"] * 2


def test_the_page_replaces_only_an_earlier_one(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    (tmp_path / "d").mkdir()
    (tmp_path / "page.html").write_text("<!doctype html>\n<html>mine")
    for name, said in (
        ("page.html", "page.html: exists and is no bundle report of widgetpack; it is left as it is"),
        ("w/script.js", "w/script.js: exists and is no bundle report of widgetpack; it is left as it is"),
    ):
        done = command("build", "w", "-q", "--report", name, cwd=tmp_path)
        assert (done.out, done.err.splitlines()) == (
            "",
            [f"widgetpack: {said}", "  try: name another file: --report FILE"],
        )
    assert not (tmp_path / "w/dist").exists()
    done = command("build", "w", "-q", "--report", "d", cwd=tmp_path)
    assert done.err.splitlines()[0] == "widgetpack: d: a folder is in the way of the report"
    for words, said in (
        (["--report", ""], '--report: "" names no file'),
        (["--report", "-"], '--report: "-" names no file'),
        (
            ["-o", "a.zip", "--report", "a.zip"],
            "a.zip: both the page about the scripts and something else would be written there",
        ),
        (
            ["--output-format", "a.json", "--report", "./a.json"],
            "./a.json: both the page about the scripts and something else would be written there",
        ),
    ):
        done = command("build", "w", "-q", *words, cwd=tmp_path)
        assert (done.code, done.err.splitlines()[0]) == (EXIT_USAGE, f"widgetpack: {said}")
    assert command("build", "w", "-q", "--report", "new.html", cwd=tmp_path).code == EXIT_CLEAN
    assert command("build", "w", "-q", cwd=tmp_path, WIDGETPACK_REPORT="new.html").code == EXIT_CLEAN


def test_the_page_is_written_once_every_widget_is_built(tmp_path: Path) -> None:
    folder(tmp_path / "a", widget())
    folder(tmp_path / "b", widget(files={"script.js": b"var ;"}))
    done = command("build", "a", "b", "-q", "--report", "all.html", cwd=tmp_path)
    assert (done.code, (tmp_path / "all.html").exists()) == (EXIT_FINDINGS, False)
    (tmp_path / "b/script.js").write_bytes(SCRIPT)
    done = command("build", "a", "b", "-q", "--report", "all.html", "-j", "2", cwd=tmp_path)
    page = (tmp_path / "all.html").read_text("utf-8")
    assert (done.code, [item["name"] for item in data_of(page)]) == (
        EXIT_CLEAN,
        ["a/dist/widget.zip", "b/dist/widget.zip"],
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a name that Windows forbids")
def test_a_page_of_hostile_names_is_written(tmp_path: Path) -> None:
    name = "lib/<script>alert(1)<\\script>&'.js"
    text = SCRIPT.replace(b"./lib/greet.js", f"./{name}".replace("\\", "\\\\").replace("'", "\\'").encode())
    folder(tmp_path / "w", widget(files={"script.js": text, name: widget()["lib/greet.js"], "lib/greet.js": None}))
    done = command("build", "w", "-q", "--report", "b.html", "--ignore", "A", cwd=tmp_path)
    assert (done.code, done.err) == (EXIT_CLEAN, "")
    page = (tmp_path / "b.html").read_text("utf-8")
    assert data_of(page)[0]["scripts"][0]["files"][1][0] == name
    assert page.count("<script>alert") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")
def test_watch_writes_the_page_with_each_build_and_not_because_of_it(
    start: Start, tmp_path: Path, mode: tuple[str, ...]
) -> None:
    page = tmp_path / "w/bundle.html"
    folder(tmp_path / "w", widget())
    watching = start("w", *mode, "--report", "w/bundle.html")
    assert watching.line() == "first build: w/dist/widget.zip SIZE, N ms"
    first = page.read_bytes()
    (tmp_path / "w/lib/greet.js").write_bytes(b"define([], function () { return 'a longer one'; });\n")
    assert watching.line() == "lib/greet.js: w/dist/widget.zip SIZE, N ms"
    second = page.read_bytes()
    assert b"longer" in packed(tmp_path / "w/dist/widget.zip")["script.js"]
    (tmp_path / "w/script.js").write_bytes(b"var ;")
    assert watching.line() == "script.js: 1 error; w/dist/widget.zip stays as it was, N ms"
    assert (first == second, page.read_bytes() == second) == (False, True)
