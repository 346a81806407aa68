"""The examples: without a finding, and with the page's modules as their only dependencies."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from builders import brief
from native_builders import needs_native, run

from widgetpack.config.settings import read_config
from widgetpack.pipeline import build

EXAMPLES = Path(__file__).parent.parent / "examples"

pytestmark = needs_native

TYPESCRIPT = """(Made) => {
  const shown = [];
  const widget = { i18n: () => ({ title: "T", open: "O", closed: "C", unknown: "?" }), get_settings: () => ({ zone: "Nowhere" }),
    render_template: (panel) => shown.push(panel.body.length > 50) };
  Made.call(widget);
  return [widget.callbacks.render(), shown, Object.keys(widget.callbacks)];
}"""
JQUERY = """(() => {
  const found = { attr: () => found, find: () => found, text: (value) => (window.told = (window.told || []).concat(value), found),
    toggleClass: () => found };
  return () => found;
})()"""


def packed(name: str, tmp_path: Path) -> str:
    """Build an example without findings and return its script."""
    home = shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("dist", "node_modules"))
    if (EXAMPLES / name / "node_modules").is_dir():
        (home / "node_modules").symlink_to(EXAMPLES / name / "node_modules")
    config = read_config(home)._replace(fail_level="info")
    result = build(home, config, 315_532_800, tmp_path / "w.zip")
    assert brief(result.findings) == []
    shutil.unpack_archive(tmp_path / "w.zip", tmp_path / "out")
    return (tmp_path / "out/script.js").read_text(encoding="utf-8")


def test_the_typescript_example_draws_its_panel(tmp_path: Path) -> None:
    done = run(packed("typescript-widget", tmp_path), TYPESCRIPT, jquery=JQUERY)
    callbacks = ["render", "init", "bind_actions", "settings", "onSave", "destroy"]
    assert (done["asked"], done["value"]) == ([["jquery"]], [True, [True], callbacks])
    assert len(done["styles"]) == 1


def test_the_react_example_brings_react_along(tmp_path: Path) -> None:
    if not (EXAMPLES / "react-widget/node_modules").is_dir() and not os.environ.get("CI"):
        pytest.skip("run `npm ci --ignore-scripts` in examples/react-widget")
    code = packed("react-widget", tmp_path)
    assert code.partition("{")[0] == 'define(["jquery"], function (__given0) '
    assert code.count("  (**\n   * @license React\n   * react.production.min.js\n") == 1
