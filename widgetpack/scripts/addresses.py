"""The web addresses in scripts and templates: which are local, which are insecure, which hold code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from widgetpack.scripts.code import is_searched, string_around, texts
from widgetpack.scripts.nodes import literal, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.code import Use
    from widgetpack.scripts.javascript import Script

Role = Literal["dependency", "loaded", "led-to", "whole", "part"]

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
_INSECURE: Final = rb"(?<![a-z])(?:http|ws)://[^\s\"'`<>\\(){}|^]+"
_NAMES_ONLY: Final = (
    # Addresses that are names of formats and are never asked for.
    r"https?://(?:www\.)?(?:w3\.org|schemas?\.|xml\.|ns\.|purl\.org|xmlsoap\.org|openxmlformats|sodipodi\.|inkscape\.org"
    r"|json-schema\.org|example\.(?:com|org|net)|bugs\.|fb\.me|goo\.gl|git\.io|bit\.ly)"
)
_LOADS: Final = rb"""(?:\bsrc\s*=\s*\\?["']?|<link\b[^<>]{0,500}\bhref\s*=\s*\\?["']?|url\(\s*["']?)\Z"""
_LOADING_CALLS: Final = (
    *("getScript", "require", "import", "requirejs", "ajax", "get", "post", "getJSON", "fetch", "open"),
    *("crm_post", "$authorizedAjax", "render", "axios", "WebSocket"),
)


class Address(NamedTuple):
    """One web address as it stands in a text of the code."""

    url: str
    offset: int
    role: Role
    """``loaded``: a tag or a call loads it on the spot; ``led-to``: it is only looked for, or the browser goes there;
    ``whole``: a text starts with it; ``part``: it stands within one."""


@lru_cache(maxsize=256)
def local_addresses(script: Script) -> tuple[Address, ...]:
    """Return the addresses of developers' machines in the code of a script; of a glanced one those with a port."""
    if not _may_be_local(script.data):
        return ()
    found = _glanced(script) if script.glanced else _addresses(script, _ADDRESS)
    return tuple(address for address in found if is_local(address.url))


@lru_cache(maxsize=256)
def insecure_addresses(script: Script) -> tuple[Address, ...]:
    """Return the ``http://`` and ``ws://`` addresses that a text of the code starts with, or that a tag in it loads."""
    if (b"http://" not in script.data and b"ws://" not in script.data) or script.glanced:
        return ()
    return tuple(
        address
        for address in _addresses(script, _INSECURE)
        if not is_local(address.url)
        and not re.match(_NAMES_ONLY, address.url)
        and address.role not in ("part", "led-to")
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
        yield Address(url.rstrip(".,;$"), offset, role)  # `$` of `${...}`


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
    if re.search(_LOADS, data[max(start, offset - 120) : offset]):
        return "loaded"
    if text is None or offset != start + 1:
        return "part"
    if is_searched(text, data):
        return "led-to"
    node, above = text, text.parent
    while above is not None and above.type in ("binary_expression", "array", "parenthesized_expression"):
        node, above = above, above.parent
    return "whole" if above is None else _given_to(node, above, data)


def _given_to(node: Node, above: Node, data: bytes) -> Role:
    """Say what becomes of an address from where it stands: in a call, an option of one, or an assignment."""
    key = ""
    if above.type == "pair":
        named = above.child_by_field_name("key")
        key = "" if named is None else literal(named, data) or text_of(named, data)
        above = above.parent.parent if above.parent is not None and above.parent.parent is not None else above
    if above.type == "assignment_expression":
        target = above.child_by_field_name("left")
        return "led-to" if target is not None and re.search(_GOES, text_of(target, data)) else "whole"
    call = above.parent if above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if call is None or function is None:
        return "led-to" if key == "href" else "whole"
    called = text_of(function, data)
    method = called.rpartition(".")[2]
    first = text_of(above.named_children[0], data).strip("\"'`") if above.named_children else ""
    is_link = method in ("attr", "prop", "setAttribute") and first == "href"
    if key == "href" and method != "render":
        return "led-to"
    if re.search(_GOING_CALLS, called) or is_link or (method == "open" and above.named_children[0] == node):
        return "led-to"
    return "loaded" if method in _LOADING_CALLS and key in ("", "url", "src", "href") else "whole"


_GOES: Final = r"(?:\A|\.)(?:location|href)\Z"
_GOING_CALLS: Final = r"(?:\A|\.)location\.(?:assign|replace)\Z"


_TEMPLATE_LOADS: Final = rb"(?i)(?:\bsrc|\bdata|<link\b[^<>]{0,500}\bhref|\bposter)\s*=\s*[\"']?(http://[^\s\"'<>]+)"


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
