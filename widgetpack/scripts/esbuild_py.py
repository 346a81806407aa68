"""esbuild as a shared library: the compiled half of the ``esbuild-py`` distribution, bound without its Python half.

The Python half imports ``distutils``, which Python 3.12 no longer has, and looks only in the site folders. The library
itself offers one call with fixed options (JSX in, current JavaScript out, comments dropped) and answers a syntax error
with an empty string. Its Go runtime does not survive ``fork``: load it in the worker, never before forking one.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ctypes import CDLL

CACHED: Final = 64
"""Texts whose result is remembered, so that checking and lowering one script, or a save of another, is one call."""


@cache
def _library() -> CDLL | None:
    """Return the loaded library, or None where it is absent or cannot be loaded, for whatever reason."""
    # Imported here: a script that was just bundled is not asked about, and where there are no others this is 6 ms less.
    import ctypes
    import importlib.util

    try:
        spec = importlib.util.find_spec("_esbuild")
        if spec is None or spec.origin is None:
            return None
        library = ctypes.CDLL(spec.origin)
        library.transform.argtypes = [ctypes.c_char_p]
        library.transform.restype = ctypes.c_void_p
        library.free.argtypes = [ctypes.c_void_p]
        library.free.restype = None
    except (OSError, AttributeError, ImportError, ValueError):
        return None
    return library


def available() -> bool:
    """Tell whether esbuild can be called here."""
    return _library() is not None


def _call(library: CDLL, text: str) -> str:
    """Return esbuild's raw answer: the printed program, or an empty string for an error or for nothing to print."""
    import ctypes

    pointer = library.transform(text.encode("utf-8", "replace"))
    if not pointer:
        return ""
    try:
        return ctypes.string_at(pointer).decode("utf-8", "replace")
    finally:
        library.free(pointer)


@lru_cache(maxsize=CACHED)
def transform(text: str) -> str | None:
    """Return ``text`` as esbuild prints it: JSX lowered, comments dropped, non-ASCII characters escaped.

    None means that the text is no JavaScript, or holds a NUL (esbuild would cut it there). Call only when `available`;
    else the answer is None, too. Nesting must be bounded by the caller: esbuild indents, so depth costs its square.
    """
    library = _library()
    if library is None or "\0" in text:
        return None
    printed = _call(library, text)
    # Nothing printed is an error or a text without statements; a statement put in front tells the two apart, and
    # cannot repair anything that follows it.
    if printed or _call(library, "0;\n" + text):
        return printed
    return None
