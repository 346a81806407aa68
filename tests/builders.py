"""Small real widgets, made in memory: every test states only what differs from the good one."""

from __future__ import annotations

import io
import json
import os
import struct
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from widgetpack.config.settings import Config
from widgetpack.files.unzip import read_zip
from widgetpack.model import Entry, Finding, Tree
from widgetpack.platform import SLOTS
from widgetpack.rules import check
from widgetpack.scripts import esbuild_py
from widgetpack.widget import load_widget

needs_esbuild = pytest.mark.skipif(
    not esbuild_py.available() and not os.environ.get("CI"),  # CI promises that it is there
    reason="esbuild-py has no wheel here",
)

Files = dict[str, bytes]

MANIFEST: dict[str, Any] = {
    "widget": {
        "name": "widget.name",
        "description": "widget.description",
        "short_description": "widget.short_description",
        "version": "1.0.0",
        "interface_version": 2,
        "init_once": False,
        "locale": ["en", "es"],
        "installation": True,
        "support": {"link": "https://widgets.dev/help", "email": "help@widgets.dev"},
    },
    "locations": ["settings", "lcard-1"],
    "settings": {"token": {"name": "settings.token", "type": "text", "required": False}},
    "tour": {
        "is_tour": True,
        "tour_images": {"en": ["/images/tour.png"], "es": ["/images/tour.png"]},
        "tour_description": "widget.tour_description",
    },
}

TEXTS: dict[str, Any] = {
    "widget": {
        "name": "Good",
        "short_description": "A good widget",
        "description": "It does some good.",
        "tour_description": "See it do good.",
    },
    "settings": {"token": "Token"},
}

SPANISH: dict[str, Any] = {
    "widget": {
        "name": "Good",
        "short_description": "Un buen widget",
        "description": "Hace algo bueno.",
        "tour_description": "Mira cómo lo hace.",
    },
    "settings": {"token": "Clave"},
}

SCRIPT = b"""define(['jquery', './lib/greet.js'], function ($, greet) {
  return function () {
    this.callbacks = {
      render: function () { return true; },
      init: function () { return true; },
      bind_actions: function () { return greet($); },
      settings: function () {},
      onSave: function () { return true; },
      destroy: function () {}
    };
  };
});
"""

GREET = b"define([], function () {\n  return function () { return true; };\n});\n"

ALL_CALLBACKS: dict[str, bytes | None] = {
    "lib/greet.js": b"""define([], function () {
  var self = { dpSettings: 1, advancedSettings: 1, initMenuPage: 1, onSalesbotDesignerSave: 1,
    salesbotDesignerSettings: 1, loadPreloadedData: 1, loadElements: 1, linkCard: 1, searchDataInCard: 1,
    onSource: 1, onAddAsSource: 1, loadCatalogElement: 1, add_source: 1, contacts: 1, leads: 1, todo: 1,
    calendarSync: 1, selected: 1 };
  return function () { return Boolean(self); };
});
"""
}
"""For a widget with many locations: a script that names every callback."""


def as_json(value: Any) -> bytes:
    """Return JSON as an author writes it: two blanks a level, a line end at the end."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def merged(base: Any, changes: Any) -> Any:
    """Return ``base`` with ``changes`` laid over it; a value of None removes its key."""
    if not (isinstance(base, dict) and isinstance(changes, dict)):
        return changes
    result = {**base, **{key: merged(base.get(key), value) for key, value in changes.items()}}
    return {key: value for key, value in result.items() if value is not None}


@cache
def png(width: int, height: int) -> bytes:
    """Return a real grey PNG; its bytes depend on nothing else."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * (width + 1) * height) if width * height < 10_000_000 else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture(width: int, height: int, kind: str) -> bytes:
    """Return a real picture in a format of Pillow's: ``JPEG``, ``GIF``, ``WEBP``."""
    buffer = io.BytesIO()
    Image.new("L", (width, height)).save(buffer, kind)
    return buffer.getvalue()


def widget(
    manifest: dict[str, Any] | bytes | None = None,
    texts: dict[str, Any] | None = None,
    files: dict[str, bytes | None] | None = None,
) -> Files:
    """Return the files of a widget without findings, with changes laid over manifest, every locale's texts and files."""
    description = manifest if isinstance(manifest, bytes) else as_json(merged(MANIFEST, manifest or {}))
    good: dict[str, bytes | None] = {
        "manifest.json": description,
        "script.js": SCRIPT,
        "lib/greet.js": GREET,
        "i18n/en.json": as_json(merged(TEXTS, texts or {})),
        "i18n/es.json": as_json(merged(SPANISH, texts or {})),
        **{f"images/{slot.name}.png": png(slot.width, slot.height) for slot in SLOTS if not slot.location},
        "images/tour.png": png(1188, 616),
        **(files or {}),
    }
    return {path: data for path, data in good.items() if data is not None}


def tree(files: Files, aside: Files | None = None, *, is_archive: bool = False) -> Tree:
    """Return the tree that reading ``files`` from disk would give."""
    entries = tuple(Entry(path, len(data), packed=True, reason="") for path, data in files.items())
    return Tree("w", dict(sorted(files.items())), aside or {}, entries, is_archive=is_archive)


def findings(source: Tree | Files, **options: Any) -> tuple[Finding, ...]:
    """Return what the rules say of a tree or of files; ``options`` are fields of `Config`."""
    given = source if isinstance(source, Tree) else tree(source)
    config = Config(Path(), **options)
    return check(load_widget(given, config))


def brief(found: tuple[Finding, ...]) -> list[str]:
    """Return findings as ``CODE severity path:line:column message``, the form in which tests state them."""
    return [f"{item.code} {item.severity} {item.path}:{item.line}:{item.column} {item.message}" for item in found]


def folder(base: Path, files: Files) -> Path:
    """Write files below ``base`` and return it."""
    for path, data in files.items():
        target = base / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return base


def put(path: Path, data: str | bytes) -> None:
    """Write a file in one step: one that is emptied first, as `Path.write_text` does, can be built in between."""
    temporary = Path(tempfile.mkdtemp()) / "file"
    temporary.write_bytes(data.encode() if isinstance(data, str) else data)
    temporary.replace(path)
    temporary.parent.rmdir()


def archive(files: Files | list[tuple[str, bytes]], **flags: Any) -> bytes:
    """Return a zip as another tool would make it; a list may hold a name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **flags) as target:
        for path, data in files.items() if isinstance(files, dict) else files:
            target.writestr(path, data)
    return buffer.getvalue()


def archive_tree(data: bytes) -> Tree:
    """Return the tree that reading a zip gives."""
    return read_zip("w.zip", data)
