"""M24 and M25: whether an upload would be taken for a new one. They judge a widget beside an earlier state of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, Release
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = Place(MANIFEST, ("widget", "version"))


@rule(
    "M24",
    Release,
    source="developers.kommo.com/docs/manifest-json (raise it on each upload); 12 of 61 scripts load files with `?v=`",
)
def version_not_raised(release: Release) -> Iterator[Problem]:
    """The contents changed, but `widget.version` was not raised.

    Browsers keep the old scripts, styles and templates, which are asked for by version. A warning beside the last build
    (the zip that `build` is about to replace), an error beside what `--against` names.

    Fix: raise `widget.version`.

    Wrong: `"version": "1.4.0"`, and so it was in the last upload
    Right: `"version": "1.4.1"`
    """
    if not release.changed or _is_raised(release.before, release.now):
        return
    if release.before == release.now:
        message = f"the contents differ from {release.name}, but the version is still {release.now}"
    else:
        message = f"{release.now} is not above {release.before}, the version of {release.name}"
    yield Problem(message, _VERSION, "error" if release.asked else "warning")


@rule(
    "M25",
    Release,
    source="developers.kommo.com/docs/getting-listed: the new archive must differ from the published one",
)
def nothing_new(release: Release) -> Iterator[Problem]:
    """A public widget has the contents of what `--against` names.

    Moderation refuses an archive that is identical with the published one.

    Fix: upload it only when something has changed.

    Wrong: the zip that is published already
    Right: a zip with another file in it, and a higher `"version"`
    """
    if release.public and release.asked and not release.changed:
        yield Problem(f"the contents are those of {release.name}", _VERSION)


def _is_raised(before: str, now: str) -> bool:
    """Tell whether ``now`` is above ``before``, number by number; where one is not made of numbers, whether they differ."""
    if re.fullmatch(r"[0-9.]+", before) and re.fullmatch(r"[0-9.]+", now):
        return _numbers(now) > _numbers(before)
    return now != before


def _numbers(version: str) -> list[int]:
    # 1.2 and 1.2.0 are one version; digits are cut because Python refuses to read thousands of them.
    numbers = [int(part[:100]) for part in version.split(".") if part]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers
