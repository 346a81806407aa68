"""`preview --check`: the widget in every area and language, once and without anybody watching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import UsageError, WriteError, reason_of
from widgetpack.files.selection import PICTURES
from widgetpack.files.sources import find_root
from widgetpack.files.writing import leads_out, write_whole
from widgetpack.incidents import Incident
from widgetpack.model import SEVERITIES, Place, Tree
from widgetpack.origins import traced
from widgetpack.pipeline import make, with_more
from widgetpack.preview.app import Sandbox
from widgetpack.preview.areas import AREA_IDS
from widgetpack.preview.fixtures import read_beside
from widgetpack.preview.gathered import load_incidents
from widgetpack.preview.live import load_shown, runnable
from widgetpack.preview.tab import Stop, Visit
from widgetpack.preview.traces import Traces
from widgetpack.preview.walk import Journey, walk
from widgetpack.report.text import plural
from widgetpack.rules import judge
from widgetpack.server.events import Events
from widgetpack.server.run import bound, serving
from widgetpack.silence.choice import is_heard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.model import Finding
    from widgetpack.pipeline import Made, Result
    from widgetpack.preview.app import Shown

_TWINS: Final = {
    "R01": ("S16",),
    "R04": ("S01", "S03", "S05", "S09"),
    "R05": ("S15",),
    "R06": ("S17", "S18"),
    "R10": ("S27",),
    "R11": ("C01", "C02"),
    "R12": ("S33", "C04"),
    "R13": ("L10",),
    "R16": ("S25",),
    "R17": ("S19", "S26"),
    "R18": ("S22",),
}
"""Rules that see the same fault in the text, on the same line."""
_SAME_ANYWHERE: Final = {"R04": ("B07",)}
"""Rules that see it in a source where the page sees the script that was made of it."""
_PICTURE: Final = re.compile(r"(\w+)-[a-z]{2}\.png")
_OTHER_FOLDER: Final = "name another folder with --screenshots"


class Checking(NamedTuple):
    """What is asked of a check, besides the widget's own settings."""

    browser: Path
    libraries: Mapping[str, bytes]
    pictures: Path | None
    """The folder for screenshots; None: ``dist/preview/`` below the config's folder."""
    online: bool


def check(path: Path, config: Config, asked: Checking, say: Callable[[str], None]) -> Result:
    """Judge the widget, run it in every area and language, and judge what happened; writes the screenshots.

    A widget with errors is run as far as it can; ``say`` takes the line that tells how much was gone through. Raises
    `widgetpack.errors.WidgetpackError` as `make` does, and where the browser does not start or a picture cannot be written.
    """
    folder = _folder(path, config, asked.pictures)
    made = make(path, config._replace(fail_level="error"))
    package = runnable(made)
    if package is None:
        say("nothing was run: the widget has errors that leave nothing to run")
        return made.result._replace(fail_level=config.fail_level)
    _require_folder(folder)
    shown = load_shown(made, package, config, 1)
    stops = _stops(shown)
    visits = _visited(shown, asked, stops)
    written = _write_pictures(visits, folder)
    if folder == config.base / PICTURES:
        _remove_pictures(folder, written)
    say(f"{_tried(visits, len(stops))}, {plural(len(written), 'picture')} in {folder.as_posix()}")
    incidents = list(load_incidents(visits, Traces(made, shown.sources)))
    more = [*_not_told_twice(_judged(made, incidents), made), *_of_fixtures(made, shown, config)]
    return with_more(made, more)._replace(fail_level=config.fail_level)


def _folder(path: Path, config: Config, named: Path | None) -> Path:
    """Return where the pictures go; raises `UsageError` for a folder that the next build would pack."""
    usual = config.base / PICTURES
    if named is None or not leads_out(usual, named):
        return named or usual
    if leads_out(find_root(config) or path, named):
        return named
    message = f"{named}: a folder of the widget, so the next build would pack the pictures"
    raise UsageError(message, "name one beside the widget, or leave --screenshots out")


def _require_folder(folder: Path) -> None:
    """Make the folder for the pictures, before anybody waits for them; raises `WriteError` where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message = f"{folder}: no pictures can be put there: {reason_of(error)}"
        raise WriteError(message, _OTHER_FOLDER) from None


def _stops(shown: Shown) -> list[Stop]:
    """Return where to go: by language, so that what hangs in one area is known before the next language asks for it."""
    areas = [area["id"] for area in shown.state["areas"] if area["offered"]]
    return [Stop(area, locale) for locale in shown.state["locales"] or [""] for area in areas]


def _visited(shown: Shown, asked: Checking, stops: list[Stop]) -> list[Visit]:
    """Serve the sandbox as long as the walk takes."""
    sandbox = Sandbox(Events(), asked.libraries, online=asked.online, lasting=True)
    sandbox.show(shown, [])
    with bound("127.0.0.1", 0) as place, serving(sandbox.app(), place, sandbox.events):
        return walk(Journey(place.origin, asked.browser, asked.online), stops)


def _tried(visits: Sequence[Visit], stops: int) -> str:
    """Tell how much was gone through, and that it is less than there is."""
    if len(visits) < stops:
        return f"{len(visits)} of {stops} areas and languages tried: the widget hangs"
    areas = plural(len({visit.stop.area for visit in visits}), "area")
    return f"{areas} in {plural(len({visit.stop.locale for visit in visits}), 'language')}"


def _write_pictures(visits: Sequence[Visit], folder: Path) -> set[str]:
    """Write ``lcard-en.png``; return the names."""
    pictures = {"-".join(part for part in visit.stop if part): visit.picture for visit in visits if visit.picture}
    # A language's code is the name of a file of the widget.
    named = {re.sub(r"[^\w.-]", "_", name) + ".png": data for name, data in pictures.items()}
    for name, data in named.items():
        write_whole(folder / name, data, _OTHER_FOLDER)
    return set(named)


def _remove_pictures(folder: Path, written: AbstractSet[str]) -> None:
    """Remove what an earlier check has left: areas and languages that are gone, or that a widget which hangs kept from being seen."""
    for path in folder.glob("*-??.png"):
        found = _PICTURE.fullmatch(path.name)
        if found is not None and found[1] in AREA_IDS and path.name not in written and path.is_file():
            try:
                path.unlink()
            except OSError as error:
                message = f"{path}: an old picture that cannot be removed: {reason_of(error)}"
                raise WriteError(message, _OTHER_FOLDER) from None


def _judged(made: Made, incidents: list[Incident]) -> Iterator[Finding]:
    found = judge(made.widget, Incident, incidents)
    return traced(found, made.build) if made.build.base else iter(found)


def _not_told_twice(findings: Iterable[Finding], made: Made) -> Iterator[Finding]:
    """Leave out what a rule that is heard, and that only reads, has found on the same line and takes as seriously."""
    config = made.widget.config
    known = {
        (item.code, item.source, item.path, item.line): SEVERITIES.index(item.severity)
        for item in made.found
        if is_heard(item.code, config)
    }
    codes = {code for code, *_ in known}
    for finding in findings:
        weight = SEVERITIES.index(finding.severity)
        # The line, or the widget as a whole.
        places = ((finding.source, finding.path, finding.line), (finding.source, "", 1))
        twins = ((twin, *place) for twin in _TWINS.get(finding.code, ()) for place in places)
        is_known = any(known.get(twin, len(SEVERITIES)) <= weight for twin in twins)
        if not is_known and codes.isdisjoint(_SAME_ANYWHERE.get(finding.code, ())):
            yield finding


def _of_fixtures(made: Made, shown: Shown, config: Config) -> Iterator[Finding]:
    """Yield the faults of `preview/*.json`, which lie in the widget's folder or beside its config."""
    beside = made.widget._replace(tree=Tree(config.base.as_posix(), read_beside(config.base), {}, ()))
    for fault in shown.state["faults"]:
        incident = Incident("fixture", fault["message"], Place(fault["path"]), "")
        owner = made.widget if fault["path"] in made.widget.tree.aside else beside
        for finding in judge(owner, Incident, [incident]):
            yield finding._replace(line=fault["line"], column=fault["column"])
