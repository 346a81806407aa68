"""Columns as JavaScript, browsers and source maps count them: a character beyond the first plane is two."""

from __future__ import annotations


def units(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def before(text: str, column: int) -> str:
    """Return the part of a line that stands before a column, which counts from 0; half of a character is left out."""
    return text[:column] if text.isascii() else _decoded(text.encode("utf-16-le", "surrogatepass")[: 2 * column])


def behind(text: str, column: int) -> str:
    """Return the part of a line from a column on, which counts from 0; half of a character is left out."""
    return text[column:] if text.isascii() else _decoded(text.encode("utf-16-le", "surrogatepass")[2 * column :])


def _decoded(data: bytes) -> str:
    return data.decode("utf-16-le", "ignore")
