"""Write what the documentation says by itself: ``docs/rules.md``, ``docs/config.md``, and the README's session, a real run.

With ``--check`` nothing is written; the exit code says whether a text is out of date.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from widgetpack.catalogue import rules_page
from widgetpack.config.provenance import list_settings, toml_value
from widgetpack.config.settings import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
START, END = "<!-- session -->\n", "<!-- /session -->\n"
MACHINE = re.compile(r"sha256    \w{64}|[\d.]+ kB")
"""What differs with the zlib of a machine; the digest of the contents does not."""


def main() -> int:
    """Return 0, or 1 where ``--check`` finds a text that is out of date."""
    readme = (ROOT / "README.md").read_text("utf-8")
    before, rest = readme.split(START)
    after = rest.split(END)[1]
    texts = {
        ROOT / "docs" / "rules.md": rules_page(),
        ROOT / "docs" / "config.md": config_page(),
        ROOT / "README.md": before + START + session() + END + after,
    }
    if "--check" not in sys.argv[1:]:
        for path, text in texts.items():
            path.write_text(text, "utf-8")
        return 0
    old = [path for path, text in texts.items() if not path.is_file() or _same(path.read_text("utf-8")) != _same(text)]
    for path in old:
        sys.stderr.write(f"{path.relative_to(ROOT)} is out of date; run `make docs`\n")
    return 1 if old else 0


def _same(text: str) -> str:
    return MACHINE.sub("", text)


def config_page() -> str:
    """Return the table of every key that a config may have, from its schema and from the defaults of the program."""
    schema = json.loads((ROOT / "schemas" / "config.schema.json").read_text("utf-8"))
    usual = tomllib.loads(list_settings(Config(Path()), {}))
    lines = [
        "# Config",
        "",
        "`widgetpack.toml` beside the widget, or `[tool.widgetpack]` in `pyproject.toml`. Every key is optional;",
        "`widgetpack config` prints what holds and where it comes from. Written by `make docs` from the schema of the config,",
        "which `widgetpack schema config` prints for an editor.",
        "",
        "| key | values | default | |",
        "|---|---|---|---|",
        *_key_rows(schema, usual, ""),
    ]
    return "\n".join(lines) + "\n"


def _key_rows(schema: dict[str, Any], usual: dict[str, Any], above: str) -> Iterator[str]:
    for key, value in schema["properties"].items():
        if key == "$schema":
            continue
        if "properties" in value:
            yield from _key_rows(value, usual.get(key, {}), f"[{key}] ")
            continue
        types = value.get("type", "object")
        kinds = ", ".join(f"`{toml_value(item)}`" for item in value["enum"]) if "enum" in value else ""
        kinds = kinds or " or ".join(TYPES[name] for name in ([types] if isinstance(types, str) else types))
        default = f"`{toml_value(usual[key])}`" if usual.get(key) not in (None, [], {}) else ""
        yield f"| `{above}{key}` | {kinds} | {default} | {value['description']} |"


TYPES = {
    "string": "text",
    "array": "list of texts",
    "object": "table",
    "boolean": "`true`, `false`",
    "integer": "number",
}


def session() -> str:
    """Return what a terminal shows for a broken widget, for a rule that it breaks, and once it is mended."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        good, bad = base / "mended" / "planner", base / "planner"
        ignored = shutil.ignore_patterns("dist")
        shutil.copytree(ROOT / "sample_widget", good, ignore=ignored)
        shutil.copytree(ROOT / "sample_widget", bad, ignore=ignored)
        _break(bad)
        shown = [
            _run("widgetpack validate planner", base),
            _run("widgetpack rule L10", base),
            _run("widgetpack build planner", base / "mended"),
        ]
    return "```console\n" + "\n".join(shown) + "```\n"


def _break(widget: Path) -> None:
    Image.new("RGB", (140, 80)).save(widget / "images" / "logo.png")
    manifest = widget / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"type": "users"', '"type": "select"'), "utf-8")
    texts = widget / "i18n" / "es.json"
    value = json.loads(texts.read_text("utf-8"))
    del value["settings"]["wait_days"]
    panel = widget / "lib" / "panel.js"
    panel.write_text(panel.read_text("utf-8").replace("t.saved", "t.savd"), "utf-8")
    style = widget / "style.css"
    style.write_text(style.read_text("utf-8") + "\nbody { line-height: 1.4; }\n", "utf-8")
    texts.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _run(command: str, folder: Path) -> str:
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    return f"$ {command}\n{done.stdout}"


if __name__ == "__main__":
    sys.exit(main())
