"""Which sources become which scripts of the package.

Asked for every widget: a classic one, whose ``script.js`` calls ``define``, costs a search for two words.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.platform import FILE_OF_LOCATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.config.settings import Config
    from widgetpack.model import Tree

_SCRIPT: Final = "script.js"
_STEMS: Final = ("index", "script", "main")
_TYPED: Final = ("ts", "tsx", "jsx")
_NO_SCRIPTS: Final = (".html", ".css", ".json", ".twig")
"""What the bundler would make a string or an object of; of other endings it says itself what they need."""
_WORDS: Final = (rb"import(?![\w$])", rb"export(?![\w$])")
"""Each with a literal start, which makes a search through a megabyte cheap."""
_BEFORE: Final = re.compile(rb"(?:\A|[;}/\n\r])\s*\Z")
"""What stands before a statement: another one, a comment, nothing. A word elsewhere is none of `_WORDS`."""
_AROUND: Final = 100


class Entry(NamedTuple):
    """One script of the package and what it is made of."""

    name: str
    """The path in the package: ``script.js``."""
    source: Path
    """Absolute."""


def find_entries(tree: Tree, config: Config) -> tuple[Entry, ...]:
    """Return the scripts that the bundler makes, ``script.js`` first; none for a classic widget, a zip, or ``bundle = false``.

    The config's ``entry``, else ``script.{ts,tsx,jsx}`` beside the manifest or the config, else ``src/{index,script,main}`` there,
    else a ``script.js`` that is an ES module. A ``script.js`` that is none is what ships. Raises `ConfigError` where the config
    names a file that is not there.
    """
    if tree.is_archive or not config.bundle or not tree.files:
        return ()
    return tuple(_found(tree, config))


def _found(tree: Tree, config: Config) -> Iterator[Entry]:
    options = config.script
    folders = _folders(tree, config)
    if options.entry:
        yield Entry(_SCRIPT, _named(options.entry, ("script", "entry"), config))
    else:
        yield from _by_name(tree, _SCRIPT, _STEMS, folders)
    for name, source in options.entries:
        yield Entry(name, _named(source, ("script", "entries", name), config))
    named = dict(options.entries)
    for name in FILE_OF_LOCATION.values():
        if name not in named and name.removesuffix(".js").encode() in tree.files.get("manifest.json", b""):
            yield from _by_name(tree, name, (name.removesuffix(".js"),), folders)


def _folders(tree: Tree, config: Config) -> list[str]:
    """Return the folders in which sources are looked for: that of the manifest, and the one that was named.

    Where the project's own build makes the script, what lies beside it are that one's sources.
    """
    if config.script.command:
        return [os.path.abspath(tree.source)]  # noqa: PTH100
    return list(dict.fromkeys(os.path.abspath(folder) for folder in (tree.source, config.base)))  # noqa: PTH100


def _named(source: str, pointer: tuple[str, ...], config: Config) -> Path:
    path = Path(os.path.abspath(config.base / source))  # noqa: PTH100
    is_there = os.path.isfile(path)  # noqa: PTH113  # Path's raises for what may not be looked at
    if not is_there or path.suffix in _NO_SCRIPTS:
        named = config.base / source
        fault = f"{named} is no script, as .ts, .tsx or .js" if is_there else f"no file {named}"
        raise config.fault(pointer, f"`{'.'.join(pointer)}`: {fault}")
    return path


def _by_name(tree: Tree, name: str, stems: tuple[str, ...], folders: list[str]) -> Iterator[Entry]:
    """Yield the script ``name`` with the first source that is there."""
    data = tree.files.get(name)
    is_module = data is not None and _is_module(name, data)
    if data is not None and not is_module:
        return
    paths = [*_places(name, stems, folders), *([f"{folders[0]}/{name}"] if is_module else [])]
    source = next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113
    if source is not None:
        yield Entry(name, Path(source))


def _places(name: str, stems: tuple[str, ...], folders: list[str]) -> Iterator[str]:
    """Yield where the source of the script ``name`` may lie, the first choice first."""
    beside = name.removesuffix(".js")
    yield from (f"{folder}/{beside}.{ending}" for folder in folders for ending in _TYPED)
    endings = ("ts", "tsx", "js", "jsx")
    yield from (f"{folder}/src/{stem}.{ending}" for folder in folders for stem in stems for ending in endings)


def find_unused(tree: Tree, config: Config) -> Path | None:
    """Return the source in TypeScript or JSX that would be ``script.js``, were there not one that ships as it is."""
    if _SCRIPT not in tree.files or tree.is_archive or not config.bundle or config.script.command:
        return None
    paths = [path for path in _places(_SCRIPT, _STEMS, _folders(tree, config)) if not path.endswith(".js")]
    return next((Path(path) for path in paths if os.path.isfile(path)), None)  # noqa: PTH113


def _is_module(name: str, data: bytes) -> bool:
    words = (match.start() for word in _WORDS for match in re.finditer(word, data))
    if not any(_BEFORE.search(data[max(0, at - _AROUND) : at]) for at in words):
        return False
    from widgetpack.scripts.javascript import glance  # remembered: the widget's own look at the script is the same

    script = glance(name, data)
    # What does not parse is none, unless it looks like nothing else: esbuild then says what is wrong.
    return script.module_syntax is not None and not any(define.top_level for define in script.defines)
