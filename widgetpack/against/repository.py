"""What a git repository holds at a revision, file by file."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from widgetpack.errors import UsageError, WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.config.settings import Config


def commit_of(config: Config) -> str:
    """Return the commit that ``config.against`` names; raises `UsageError` where it names none."""
    commit = git(
        config, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{config.against}^{{commit}}", may=True
    )
    if commit:
        return os.fsdecode(commit.strip())
    if config.against.lower().endswith(".zip"):
        message = f"--against {config.against}: no such file"
        raise UsageError(message, "name the zip that was uploaded, or a git revision")
    message = f"--against {config.against}: neither a zip nor a git revision"
    raise UsageError(message, "in CI, fetch the whole history with its tags; `git tag` lists the tags")


def prefix_of(config: Config) -> str:
    """Return the widget's folder as seen from the top of the repository: nothing, or ``widgets/planner/``."""
    return os.fsdecode(git(config, "rev-parse", "--show-prefix").rstrip(b"\n"))


def has(config: Config, name: str) -> bool:
    """Tell whether there is an object: ``COMMIT:widgets/planner/``."""
    return bool(git(config, "rev-parse", "--verify", "--quiet", name, may=True))


def file_at(config: Config, commit: str, path: str) -> bytes | None:
    """Return a file by its path from the top of the repository; None where the revision has none."""
    name = f"{commit}:{path}"
    return git(config, "cat-file", "blob", name) if has(config, name) else None


def blobs(config: Config, tree: str) -> Iterator[tuple[str, bytes, bool]]:
    """Yield path and bytes of each file below a tree of git, as it was committed, and whether it is a link.

    ``git archive`` would leave out or change what ``.gitattributes`` says, which has no say in what ships.
    """
    listed = git(config, "ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")
    entries = [(*head.split(), path) for head, _, path in (entry.partition(b"\t") for entry in listed if entry)]
    for mode, *_, path in entries:
        if mode == _SUBMODULE:
            message = f"--against {config.against}: {os.fsdecode(path)} is a submodule, whose files this repository does not hold"
            raise WidgetpackError(message, "name the zip of the last upload instead")
    data = git(config, "cat-file", "--batch", given=b"".join(name + b"\n" for _, _, name, _ in entries))
    at = 0
    for mode, _, name, path in entries:
        end = data.index(b"\n", at)
        words = data[at:end].split()
        if len(words) != _HEAD_WORDS:
            message = f"--against {config.against}: git has no object {os.fsdecode(name)}"
            raise WidgetpackError(message, "fetch the whole history; `git fsck` says what is missing")
        start, size = end + 1, int(words[2])
        at = start + size + 1
        yield os.fsdecode(path), data[start : start + size], mode == _LINK


_SUBMODULE, _LINK = b"160000", b"120000"
"""Modes of a tree's entries."""
_HEAD_WORDS = 3
"""Of an object in ``git cat-file --batch``: name, type, size; two where it is missing."""


def git(config: Config, *arguments: str, given: bytes = b"", may: bool = False) -> bytes:
    """Return what git prints in the widget's folder; nothing where it fails and ``may``."""
    command = ["git", "-C", str(config.base), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603
    except OSError:
        message = f"--against {config.against}: git is needed for a revision, and cannot be run"
        raise WidgetpackError(message, "install git, or name the zip of the last upload") from None
    if done.returncode and not may:
        reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        message = f"--against {config.against}: git {arguments[0]} failed: {reason}"
        raise WidgetpackError(message, "`git fsck` says what is wrong with the repository")
    return b"" if done.returncode else done.stdout
