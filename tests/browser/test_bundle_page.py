"""The page about what is in the scripts, in headless Chromium: what is drawn, and where keys and clicks lead."""

from __future__ import annotations

import html
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, FLAGS, need

from widgetpack.contents.page import render_page
from widgetpack.model import Content

SCRIPT = Content(
    "script.js",
    100_000,
    (
        ("node_modules/big/lib/a.js", 40_000),
        ("node_modules/big/lib/b.js", 10_000),
        ("node_modules/@scope/small/index.js", 20_000),
        ("src/deep/er/one.ts", 15_000),
        ("src/deep/er/two.ts", 5_000),
        ("script.ts", 9_990),
    ),
)
WALK = """
const map = document.getElementById("map"), seen = [];
const now = () => seen.push((document.activeElement.getAttribute("aria-label") || document.activeElement.textContent || document.activeElement.id));
const key = (name) => { document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true })); now(); };
map.querySelector('[tabindex="0"]').focus(); now();
STEPS
const boxes = [...map.querySelectorAll("button")];
const pre = document.createElement("pre");
pre.textContent = JSON.stringify({
  seen, told: document.getElementById("told").textContent,
  trail: [...document.querySelectorAll("#trail button")].map((button) => button.textContent),
  boxes: boxes.map((button) => button.getAttribute("aria-label")),
  tabbable: map.querySelectorAll('[tabindex="0"]').length,
  filled: boxes.filter((button) => !boxes.some((other) => other !== button && inside(other, button))).reduce((sum, button) => sum + area(button), 0) / area(map),
});
document.body.append(pre);
function area(element) { const box = element.getBoundingClientRect(); return box.width * box.height; }
function inside(inner, outer) {
  const a = inner.getBoundingClientRect(), b = outer.getBoundingClientRect();
  return a.left >= b.left && a.top >= b.top && a.right <= b.right && a.bottom <= b.bottom;
}
"""


def shown(page: str) -> str:
    """Return the document that a browser makes of a page."""
    need(CHROMIUM, "no Chromium on PATH")
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "bundle.html")
        file.write_text(page, "utf-8", errors="backslashreplace")
        command = [str(CHROMIUM), *FLAGS, "--window-size=1280,900", f"--user-data-dir={folder}/profile", file.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True).stdout


def walked(steps: str, contents: tuple[tuple[str, list[Content]], ...] = (("w", [SCRIPT]),)) -> dict[str, Any]:
    """Return what the page says after ``steps``; its policy would stop them, so it goes."""
    page = re.sub(r"<meta http-equiv[^>]*>", "", render_page(contents))
    code = WALK.replace("STEPS", steps)
    document = shown(page.replace("</body>", f"<script>{code}</script></body>"))
    found = re.search(r"<pre>(.*?)</pre>", document, re.DOTALL)
    assert found is not None, document[-2000:]
    value: dict[str, Any] = json.loads(html.unescape(found[1]))
    return value


def test_every_package_folder_and_file_has_a_box_and_the_boxes_fill_the_picture() -> None:
    state = walked("")
    assert (
        state["boxes"]
        == [
            "node_modules/big/lib, 50.0 kB, 50.0 %, folder",
            "node_modules/big/lib/a.js, 40.0 kB, 40.0 %",
            "node_modules/big/lib/b.js, 10.0 kB, 10.0 %",
            "node_modules/@scope/small, 20.0 kB, 20.0 %, folder",
            "node_modules/@scope/small/index.js, 20.0 kB, 20.0 %",
            "src/deep/er, 20.0 kB, 20.0 %, folder",
            "src/deep/er/one.ts, 15.0 kB, 15.0 %",
            "src/deep/er/two.ts, 5.0 kB, 5.0 %",
            "script.ts, 10.0 kB, 10.0 %",
            "written by the bundler, 10 B, 0.0 %",
        ][: len(state["boxes"])]
    )
    assert len(state["boxes"]) in {9, 10}  # ten bytes of a hundred thousand may be too thin to draw
    assert (state["trail"], state["tabbable"]) == (["script.js 100.0 kB"], 1)
    assert state["filled"] > 0.8


def test_keys_walk_over_the_boxes_into_folders_and_out() -> None:
    state = walked(
        'for (const name of ["ArrowDown", "ArrowUp", "ArrowRight", "End", "Home", "ArrowLeft"]) key(name);'
        'document.activeElement.click(); now(); key("ArrowRight"); key("Escape"); key("Escape");'
    )
    folder, first = "node_modules/big/lib, 50.0 kB, 50.0 %, folder", "node_modules/big/lib/a.js, 40.0 kB, 40.0 %"
    end = state["seen"][4]
    assert end == state["boxes"][-1]
    assert state["seen"] == [
        *[folder, first, folder, first, end, folder, folder],
        *[first, "node_modules/big/lib/b.js, 10.0 kB, 10.0 %", folder, folder],
    ]
    assert state["told"] == "node_modules/big/lib50.0 kB (50,000 bytes), 50.0 % of script.js, 2 inside"
    assert state["trail"] == ["script.js 100.0 kB"]


def test_the_trail_leads_back_to_every_level_above() -> None:
    steps = (
        "const box = (label) => [...map.querySelectorAll('button')].find((item) => item.getAttribute('aria-label').startsWith(label));"
        "box('w: script.js').click(); box('src/deep').click(); seen.push([...document.querySelectorAll('#trail button')].map((b) => b.textContent).join(' > '));"
        "document.querySelectorAll('#trail button')[1].click();"
    )
    state = walked(steps, (("v", [SCRIPT]), ("w", [SCRIPT._replace(size=99_990)])))
    assert state["seen"][1:] == [
        "all 200.0 kB > w 100.0 kB > script.js 100.0 kB > src 20.0 kB > deep 20.0 kB > er 20.0 kB"
    ]
    assert state["trail"] == ["all 200.0 kB", "w 100.0 kB"]


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=document.title=1>", "</script><script>document.title=1</script>", "__proto__", "a//b/../c"],
)
def test_names_are_texts_under_the_page_s_own_policy(name: str) -> None:
    parts = ((f"node_modules/{name}/x.js", 50_000), (f"{name}/__proto__/constructor", 30_000), (name, 20_000))
    document = shown(render_page([(name, [Content(name, 100_000, parts)])]))
    boxes = re.findall(r'aria-label="([^"]*, [^"]*(?:bytes|kB|B), [^"]*)"', document)
    assert len(boxes) >= 4
    assert document.count("<img") == 0
    assert re.findall(r"<title>(.*?)</title>", document) == [
        html.escape(f"What is in the scripts of {name}", quote=False)
    ]


def test_a_page_without_anything_in_it_has_no_picture() -> None:
    document = shown(render_page([("w", [])]))
    assert document.count('<div id="picture" hidden') == 1
