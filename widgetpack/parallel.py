"""Several widgets at once, each in a process of its own; results come back in the order of the command line."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from widgetpack.errors import WidgetpackError


def run_all(tasks: list[tuple[Any, ...]], jobs: int | None = None) -> list[Any]:
    """Call ``task[0](*task[1:])`` for each task and return what they return, or the `WidgetpackError` they raise.

    ``jobs`` is the number of processes, by default one per processor; a single task runs in this process.
    """
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    if workers == 1:
        return [_call(task) for task in tasks]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Forking is safe here, no thread has been started yet, and spares each worker the imports.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupt)
    try:
        return list(pool.map(_call, tasks, chunksize=max(1, min(8, len(tasks) // (workers * 4)))))
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    finally:
        pool.shutdown()


def _call(task: tuple[Any, ...]) -> Any:
    try:
        return task[0](*task[1:])
    except WidgetpackError as error:
        return error


def _ignore_interrupt() -> None:
    """Leave Ctrl+C to the parent, which then ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
