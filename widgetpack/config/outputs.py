"""Where reports go: what `--output-format` and the config's `output-format` say, as values."""

from __future__ import annotations

import ntpath
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT_NAMES = ("text", "concise", "json", "github", "sarif", "junit", "gitlab", "markdown")

FOR_PEOPLE = ("text", "concise")
"""Formats among which other lines may stand; the others belong to programs."""

_ENDINGS = {
    ".txt": "text",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
}
_GITLAB = "gl-code-quality-report.json"
"""The name that GitLab's own documentation gives to the artifact (CI/CD YAML reference, `codequality`)."""


class Output(NamedTuple):
    """One report: its format, and its file; without one it goes to standard output."""

    format: str
    file: str = ""


def load_output(text: str) -> Output:
    """Read ``FORMAT``, ``FORMAT:FILE`` or a ``FILE`` whose ending names the format; ``-`` as file is standard output.

    Raises `UsageError` for an unknown format or ending.
    """
    if text in FORMAT_NAMES:
        return Output(text)
    name, colon, file = text.partition(":")
    if not colon or (len(name) == 1 and file.startswith(("\\", "/"))):  # a drive of Windows
        return Output(_format_of(text), text)
    if name not in FORMAT_NAMES:
        raise _unknown(name)
    if not file or "\0" in file:
        message = f'"{text}" names no file' if not file else "a NUL character in a path"
        raise UsageError(message, f"`{name}` for standard output, `{name}:FILE` for a file")
    return Output(name, "" if file == "-" else file)


def load_outputs(texts: Iterable[str]) -> tuple[Output, ...]:
    """Read several values; raises `UsageError` also where two of them would write to one place."""
    found: list[Output] = []
    for text in texts:
        output = load_output(text)
        if rival := next((other for other in found if place(other.file) == place(output.file)), None):
            if rival.format == output.format:
                continue
            where = f"to {output.file}" if output.file else "to standard output"
            message = f"{rival.format} and {output.format} both go {where}"
            raise UsageError(message, f"give one of them a file of its own: {output.format}:FILE")
        found.append(output)
    return tuple(found)


def place(file: str) -> str:
    """Return one spelling for all names of a report's file; nothing for standard output."""
    return os.path.normcase(os.path.abspath(file)) if file else ""  # noqa: PTH100  # Path's keeps `..`


def rebased(text: str, folder: Path) -> str:
    """Return a value whose file starts from ``folder`` as one whose file starts from the current folder."""
    output = load_output(text)
    return f"{output.format}:{folder / output.file}" if output.file else text


def report_files(texts: Iterable[str], page: str) -> Iterator[Path]:
    """Yield the files of the reports and of the page about the scripts (empty: none): none of them belongs into a widget."""
    yield from (Path(output.file) for output in load_outputs(texts) if output.file)
    if page:
        yield Path(page)


def on_standard_output(outputs: Iterable[Output]) -> str:
    """Return the format of what standard output shows: text where every report has a file, so that people see something."""
    return next((output.format for output in outputs if not output.file), "text")


def _format_of(file: str) -> str:
    """Return the format that a file's name tells."""
    name = ntpath.basename(file)  # knows both separators
    if name == _GITLAB:
        return "gitlab"
    ending = ntpath.splitext(name)[1].lower()
    if not ending:
        raise _unknown(file)
    if ending not in _ENDINGS or "\0" in file:
        message = f"{file}: the ending {ending} tells no format"
        raise UsageError(message, f"FORMAT:{file}; the endings are {' '.join(_ENDINGS)}")
    return _ENDINGS[ending]


def _unknown(name: str) -> UsageError:
    import difflib  # slow, and only wrong words need it

    near = difflib.get_close_matches(name.lower(), FORMAT_NAMES, 1)
    guess = f', did you mean "{near[0]}"?' if near else ""
    return UsageError(f'"{name}" is not an output format{guess}', f"the formats are {', '.join(FORMAT_NAMES)}")
