"""The files of a dev zip: the widget as it ships, and in front of it a loader that asks the developer's machine first."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.errors import WidgetpackError
from widgetpack.scripts.kind import LOADER_MARK
from widgetpack.server.address import origin_of
from widgetpack.widget import ENTRY, MANIFEST, Widget, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.config.settings import Config

STORAGE_KEY = "widgetpack_dev_"
_PARTS = tuple(Path(__file__).with_name("loader") / f"{name}.js" for name in ("start", "live", "instance", "run"))
_HEAD = f"{LOADER_MARK.decode()}: not for a release. `widgetpack build` writes the zip to upload. */"
_PACKAGED = "widget.js"


def dev_files(widget: Widget, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a release with our loader as ``script.js``; the widget's own becomes a module beside it.

    Raises `WidgetpackError` where there is none.
    """
    if ENTRY not in files:
        message = f"{widget.tree.source}: no {ENTRY} for the loader to stand in front of"
        raise WidgetpackError(message, f"add {ENTRY}, or a source of it")
    options = widget.config.serve
    packaged = _free_name(files)
    values = {
        "ID": dev_id(widget),
        "ADDRESS": origin_of(options.host, options.port, https=options.https or options.certificate is not None),
        # Browsers keep what they have loaded, and the platform puts a version behind the name of script.js alone.
        "PACKAGED": f"./{packaged}?v={_digest(files[ENTRY])}",
        "MANIFEST": manifest_digest(files),
    }
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    parts = "\n".join(part.read_text(encoding="utf-8") for part in _PARTS)
    loader = f"{_HEAD}\n(function () {{\n'use strict';\n\n{constants}\n{parts}}})();\n"
    return {**files, ENTRY: loader.encode(), packaged: files[ENTRY]}


def dev_id(widget: Widget) -> str:
    """Return what tells this widget from others that one works on in the same browser: the same from build to build.

    The config's ``id``, else the manifest's code, else the widget's name in its first language.
    """
    if widget.config.serve.id:
        return widget.config.serve.id
    code = widget.get("widget", "code")
    name = code if isinstance(code, str) and code else _name(widget)
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "widget"


def manifest_digest(files: Mapping[str, bytes]) -> str:
    """Return what differs once the manifest does: only the platform reads it, from the upload."""
    return _digest(files.get(MANIFEST, b""))


def dev_target(config: Config) -> Path:
    """Return where the dev zip goes: beside the release, ``dist/widget-dev.zip``."""
    output = config.base / config.output
    return output.with_name(f"{output.stem}-dev{output.suffix}")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _name(widget: Widget) -> str:
    key = widget.get("widget", "name")
    if not isinstance(key, str):
        return ""
    first = next((locale for code in widget.declared_locales for locale in widget.locales if locale.code == code), None)
    text = value_at(first.value, tuple(key.split("."))) if first is not None else None
    return text if isinstance(text, str) else key


def _free_name(files: Mapping[str, bytes]) -> str:
    """Return a name for the widget's own script beside `script.js`, where its relative dependencies lead where they did."""
    names = (_PACKAGED, *(f"widget-{number}.js" for number in range(1, len(files) + 1)))
    return next(name for name in names if name not in files)
