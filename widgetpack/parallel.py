"""Several widgets at once, each in a process of its own; results come back in the order of the command line."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from widgetpack.errors import EXIT_INTERRUPTED, STOP_SIGNALS, UsageError, WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ctypes import c_byte
    from pathlib import Path
    from types import FrameType

Task = tuple[Any, ...]
"""A function of this package and its arguments."""

_stopped: c_byte | None = None
"""In a worker process: not 0 once the rest of the work is no longer wanted. Shared with the parent, and without a lock: one
that a killed process held would hold up all others."""


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

    from widgetpack.pipeline import import_judges

    import_judges()
    # Forking is safe here, no thread has been started yet, and spares each worker the imports.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    stopped = context.RawValue("b", 0)
    with _signals_noted(stopped):
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stopped,))
        try:
            with _signals_held():
                results = pool.map(_call, tasks, chunksize=max(1, min(8, len(tasks) // (workers * 4))))
            return list(results)
        except BrokenProcessPool:
            message = "a worker process was ended from outside"
            raise WidgetpackError(message, "if memory ran out, -j 1 needs the least") from None
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
    if _stopped is not None and _stopped.value:
        return None
    try:
        return task[0](*task[1:])
    except WidgetpackError as error:
        return error


@contextmanager
def _signals_noted(stopped: c_byte) -> Iterator[None]:
    """Let what asks to stop say so to the workers, and answer them when all is over.

    Their usual answer is an exception wherever this process happens to be: inside of the pool it can leave a lock held, or
    keep `shutdown` from waiting.
    """
    caught: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        caught.append(number)
        stopped.value = 1

    # What is ignored, as Ctrl+C in a shell's background job, stays so; what is not Python's cannot be put back.
    usual = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    usual = {number: handler for number, handler in usual.items() if handler not in (None, signal.SIG_IGN)}
    for number in usual:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        if caught:
            signal.raise_signal(caught[0])


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let Ctrl+C wait until the workers are there: one that is just being born would answer it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: Ctrl+C reaches a process only once it has a handler
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(stopped: c_byte) -> None:
    """Begin a worker process: Ctrl+C and the end of a terminal are the parent's business, which then says stop."""
    global _stopped  # noqa: PLW0603  # a pool hands its workers nothing else
    _stopped = stopped
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    import threading

    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once its parent has gone without a word (`kill -9`): nobody would ever hand it work or an end."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(EXIT_INTERRUPTED)
