"""Css that comes with a script: a statement that puts it into the page once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STYLE = "style.css"
"""Where css goes with ``css = "file"``."""


def injection(css: str) -> str:
    """Return one line that adds ``css`` to the page, unless it is there: its id tells its contents."""
    digest = hashlib.sha256(css.encode()).hexdigest()[:12]
    return (
        '(function (id, css) { if (!document.getElementById(id)) { var style = document.createElement("style");'
        " style.id = id; style.textContent = css; document.head.appendChild(style); } })"
        f'("widgetpack-{digest}", {as_literal(css)});'
    )


def as_literal(text: str) -> str:
    """Return ``text`` as a string of JavaScript in one line, also for browsers to which U+2028 ends one."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def without_names(css: str, inputs: Iterable[str]) -> str:
    """Return esbuild's css without the comments that name its sources: no page needs them, and they look like addresses."""
    names = {f"/* {path} */" for path in inputs}
    return "\n".join(line for line in css.split("\n") if line not in names)
