"""Several widgets at once, each in a process of its own; results come back in the order of the command line."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from widgetpack.errors import UsageError, WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Event
    from pathlib import Path

Task = tuple[Any, ...]
"""A function of this package and its arguments."""

_stopped: Event | None = None
"""In a worker process: set once the rest of the work is no longer wanted."""


def run_all(tasks: list[Task], jobs: int | None = None) -> list[Any]:
    """Call ``task[0](*task[1:])`` for each task and return what they return, or the `WidgetpackError` they raise.

    ``jobs`` is the number of processes, by default one per processor; a single task runs in this process. On Ctrl+C each
    process finishes the widget it is at, begins no other, and ends before this function does.
    """
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    if workers == 1:
        return [_call(task) for task in tasks]
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Forking is safe here, no thread has been started yet, and spares each worker the imports.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    stopped = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stopped,))
    try:
        with _signals_held():
            results = pool.map(_call, tasks, chunksize=max(1, min(8, len(tasks) // (workers * 4))))
        return list(results)
    except BrokenProcessPool:
        message = "a worker process was ended from outside"
        raise WidgetpackError(message, "if memory ran out, -j 1 needs the least") from None
    except BaseException:
        stopped.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def refuse_shared_outputs(outputs: list[tuple[Path, Path]]) -> None:
    """Raise `UsageError` where two of the (widget, zip to write) pairs name the same zip: one would undo the other."""
    seen: dict[str, Path] = {}
    for widget, output in outputs:
        place = os.path.normcase(os.path.realpath(output))
        if place in seen:
            message = f"{seen[place]} and {widget}: both would write {output}"
            raise UsageError(message, "name each widget once, and give each an `output` of its own in its config")
        seen[place] = widget


def _call(task: Task) -> Any:
    if _stopped is not None and _stopped.is_set():
        return None
    try:
        return task[0](*task[1:])
    except WidgetpackError as error:
        return error


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let Ctrl+C wait until the workers are there: one that is just being born would answer it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: Ctrl+C reaches a process only once it has a handler
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(stopped: Event) -> None:
    """Begin a worker process: Ctrl+C is the parent's business, which then says stop."""
    global _stopped  # noqa: PLW0603  # a pool hands its workers nothing else
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
