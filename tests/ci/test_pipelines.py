"""The pipelines of ``docs/ci.md``: valid in the eyes of each service's own schema, and their commands do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import GREET, folder, widget
from github import ROOT

BLOCKS: dict[str, str] = {
    found[1]: found[0]
    for found in re.finditer(
        r"(?<=```yaml\n)# (\S+)\n.*?(?=```)", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.DOTALL
    )
}
SCHEMAS = {
    ".github/workflows/widget.yml": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "bitbucket-pipelines.yml": "vendor.bitbucket-pipelines",
}


def test_each_block_is_judged_here() -> None:
    assert sorted(BLOCKS) == sorted([*SCHEMAS, ".pre-commit-config.yaml"])


def conforms(schema: str, file: Path) -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_pipeline_conforms_to_the_schema_of_its_service(name: str, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yml"
    file.write_text(BLOCKS[name], "utf-8")
    conforms(SCHEMAS[name], file)


def test_the_action_conforms_to_the_schema_of_github() -> None:
    conforms("vendor.github-actions", ROOT / "action.yml")


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = yaml.safe_load(BLOCKS[".github/workflows/widget.yml"])["jobs"]["widget"]["steps"]
    (used,) = (step for step in steps if "widgetpack" in step.get("uses", ""))
    assert set(used["with"]) <= set(action["inputs"])
    named = set(re.findall(r"steps\.widget\.outputs\.(\w+)", BLOCKS[".github/workflows/widget.yml"]))
    assert named <= set(action["outputs"])


def git(cwd: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=test", "-c", "user.email=test@widgets.dev", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A widget with the release v1.0.0, and a commit after it that changes a script."""
    folder(tmp_path, widget())
    git(tmp_path, "init", "--quiet")
    for script, tag in ((GREET, "v1.0.0"), (GREET.replace(b"true", b"false"), "")):
        (tmp_path / "lib" / "greet.js").write_bytes(script)
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", "work")
        if tag:
            git(tmp_path, "tag", tag)
    return tmp_path


def run(script: list[str], cwd: Path) -> int:
    """Run a job's lines, but for the one that installs: what is installed is this."""
    bash = "\n".join(line for line in script if not line.startswith("pip install"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["bash", "-e", "-c", bash], cwd=cwd, env={**os.environ, "PATH": path}, check=False).returncode


def jobs() -> dict[str, tuple[list[str], list[str]]]:
    """Return the lines of each service's job, and the files that it keeps."""
    lab: dict[str, Any] = yaml.safe_load(BLOCKS[".gitlab-ci.yml"])["widget"]
    bucket: dict[str, Any] = yaml.safe_load(BLOCKS["bitbucket-pipelines.yml"])["pipelines"]["default"][0]["step"]
    reports = list(lab["artifacts"]["reports"].values())
    return {
        "gitlab": (lab["script"], [*lab["artifacts"]["paths"], *reports]),
        "bitbucket": (bucket["script"], [*bucket["artifacts"], "test-results/widgetpack.xml"]),
    }


@pytest.mark.parametrize("service", sorted(jobs()))
def test_the_job_fails_until_the_version_is_raised(service: str, repository: Path) -> None:
    script, kept = jobs()[service]
    assert run(script, repository) == 1
    assert sorted(name for name in kept if not (repository / name).exists()) == ["dist/widget.zip"]
    manifest = repository / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"1.0.1"'))
    assert run(script, repository) == 0
    assert [name for name in kept if not (repository / name).exists()] == []


@pytest.mark.parametrize("service", sorted(jobs()))
def test_the_first_job_of_a_repository_without_tags_passes(service: str, tmp_path: Path) -> None:
    folder(tmp_path, widget())
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "work")
    assert run(jobs()[service][0], tmp_path) == 0
