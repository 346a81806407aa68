"""Names of the page's modules that a project uses for sources of its own, as its tsconfig says: ``store``, ``device``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from widgetpack.native.read import read_source
from widgetpack.scripts.modules import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES: Final = ("tsconfig.json", "jsconfig.json")
"""esbuild asks them in this order, and takes the first."""
_PATH: Final = re.compile(rb'"([\w.-]+)(?:/\*)?"\s*:\s*\[')
_BASE: Final = re.compile(rb'"baseUrl"\s*:\s*"([^"\\]*)"')
_ENDINGS: Final = ("", ".ts", ".tsx", ".js", ".jsx")


def claimed(cwd: str) -> tuple[str, ...]:
    """Return the modules of the page whose names lead to files of the project in ``cwd``: a source is meant, not the page's.

    Only the project's own tsconfig is asked, not those that it extends.
    """
    found = (read_source(cwd, name) for name in _FILES)
    text = next((data for data in found if data is not None), b"")
    return tuple(sorted(set(_claims(cwd, text)) & MODULES)) if text else ()


def _claims(cwd: str, text: bytes) -> Iterator[str]:
    yield from (match[1].decode() for match in _PATH.finditer(text))
    if base := _BASE.search(text):
        folder = os.path.join(cwd, base[1].decode("utf-8", "replace"))  # noqa: PTH118
        paths = ((name, os.path.join(folder, name + ending)) for name in MODULES for ending in _ENDINGS)  # noqa: PTH118
        yield from (name for name, path in paths if os.path.exists(path))  # noqa: PTH110
