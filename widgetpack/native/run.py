"""Running esbuild over the entries: what it writes is read back and wrapped."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import WidgetpackError
from widgetpack.native.env import MARK, Environment, arguments_for_unset, unset_names
from widgetpack.native.messages import Message, load_messages
from widgetpack.native.metafile import Metafile, load_metafile
from widgetpack.native.options import arguments
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.run import run_esbuild

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.config.script import ScriptOptions
    from widgetpack.native.entry import Entry
    from widgetpack.toolchain.executable import Esbuild

_CALL: Final = re.compile(rb"(?<![\w$])define\s*\(")
_BINDING: Final = re.compile(rb"(?:function|const|let|var|class)\s+define\b|import\b[^;'\"]*\bdefine\b")


class Job(NamedTuple):
    """What a run is about."""

    esbuild: Esbuild
    options: ScriptOptions
    environment: Environment
    cwd: str
    """Absolute, behind all links; paths in messages, in the metafile and in source maps start from it."""


class Ran(NamedTuple):
    """What one run brought."""

    messages: tuple[Message, ...]
    metafile: Metafile | None
    """None where there were errors."""
    files: dict[str, bytes]
    """What was written, by path below the output folder: ``script.js``, ``script.css``, ``script.js.map``."""
    out: str
    """The output folder, which is gone."""
    unset: tuple[str, ...] = ()
    """Names in ``process.env`` that a script asks for and nobody set."""


def run(job: Job, entries: Sequence[Entry], form: str, *, hides_amd: bool) -> Ran:
    """Bundle ``entries`` as ``form`` (``cjs``, ``iife``); ``hides_amd`` keeps packages from calling the page's ``define``.

    A second run makes ``undefined`` of the names in ``process.env`` that nobody set, as they show only in the output of a first one.
    Raises `WidgetpackError` where esbuild does not do its work; faults of the sources are messages.
    """
    given = [*arguments(job.options, form), *job.environment.arguments]
    # The universal wrappers of many packages ask the page's loader first; inside of a bundle that would be a module lost.
    given += ["--define:define.amd=undefined"] if hides_amd else []
    given += [] if "global" in job.environment.values else ["--define:global=window"]  # Node's name, in many packages
    given += [f"{entry.name.removesuffix('.js')}={_seen_from(job.cwd, entry)}" for entry in entries]
    ran = _run(job, given)
    marked = [data.decode("utf-8", "replace") for name, data in ran.files.items() if name.endswith(".js")]
    if not any(MARK in code for code in marked):
        return ran
    unset = tuple(dict.fromkeys(name for code in marked for name in unset_names(code)))
    given.remove(f"--define:process.env={MARK}")
    return _run(job, [*given, *arguments_for_unset(unset)])._replace(unset=unset)


def _seen_from(cwd: str, entry: Entry) -> str:
    try:
        path = os.path.relpath(os.path.realpath(entry.source), cwd).replace(os.sep, "/")
    except ValueError:  # another drive
        return entry.source.as_posix()
    return path if path.startswith("../") else f"./{path}"


def _run(job: Job, given: Sequence[str]) -> Ran:
    folder = _temporary()
    out, meta = os.path.join(folder, "out"), os.path.join(folder, "meta.json")  # noqa: PTH118
    try:
        done = run_esbuild(job.esbuild, [*given, f"--outdir={out}", f"--metafile={meta}"], cwd=Path(job.cwd))
        messages = load_messages(done.err)
        if done.code != 0:
            if not any(message.kind == "error" for message in messages):
                raise EsbuildError(job.esbuild, f"fails and says: {_first_line(done.err)}")
            return Ran(messages, None, {}, out)
        files = dict(_read_files(out))
        try:
            metafile = load_metafile(Path(meta).read_bytes(), out, job.cwd)
        except (OSError, ValueError):
            raise EsbuildError(job.esbuild, "writes no metafile that can be read") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Ran(messages, metafile, files, out)


def _temporary() -> str:
    """Make a folder of this run's own; esbuild writes a metafile only to the disk."""
    try:
        return os.path.realpath(tempfile.mkdtemp(prefix="widgetpack-"))
    except OSError as error:
        message = f"no temporary folder can be made: {(error.strerror or str(error)).lower()}"
        raise WidgetpackError(message, "let TMPDIR name a folder that can be written to") from None


def _first_line(printed: bytes) -> str:
    lines = [line.strip() for line in printed.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[0][:160] if lines else "nothing"


def _read_files(folder: str) -> Iterator[tuple[str, bytes]]:
    for above, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(above, name)
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def calls_define(job: Job, entry: Entry) -> bool:
    """Tell whether a source calls the page's ``define`` itself; asks esbuild, for which types and JSX are no obstacle."""
    try:
        data = entry.source.read_bytes()
    except OSError:
        return False  # the run says why
    if _CALL.search(data) is None:
        return False
    from widgetpack.scripts.javascript import load_script

    loader = {".ts": "ts", ".tsx": "tsx", ".mts": "ts", ".cts": "ts"}.get(entry.source.suffix, "jsx")
    done = run_esbuild(job.esbuild, [f"--loader={loader}", "--color=false", "--log-level=error"], data, Path(job.cwd))
    plain = done.out
    return (
        done.code == 0 and _BINDING.search(plain) is None and bool(load_script(entry.name, plain, sound=True).defines)
    )


def asks_for_amd(entry: Entry) -> bool:
    """Tell whether a source that calls ``define`` looks at ``define.amd`` before."""
    return b"define.amd" in entry.source.read_bytes()
