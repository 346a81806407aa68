"""Which logos are made, and the file of each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.config.settings import read_config
from widgetpack.errors import UsageError
from widgetpack.files.selection import FORM_FILE, FORM_ICON_FILE, read_form
from widgetpack.files.sources import find_root
from widgetpack.files.writing import leads_out
from widgetpack.platform import FORM_ICON, SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

ICON = "icon"
"""The form's icon, as ``--slot`` names it."""
NAMES = (*(slot.name for slot in SLOTS), ICON)
_ENDINGS = ("png", "jpg", "jpeg", "gif")
"""What the form's page takes (private integration page)."""


class Target(NamedTuple):
    """One file to make."""

    name: str
    size: tuple[int, int]
    path: Path
    note: str = ""
    """What the user must do for this file to be used."""


def plan_targets(folder: Path | None, names: Sequence[str]) -> tuple[Target, ...]:
    """Return the files for ``names`` (of `NAMES`; none: all) in the widget at ``folder``, else directly in ``folder``.

    Raises `UsageError` where no folder is named and the current one holds no widget, and where a link leads out of it.
    """
    base = Path() if folder is None else folder
    root = _root(base)
    if root is None and folder is None:
        raise UsageError("no manifest.json in the current folder", "name the widget's folder, or any other, with -o")
    images = base if root is None else root / "images"
    wanted = names or NAMES
    targets = [
        Target(slot.name, (slot.width, slot.height), images / f"{slot.name}.png")
        for slot in SLOTS
        if slot.name in wanted
    ]
    if ICON in wanted:
        icon = Target(ICON, FORM_ICON, base / FORM_ICON_FILE) if root is None else _icon(root, base)
        targets += [icon] if all(target.path != icon.path for target in targets) else []
    _refuse_outside(base if root is None else root, targets)
    return tuple(targets)


def _refuse_outside(root: Path, targets: Sequence[Target]) -> None:
    """Let no link in a widget, which may be somebody else's, lead what is written to another folder of the disk."""
    for folder in dict.fromkeys(target.path.parent for target in targets):
        if leads_out(root, folder):
            message = f"{folder.as_posix()}: leads out of the widget; nothing is written"
            raise UsageError(message, "put a folder in place of the link, or choose some with --slot")


def _root(base: Path) -> Path | None:
    """Return the widget's root: of `find_root`, or the folder around ``base`` where that is its ``images/``."""
    found = find_root(read_config(base))
    if found is None and os.path.realpath(base).endswith(os.sep + "images"):
        around = base.parent if base.name == "images" else base / ".."
        return around if os.path.isfile(around / "manifest.json") else None  # noqa: PTH113
    return found


def _icon(root: Path, base: Path) -> Target:
    """Place the icon where the form names it: a picture below the root, of a kind that the form's page takes."""
    form = read_form(root, read_config(base))
    icon = form.get("icon") if form is not None else None
    if not icon or not isinstance(icon, str):
        where = "no integration.json" if form is None else f"{FORM_FILE} does not name it"
        return Target(
            ICON, FORM_ICON, root / FORM_ICON_FILE, f'{where}; "icon": "{FORM_ICON_FILE}" there has it checked'
        )
    name = os.path.normpath(icon.lstrip("/")).replace(os.sep, "/")
    stem, _, ending = name.rpartition(".")
    outside = name.startswith("../") or Path(name).is_absolute() or "\0" in name
    shared = any(stem == f"images/{slot.name}" and (slot.width, slot.height) != FORM_ICON for slot in SLOTS)
    if ending.lower() not in _ENDINGS or outside or shared:
        why = "is a logo of another size" if shared else "is no png, jpg, jpeg or gif below the widget's folder"
        message = f"{(root / FORM_FILE).as_posix()}: the icon `{name}` {why}"
        raise UsageError(message, f'write "icon": "{FORM_ICON_FILE}" there, or name what to make with --slot')
    return Target(ICON, FORM_ICON, root / name)
