"""F: what the integration's form says: its links, its rights and its description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgetpack.model import Place, Pointer, Problem
from widgetpack.rules.base import rule
from widgetpack.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = "developers.kommo.com/docs/private-integration"
_LINKS = ("redirect_uri", "revoke_access_hook_uri")
_SCOPES = 5
"""All that there are (schemas/integration.schema.json)."""

# Compiled where there is a form to judge: most widgets have none, and compiling all costs a millisecond.
_INNER = r"[^.]+|\[.*\]|.*\.(?:internal|lan)"
"""Hosts of a network of one's own beside those that scripts may name: a bare name, IPv6, what routers give."""
_NUMBERS = r"[0-9.]+"


def _place(widget: Widget, *pointer: str | int) -> Place:
    return Place(widget.form.path if widget.form else "", (*widget.form_base, *pointer))


def _links(widget: Widget) -> Iterator[tuple[str, str]]:
    for key in _LINKS:
        value = widget.form_value.get(key)
        if isinstance(value, str) and value.lower().startswith("https://"):
            yield key, value


@rule("F08", Widget, "warning", source=_FORM + " (the platform checks that the link answers, with a valid certificate)")
def unreachable_link(widget: Widget) -> Iterator[Problem]:
    """The redirect link or the hook names a host that the platform cannot reach for long.

    This machine, a private network, a bare IP address (for which nobody signs a certificate) or a tunnel that ends with
    the terminal.

    Fix: give the address of a server with a name and a certificate.

    Wrong: `"redirect_uri": "https://localhost:3000/oauth"`
    Right: `"redirect_uri": "https://acme.dev/oauth"`
    """
    for key, value in _links(widget):
        host, what = _host_and_fault(value)
        if host and what:
            yield Problem(f"`{host[:60]}`: {what}", _place(widget, key))


def _host_and_fault(url: str) -> tuple[str, str]:
    """Return the host of an address, and why the platform cannot reach it, or nothing."""
    from widgetpack.scripts.addresses import TUNNELS, host_of, is_local

    host = host_of(url)
    if any(host == tunnel or host.endswith(f".{tunnel}") for tunnel in TUNNELS):
        return host, "a tunnel, which ends with the program that opened it"
    if is_local(url) or re.fullmatch(_INNER, host):
        return host, "only this machine or its network reaches it"
    return host, "an IP address has no certificate" if re.fullmatch(_NUMBERS, host) else ""


@rule(
    "F09",
    Widget,
    "info",
    source="field reports, 2026: the tab with the long-lived token is gone while the redirect link is filled",
)
def redirect_given(widget: Widget) -> Iterator[Problem]:
    """A private integration has a redirect link.

    While it is filled, the form offers no long-lived token. Only a server that takes part in OAuth needs the link.

    Fix: leave `redirect_uri` out if you use the long-lived token; else all is well.

    Wrong: `"redirect_uri": "https://acme.dev"`, with a long-lived token in use
    Right: no `redirect_uri`, with a long-lived token in use
    """
    if widget.config.audience == "private" and any(key == "redirect_uri" for key, _ in _links(widget)):
        yield Problem("with a redirect link the form offers no long-lived token", _place(widget, "redirect_uri"))


@rule("F10", Widget, "warning", source="RFC 6749, 3.1.2: no fragment; a fragment is never sent to a server")
def fragment_in_link(widget: Widget) -> Iterator[Problem]:
    """The redirect link or the hook ends in a fragment.

    Servers never see what stands behind `#`.

    Fix: remove it.

    Wrong: `"revoke_access_hook_uri": "https://acme.dev/#/bye"`
    Right: `"revoke_access_hook_uri": "https://acme.dev/bye"`
    """
    for key, value in _links(widget):
        if "#" in value:
            yield Problem("a fragment (`#...`), which no server ever sees", _place(widget, key))


@rule("F11", Widget, "info", source=_FORM + ", docs/permissions")
def no_scopes(widget: Widget) -> Iterator[Problem]:
    """The form asks for no right at all.

    The integration's token can then read nothing. A widget that only draws needs none.

    Fix: name the scopes that your server needs, mostly `crm`; leave `scopes` out where there is no server.

    Wrong: `"scopes": []`
    Right: `"scopes": ["crm"]`
    """
    if widget.form_value.get("scopes") == []:
        yield Problem("no scope: a token of this integration can read nothing", _place(widget, "scopes"))


@rule("F12", Widget, "info", source=_FORM + " (the minimum that the integration needs)")
def broad_scopes(widget: Widget) -> Iterator[Problem]:
    """The form asks for the right to delete files, or for every right there is.

    Users see the list before they install.

    Fix: keep only the scopes that your code uses.

    Wrong: `"scopes": ["crm", "files", "files_delete"]` for a widget that only reads files
    Right: `"scopes": ["crm", "files"]` for a widget that only reads files
    """
    scopes = widget.form_value.get("scopes")
    if not isinstance(scopes, list):
        return
    if len({scope for scope in scopes if isinstance(scope, str)}) >= _SCOPES:
        yield Problem("every scope there is: ask for what the code uses", _place(widget, "scopes"))
    elif "files_delete" in scopes:
        place = _place(widget, "scopes", scopes.index("files_delete"))
        yield Problem("the right to delete the users' files: ask only if the code does", place)


@rule("F13", Widget, "warning", source=_FORM + " (HTML layout is allowed); getting-listed (no `<script>`)")
def form_markup(widget: Widget) -> Iterator[Problem]:
    """The description in the form holds a `<script>`, an http link, or an element that is never closed.

    The window of the integration shows it as HTML.

    Fix: remove the script, write https, add the end tag.

    Wrong: `"description": "Plans <b>tasks"`
    Right: `"description": "Plans <b>tasks</b>"`
    """
    from widgetpack.documents.markup import load_markup

    for pointer, text in _descriptions(widget):
        found = load_markup(text)
        addresses = [link.address for link in found.links if link.address.lower().startswith("http:")]
        faults = ["`<script>` in the description"] if found.scripts else []
        faults += [f"the link to {address[:40]!r} is not https" for address in addresses]
        faults += [f"`<{tag}>` is never closed" for tag in found.unclosed]
        for fault in dict.fromkeys(faults):
            yield Problem(fault, _place(widget, *pointer))


def _descriptions(widget: Widget) -> Iterator[tuple[Pointer, str]]:
    value = widget.form_value.get("description")
    if isinstance(value, str):
        yield ("description",), value
    for language, text in value.items() if isinstance(value, dict) else ():
        if isinstance(text, str):
            yield ("description", language), text
