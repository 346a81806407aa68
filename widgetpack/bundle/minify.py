"""Scripts of a classic widget, minified by the real esbuild: the linked one, and others that the author wrote.

Libraries, bundles and what is minified already stay as they are. No syntax is lowered, and none comes in that the widget did not
use before: browsers that run it go on doing so. Globals keep their names, and so do properties.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.model import BOM
from widgetpack.native.messages import load_messages
from widgetpack.native.run import temporary_folder
from widgetpack.scripts.javascript import Script, load_script
from widgetpack.scripts.kind import kind_of
from widgetpack.scripts.tree import captures, parse
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.find import find_esbuild
from widgetpack.toolchain.run import run_esbuild
from widgetpack.widget import ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.config.settings import Config
    from widgetpack.toolchain.executable import Esbuild

_INTRODUCED: Final = {
    "es2015": ("arrow", "template-literal", "object-extensions"),
    "catch": ("optional-catch-binding",),
    "chain": ("optional-chain",),
    "nullish": ("nullish-coalescing",),
    "assignment": ("logical-assignment",),
}
"""What esbuild writes for the sake of brevity, in its names, by what tells that a browser of this widget knows it."""
_USED: Final = """
[(arrow_function) (template_string) (lexical_declaration) (class_declaration) (class)] @es2015
(catch_clause !parameter) @catch
(optional_chain) @chain
(binary_expression operator: "??") @nullish
(augmented_assignment_expression operator: ["??=" "||=" "&&="]) @assignment
"""
_ARGUMENTS: Final = (
    *("--target=esnext", "--charset=utf8", "--legal-comments=eof", "--sourcemap=external", "--sources-content=false"),
    *("--loader:.js=jsx", "--tsconfig-raw={}", "--color=false", "--log-level=error", "--log-limit=0"),
)


class Minified(NamedTuple):
    """What became of the scripts."""

    files: dict[str, bytes]
    """Those that got shorter."""
    maps: dict[str, bytes]
    """Source maps of the same: places in the minified script -> places in what was given."""
    refused: dict[str, str]
    """Those that esbuild does not read, each with its words."""


def minify(files: Mapping[str, bytes], config: Config) -> Minified:
    """Minify what of a package's scripts should be; raises `WidgetpackError` where esbuild is missing or does not work."""
    scripts = {path: script for path, data in files.items() if (script := _wanted(path, data)) is not None}
    result = Minified({}, {}, {})
    if not scripts:
        return result
    esbuild = find_esbuild(config)
    used = {sign for script in scripts.values() for sign in _used(script)}
    given = [f"--supported:{name}=false" for sign in _INTRODUCED if sign not in used for name in _INTRODUCED[sign]]
    for scanned in (False, True):
        # RequireJS looks for `require("id")` in the text of such a factory: the name has to stay.
        how = ["--minify-whitespace"] if scanned else ["--minify"]
        group = {path: script.data for path, script in scripts.items() if _is_scanned(script) == scanned}
        while group and (refused := _run(esbuild, [*_ARGUMENTS, *given, *how], group, result)):
            result.refused.update(refused)
            group = {path: data for path, data in group.items() if path not in refused}
    return result


def _wanted(path: str, data: bytes) -> Script | None:
    """Return a script that is to be minified: one that can be read and is the author's, ``script.js`` whatever it holds."""
    if not path.endswith(".js"):
        return None
    kind = kind_of(path, data)
    if kind == "own" or (path == ENTRY and kind == "bundle"):
        script = load_script(path, data)
        return script if script.fault is None and script.module_syntax is None else None
    return None


def _used(script: Script) -> Iterator[str]:
    """Yield the keys of `_INTRODUCED` whose syntax a script has."""
    tree = parse(script.data)
    yield from captures(tree.root_node, _USED) if tree is not None else ()


def _is_scanned(script: Script) -> bool:
    """Tell whether a script has a factory without a list of dependencies, which is given ``require`` by name."""
    return any(
        define.list_form == "absent" and define.factory_kind != "object" and define.parameters != 0
        for define in script.defines
    )


def _run(esbuild: Esbuild, arguments: Sequence[str], group: Mapping[str, bytes], result: Minified) -> dict[str, str]:
    """Minify ``group`` in one run and add what comes of it to ``result``; return what esbuild refuses, and then nothing is done."""
    folder = Path(temporary_folder())
    names = {f"{index}.js": path for index, path in enumerate(group)}
    try:
        _write(folder, {name: group[path].removeprefix(BOM) for name, path in names.items()})
        done = run_esbuild(esbuild, [*arguments, "--outdir=out", *(f"./{name}" for name in names)], cwd=folder)
        if done.code != 0:
            refused = dict(_refused(done.err, names))
            if not refused:
                raise EsbuildError(esbuild, "does not minify a script that it reads")
            return refused
        for name, path in names.items():
            data = (folder / "out" / name).read_bytes()
            if len(data) < len(group[path]):
                result.files[path] = data
                result.maps[path] = (folder / "out" / f"{name}.map").read_bytes()
    except OSError as error:
        words = f"its work cannot be read: {reason_of(error)}"
        raise EsbuildError(esbuild, words) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        message = f"{folder}: no script can be put there: {reason_of(error)}"
        raise WidgetpackError(message, "let TMPDIR name a folder with room in it") from None


def _refused(printed: bytes, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for message in load_messages(printed):
        if message.kind == "error" and message.spot is not None and message.spot.path in names:
            yield names[message.spot.path], message.text
