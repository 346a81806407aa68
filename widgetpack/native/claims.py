"""What a project's tsconfig and packages say: names of the page's modules that are its own (``store``), and whose JSX it is."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from widgetpack.native.read import read_source
from widgetpack.scripts.modules import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FILES: Final = ("tsconfig.json", "jsconfig.json")
"""esbuild asks the folders from a source upwards for them in this order, and takes the first."""
_COMMENT: Final = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_COMMA: Final = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_ENDINGS: Final = ("", ".ts", ".tsx", ".js", ".jsx")
_DEEPEST: Final = 10
"""So many files may extend one another; more are a circle."""


class _Settings(NamedTuple):
    """What a tsconfig says of names; folders are absolute."""

    base: str = ""
    """Where every name is looked for; empty: nowhere."""
    paths: Mapping[str, tuple[str, ...]] = {}
    """Pattern -> where it leads, as patterns below ``start``."""
    start: str = ""
    has_factory: bool = False
    """Whether JSX becomes calls of a function that is named, not React's."""


def claimed(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of the page whose names lead to files of the project: a source is meant, not the page's.

    The tsconfig nearest to each of ``sources`` (absolute) is asked, with those that it extends, but for what comes from packages.
    """
    return tuple(sorted({name for file in _nearest(sources, _FILES) for name in _claims(_read(file))}))


def has_react(sources: Iterable[str]) -> bool:
    """Tell whether JSX in ``sources`` (absolute) is React's of a version (17 and later) that asks for no import of React.

    A tsconfig that says how JSX is written goes before; esbuild sees to that, but for a factory alone.
    """
    folders = list(sources)
    if not _nearest(folders, ("node_modules/react/jsx-runtime.js",)):
        return False
    return not any(_read(file).has_factory for file in _nearest(folders, _FILES))


def _nearest(sources: Iterable[str], names: tuple[str, ...]) -> list[str]:
    """Return the files of these names that lie nearest to the sources, upwards; the first name counts."""
    return list(
        dict.fromkeys(filter(None, (_above(folder, names) for folder in dict.fromkeys(map(os.path.dirname, sources)))))
    )


def _above(folder: str, names: tuple[str, ...]) -> str:
    while True:
        for path in (os.path.join(folder, name) for name in names):  # noqa: PTH118
            if os.path.isfile(path):  # noqa: PTH113
                return path
        if folder == os.path.dirname(folder):  # noqa: PTH120
            return ""
        folder = os.path.dirname(folder)  # noqa: PTH120


def _claims(settings: _Settings) -> Iterator[str]:
    for name in MODULES:
        if settings.base and _is_there(settings.base, name):
            yield name
        for pattern, targets in settings.paths.items():
            start, star, end = pattern.partition("*")
            if pattern == name or pattern.startswith(f"{name}/"):
                yield name
            elif star and name.startswith(start) and name.endswith(end):
                inner = name[len(start) : len(name) - len(end)]
                if any(_is_there(settings.start, target.replace("*", inner)) for target in targets):
                    yield name


def _is_there(folder: str, name: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name + ending)) for ending in _ENDINGS)  # noqa: PTH110, PTH118


def _read(file: str, depth: int = 0) -> _Settings:
    """Return what a file says, and where it is silent those that it extends; nothing where it cannot be understood."""
    folder, name = os.path.split(file)
    value = _load(read_source(folder, name) or b"")
    found = _Settings()
    extended = value.get("extends")
    for other in extended if isinstance(extended, list) else [extended]:
        if isinstance(other, str) and other.startswith((".", "/")) and depth < _DEEPEST:
            path = os.path.join(folder, other)  # noqa: PTH118
            base = _read(path if os.path.isfile(path) else f"{path}.json", depth + 1)  # noqa: PTH113
            paths, start = (base.paths, base.start) if base.paths else (found.paths, found.start)
            found = _Settings(base.base or found.base, paths, start, base.has_factory or found.has_factory)
    options = value.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    if "jsxFactory" in options:
        found = found._replace(has_factory=True)
    if isinstance(options.get("baseUrl"), str):
        found = found._replace(base=os.path.join(folder, options["baseUrl"]))  # noqa: PTH118
    if isinstance(options.get("paths"), dict):
        paths = {key: _texts(targets) for key, targets in options["paths"].items()}
        found = found._replace(paths=paths, start=found.base or folder)
    return found


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _load(data: bytes) -> dict[str, Any]:
    """Return the object of JSON with comments and commas before brackets; an empty one for what is none."""
    text = _COMMENT.sub(lambda match: match[1] or " ", data.decode("utf-8-sig", "replace"))
    try:
        value = json.loads(_COMMA.sub(lambda match: match[1] or "", text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
