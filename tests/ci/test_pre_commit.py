"""The hook, installed by pre-commit itself from a repository, in a scratch repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import folder, png, widget
from github import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ("pyproject.toml", "README.md", "LICENSE", "widgetpack", "schemas", ".pre-commit-hooks.yaml")


def git(cwd: Path, *arguments: str) -> str:
    settings = ["-c", "user.name=test", "-c", "user.email=test@widgets.dev", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *settings, *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(folder: Path) -> str:
    """Make a repository of what is in ``folder``; return its commit."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository of what this checkout ships, and its revision."""
    tool = tmp_path_factory.mktemp("tool")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tool / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tool / name)
    return tool, repository(tool)


def pre_commit(cwd: Path, home: Path, *words: str) -> tuple[int, str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    words = (sys.executable, "-m", "pre_commit", *words)
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_manifest_of_the_hook_is_one_that_pre_commit_takes() -> None:
    words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(words, check=False).returncode == 0


def test_the_hook_stops_a_commit_with_a_broken_widget(hook: tuple[Path, str], tmp_path: Path) -> None:
    tool, revision = hook
    work = folder(tmp_path / "work", {f"planner/{path}": data for path, data in widget().items()})
    settings = {"repos": [{"repo": str(tool), "rev": revision, "hooks": [{"id": "widgetpack", "args": ["planner"]}]}]}
    (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    repository(work)
    code, log = pre_commit(work, tmp_path / "home", "run", "--all-files", "--verbose")
    assert (code, "Passed" in log, "no findings" in log) == (0, True, True)
    (work / "planner" / "images" / "logo.png").write_bytes(png(140, 80))
    git(work, "add", "--all")
    code, log = pre_commit(work, tmp_path / "home", "run")
    assert (code, "planner/images/logo.png:1:1: I02 error 140x80, not 130x100" in log) == (1, True)
