"""Running esbuild over the entries: what it writes is read back and wrapped."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.native.env import MARK, Environment
from widgetpack.native.messages import Message, load_messages
from widgetpack.native.metafile import Metafile, load_metafile
from widgetpack.native.options import arguments
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.run import run_esbuild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from widgetpack.config.script import ScriptOptions
    from widgetpack.native.entry import Entry
    from widgetpack.scripts.define import Define
    from widgetpack.toolchain.executable import Esbuild

_TARGET: Final = re.compile(r'Invalid target "([^"]*)" in ')


class Job(NamedTuple):
    """What a run is about."""

    esbuild: Esbuild
    options: ScriptOptions
    environment: Environment
    cwd: str
    """Absolute, behind all links; paths in messages, in the metafile and in source maps start from it."""
    meanwhile: Callable[[], object] | None = None
    """Called while esbuild works, once for every time that it is started."""
    has_react: bool = False
    """Whether JSX is React's, with no import of React, where neither tsconfig nor the source says otherwise."""


class Ran(NamedTuple):
    """What one run brought."""

    messages: tuple[Message, ...]
    metafile: Metafile
    """An empty one where there were errors."""
    files: dict[str, bytes]
    """What was written, by path below the output folder: ``script.js``, ``script.css``, ``script.js.map``; none where there were errors."""
    out: str
    """The output folder, which is gone."""
    unset: tuple[str, ...] = ()
    """Names, in full (``process.env.API``), that a script asks for and nobody set."""
    defines: tuple[Define, ...] = ()
    """The calls of ``define`` in an entry that is left as it is."""


def run(job: Job, entries: Sequence[Entry], form: str, *, hides_amd: bool) -> Ran:
    """Bundle ``entries`` as ``form`` (``cjs``, ``iife``); ``hides_amd`` keeps packages from calling the page's ``define``.

    A second run makes ``undefined`` of the names of the environment that nobody set: they show only in the output of a first one.
    Raises `WidgetpackError` where esbuild does not do its work; faults of the sources are messages.
    """
    given = list(arguments(job.options, form))
    # The universal wrappers of many packages ask the page's loader first; inside of a bundle that would be a module lost.
    given += ["--define:define.amd=undefined"] if hides_amd else []
    given += [] if "global" in job.environment.values else ["--define:global=window"]  # Node's name, in many packages
    given += [f"{entry.name.removesuffix('.js')}={_seen_from(job.cwd, entry)}" for entry in entries]
    scripts = [entry.name for entry in entries]
    ran, written = _run_jsx(job, [*given, *job.environment.arguments], scripts)
    given += written
    outputs = [data.decode("utf-8", "replace") for name, data in ran.files.items() if name.endswith(".js")]
    if not any(MARK in code for code in outputs):
        return ran
    unset = job.environment.unset(outputs)
    return _run(job, [*given, *job.environment.final_arguments(outputs, unset)], scripts)._replace(unset=unset)


def _run_jsx(job: Job, given: Sequence[str], scripts: Sequence[str]) -> tuple[Ran, list[str]]:
    """Bundle, and once more where a comment in a source (``@jsx h``) wants JSX to be written the other way; return how it is."""
    ways = [["--jsx=automatic"], []] if job.has_react else [[], ["--jsx=automatic"]]
    ran = _run(job, [*given, *ways[0]], scripts)
    if not _is_refused(ran):
        return ran, ways[0]
    other = _run(job, [*given, *ways[1]], scripts)
    return (ran, ways[0]) if _is_refused(other) else (other, ways[1])


def _is_refused(ran: Ran) -> bool:
    return any(message.name == "unsupported-jsx-comment" for message in ran.messages)


def _seen_from(cwd: str, entry: Entry) -> str:
    try:
        path = os.path.relpath(os.path.realpath(entry.source), cwd).replace(os.sep, "/")
    except ValueError:  # another drive
        return entry.source.as_posix()
    return path if path.startswith("../") else f"./{path}"


def _run(job: Job, given: Sequence[str], scripts: Sequence[str]) -> Ran:
    folder = temporary_folder()
    out, meta = os.path.join(folder, "out"), os.path.join(folder, "meta.json")  # noqa: PTH118
    try:
        wanted = [*given, f"--outdir={out}", f"--metafile={meta}"]
        done = run_esbuild(job.esbuild, wanted, cwd=Path(job.cwd), meanwhile=job.meanwhile)
        messages = load_messages(done.err)
        if done.code != 0:
            for match in filter(None, (_TARGET.match(message.text) for message in messages)):
                raise EsbuildError(job.esbuild, f'knows no target "{match[1]}": `[script] target` in the config')
            if not any(message.kind == "error" for message in messages):
                raise EsbuildError(job.esbuild, f"fails and says: {_first_line(done.err)}")
            return Ran(messages, Metafile({}, (), ()), {}, out)
        files = dict(_read_files(out))
        try:
            metafile = load_metafile(Path(meta).read_bytes(), out, job.cwd)
        except (OSError, ValueError):
            raise EsbuildError(job.esbuild, "writes no metafile that can be read") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name in (name for script in scripts for name in (script, f"{script}.map") if name not in files):
        raise EsbuildError(job.esbuild, f"writes no {name}")
    return Ran(messages, metafile, files, out)


def temporary_folder() -> str:
    """Make a folder of this run's own; esbuild writes a metafile only to the disk."""
    try:
        return os.path.realpath(tempfile.mkdtemp(prefix="widgetpack-"))
    except OSError as error:
        message = f"no temporary folder can be made: {reason_of(error)}"
        raise WidgetpackError(message, "let TMPDIR name a folder that can be written to") from None


def _first_line(printed: bytes) -> str:
    lines = [line.strip() for line in printed.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[0][:160] if lines else "nothing"


def _read_files(folder: str) -> Iterator[tuple[str, bytes]]:
    for above, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(above, name)
            yield path.relative_to(folder).as_posix(), path.read_bytes()
