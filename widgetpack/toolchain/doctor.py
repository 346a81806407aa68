"""What widgetpack stands on, on this machine: each part with what is there, and what to do where it is not."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from widgetpack import __version__
from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.toolchain.browser import find_browser
from widgetpack.toolchain.cache import VARIABLE, cache_folder
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.extras import EXTRAS
from widgetpack.toolchain.find import TWO_WAYS
from widgetpack.toolchain.libraries import find_libraries, versions
from widgetpack.toolchain.npm_client import find_node, find_npm
from widgetpack.toolchain.process import ProcessError, run_apart
from widgetpack.toolchain.run import ending, telling_line
from widgetpack.toolchain.show import show
from widgetpack.toolchain.version import ask_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.config.settings import Config
    from widgetpack.toolchain.npm_client import Client

_SECONDS = 20.0
_MOST_BYTES = 64_000


class Check(NamedTuple):
    """One part, looked at."""

    name: str
    state: Literal["ok", "none", "broken"]
    """``none``: absent, or less than it could be, and everything else works; ``broken``: something needed does not work."""
    words: str
    """What is there, and for the other two states what to do."""


def examine(config: Config, environ: Mapping[str, str], encoding: str) -> Iterator[Check]:
    """Yield a check per part, as it is done; ``encoding`` is that of the terminal."""
    yield Check("Python", "ok", f"{'.'.join(map(str, sys.version_info[:3]))}, {sys.executable}")
    yield Check("widgetpack", "ok", f"{__version__}, {Path(__file__).parents[1]}")
    yield _library("Pillow", "PIL.Image")
    yield _library("tinycss2", "tinycss2")
    yield _embedded()
    yield _esbuild(config, environ)
    yield _libraries(environ)
    yield _extra("dev", "`serve` and `preview`")
    yield _extra("browser", "`preview --check`")
    yield _browser(environ)
    yield _program("Node", find_node(environ), "install Node (nodejs.org) for npm packages", environ)
    yield _program("npm", find_npm(environ), "install Node, or `pip install 'widgetpack[node]'`", environ)
    yield _watching()
    yield _terminal(encoding)
    yield _cache(environ)


def _library(name: str, module: str) -> Check:
    try:
        import_module(module)
    except Exception as error:  # noqa: BLE001  # whatever a broken installation raises
        return Check(name, "broken", f"cannot be imported ({error}): pip install --force-reinstall {name}")
    return Check(name, "ok", _version(name))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "of an unknown version"


def _embedded() -> Check:
    from widgetpack.scripts import esbuild_py

    if esbuild_py.available():
        return Check("esbuild-py", "ok", f"{_version('esbuild-py')}, lowers JSX and drops comments")
    return Check("esbuild-py", "none", "no wheel here: scripts are linked, not lowered; nothing to do")


def _esbuild(config: Config, environ: Mapping[str, str]) -> Check:
    """Look at the esbuild that would be used, and run it: that it is there is not enough here."""
    shown = show(config, environ)
    if shown.esbuild is not None:
        try:
            ask_version(shown.esbuild, environ)
        except EsbuildError as fault:
            return Check("esbuild", "broken", f"{fault}: {fault.hint}")
        return Check("esbuild", "ok", f"{shown.esbuild.version}, {shown.esbuild.path} ({shown.esbuild.origin})")
    if shown.used is not None and shown.fault is not None:
        return Check("esbuild", "broken", f"{shown.fault}: {shown.fault.hint}")
    return Check("esbuild", "none", f"for TypeScript, React and npm packages: {TWO_WAYS}")


def _libraries(environ: Mapping[str, str]) -> Check:
    home = find_libraries(environ)
    if home is None:
        return Check("libraries", "none", "of the platform's page, for `preview`: widgetpack toolchain install")
    return Check("libraries", "ok", f"{', '.join(f'{name} {number}' for name, number in versions().items())}, {home}")


def _extra(name: str, commands: str) -> Check:
    missing = [module for module in EXTRAS[name] if find_spec(module) is None]
    if missing:
        return Check(name, "none", f"no {', '.join(missing)}, for {commands}: pip install 'widgetpack[{name}]'")
    return Check(name, "ok", ", ".join(f"{module} {_version(module)}" for module in EXTRAS[name]))


def _browser(environ: Mapping[str, str]) -> Check:
    named = environ.get("WIDGETPACK_BROWSER")
    try:
        return Check("Chromium", "ok", str(find_browser(named, environ)))
    except WidgetpackError as fault:
        return Check("Chromium", "none", f"{fault}: {fault.hint}")


def _program(name: str, client: Client | None, cure: str, environ: Mapping[str, str]) -> Check:
    if client is None:
        return Check(name, "none", cure)
    try:
        done = run_apart([*client.command, "--version"], environ=environ, timeout=_SECONDS, most=_MOST_BYTES)
    except ProcessError as error:
        return Check(name, "none", f"{client.origin} {error}: {cure}")
    if done.code != 0:
        return Check(name, "none", f"{client.origin} {ending(done)}: {cure}")
    return Check(name, "ok", f"{telling_line(done.out).removeprefix('v')}, {client.origin}")


def _watching() -> Check:
    """Watch a folder for a moment: the system's limits show only then."""
    cure = "`--poll` asks the disk instead"
    try:
        from watchdog.observers import Observer

        observer = Observer()
    except Exception as error:  # noqa: BLE001  # whatever a broken installation raises
        return Check("watching", "broken", f"watchdog cannot be used ({error}): {cure}")
    from watchdog.events import FileSystemEventHandler

    try:
        with tempfile.TemporaryDirectory(prefix="widgetpack-") as folder:
            observer.schedule(FileSystemEventHandler(), folder)
            observer.start()
            observer.stop()
            observer.join()
    except OSError as error:
        return Check("watching", "none", f"{reason_of(error)}: {cure}")
    kind = type(observer).__name__.removesuffix("Observer")
    return Check("watching", "ok", f"watchdog {_version('watchdog')}, {kind}")


def _terminal(encoding: str) -> Check:
    if encoding.lower().replace("-", "").replace("_", "") in {"utf8", "utf8sig", "cp65001"}:
        return Check("terminal", "ok", encoding)
    return Check("terminal", "none", f"{encoding}: texts in other letters are shown as \\u...; set PYTHONUTF8=1")


def _cache(environ: Mapping[str, str]) -> Check:
    folder = cache_folder(environ)
    if folder is None:
        return Check("cache", "none", f"no home folder to keep it in: {VARIABLE} can name one")
    nearest = next((parent for parent in (folder, *folder.parents) if os.path.lexists(parent)), folder)
    if not (os.path.isdir(nearest) and os.access(nearest, os.W_OK | os.X_OK)):  # noqa: PTH112
        return Check("cache", "none", f"{folder}: cannot be written; {VARIABLE} can name another folder")
    return Check("cache", "ok", str(folder) if nearest == folder else f"{folder} (made when it is needed)")
