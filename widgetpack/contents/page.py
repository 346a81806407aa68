"""What is in the scripts, as one HTML page that needs nothing else: a treemap to zoom into, and a table."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from widgetpack.contents.packages import Item, copies, read_items
from widgetpack.contents.table import REST, share
from widgetpack.files.written import PAGE_START
from widgetpack.report.style import encodable, printable
from widgetpack.report.text import human_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Content

_PAGE = """{start}
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{style_hash}'; script-src '{code_hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<noscript><p>The picture needs JavaScript; the table does not.</p></noscript>
<div id="picture" hidden>
<nav id="trail" aria-label="Where the picture is"></nav>
<div id="map" role="group" aria-label="Treemap. Arrow keys move, Enter goes into a folder, Escape out of it."></div>
<p id="told" aria-live="polite">Point at a box, or walk with Tab and the arrow keys. A click or Enter goes into a folder, Escape out of it.</p>
</div>
{tables}
<script type="application/json" id="data">{data}</script>
<script>{code}</script>
</body>
</html>
"""
_TABLE = """<table>
<caption>{caption}</caption>
<thead><tr><th scope="col">Package or file</th><th scope="col">Bytes</th><th scope="col">Share</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
"""


def render_page(widgets: Sequence[tuple[str, Sequence[Content]]]) -> str:
    """Return the page about one widget or several, each with its name and what is in its scripts."""
    known = [(name, [(content, read_items(content)) for content in contents]) for name, contents in widgets]
    names = ", ".join(name for name, _ in widgets) if len(widgets) == 1 else f"{len(widgets)} widgets"
    style, code = _read_part("page.css"), _read_part("treemap.js")
    return _PAGE.format(
        start=PAGE_START.decode(),
        title=_shown(f"What is in the scripts of {names}"),
        style=style,
        style_hash=_hash(style),
        code=code,
        code_hash=_hash(code),
        tables="".join(_table(name, *pair, alone=len(widgets) == 1) for name, scripts in known for pair in scripts),
        data=_data(
            [{"name": _plain(name), "scripts": [_script(*pair) for pair in scripts]} for name, scripts in known]
        ),
    )


def _read_part(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what lets a browser run exactly this text, and nothing that a name might bring in."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(value: Any) -> str:
    """Return JSON that ends no element and begins no comment, whatever names are in it."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _plain(text: str) -> str:
    return encodable(printable(text))


def _shown(text: str) -> str:
    return escape(_plain(text))


def _script(content: Content, items: Sequence[Item]) -> dict[str, Any]:
    """Return what the treemap draws: packages with their files, then files of the project, then the rest."""
    rest = content.size - sum(item.size for item in items)
    return {
        "name": _plain(content.file),
        "size": content.size,
        "packages": [
            {
                "name": _plain(item.label),
                "folder": _plain(item.folder),
                "files": [[_plain(path.partition(f"{item.folder}/")[2] or path), size] for path, size in item.files],
            }
            for item in items
            if item.folder
        ],
        "files": [[_plain(item.name), item.size] for item in items if not item.folder],
        "rest": [REST, rest] if rest > 0 else None,
    }


def _table(name: str, content: Content, items: Sequence[Item], *, alone: bool) -> str:
    where = _shown(content.file if alone else f"{name}: {content.file}")
    caption = f"{where}, {human_size(content.size)} before compression"
    notes = "".join(f"<p>{_shown(line)}</p>\n" for line in copies(items))
    return _TABLE.format(caption=caption, rows="\n".join(_rows(content, items))) + notes


def _rows(content: Content, items: Sequence[Item]) -> Iterator[str]:
    named = [(item.label, item.size) for item in items]
    rest = content.size - sum(size for _, size in named)
    for name, size in [*named, *([(f"({REST})", rest)] if rest > 0 else [])]:
        yield f'<tr><th scope="row">{_shown(name)}</th><td>{size:,}</td><td>{share(size, content.size)}</td></tr>'
