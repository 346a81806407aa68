"""The GitHub action, its steps run as a runner runs them: installed from this checkout into an environment of its own."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest
from builders import SCRIPT, folder, png, widget
from github import ACTION, Runner

INSTALL, CHECK, INSTALL_SANDBOX, SANDBOX = range(4)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    job = Runner(tmp_path_factory.mktemp("job"))
    done = job.step(INSTALL, Path.cwd(), python=sys.executable)
    assert done.code == 0, done.log
    return job


def test_a_good_widget_is_built_and_handed_over(runner: Runner, tmp_path: Path) -> None:
    folder(tmp_path / "planner", widget())
    done = runner.step(CHECK, tmp_path, path="planner")
    assert (done.code, done.log) == (0, "")
    data = (tmp_path / "planner" / "dist" / "widget.zip").read_bytes()
    contents = done.outputs.pop("contents")
    assert done.outputs == {
        "zip": "planner/dist/widget.zip",
        "version": "1.0.0",
        "sha256": hashlib.sha256(data).hexdigest(),
        "errors": "0",
        "warnings": "0",
        "sarif": "widgetpack.sarif",
    }
    assert contents in done.summary
    assert json.loads((tmp_path / "widgetpack.sarif").read_text())["runs"][0]["results"] == []


def test_a_fault_is_annotated_and_fails_the_step(runner: Runner, tmp_path: Path) -> None:
    folder(tmp_path, widget({"widget": {"init_once": "Y"}}, files={"images/logo.png": png(131, 102)}))
    done = runner.step(CHECK, tmp_path)
    assert done.code == 1
    assert done.log.splitlines() == [
        "::error title=I02 wrong_size,file=images/logo.png,line=1,col=1::131x102, not 130x100",
        '::error title=M02 wrong_type,file=manifest.json,line=8,col=18::"Y", a string, not a boolean',
    ]
    assert (done.outputs["zip"], done.outputs["errors"]) == ("", "2")
    assert "131x102" in done.summary
    assert len(json.loads((tmp_path / "widgetpack.sarif").read_text())["runs"][0]["results"]) == 2


def test_inputs_reach_the_command_line(runner: Runner, tmp_path: Path) -> None:
    folder(tmp_path, widget({"sms": {"endpoint": "https://sms.dev"}}))
    assert runner.step(CHECK, tmp_path, command="validate").code == 0
    done = runner.step(
        CHECK,
        tmp_path,
        command="validate",
        fail_level="warning",
        sarif="out/report.sarif",
        arguments="--audience public",
    )
    assert (done.code, done.outputs["sarif"], done.outputs["zip"]) == (1, "out/report.sarif", "")
    assert runner.step(CHECK, tmp_path, output="release/planner.zip").outputs["zip"] == "release/planner.zip"
    same = runner.step(CHECK, tmp_path, against="release/planner.zip")
    assert (same.code, same.outputs["warnings"]) == (0, "1")


def test_a_wrong_path_fails_without_reports(runner: Runner, tmp_path: Path) -> None:
    done = runner.step(CHECK, tmp_path, path="absent")
    assert (done.code, done.outputs, done.summary) == (2, {}, "")


def test_each_output_is_one_that_the_check_sets(runner: Runner, tmp_path: Path) -> None:
    done = runner.step(CHECK, folder(tmp_path, widget()))
    values = {name: f"${{{{ steps.run.outputs.{name} }}}}" for name in sorted(done.outputs)}
    assert {name: output["value"] for name, output in sorted(ACTION["outputs"].items())} == values


def test_the_sandbox_annotates_what_goes_wrong_there_and_leaves_pictures(runner: Runner, tmp_path: Path) -> None:
    for step in (INSTALL_SANDBOX, SANDBOX):
        assert ACTION["runs"]["steps"][step]["if"] == "inputs.preview == 'true'"
    assert runner.step(INSTALL_SANDBOX, tmp_path).code == 0
    folder(tmp_path / "planner", widget())
    good = runner.step(SANDBOX, tmp_path, path="planner", pictures="seen")
    assert (good.code, good.log) == (0, "3 areas in 2 languages, 6 pictures in seen\n")
    (tmp_path / "planner" / "script.js").write_bytes(SCRIPT.replace(b"return true", b"missing()"))
    bad = runner.step(SANDBOX, tmp_path, path="planner", pictures="seen")
    place = "title=R02 callback_threw,file=planner/script.js,line=4,col=29"
    said = "`render`: ReferenceError: missing is not defined (settings, en and 3 more)"
    assert (bad.code, bad.log.splitlines()[1:]) == (1, [f"::error {place}::{said}"])
    assert sorted(item.name for item in (tmp_path / "seen").iterdir()) == [
        f"{area}-{locale}.png" for area in ("integrations", "lcard", "settings") for locale in ("en", "es")
    ]
