"""The part of GitHub's runner that a composite action needs: inputs, files for outputs and summary, and its bash."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parent.parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))

_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


class Done(NamedTuple):
    """What a step came to."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """One job: its temporary folder stays from step to step, as does what a step adds to the environment."""

    def __init__(self, temporary: Path) -> None:
        """Take a folder of the job's own."""
        self._temporary = temporary
        self._added: dict[str, str] = {}

    def step(self, index: int, workspace: Path, **inputs: str) -> Done:
        """Run one step of the action, with `action.yml`'s defaults for the inputs that are not given."""
        step = ACTION["runs"]["steps"][index]
        given = {name: value["default"] for name, value in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        known = {f"inputs.{name}": value for name, value in given.items()} | {"github.action_path": str(ROOT)}
        files = {name: self._temporary / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_bytes(b"")
        script = self._temporary / "step.sh"
        script.write_text(step["run"], "utf-8")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "WIDGETPACK_"))},
            **self._added,
            **{name: _EXPRESSION.sub(lambda found: known[found[1]], text) for name, text in step["env"].items()},
            **{name: str(file) for name, file in files.items()},
            "RUNNER_TEMP": str(self._temporary),
            "GITHUB_WORKSPACE": str(workspace),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self._added |= _pairs(files["GITHUB_ENV"])
        outputs = _pairs(files["GITHUB_OUTPUT"])
        return Done(done.returncode, done.stdout, outputs, files["GITHUB_STEP_SUMMARY"].read_text("utf-8"))


def _pairs(file: Path) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
