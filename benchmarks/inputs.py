"""The widgets that are measured: a stand-in for the vendor's birthday-widget, and widgets of any number of files.

Run as a program (``inputs.py standin FOLDER``, ``inputs.py files FOLDER COUNT``): the process that measures must stay small,
because Linux counts what the parent held at the start into the peak memory of a child.
"""

from __future__ import annotations

import io
import json
import random
import struct
import sys
import zlib
from pathlib import Path

from PIL import Image

NAMES_AND_SIZES = """
LICENSE 1071|Readme.md 3270|assets/css/kommo.css 6772|assets/css/style.css 919|assets/templates/loader.twig 253
assets/templates/settings/base.twig 3896|assets/templates/settings/modal.twig 860|assets/templates/widget_right_panel.twig 152
classes/cache.js 2097|classes/events.js 9590|classes/http.js 2908|classes/kommo.js 9299|classes/loader.js 2383
classes/settings.js 2648|classes/template.js 10126|i18n/en.json 2819|i18n/es.json 3039|i18n/pt.json 3062
images/github images/Send _template.png 43194|images/github images/birthday_button.png 12877
images/github images/create_field.png 109375|images/github images/create_template.png 200401
images/github images/kommo_logo.png 9265|images/github images/select_field.png 76654|images/github images/task.png 177282
images/kommo_logo.svg 2819|images/logo.png 5692|images/logo_main.png 58977|images/logo_medium.png 13729
images/logo_min.png 4776|images/logo_small.png 7363|images/question.svg 778|images/slideshow_1_en.jpg 238165
images/slideshow_1_es.jpg 243229|images/slideshow_1_pt.jpg 241249|images/slideshow_2_en.jpg 151627
images/slideshow_2_es.jpg 173241|images/slideshow_2_pt.jpg 175166|images/slideshow_3_en.jpg 145124
images/slideshow_3_es.jpg 148959|images/slideshow_3_pt.jpg 151037|manifest.json 974|plugins/jquery.serializejson.min.js 7677
script.js 13045
"""
"""Files of kommo-crm/birthday-widget at cbec7e6 (2024-11-19) with their sizes in bytes; nothing of their contents."""

_PIXELS = {"logo.png": (130, 100), "logo_main.png": (400, 272), "logo_medium.png": (240, 84), "logo_min.png": (84, 84)}
_PIXELS["logo_small.png"] = (108, 108)
_OTHER_PIXELS = (1188, 616)

_LOCALES = ("en", "pt", "es")
_CALLBACKS = """
    this.callbacks = {
      render: function () { return true; }, init: function () { return true; }, bind_actions: function () { return true; },
      settings: function () {}, onSave: function () { return true; }, destroy: function () {}
    };
"""


def standin() -> dict[str, bytes]:
    """Return files of the names and sizes of the birthday-widget, without findings of their own, the same every time."""
    noise = random.Random(2024)  # noqa: S311  # reproducible, not secret
    table = (item.rpartition(" ") for item in NAMES_AND_SIZES.strip().replace("\n", "|").split("|"))
    sizes = {name: int(size) for name, _, size in table}
    modules = [name for name in sizes if name.startswith("classes/")]
    return {name: _content(name, size, modules, noise) for name, size in sizes.items()}


def _content(name: str, size: int, modules: list[str], noise: random.Random) -> bytes:
    ending = name.rpartition(".")[2]
    if ending in {"png", "jpg"}:
        return _picture(name, size, noise)
    if ending == "json":
        return (manifest(tour=True) if name == "manifest.json" else json.dumps(texts(), indent=1).encode()).ljust(size)
    if name == "script.js":
        body = "  return function () {" + _CALLBACKS + "  };\n"
        return _script(["jquery", *(f"./{module}" for module in modules)], body, size)
    if ending == "js":
        return _script(["jquery"], "  return {};\n", size)
    if ending == "svg":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>'.ljust(size)
    line = {"css": b".birthday .row%d { margin: %dpx }\n", "twig": b"<p>{{ row%d }} %d</p>\n"}.get(
        ending, b"Line %d of %d.\n"
    )
    return b"".join(line % (number, size) for number in range(size // 10))[: size - 1].rsplit(b"\n", 1)[0].ljust(size)


def _picture(name: str, size: int, noise: random.Random) -> bytes:
    """Return a real picture of its slot's pixels, filled up to its size with bytes that do not compress."""
    picture = Image.new("RGB", _PIXELS.get(name.rpartition("/")[2], _OTHER_PIXELS), (90, 140, 200))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG" if name.endswith("png") else "JPEG", quality=10)
    data = buffer.getvalue()
    missing = size - len(data)
    if name.endswith("png"):
        filler = noise.randbytes(missing - 12)
        chunk = struct.pack(">I", len(filler)) + b"fiLl" + filler + struct.pack(">I", zlib.crc32(b"fiLl" + filler))
        return data[:-12] + chunk + data[-12:]
    parts = []
    while missing:
        part = min(missing, 60_000) if missing - 60_000 > 4 or missing <= 60_000 else missing - 10  # noqa: PLR2004
        parts.append(b"\xff\xfe" + struct.pack(">H", part - 2) + noise.randbytes(part - 4))
        missing -= part
    return data[:2] + b"".join(parts) + data[2:]


def _script(dependencies: list[str], end: str, size: int) -> bytes:
    """Return an AMD module of about code's own density, filled up with functions to its size."""
    start = f"define({json.dumps(dependencies)}, function ($) {{\n"
    lines, length, number = [], len(start) + len(end) + 4, 0
    while True:
        line = f"  function step{number}(value) {{\n    var rest = value.items[{number}] || 'none';\n    return rest + {number};\n  }}\n"
        if length + len(line) > size:
            break
        lines.append(line)
        length, number = length + len(line), number + 1
    return (start + "".join(lines) + end + "});\n").encode().ljust(size)


def manifest(*, tour: bool = False) -> bytes:
    """Return a manifest without findings of its own."""
    pictures = {code: [f"/images/slideshow_{number}_{code}.jpg" for number in (1, 2, 3)] for code in _LOCALES}
    value = {
        "widget": {
            **{key: f"widget.{key}" for key in ("name", "description", "short_description")},
            "version": "1.0.1",
            "interface_version": 2,
            "init_once": False,
            "locale": list(_LOCALES),
            "installation": True,
            "support": {"link": "https://widgets.dev"},
        },
        "locations": ["settings", "lcard-1", "ccard-0"],
        "settings": {"custom": {"name": "settings.custom", "type": "custom", "required": False}},
    }
    if tour:
        value["tour"] = {"is_tour": True, "tour_images": pictures, "tour_description": "widget.tour_description"}
    return json.dumps(value).encode()


def texts() -> dict[str, object]:
    """Return texts of one language; more than the manifest names."""
    words = {key: f"The {key} in words" for key in ("name", "description", "short_description", "tour_description")}
    return {
        "widget": words,
        "settings": {"custom": "Custom"},
        "more": {f"text{number}": f"Text {number}" for number in range(60)},
    }


def many_files(count: int) -> dict[str, bytes]:
    """Return a widget of ``count`` files: of ten, four are linked modules, two templates, two texts, one css, one svg."""
    files = {
        "manifest.json": manifest(),
        **{f"i18n/{code}.json": json.dumps(texts()).encode() for code in _LOCALES},
        **plain_logos(),
    }
    kinds = ("js", "js", "js", "js", "twig", "twig", "txt", "txt", "css", "svg")
    rest = max(0, count - len(files) - 1)
    names = [f"part{number // 100}/file{number}.{kinds[number % 10]}" for number in range(rest)]
    modules = [name for name in names if name.endswith("js")]
    noise = random.Random(1)  # noqa: S311
    files.update({name: _content(name, 600, modules, noise) for name in names})
    body = "  return function () {" + _CALLBACKS + "  };\n"
    files["script.js"] = _script(["jquery", *(f"./{name}" for name in modules)], body, 0)
    return files


def plain_logos() -> dict[str, bytes]:
    """Return a logo for every slot, of one colour."""
    return {f"images/{name}": _plain(size) for name, size in _PIXELS.items()}


def _plain(pixels: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", pixels, (90, 140, 200)).save(buffer, "PNG")
    return buffer.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files below a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


if __name__ == "__main__":
    kind, place, *number = sys.argv[1:]
    write(Path(place), standin() if kind == "standin" else many_files(int(number[0])))
