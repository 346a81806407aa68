"""Facts of one script: the ``define`` calls in it, what they ask for, and where its syntax breaks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts import esbuild_py
from widgetpack.scripts.beside import beside
from widgetpack.scripts.define import Define, defines, glanced_defines
from widgetpack.scripts.kind import kind_of
from widgetpack.scripts.syntax import unreadable, verdict
from widgetpack.scripts.tree import chain, parse

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from tree_sitter import Node

    from widgetpack.model import Fault

GLANCED_BYTES: Final = 100_000
"""From this size on minified scripts are glanced at: 1 MB takes tree-sitter 0.3 s, more than the rest of a run."""


class Script(NamedTuple):
    """A JavaScript file, looked at once."""

    path: str
    data: bytes
    defines: tuple[Define, ...]
    fault: Fault | None
    """Why it is no JavaScript. Kinds: ``syntax``, ``nul``, ``encoding``, ``too-large``, ``too-deep``."""
    has_jsx: bool = False
    module_syntax: int | None = None
    """Where the first ``import`` or ``export`` statement is: the platform loads scripts, in which these are errors."""
    glanced: bool = False
    """Whether it was only glanced at (`glance`): there is no tree, and of ``defines`` only start, name and dependencies
    are sure."""


_MODULE: Final = rb"(?<![\w$.])(?:import|export)(?![\w$])"
_GLANCED_MODULE: Final = (
    # Two patterns, each with a literal start: faster than one with a choice.
    rb"""import(?:\s*[{*"']|\s+[\w$]+(?:\s+from|\s*,)\b)""",
    rb"""export(?:\s*[{*]|\s+(?:default|const|let|var|class|function|async)\b)""",
)
_JSX_END: Final = rb"/>|</"


@lru_cache(maxsize=64)
def load_script(path: str, data: bytes, *, sound: bool = False) -> Script:
    """Read the facts of a script. Never raises; a text that cannot be read has a ``fault`` and no defines.

    ``sound`` says that the syntax is known to be right, which spares asking esbuild. Remembered, because checking and
    linking ask the same, and because a save changes one script of many.
    """
    fault = unreadable(data)
    tree = None if fault else parse(data)
    if tree is None:
        return Script(path, data, (), fault or verdict(data, None))
    root = tree.root_node
    return Script(
        path,
        data,
        tuple(defines(root, data)) if b"define" in data else (),
        None if sound else verdict(data, root),
        has_jsx=any(_jsx(root, data)),
        module_syntax=next(_module_syntax(root, data), None),
    )


@lru_cache(maxsize=64)
def glance(path: str, data: bytes, *, sound: bool = False) -> Script:
    """Read the facts of a script as `load_script` does; of a large minified one, bundle or library only what needs no tree.

    That is for judging; linking needs `load_script`. Never raises.
    """
    if len(data) < GLANCED_BYTES or kind_of(path, data) == "own":
        return load_script(path, data, sound=sound)
    if unreadable(data) or not (sound or esbuild_py.available()):
        return load_script(path, data, sound=sound)
    text = data.decode("utf-8-sig")
    printed = None if sound else beside(lambda: esbuild_py.transform(text))
    found = tuple(glanced_defines(data)) if b"define" in data else ()
    words = [word.start() for pattern in _GLANCED_MODULE for word in re.finditer(pattern, data)]
    module = min((at for at in words if at == 0 or data[at - 1] in b";}\n"), default=None)
    if printed is not None and printed() is None:
        return load_script(path, data)
    return Script(path, data, found, None, module_syntax=module, glanced=True)


def glance_all(files: Mapping[str, bytes], sound: Container[str] = ()) -> dict[str, Script]:
    """Glance at every script among ``files``; the large ones in threads, for esbuild needs no lock of Python's.

    Those in ``sound`` were just printed by a bundler: asking esbuild again, and loading it, would take longer than bundling.
    """
    paths = [path for path in files if path.endswith(".js")]
    large = [path for path in paths if len(files[path]) >= GLANCED_BYTES and path not in sound]
    wait = {path: beside(lambda path=path: glance(path, files[path])) for path in large}  # type: ignore[misc]
    done = {path: glance(path, files[path], sound=path in sound) for path in paths if path not in wait}
    return {path: done[path] if path in done else wait[path]() for path in paths}


def _jsx(root: Node, data: bytes) -> Iterator[bool]:
    """Yield a truth for every ``/>`` and ``</`` that belongs to JSX."""
    for sign in re.finditer(_JSX_END, data):
        if any(n.type.startswith("jsx_") for n in chain(root, sign.start(), sign.end())[-2:]):
            yield True


def _module_syntax(root: Node, data: bytes) -> Iterator[int]:
    """Yield where the statements of an ES module start."""
    for word in re.finditer(_MODULE, data) if b"import" in data or b"export" in data else ():
        holders = chain(root, word.start(), word.end())
        if [n.type for n in holders[:2]] in (["program", "import_statement"], ["program", "export_statement"]) and (
            holders[1].start_byte == word.start()
        ):
            yield word.start()
