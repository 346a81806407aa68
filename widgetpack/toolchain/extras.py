"""Libraries that only some commands need, each in an extra of the package: what is missing is one line with its cure."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from widgetpack.errors import WidgetpackError

EXTRAS: Final = {"dev": ("starlette", "uvicorn", "nh3", "trustme"), "browser": ("playwright",), "svg": ("resvg_py",)}
"""Extra -> the modules that come with it."""


def require(what: str, extra: str, *modules: str) -> None:
    """Raise `WidgetpackError` where a module of an ``extra`` is missing that ``what`` needs, as ``preview --check``."""
    missing = [name for name in modules or EXTRAS[extra] if find_spec(name) is None]
    if missing:
        verb = "are" if len(missing) > 1 else "is"
        *before, last = missing
        names = f"{', '.join(before)} and {last}" if before else last
        message = f"{what} needs {names}, which {verb} not installed"
        raise WidgetpackError(message, f"pip install 'widgetpack[{extra}]'")
