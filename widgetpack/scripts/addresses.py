"""The web addresses in scripts and templates: which are local, which are insecure, which hold code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from widgetpack.scripts.code import string_around, texts
from widgetpack.scripts.javascript import Script, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.code import Use

Role = Literal["dependency", "loaded", "whole", "part"]

TUNNELS: Final = (
    # Hosts of services that lead to a developer's machine, each with the names below it.
    "ngrok.io",
    "ngrok.app",
    "ngrok.dev",
    "ngrok-free.app",
    "ngrok-free.dev",
    "zrok.io",
    "loca.lt",
    "localtunnel.me",
    "trycloudflare.com",
    "serveo.net",
    "lhr.life",
    "localhost.run",
    "devtunnels.ms",
    "telebit.io",
    "pagekite.me",
    "tunnelmole.net",
    "bore.pub",
    "localto.net",
)
_LOCAL: Final = (
    r"localhost|(?:[\w-]+\.)+(?:localhost|local|test)|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]"
    r"|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}"
)
_HINTS: Final = (
    b"//localhost",
    b"//127.",
    b"//192.168.",
    b"//10.",
    b"//172.",
    b"//0.0.0.0",
    b"//[::1]",
    b".localhost",
    *(name + sign for name in (b".local", b".test") for sign in (b"/", b":", b"'", b'"', b"`")),
)
_ADDRESS: Final = rb"//[^\s\"'`<>\\(){}|^]+"
_SCHEME: Final = rb"(?:https?|wss?):\Z"
_INSECURE: Final = rb"http://[^\s\"'`<>\\(){}|^]+"
_NAMES_ONLY: Final = (
    # Addresses that are names of formats and are never asked for.
    r"https?://(?:www\.)?(?:w3\.org|schemas?\.|xml\.|ns\.|purl\.org|xmlsoap\.org|openxmlformats|sodipodi\.|inkscape\.org"
    r"|json-schema\.org|example\.(?:com|org|net)|bugs\.|fb\.me|goo\.gl|git\.io|bit\.ly)"
)
_LOADS: Final = rb"""(?:\bsrc\s*=\s*\\?["']?|<link\b[^>]*\bhref\s*=\s*\\?["']?|url\(\s*["']?)\Z"""
_LOADING_CALLS: Final = (
    "getScript",
    "require",
    "import",
    "requirejs",
    "ajax",
    "get",
    "post",
    "getJSON",
    "fetch",
    "open",
)


class Address(NamedTuple):
    """One web address as it stands in a text of the code."""

    url: str
    offset: int
    role: Role
    """``loaded``: a tag or a call loads it on the spot; ``whole``: a text starts with it; ``part``: it stands within one."""


@lru_cache(maxsize=256)
def local_addresses(script: Script) -> tuple[Address, ...]:
    """Return the addresses of developers' machines in the code of a script; of a glanced one those with a port."""
    if not _may_be_local(script.data):
        return ()
    found = _glanced(script) if script.glanced else _addresses(script, _ADDRESS)
    return tuple(address for address in found if is_local(address.url))


@lru_cache(maxsize=256)
def insecure_addresses(script: Script) -> tuple[Address, ...]:
    """Return the ``http://`` addresses that a text of the code starts with, or that a tag in it loads."""
    if b"http://" not in script.data or script.glanced:
        return ()
    return tuple(
        address
        for address in _addresses(script, _INSECURE)
        if not is_local(address.url) and not re.match(_NAMES_ONLY, address.url) and address.role != "part"
    )


def _may_be_local(data: bytes) -> bool:
    """Tell quickly whether ``data`` may name a developer's machine."""
    return b"//" in data and (any(word in data for word in _HINTS) or any(host.encode() in data for host in TUNNELS))


def is_local(url: str) -> bool:
    """Tell whether ``url`` leads to this machine, a private network or a tunnel."""
    host = host_of(url)
    return re.fullmatch(_LOCAL, host) is not None or any(host == t or host.endswith(f".{t}") for t in TUNNELS)


def host_of(url: str) -> str:
    """Return the host of an address in small letters, without its port; empty where there is none."""
    try:
        host = urlsplit(url.replace("\\", "")).netloc
    except ValueError:
        return ""
    return re.sub(r"\A[^@]*@|:\d*\Z", "", host).lower()


def is_address(identifier: str) -> bool:
    """Tell whether a module's name or the start of an expression is a whole address."""
    return re.match(r"""["'`]?(?:https?:)?//[^/]""", identifier) is not None


def _addresses(script: Script, source: bytes) -> Iterator[Address]:
    for match, use in texts(script, re.compile(source)):
        url, offset = _whole(match, script.data)
        role = "dependency" if _is_asked(script, offset) else _role(offset, use, script.data)
        yield Address(url.rstrip(".,;"), offset, role)


def _whole(match: re.Match[bytes], data: bytes) -> tuple[str, int]:
    """Return an address with the scheme before its slashes, and where it starts."""
    scheme = re.search(_SCHEME, data[max(0, match.start() - 6) : match.start()])
    before = scheme[0] if scheme is not None else b""
    return (before + match[0]).decode("utf-8", "replace"), match.start() - len(before)


def _is_asked(script: Script, offset: int) -> bool:
    """Tell whether a place lies in a dependency."""
    return any(d.offset <= offset < d.end for define in script.defines for d in define.dependencies)


def _glanced(script: Script) -> Iterator[Address]:
    """Yield the addresses of a text without a tree that stand right behind a quote and name a port, or a dependency's."""
    for match in re.finditer(_ADDRESS, script.data):
        url, offset = _whole(match, script.data)
        if _is_asked(script, offset):
            yield Address(url, offset, "dependency")
        elif script.data[offset - 1 : offset] in (b'"', b"'", b"`") and re.search(r"//[^/]*:\d{2,5}", url):
            yield Address(url, offset, "part")


def _role(offset: int, use: Use, data: bytes) -> Role:
    text = string_around(use)
    start = offset if text is None else text.start_byte
    above = text.parent if text is not None else None
    while above is not None and above.type in ("binary_expression", "array", "parenthesized_expression"):
        above = above.parent
    call = above.parent if above is not None and above.type == "arguments" else None
    if re.search(_LOADS, data[max(start, offset - 120) : offset]) or (
        offset == start + 1 and _is_loading_call(call, data)
    ):
        return "loaded"
    return "whole" if offset == start + 1 else "part"


def _is_loading_call(call: Node | None, data: bytes) -> bool:
    function = call.child_by_field_name("function") if call is not None else None
    named = function.child_by_field_name("property") or function if function is not None else None
    return named is not None and text_of(named, data) in _LOADING_CALLS


_TEMPLATE_LOADS: Final = rb"(?i)(?:\bsrc|\bdata|<link\b[^>]*\bhref|\bposter)\s*=\s*[\"']?(http://[^\s\"'<>]+)"


def loaded_by_template(data: bytes) -> Iterator[Address]:
    """Yield the ``http://`` addresses that the tags of a twig or html file load."""
    for match in re.compile(_TEMPLATE_LOADS).finditer(data) if b"http://" in data else ():
        url = match[1].decode("utf-8", "replace")
        if not is_local(url):
            yield Address(url, match.start(1), "loaded")


def local_in_template(data: bytes) -> Iterator[Address]:
    """Yield the addresses of developers' machines in a twig or html file."""
    for match in re.finditer(_ADDRESS, data) if _may_be_local(data) else ():
        url, offset = _whole(match, data)
        if is_local(url):
            yield Address(url, offset, "part")
