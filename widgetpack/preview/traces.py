"""Where in the user's own files a fault of the running widget is: by the stack, else by the words that name it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from widgetpack.comments import without_comments
from widgetpack.model import Place
from widgetpack.scripts.callbacks import callbacks
from widgetpack.scripts.constructor import constructors
from widgetpack.scripts.kind import kind_of
from widgetpack.utf16 import offset_of
from widgetpack.widget import ENTRY, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from widgetpack.pipeline import Made
    from widgetpack.preview.origin import Sources

_FRAME: Final = re.compile(r"/upl/[^/]+/\d+/widget/([^?#\s)]+?)(?:\?[^:\s)]*)?:(\d{1,7}):(\d{1,7})")
_MOST_FRAMES: Final = 50


class Traces:
    """The widget as it was written, and the way back to it from what ran."""

    def __init__(self, made: Made, sources: Sources) -> None:
        """Take the build and its maps."""
        self._widget = made.widget
        self._build = made.build
        self._sources = sources
        self._files = made.widget.tree.files

    def of_stack(self, stack: str) -> Place | None:
        """Return the innermost frame in a script that was written here; where there is none, the innermost in any of the widget."""
        found: Place | None = None
        for place, is_own in self._frames(stack):
            if is_own:
                return place
            found = found or place
        return found

    def of_own_frame(self, stack: str) -> Place | None:
        """Return the innermost frame in a script that was written here."""
        return next((place for place, is_own in self._frames(stack) if is_own), None)

    def _frames(self, stack: str) -> Iterator[tuple[Place, bool]]:
        """Yield the frames in scripts of the widget from the inside out, and whether each was written here."""
        for match in islice(_FRAME.finditer(stack), _MOST_FRAMES):
            path, line, column = unquote(match[1]), int(match[2]), int(match[3])
            spot = self._sources.find(path, line, column)
            if spot is None:
                continue
            if path in self._build.maps:
                # The place in the script that ships: `widgetpack.origins.traced` tells it as one in the sources.
                place, is_own = self._place(path, line, column), spot.path in self._build.sources
            else:
                place, is_own = self._place(*spot), self._is_own(spot.path)
            if place is not None:
                yield place, is_own

    def of_file(self, path: str) -> Place:
        """Return a file as a whole, else the entry."""
        return Place(path) if path in self._files else self.entry()

    def of_callback(self, name: str) -> Place:
        """Return where a callback is written, else the entry."""
        for script in self._widget.scripts.values():
            for callback in callbacks(script):
                if callback.name == name:
                    return Place(script.path, offset=callback.offset)
        word = re.escape(name.rpartition(".")[2])
        return self.of_word(rf"(?<![\w$.])[\"']?{word}[\"']?\s*[:(=]", rf"\.{word}\s*=")

    def of_constructor(self) -> Place:
        """Return where the module of the entry is given back, else the entry: what a bundler wrote there is nobody's own."""
        script = None if ENTRY in self._build.maps else self._widget.scripts.get(ENTRY)
        given = list(constructors(script)) if script is not None else []
        return Place(ENTRY, offset=given[-1][1]) if given else self.entry()

    def of_word(self, *patterns: str) -> Place:
        """Return the first match of the first pattern that matches, in scripts of one's own before others; else the entry."""
        return self.of_pattern(*patterns, endings=(".js",)) or self.entry()

    def of_pattern(self, *patterns: str, endings: tuple[str, ...]) -> Place | None:
        """Return the first match of the first pattern that matches outside of comments, in files of one's own before others.

        Where a pattern has a group, that is the place.
        """
        for pattern in patterns:
            search = re.compile(pattern.encode("utf-8", "replace"))
            for path in self._searched(endings):
                data = self._files[path]
                # Comments are looked for only where there is something to find: libraries are long.
                match = search.search(data) and search.search(without_comments(path, data))
                if match is not None:
                    return Place(path, offset=match.start(min(1, search.groups)))
        return None

    def of_text(self, text: str, *endings: str) -> Place | None:
        """Return where a text stands in a file with one of these endings, outside of comments."""
        return self.of_pattern(re.escape(text), endings=endings) if text else None

    def entry(self) -> Place:
        """Return the place of what has no better one."""
        return Place(ENTRY if ENTRY in self._files else MANIFEST)

    def of_locale(self, path: str) -> Place:
        """Return the file of a language: ``i18n/en.json``, or the first of a folder that is merged into it."""
        if path in self._files:
            return Place(path)
        code = path.rpartition("/")[2].removesuffix(".json")
        locales = (locale for locale in self._widget.locales if locale.code == code and locale.documents)
        return next((Place(locale.documents[0].path) for locale in locales), self.entry())

    def _searched(self, endings: tuple[str, ...]) -> Iterable[str]:
        """Yield the entry, then other files of one's own, then the rest."""
        paths = [path for path in self._files if path.endswith(endings)]
        return sorted(paths, key=lambda path: (not self._is_own(path), path != ENTRY, path))

    def _is_own(self, path: str) -> bool:
        data = self._files.get(path)
        return data is not None and (
            not path.endswith(".js") or kind_of(path, data) == "own" or path in self._build.maps
        )

    def _place(self, path: str, line: int, column: int) -> Place | None:
        """Return line and column, counted from 1 and in UTF-16 units, as an offset; None for what is no file of the widget."""
        data = self._files.get(path)
        return None if data is None else Place(path, offset=offset_of(data, line, column))
