"""Which package of npm a file belongs to, and what that one says of itself."""

from __future__ import annotations

import json
import os
from typing import Final

from widgetpack.files.selection import read_regular

_MODULES: Final = "node_modules"
_DISABLED: Final = "(disabled):"
"""esbuild's mark for a file that a package's ``browser`` field turns off."""


def is_package(path: str) -> bool:
    """Tell whether an input belongs to a package of npm."""
    return _MODULES in path.removeprefix(_DISABLED).split("/")


def package_of(path: str) -> tuple[str, str]:
    """Return name and folder of the innermost package that a file belongs to; two empty texts for a file of the project."""
    parts = path.removeprefix(_DISABLED).split("/")
    inside = [index for index, part in enumerate(parts[:-1]) if part == _MODULES]
    if not inside:
        return "", ""
    start = inside[-1] + 1
    length = 2 if parts[start].startswith("@") and len(parts) > start + 2 else 1
    if len(parts) <= start + length:  # a file beside packages
        return "", ""
    return "/".join(parts[start : start + length]), "/".join(parts[: start + length])


def read_version(folder: str) -> str:
    """Return the version in the ``package.json`` of a folder; empty where nobody can tell."""
    try:
        value = json.loads(read_regular(os.path.join(folder, "package.json")) or b"")  # noqa: PTH118
    except (OSError, ValueError, RecursionError):  # ValueError: no JSON, or a NUL in a path
        return ""
    version = value.get("version") if isinstance(value, dict) else None
    return version if isinstance(version, str) else ""
