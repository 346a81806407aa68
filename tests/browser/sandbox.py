"""What the tests of the sandbox in Chromium share: the libraries of the page, and scripts of widgets."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from chromium import CHROMIUM, need

from widgetpack.toolchain.libraries import install_libraries

ROOT = Path(__file__).parent.parent.parent
PLAIN = {"render": "return true;", "init": "return true;", "bind_actions": "return true;", "destroy": ""}


def installed_libraries(cache: Path) -> str:
    """Install the real libraries of the page below ``cache``; return it, as WIDGETPACK_CACHE."""
    need(CHROMIUM, "no Chromium on PATH")
    need(shutil.which("npm"), "no npm for the libraries of the page")
    install_libraries({**os.environ, "WIDGETPACK_CACHE": str(cache)})
    return str(cache)


def script(bodies: dict[str, str], dependencies: str = "'jquery'", names: str = "$") -> bytes:
    """Return a script whose callbacks have these bodies, each from a line of its own on; ``self`` is the widget."""
    members = ",\n".join(f"{name}: function (a, b) {{\n{body}\n}}" for name, body in {**PLAIN, **bodies}.items())
    return (
        f"define([{dependencies}], function ({names}) {{ return function () {{ var self = this; this.callbacks = {{\n"
        f"{members}\n}}; }}; }});\n"
    ).encode()


def example(name: str, base: Path) -> Path:
    """Return a copy of an example below ``base``; packages of npm are those that were installed beside the original."""
    source = ROOT / "examples" / name
    home = Path(shutil.copytree(source, base / "w", ignore=shutil.ignore_patterns("dist", "node_modules")))
    if (source / "package-lock.json").is_file():
        need((source / "node_modules").is_dir(), f"run `npm ci --ignore-scripts` in examples/{name}")
        (home / "node_modules").symlink_to(source / "node_modules")
    return home
