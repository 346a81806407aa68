"""Files from memory: what is in the mapping is served, and nothing else can be reached, whatever the path says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "map": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "twig": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "md": "text/plain; charset=utf-8",
}
"""By ending; the system's own table differs from machine to machine, and with `nosniff` a wrong type is a dead file."""


def media_type(path: str) -> str:
    """Return the Content-Type of a file by its ending, in any case."""
    return _TYPES.get(path.lower().rpartition(".")[2], "application/octet-stream")


def file_response(files: Mapping[str, bytes], path: str) -> Response:
    """Return the file ``path`` (POSIX, relative, decoded) or 404; there is no listing of a folder."""
    data = files.get(path)
    if data is None:
        return PlainTextResponse(f"no file {path}\n", 404)
    return Response(data, headers={"Content-Type": media_type(path)})
