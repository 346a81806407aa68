"""Widgets made of sources, bundled by the real esbuild, and their scripts run by Node as a page's loader would."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from builders import Files, brief, folder, widget

from widgetpack.config.settings import read_config
from widgetpack.native.build import read_build
from widgetpack.origins import judge_sources
from widgetpack.widget import load_widget

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.native.facts import Build


needs_native = pytest.mark.needs_native
"""The test, or the module, bundles: without esbuild and Node it skips (see conftest.py)."""
runs_anywhere = pytest.mark.runs_anywhere
"""A test in such a module that bundles nothing."""

STATIC: Files = {path: data for path, data in widget().items() if not path.endswith(".js")}
CALLBACKS = "{ render: () => true, init: () => true, bind_actions: () => true, settings: () => {}, onSave: () => true, destroy: () => {} }"
INDEX = f"export default function (this: any) {{ this.callbacks = {CALLBACKS}; }}\n"

_LOADER = """
const vm = require("node:vm"), styles = [];
const { code, modules, ask } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const page = Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, vm.runInThisContext("(" + text + ")")]));
const calls = [];
globalThis.window = globalThis;
globalThis.document = {
  getElementById: (id) => styles.find((style) => style.id === id) || null,
  createElement: () => ({}), head: { appendChild: (style) => styles.push(style) },
};
globalThis.require = (name) => { if (name in page) return page[name]; throw new Error("not loaded: " + name); };
globalThis.define = (dependencies, factory) => calls.push([dependencies, factory]);
define.amd = {};
vm.runInThisContext(code);
const results = calls.map(([names, make]) => make(...names.map((name) => page[name])));
const value = vm.runInThisContext("(" + ask + ")")(...results);
console.log(JSON.stringify({ asked: calls.map(([names]) => names), value: value === undefined ? null : value, styles }));
"""


def project(base: Path, sources: dict[str, str | bytes], config: str = "") -> Path:
    """Write a widget with its static files in ``public/`` and ``sources`` beside it; return its folder."""
    files = {f"public/{path}": data for path, data in STATIC.items()}
    given = {path: text if isinstance(text, bytes) else text.encode() for path, text in sources.items()}
    return folder(base, {**files, **given, **({"widgetpack.toml": config.encode()} if config else {})})


def built(base: Path, sources: dict[str, str | bytes], config: str = "") -> Build:
    """Return what comes of a project, which must be bundled."""
    home = project(base, sources, config)
    return read_build(home, read_config(home))


def script(made: Build, name: str = "script.js") -> str:
    assert [fact for fact in made.facts if getattr(fact, "kind", "") == "error"] == []
    return made.tree.files[name].decode()


def told(made: Build, base: Path) -> list[str]:
    """Return the findings about sources, without B07: most entries of these tests export a value, not a widget."""
    found = brief(tuple(judge_sources(load_widget(made.tree, read_config(base)), made)))
    return [line for line in found if not line.startswith("B07")]


def run(code: str, ask: str = "(all) => all", **modules: str) -> dict[str, Any]:
    """Load a script in Node and call the function ``ask`` with what its modules return.

    ``modules`` are expressions of the page's modules. Returns what was asked for as dependencies, the value, and the styles in
    the page.
    """
    given = json.dumps({"code": code, "modules": modules, "ask": ask})
    done = subprocess.run(
        ["node", "-e", _LOADER], input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def position(text: str, word: str) -> tuple[int, int]:
    """Return line and column of a word, both from 0, as JavaScript counts columns."""
    before = text[: text.index(word)]
    return before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
