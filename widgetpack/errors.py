"""What stops the tool. A fault of a widget is never an exception: it is a `widgetpack.model.Finding`."""

from __future__ import annotations

import signal

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_TOOL = 3
EXIT_INTERRUPTED = 130

STOP_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a run to end: Ctrl+C, another program, a terminal that closes (which Windows does not tell so)."""


class WidgetpackError(Exception):
    """Something outside the widget stops the run; ``hint`` says what to try next."""

    exit_code = EXIT_TOOL

    def __init__(self, message: str, hint: str = "") -> None:
        """Take one line that says what is, and one that says the cure."""
        super().__init__(message, hint)  # both, so that the error survives the way back from a worker process
        self.hint = hint

    def __str__(self) -> str:
        """Return the message alone."""
        return str(self.args[0])


class UsageError(WidgetpackError):
    """The command line, or the path it names, is not one that can be used."""

    exit_code = EXIT_USAGE


class ConfigError(UsageError):
    """The config file has an unknown key, a wrong type, or is not TOML."""


class WriteError(WidgetpackError):
    """A file could not be written; what was there before is untouched."""


def reason_of(error: OSError | ValueError) -> str:
    """Return what is said against a file, as the end of a sentence: ``permission denied``; ValueError is for a NUL in its name."""
    return (getattr(error, "strerror", None) or str(error)).lower()
