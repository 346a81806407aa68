"""Which linked files leave the package: those that no file left over names. In doubt a file stays."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".mp3", ".pdf")
_STAYING: Final = ("manifest.json", "i18n/")
_WORD: Final = re.compile(rb"\w+")
_BEFORE: Final = rb"(?<![\w.-])"


def drop(files: dict[str, bytes], linked: Iterable[str], own: Mapping[str, bytes]) -> dict[str, str]:
    """Take the linked files out of ``files``, except those that a file left over names; return these with the reason.

    ``own`` is what the author wrote in files whose text was made here, without the dependencies that are linked.
    """
    linked = list(linked)
    kept = {path: "linked, and a file of the platform's own" for path in linked if path.startswith(_STAYING)}
    gone = {path for path in linked if path not in kept}
    index = _Index(gone)
    queue = [path for path in sorted(files) if path not in gone and not path.lower().endswith(_PICTURES)]
    while queue:
        path = queue.pop()
        for named, how in sorted(index.named_in(own.get(path, files[path]))):
            if named not in gone or (path.endswith(".css") and named.endswith(".js")):
                continue  # a style loads no script: it only speaks of it
            gone.discard(named)
            kept[named] = f"linked into the script, and {how}still named in {path}"
            queue.append(named)
    for path in gone:
        del files[path]
    return kept


class _Index:
    """Paths by a word that must occur in a text that names them, so that a text is compared with few of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_word: dict[bytes, list[str]] = defaultdict(list)
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            folder, name = posixpath.split(path)
            self._by_word[_longest_word(name.removesuffix(".js"))].append(path)
            self._by_folder[folder].append(path)

    def named_in(self, data: bytes) -> Iterator[tuple[str, str]]:
        """Yield (path, how) for what ``data`` may name: by file, by path without ``.js``, or by folder before a quote."""
        words = {b"", *_WORD.findall(data)}
        for word in words & self._by_word.keys():
            yield from ((path, "") for path in self._by_word[word] if _names(data, path))
        for folder, paths in self._by_folder.items():
            if _longest_word(folder) in words and _names_folder(data, folder):
                yield from ((path, f"its folder {folder or '.'}/ is ") for path in paths)


def _longest_word(text: str) -> bytes:
    return max(_WORD.findall(text.encode()), key=len, default=b"")


def _names(data: bytes, path: str) -> bool:
    name, stem = posixpath.basename(path).encode(), path.removesuffix(".js").encode()
    if name in data and re.search(_BEFORE + re.escape(name), data):
        return True
    if stem == path.encode() or stem not in data:
        return False
    return re.search(_BEFORE + re.escape(stem) + rb"[\"'`?]", data) is not None


def _names_folder(data: bytes, folder: str) -> bool:
    """Tell whether ``data`` holds the folder with its slash, as in ``'./lib/' + name``."""
    place = f"{folder}/".encode() if folder else b"./"
    return place in data and re.search(_BEFORE + re.escape(place) + rb"(?:[\"'`]|\$\{)", data) is not None
