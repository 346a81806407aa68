"""The account that the sandbox plays: the one that comes with widgetpack, and over it the project's ``preview/*.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from widgetpack.documents.load import load_document
from widgetpack.documents.places import locate
from widgetpack.documents.schema import shape_faults
from widgetpack.files.selection import FIXTURES, read_regular
from widgetpack.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.model import Document, Tree

HOSTS: Final = {"kommo": "kommo.com", "amocrm": "amocrm.ru"}
_OWN: Final = ("answers", "settings", "installed", "$schema")
"""Keys of a file that are no part of the account."""
_MERGED: Final = ("account", "user", "custom_fields")
"""Parts of the account that are laid over each other key by key; of the others the last file's holds."""
_MOST_BYTES: Final = 50_000_000
"""Of one file; the loader refuses far smaller ones, and says so."""


class Fault(NamedTuple):
    """What is wrong in a file; line and column count from 1."""

    path: str
    line: int
    column: int
    message: str


class Fixtures(NamedTuple):
    """What the page is told of the account."""

    account: dict[str, Any]
    """Facts of the account, flat, and ``user``, ``users``, ``leads``, ... as ``schemas/preview.schema.json`` has them."""
    answers: dict[str, Any]
    """``GET /api/v4/leads/1`` -> ``{status, body, headers, delay}``, each optional."""
    settings: dict[str, Any]
    """Values of the widget's fields; empty where none were given."""
    installed: bool
    faults: tuple[Fault, ...]
    """What could not be used; the rest of the files holds."""


def read_beside(folder: Path) -> dict[str, bytes]:
    """Return the files ``preview/*.json`` in a folder, by path relative to it; what cannot be read, or is elsewhere, is left out."""
    found = {}
    for path in sorted((folder / FIXTURES).glob("*.json")):
        try:
            # A link in somebody's repository could name any file of this machine, and the page would show what is in it.
            is_here = path.resolve().is_relative_to(folder.resolve())
            data = read_regular(str(path), _MOST_BYTES) if is_here else None
        except (OSError, RuntimeError):  # the latter: links in a circle, before Python 3.13
            continue
        if data is not None:
            found[f"{FIXTURES}/{path.name}"] = data
    return found


def files_of(tree: Tree, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the project's fixtures: those in the widget's folder over those beside its config."""
    return {**beside, **{path: data for path, data in tree.aside.items() if path.startswith(f"{FIXTURES}/")}}


def load_fixtures(files: Mapping[str, bytes], target: str) -> Fixtures:
    """Lay the files over the default account, in the order of their names; never raises because of what they hold."""
    account: dict[str, Any] = json.loads(_default())
    rest: dict[str, Any] = {"answers": {}, "settings": {}, "installed": True}
    faults: list[Fault] = []
    for path in sorted(files):
        document = load_document(path, files[path])
        wrong = list(_faults(document))
        faults += wrong
        # A file of another shape could break the page in places that speak of something else.
        value = {} if wrong or not isinstance(document.value, dict) else document.value
        for key, part in value.items():
            if key in ("answers", "settings"):
                rest[key] |= part
            elif key == "installed":
                rest[key] = part
            elif key not in _OWN:
                account[key] = {**account[key], **part} if key in _MERGED else part
    facts = {"host": f"{account['account'].get('subdomain', '')}.{HOSTS[target]}", **account.pop("account")}
    return Fixtures({**facts, **account}, rest["answers"], rest["settings"], rest["installed"], tuple(faults))


def _default() -> bytes:
    return (Path(__file__).parent / "page" / "account.json").read_bytes()


def _faults(document: Document) -> Iterator[Fault]:
    if not document.readable:
        for fault in document.faults:
            yield _placed(document, Place(document.path, offset=fault.offset or 0), fault.message)
    for shape in shape_faults(document, "preview"):
        yield _placed(document, Place(document.path, shape.pointer, on_key=shape.on_key), shape.message)


def _placed(document: Document, place: Place, message: str) -> Fault:
    spot = locate(document.data, place)
    where = ".".join(map(str, place.pointer or ()))
    named = f"`{where}`: " if where else ""
    return Fault(document.path, spot.line, spot.column, f"{named}{message}")
