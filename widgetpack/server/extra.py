"""Whether the libraries of the server are installed: they are an extra, and most runs need none of them."""

from __future__ import annotations

from importlib.util import find_spec

from widgetpack.errors import WidgetpackError

_LIBRARIES = ("starlette", "uvicorn")


def require_server(command: str) -> None:
    """Raise `WidgetpackError` with the cure where ``widgetpack COMMAND`` cannot serve."""
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        verb = "are" if len(missing) > 1 else "is"
        message = f"{command} needs {' and '.join(missing)}, which {verb} not installed"
        raise WidgetpackError(message, "pip install 'widgetpack[dev]'")
