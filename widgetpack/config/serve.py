"""The keys of ``[serve]``: where the developer's server answers, and to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from widgetpack.model import Pointer

_LAST_PORT = 65_535
_HOST = r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?"
_ORIGIN = r"https?://[^\s/?#@\"',;]+/?"


class ServeOptions(NamedTuple):
    """What is asked of `widgetpack serve` and of the loader of `build --dev`."""

    host: str = "127.0.0.1"
    """Address to listen at; ``0.0.0.0`` is every network of this machine."""
    port: int = 8377
    https: bool = False
    certificate: Path | None = None
    """A PEM file, as a path to open; it implies https. None: one is made where https is asked for."""
    key: Path | None = None
    """The PEM file of its key; None: the certificate's file holds it."""
    origins: tuple[str, ...] = ()
    """Further origins whose pages may read, as ``https://crm.example.com``."""
    id: str = ""
    """The end of the key in `localStorage`; empty: made of the widget's code or name."""


def load_serve_options(table: dict[str, Any], folder: Path) -> ServeOptions:
    """Return the options that the ``[serve]`` table says, which has been checked; paths start from ``folder``."""
    values: dict[str, Any] = {key: table[key] for key in ("host", "port", "https", "id") if key in table}
    values |= {key: folder / table[key] for key in ("certificate", "key") if key in table}
    return ServeOptions(**values, origins=tuple(table.get("origins", ())))


def serve_faults(table: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Yield the place and the words of what the schema cannot say of ``[serve]``."""
    for key in ("certificate", "key"):
        if "\0" in table.get(key, ""):
            yield ("serve", key), f"`serve.{key}`: a NUL character in a path"
    if not 1 <= table.get("port", 1) <= _LAST_PORT:
        yield ("serve", "port"), f"`serve.port`: {table['port']}, not a port from 1 to 65535"
    if re.fullmatch(_HOST, table.get("host", "localhost")) is None:
        yield ("serve", "host"), f'`serve.host`: "{table["host"]}" is no address to listen at: `127.0.0.1`, `0.0.0.0`'
    if "key" in table and "certificate" not in table:
        yield ("serve", "key"), "`serve.key`: a key without its `certificate`"
    for index, origin in enumerate(table.get("origins", ())):
        if re.fullmatch(_ORIGIN, origin) is None:
            words = f'"{origin}" is no origin: `https://crm.example.com`, without a path'
            yield ("serve", "origins", index), f"`serve.origins.{index}`: {words}"
