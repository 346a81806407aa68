"""How a report looks, and from where its paths are told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLOURS = {"error": "31", "warning": "33", "info": "36", "good": "32", "dim": "2", "bold": "1"}


class Style(NamedTuple):
    """How the output looks."""

    colour: bool = False
    quiet: bool = False
    """Findings only: no sum, no archive."""
    one_line: bool = False
    """Reports for programs in one line each: watch mode prints many of them."""
    cwd: str = ""
    """The folder that a relative path of a result starts from, absolute; empty where nobody asks."""
    root: str = ""
    """The folder that GitHub, GitLab and SARIF tell paths from, absolute: the checkout."""
    blob: str = ""
    """Where the checkout's files can be read on the web, with a slash at the end; empty: nowhere."""

    def paint(self, text: str, name: str) -> str:
        """Colour a text, where colours are on."""
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self.colour else text


def checkout(environment: Mapping[str, str], cwd: str) -> tuple[str, str]:
    """Return `Style.root` and `Style.blob` as GitHub's, GitLab's or Bitbucket's variables tell them, else ``cwd`` itself."""
    if not cwd:
        return "", ""
    get = environment.get
    known = (
        (get("GITHUB_WORKSPACE"), (get("GITHUB_SERVER_URL"), get("GITHUB_REPOSITORY"), "blob", get("GITHUB_SHA"))),
        (get("CI_PROJECT_DIR"), (get("CI_PROJECT_URL"), "-/blob", get("CI_COMMIT_SHA"))),
        (get("BITBUCKET_CLONE_DIR"), (get("BITBUCKET_GIT_HTTP_ORIGIN"), "src", get("BITBUCKET_COMMIT"))),
    )
    for folder, parts in known:
        # Both real: a runner's folder may be a link, and the current one is told without links.
        if folder and _is_below(os.path.realpath(cwd), os.path.realpath(folder)):
            return os.path.realpath(folder), "/".join(map(str, parts)) + "/" if all(parts) else ""
    return cwd, ""


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def printable(text: str) -> str:
    """Show control characters as escapes: a widget's text must not steer the terminal, nor break a format."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\t" else _escape(letter) for letter in text)


def encodable(text: str) -> str:
    """Put U+FFFD for halves of pairs, which UTF-8 does not have: file names and JSON texts may hold them."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escape(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 0x100 else f"\\u{ord(letter):04x}"  # noqa: PLR2004
