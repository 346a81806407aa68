"""From an SVG to pixels, drawn anew for every size, by resvg in a process of its own (see `canvas`)."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.errors import UsageError
from widgetpack.logos.markup import Markup, load_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from widgetpack.logos.art import Cut

_MOST_BYTES = 10_000_000
_SECONDS = 60
"""After which the drawing of all sizes is given up; an illustration of 10,000 paths takes about one."""

_SIMPLIFY = "simplify it, or export it as PNG"
_FONTS = "its text is drawn with the fonts of this machine; turn it into paths to get the same logos everywhere"
_HTML = "it holds HTML (foreignObject), which is not drawn"


class Vector(NamedTuple):
    """An SVG."""

    path: str
    markup: Markup
    has_pixels: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in CSS pixels."""
        return self.markup.width, self.markup.height

    @property
    def notes(self) -> tuple[str, ...]:
        """What will look other than in the drawing program."""
        return (_FONTS,) * self.markup.has_text + (_HTML,) * self.markup.has_html

    def draw(self, cuts: Sequence[Cut]) -> list[Image]:
        """Return each cut, drawn at its size; raise `UsageError` where resvg cannot draw it."""
        from PIL import Image

        request = {
            "before": self.markup.before,
            "openings": [self._opening(cut) for cut in cuts],
            "after": self.markup.root + "</svg></svg>",
            "fonts": self.markup.has_text,
        }
        pictures = _ask_canvas(self.path, request)
        return [Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA") for picture in pictures]

    def _opening(self, cut: Cut) -> str:
        """Return two elements around the root: the outer one cuts and scales, the inner one is what 100% means."""
        left, top, right, bottom = cut.region
        space, (width, height) = 'svg xmlns="http://www.w3.org/2000/svg"', cut.size
        view = f'viewBox="{left:f} {top:f} {right - left:f} {bottom - top:f}" preserveAspectRatio="none"'
        return f'<{space} width="{width}" height="{height}" {view}><{space} width="{self.size[0]:f}" height="{self.size[1]:f}">'


def load_vector(path: str, data: bytes) -> Vector:
    """Read an SVG. Raises `UsageError` for a hostile one, and where the extra that draws it is not installed."""
    if len(data) > _MOST_BYTES:
        message = f"{path}: {len(data):,} bytes of SVG; at most {_MOST_BYTES:,} are drawn"
        raise UsageError(message, _SIMPLIFY)
    if find_spec("resvg_py") is None:
        message = f"{path}: drawing SVG needs resvg: pip install 'widgetpack[svg]'"
        raise UsageError(message, "or export the picture as PNG of at least 800x544 pixels")
    return Vector(path, load_markup(path, data))


def _ask_canvas(path: str, request: dict[str, Any]) -> list[str]:
    """Return the pictures (base64 of PNG) that the other process draws."""
    # -P: nothing is imported from the current folder, which may be somebody else's widget.
    command = [sys.executable, "-P", str(Path(__file__).with_name("canvas.py"))]
    try:
        done = subprocess.run(  # noqa: S603  # our own script
            command, input=json.dumps(request).encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"{path}: the SVG takes more than {_SECONDS} seconds to draw"
        raise UsageError(message, _SIMPLIFY) from None
    if done.returncode != 0:
        message = f"{path}: the SVG is too much for resvg: too deep, too large or of too many elements"
        raise UsageError(message, _SIMPLIFY)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "fault" in answer:
        reason = " ".join(answer["fault"].split())[:200]
        message = f"{path}: the SVG cannot be drawn: {reason}"
        raise UsageError(message, _SIMPLIFY)
    pictures: list[str] = answer["pictures"]
    return pictures
