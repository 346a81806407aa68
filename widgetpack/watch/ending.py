"""The end by a signal, which is never lost.

Python prints and drops an exception that a signal's handler raises inside of a finalizer or a weak reference's callback, and an
import runs such callbacks: a Ctrl+C at that moment would leave the loop running.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self

from widgetpack.errors import STOP_SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


_CALLBACKS = {"remove", "_remove", "cb"}
"""Names of Python's own callbacks of weak references, in these files:"""
_FILES = ("weakref.py", "_weakrefset.py", "importlib._bootstrap>")


class Ending:
    """Notes what asks to stop before its usual handler runs, while the body of a `with` runs in the main thread."""

    def __init__(self) -> None:
        """Change nothing yet."""
        self._usual: dict[int, Callable[[int, FrameType | None], object]] = {}
        self._noted: list[int] = []

    def __enter__(self) -> Self:
        """Put our handler before the usual ones; what is ignored, as Ctrl+C in a shell's background job, stays so."""
        for number in STOP_SIGNALS:
            handler = signal.getsignal(number)
            if callable(handler):
                self._usual[number] = handler
                signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        """Put the usual handlers back."""
        for number, handler in self._usual.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Do what the usual handler does where a signal came: it was put off or got lost, or this would not run."""
        if self._noted:
            self._usual[self._noted[0]](self._noted[0], None)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._noted.append(number)
        if not _is_dropping(frame):
            self._usual[number](number, frame)


def _is_dropping(frame: FrameType | None) -> bool:
    """Tell whether what is raised here would be dropped."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or (code.co_name in _CALLBACKS and code.co_filename.endswith(_FILES)):
            return True
        frame = frame.f_back
    return False
