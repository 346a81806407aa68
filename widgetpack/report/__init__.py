"""From results to text: one function per format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.pipeline import Result
from widgetpack.report.json import render_json
from widgetpack.report.text import Style, render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMATS: dict[str, Callable[[Sequence[Result], Style], str]] = {"text": render_text, "json": render_json}
"""Format name -> function of the results and the terminal's style."""

__all__ = ["FORMATS", "Result", "Style"]
