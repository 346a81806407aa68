"""How things are measured: whole processes, in turn, one round to warm up, then the median of the rest."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""Python's own switches out: PYTHONDONTWRITEBYTECODE would compile the package anew in every run."""
ENVIRONMENT |= {"NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}


class Contestant(NamedTuple):
    """A command to measure."""

    name: str
    command: list[str]
    codes: tuple[int, ...] = (0,)
    """Exit codes that count as having done the work."""


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


def race(contestants: list[Contestant], rounds: int) -> dict[str, Measure]:
    """Run every contestant once a round, in turn; return what each took, by name."""
    times: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    peaks = dict.fromkeys(times, 0.0)
    for number in range(rounds + 1):
        for contestant in contestants:
            elapsed, peak = once(contestant)
            if number:
                times[contestant.name].append(elapsed)
                peaks[contestant.name] = max(peaks[contestant.name], peak)
    return {name: Measure(name, times[name], peaks[name]) for name in times}


def once(contestant: Contestant) -> tuple[float, float]:
    """Run a command; return its milliseconds and its peak memory, its own children's included, in MB."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            contestant.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=ENVIRONMENT
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = 1000 * (time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in contestant.codes:
            output.seek(0)
            sys.exit(f"{contestant.name}: exit code {process.returncode}\n{output.read().decode(errors='replace')}")
    return elapsed, megabytes(usage.ru_maxrss)


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
