"""The names of this machine, and what a browser calls a server on it."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # names of it; binding there is the user's choice


def is_loopback(origin: str) -> bool:
    """Tell whether an origin as `origin_of` makes it is this machine, for its browsers."""
    return urlsplit(origin).hostname in LOOPBACK


def origin_of(host: str, port: int, *, https: bool) -> str:
    """Return what browsers on this machine call a server that listens at ``host``: ``http://localhost:8377``.

    `localhost` and not a number, for both families of addresses and for the permissions that a browser keeps.
    """
    bare = host.strip("[]")
    name = "localhost" if bare in LOOPBACK | EVERYWHERE else f"[{bare}]" if ":" in bare else bare
    return f"{'https' if https else 'http'}://{name}:{port}"
