"""How things are measured: whole processes, in turn, one round to warm up, then the median of the rest."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""Python's own switches out: PYTHONDONTWRITEBYTECODE would compile the package anew in every run."""
_SAVE_SECONDS = 30
ENVIRONMENT |= {"NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}


class Contestant(NamedTuple):
    """A command to measure."""

    name: str
    command: list[str]
    codes: tuple[int, ...] = (0,)
    """Exit codes that count as having done the work."""
    folder: Path | None = None
    """Where it runs, if not here."""


class Measure(NamedTuple):
    """What one contestant took."""

    name: str
    milliseconds: list[float]
    peak: float
    """Largest resident set of any round, in MB of 1,000,000 bytes."""

    @property
    def median(self) -> float:
        """The middle of all rounds."""
        return statistics.median(self.milliseconds)


class Target(NamedTuple):
    """A promise, and what came of it."""

    promise: str
    value: float
    limit: float
    unit: str

    def row(self) -> str:
        """Return the target as a row of a table."""
        verdict = "ok" if self.value <= self.limit else "MISSED"
        return f"| {self.promise} | {self.value:.2f}{self.unit} | {self.limit:g}{self.unit} | {verdict} |"


def race(
    contestants: list[Contestant], rounds: int, environment: Mapping[str, str] = ENVIRONMENT
) -> dict[str, Measure]:
    """Run every contestant once a round, in turn; return what each took, by name."""
    times: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    peaks = dict.fromkeys(times, 0.0)
    for number in range(rounds + 1):
        for contestant in contestants:
            elapsed, peak = once(contestant, environment)
            if number:
                times[contestant.name].append(elapsed)
                peaks[contestant.name] = max(peaks[contestant.name], peak)
    return {name: Measure(name, times[name], peaks[name]) for name in times}


def once(contestant: Contestant, environment: Mapping[str, str]) -> tuple[float, float]:
    """Run a command; return its milliseconds and its peak memory, its own children's included, in MB."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            contestant.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=contestant.folder,
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = 1000 * (time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in contestant.codes:
            output.seek(0)
            sys.exit(f"{contestant.name}: exit code {process.returncode}\n{output.read().decode(errors='replace')}")
    return elapsed, megabytes(usage.ru_maxrss)


def saves(
    name: str, command: list[str], file: Path, rounds: int, environment: Mapping[str, str] = ENVIRONMENT
) -> Measure:
    """Start watch mode; return the time from the rename that ends a save of ``file`` until another zip stands at its path.

    The zip is the argument behind ``-o``, else ``dist/widget.zip`` of the widget, the last argument.
    """
    target = Path(command[command.index("-o") + 1] if "-o" in command else f"{command[-1]}/dist/widget.zip")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout is not None  # noqa: S101  # for the type checker
    while not target.exists():
        if not process.stdout.readline():
            sys.exit(f"{name}: watch mode ended without a zip")
    text, times = file.read_bytes(), []
    try:
        for number in range(rounds + 1):
            time.sleep(1.2)  # until watch mode has had its look after the last build
            elapsed = _save(file, text + b"// save %d\n" % number, target)
            times += [elapsed] if number else []
    finally:
        file.write_bytes(text)
        process.terminate()
        process.stdout.close()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return Measure(name, times, megabytes(usage.ru_maxrss))


def _save(file: Path, text: bytes, target: Path) -> float:
    """Save a file as editors do, and return the milliseconds until there is another zip."""
    before = target.stat().st_ino
    temporary = file.with_name(f".{file.name}.saving")
    temporary.write_bytes(text)
    start = time.perf_counter()
    temporary.replace(file)
    while target.stat().st_ino == before:
        if time.perf_counter() - start > _SAVE_SECONDS:
            sys.exit(f"{file}: saved, and no new zip within {_SAVE_SECONDS} seconds")
        time.sleep(0.0005)
    return 1000 * (time.perf_counter() - start)


def megabytes(resident: int) -> float:
    """Turn what ``wait4`` says of the resident set (bytes on macOS, else KiB) into MB."""
    return resident * (1 if sys.platform == "darwin" else 1024) / 1e6


def table(measures: list[Measure]) -> list[str]:
    """Return measures as the lines of a Markdown table."""
    rows = [
        f"| {item.name} | {item.median:.0f} | {min(item.milliseconds):.0f} | {max(item.milliseconds):.0f} | {item.peak:.0f} |"
        for item in measures
    ]
    return ["| contestant | median ms | min | max | peak RSS MB |", "|---|--:|--:|--:|--:|", *rows]
