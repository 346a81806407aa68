"""From the files below ``i18n/`` to one `Locale` per language, split folders merged."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from widgetpack.documents.load import load_document
from widgetpack.model import Document, Locale, Pointer, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = re.compile(r"i18n/([^/.][^/]*)\.json")
_FOLDER = re.compile(r"i18n/([^/.][^/]*)/[^/.][^/]*\.json")


def load_locales(tree: Tree) -> Iterator[Locale]:
    """Yield the locales of a tree, sorted by code.

    ``i18n/en.json`` and every ``i18n/en/*.json`` are the locale ``en``; folders count only in a source tree, for the
    platform knows none: the build merges them.
    """
    paths: dict[str, list[str]] = {}
    for path in tree.files:
        match = _FILE.fullmatch(path) or (None if tree.is_archive else _FOLDER.fullmatch(path))
        if match:
            paths.setdefault(match[1], []).append(path)
    for code in sorted(paths):
        documents = tuple(load_document(path, tree.files[path]) for path in sorted(paths[code]))
        yield _Merge(documents).locale(code)


def find_text(locale: Locale, key: str) -> tuple[Pointer, str] | None:
    """Return where a locale holds the text that the manifest names ``key``, and the text.

    Split on dots, as the platform does for the manifest; a flat key of that name counts as well.
    """
    pointer: Pointer = tuple(key.split("."))
    value = locale.value
    for part in pointer:
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, str):
        return pointer, value
    flat = locale.value.get(key) if isinstance(locale.value, dict) else None
    return ((key,), flat) if isinstance(flat, str) else None


class _Merge:
    """The texts of several files laid into one another; a key that a second file sets is a clash."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self._documents = documents
        self._owners: dict[Pointer, str] = {}
        self._clashes: list[tuple[Document, Pointer, str]] = []

    def locale(self, code: str) -> Locale:
        if len(self._documents) == 1:
            return Locale(code, self._documents, self._documents[0].value)
        merged: dict[str, Any] = {}
        for document in self._documents:
            if isinstance(document.value, dict):
                self._add(merged, document.value, (), document)
        return Locale(code, self._documents, merged, tuple(self._clashes))

    def _add(self, merged: dict[str, Any], value: dict[str, Any], pointer: Pointer, document: Document) -> None:
        for key, item in value.items():
            here = (*pointer, key)
            if key not in merged:
                merged[key] = copy.deepcopy(item)
                self._own(item, here, document.path)
            elif isinstance(merged[key], dict) and isinstance(item, dict):
                self._add(merged[key], item, here, document)
            else:
                self._clashes.append((document, here, self._owners[here]))

    def _own(self, item: Any, pointer: Pointer, path: str) -> None:
        """Note which file set a key, and every key below it."""
        self._owners[pointer] = path
        for key, below in item.items() if isinstance(item, dict) else ():
            self._own(below, (*pointer, key), path)
