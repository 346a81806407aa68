"""From results to text: one module per format, imported when it is called for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from widgetpack.config.outputs import FORMAT_NAMES
from widgetpack.pipeline import Result
from widgetpack.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Renderer = Callable[[Sequence[Result], Style], str]


def _renderer(name: str) -> Renderer:
    def render(results: Sequence[Result], style: Style) -> str:
        text: str = import_module(f"widgetpack.report.{name}").render(results, style)
        return text

    return render


FORMATS: dict[str, Renderer] = {name: _renderer(name) for name in FORMAT_NAMES}
"""Format name -> function of the results and the style; it lies in the module of that name as ``render``."""

__all__ = ["FORMATS", "Result", "Style"]
