"""What npm laid on the disk: which package holds the program for this machine.

The npm package ``esbuild`` starts Node to start the program that lies in a package of its own per platform; to run that one
costs 3 ms, with Node before it 80.
"""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.toolchain.executable import Esbuild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MACHINES = {
    "x86_64": "x64",
    "amd64": "x64",
    "aarch64": "arm64",
    "i386": "ia32",
    "i686": "ia32",
    "x86": "ia32",
    "armv6l": "arm",
    "armv7l": "arm",
    "ppc64le": "ppc64",
    "loongarch64": "loong64",
    "mips64": "mips64el",
}
"""What systems call a processor -> what Node and esbuild's packages call it, where the names differ."""
_ALSO_RUNS = {
    "linux-x64": ("linux-ia32",),
    "linux-arm64": ("linux-arm",),
    "darwin-arm64": ("darwin-x64",),
    "darwin-x64": ("darwin-arm64",),  # a Python under Rosetta calls the machine x86_64
    "win32-arm64": ("win32-x64", "win32-ia32"),
    "win32-x64": ("win32-ia32",),
}
"""Node may be of another kind than Python, and npm installs what fits Node."""
_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")


@cache
def platform_name() -> str:
    """Return what esbuild's packages call this machine: ``linux-x64``, ``darwin-arm64``, ``win32-x64``."""
    if sys.platform == "win32":
        return named("win32", os.environ.get("PROCESSOR_ARCHITEW6432") or os.environ.get("PROCESSOR_ARCHITECTURE", ""))
    return named(sys.platform, os.uname().machine)


def named(system: str, machine: str) -> str:
    """Return esbuild's name for what Python calls a system (``sys.platform``) and the system calls its processor."""
    machine = machine.lower()
    return f"{system if system == 'win32' else system.rstrip('0123456789')}-{_MACHINES.get(machine, machine)}"


def program_of(file: Path, origin: str, environ: Mapping[str, str]) -> Esbuild:
    """Return how to run what was found as ``file``: where npm put it there, the program behind it, with its version."""
    for package in _packages(file):
        if _manifest(package).get("name") == "esbuild":
            return program_in(package, origin) or _script(package / "bin" / "esbuild", origin, environ)
    return _script(file, origin, environ)


def program_in(package: Path, origin: str) -> Esbuild | None:
    """Return the program that belongs to the npm package ``esbuild`` in this folder, looked for as Node looks for it."""
    real = Path(os.path.realpath(package))
    for folder in (real, *real.parents):
        found = None if folder.name == "node_modules" else program_at(folder / "node_modules", origin)
        if found is not None:
            return found
    return None


def program_at(modules: Path, origin: str) -> Esbuild | None:
    """Return the program for this machine that lies in this folder ``node_modules``."""
    for name in (platform_name(), *_ALSO_RUNS.get(platform_name(), ())):
        home = modules / "@esbuild" / name
        file = home / ("esbuild.exe" if name.startswith("win32") else "bin/esbuild")
        if os.path.isfile(file):  # noqa: PTH113  # answers also for what may not be looked at
            return Esbuild(file, as_version(_manifest(home).get("version")), origin, (str(file),))
    return None


def as_version(value: object) -> str:
    """Return ``value`` where it is a version as ``0.28.2``, else nothing."""
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else ""


def on_path(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return the first program of that name on PATH; folders relative to the current one are not looked at."""
    names = (f"{name}.exe", f"{name}.cmd") if sys.platform == "win32" else (name,)
    for folder in environ.get("PATH", "").split(os.pathsep):
        for file in (Path(folder, name) for name in names if os.path.isabs(folder)):  # noqa: PTH117
            if os.path.isfile(file) and os.access(file, os.X_OK):  # noqa: PTH113
                return file
    return None


def _packages(file: Path) -> Iterator[Path]:
    """Yield where the package of a command may lie: behind a link, beside ``.bin``, or beside a global ``esbuild.cmd``."""
    real = Path(os.path.realpath(file))
    if real.parent.name == "bin":
        yield real.parent.parent
    if file.parent.name == ".bin":
        yield file.parent.parent / "esbuild"
    yield file.parent / "node_modules" / "esbuild"


def _manifest(package: Path) -> dict[str, object]:
    try:
        value = json.loads((package / "package.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _script(file: Path, origin: str, environ: Mapping[str, str]) -> Esbuild:
    """Return how a file is run that stands for itself; Windows needs to be told that a script is Node's."""
    if sys.platform == "win32" and _begins_with(file, b"#!"):
        node = on_path("node", environ)
        return Esbuild(file, "", origin, (str(node or "node"), str(file)))
    return Esbuild(file, "", origin, (str(file),))


def _begins_with(file: Path, mark: bytes) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(mark)) == mark
    except OSError:
        return False
