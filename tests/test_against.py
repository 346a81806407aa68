"""Whether an upload has a version of its own: beside the last build, another zip, and a git revision."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from builders import GREET, archive, folder, widget

from widgetpack.model import Release
from widgetpack.rules.releases import version_not_raised

if TYPE_CHECKING:
    from pathlib import Path


def judged(before: str, now: str, *, changed: bool = True, asked: bool = True) -> list[tuple[str, str | None]]:
    release = Release("v1", before, now, changed, asked)
    return [(problem.message, problem.severity) for problem in version_not_raised(release)]


@pytest.mark.parametrize(
    ("before", "now"),
    [("1.0.0", "1.0.1"), ("1.9.0", "1.10.0"), ("2", "2.1"), ("0.95", "1"), ("", "1.0.0"), ("1.0.0", "1.0.0-beta")],
)
def test_a_version_that_was_raised_is_fine(before: str, now: str) -> None:
    assert judged(before, now) == []


def test_the_same_version_is_fine_for_the_same_contents() -> None:
    assert judged("1.0.0", "1.0.0", changed=False) == []


def test_the_same_version_for_other_contents_is_an_error_where_the_user_asked() -> None:
    assert judged("1.0.0", "1.0.0") == [("the contents differ from v1, but the version is still 1.0.0", "error")]


def test_beside_the_last_build_it_is_a_warning() -> None:
    assert judged("3", "3", asked=False) == [("the contents differ from v1, but the version is still 3", "warning")]


@pytest.mark.parametrize(("before", "now"), [("1.10.0", "1.9.0"), ("1.2", "1.2.0"), ("1.2.0", "1.2")])
def test_a_version_that_is_not_above_is_named_with_the_other(before: str, now: str) -> None:
    assert judged(before, now) == [(f"{now} is not above {before}, the version of v1", "error")]


def test_a_version_of_a_million_digits_is_compared_too() -> None:
    assert len(judged("9" * 1_000_000, "1")) == 1


def run(command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "widgetpack", *command.split()],
        cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def found(command: str, cwd: Path) -> tuple[int, list[str]]:
    done = run(f"{command} --output-format json", cwd)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    return done.returncode, [
        f"{item['code']} {item['severity']} {item['file']}:{item['line']} {item['message']}"
        for one in report["widgets"]
        for item in one["findings"]
    ]


def test_a_build_compares_with_the_zip_that_it_replaces(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    assert found("build", tmp_path) == (0, [])
    assert found("build", tmp_path) == (0, [])
    (tmp_path / "lib" / "greet.js").write_bytes(GREET.replace(b"true", b"false"))
    message = "M24 warning manifest.json:6 the contents differ from dist/widget.zip, but the version is still 1.0.0"
    assert found("build", tmp_path) == (0, [message])
    assert found("build", tmp_path) == (0, [])


def test_a_zip_that_cannot_be_read_is_no_last_build(tmp_path: Path) -> None:
    folder(tmp_path, widget(files={"dist/widget.zip": b"PK no zip"}))
    assert found("build", tmp_path) == (0, [])


def test_a_pipe_in_the_way_of_the_zip_is_told_and_not_waited_for(tmp_path: Path) -> None:
    folder(tmp_path, widget(files={"dist/a.txt": b""}))
    os.mkfifo(tmp_path / "dist" / "widget.zip")
    done = run("build", tmp_path)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        3,
        "widgetpack: dist/widget.zip: a device, pipe or socket is in the way of the zip",
    )


def test_validate_compares_with_a_zip(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    assert run("build w -o uploaded.zip", tmp_path).returncode == 0
    assert found("validate w --against uploaded.zip", tmp_path) == (0, [])
    assert found("validate uploaded.zip --against uploaded.zip", tmp_path) == (0, [])
    (tmp_path / "w" / "lib" / "greet.js").write_bytes(GREET.replace(b"true", b"false"))
    message = "the contents differ from uploaded.zip, but the version is still 1.0.0"
    assert found("validate w --against uploaded.zip", tmp_path) == (1, [f"M24 error w/manifest.json:6 {message}"])
    assert found("build w --against uploaded.zip", tmp_path) == (1, [f"M24 error w/manifest.json:6 {message}"])
    assert not (tmp_path / "w" / "dist").exists()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose widget lies in a subfolder with a name that needs quoting, tagged v1."""
    folder(tmp_path / "my widget", widget())
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "v1")
    return tmp_path


def git(cwd: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=test", "-c", "user.email=test@widgets.dev", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, *arguments], cwd=cwd, check=True, capture_output=True)


def commit(repository: Path, tag: str) -> None:
    git(repository, "add", "--all", "--force")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", tag)
    git(repository, "tag", tag)


def test_validate_compares_with_a_revision(repository: Path) -> None:
    here = repository / "my widget"
    assert found("validate --against v1", here) == (0, [])
    (here / "lib" / "greet.js").write_bytes(GREET.replace(b"true", b"false"))
    message = "M24 error manifest.json:6 the contents differ from v1, but the version is still 1.0.0"
    assert found("validate --against v1", here) == (1, [message])
    assert found("validate --against HEAD", here) == (1, [message.replace("v1", "HEAD")])
    manifest = here / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"1.0.1"'))
    assert found("validate --against v1", here) == (0, [])


def test_a_change_that_does_not_ship_needs_no_version(repository: Path) -> None:
    here = repository / "my widget"
    (here / "README.md").write_text("not packed")
    assert found("validate --against v1", here) == (0, [])


def test_the_attributes_of_git_have_no_say_in_what_ships(repository: Path) -> None:
    here = repository / "my widget"
    (here / ".gitattributes").write_text("lib/ export-ignore\n*.js export-subst text eol=crlf\n")
    commit(repository, "v2")
    assert found("validate --against v2", here) == (0, [])


def test_a_link_inside_the_widget_is_followed_then_and_now(repository: Path) -> None:
    here = repository / "my widget"
    (here / "lib" / "greet.js").rename(here / "lib" / "hello.js")
    (here / "lib" / "greet.js").symlink_to("hello.js")
    commit(repository, "v2")
    assert found("validate --against v2", here) == (0, [])


def test_a_submodule_in_the_widget_is_no_reason_to_pass(repository: Path) -> None:
    here = repository / "my widget"
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, check=True, capture_output=True, text=True)
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head.stdout.strip()},my widget/lib/shared")
    git(repository, "commit", "--quiet", "--message", "v2")
    done = run("validate --against HEAD", here)
    assert (done.returncode, done.stderr) == (
        3,
        (
            "widgetpack: --against HEAD: lib/shared is a submodule, whose files this repository does not hold\n"
            "  try: name the zip of the last upload instead\n"
        ),
    )


@pytest.mark.parametrize(("name", "words"), [("manifest.json", "no widget archive"), ("absent.zip", "no such file")])
def test_a_file_that_is_no_zip_is_one_line(tmp_path: Path, name: str, words: str) -> None:
    done = run(f"validate --against {name}", folder(tmp_path, widget()))
    assert (done.returncode, done.stderr) == (
        2,
        f"widgetpack: --against {name}: {words}\n  try: name the zip that was uploaded, or a git revision\n",
    )


def test_a_repository_that_lost_an_object_is_no_reason_to_pass(repository: Path) -> None:
    here = repository / "my widget"
    name = subprocess.run(
        ["git", "rev-parse", "HEAD:my widget/script.js"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    done = run("validate --against v1", here)
    assert (done.returncode, done.stdout, done.stderr) == (
        3,
        "",
        (
            f"widgetpack: --against v1: git has no object {name}\n"
            "  try: fetch the whole history; `git fsck` says what is missing\n"
        ),
    )


def test_a_widget_that_a_revision_does_not_have_is_new(repository: Path) -> None:
    folder(repository / "second", widget())
    assert found("validate --against v1", repository / "second") == (0, [])


@pytest.mark.parametrize("revision", ["v2", "--output=x", "v1:nothing", ""])
def test_what_is_no_zip_and_no_revision_is_one_line(repository: Path, revision: str) -> None:
    words = [sys.executable, "-m", "widgetpack", "validate", f"--against={revision}"]
    done = subprocess.run(words, cwd=repository / "my widget", capture_output=True, text=True, check=False)
    message = (
        f"widgetpack: --against {revision}: neither a zip nor a git revision\n"
        "  try: in CI, fetch the whole history with its tags; `git tag` lists the tags\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == ((2, "", message) if revision else (0, "no findings\n", ""))


def test_a_zip_without_a_widget_is_one_line(tmp_path: Path) -> None:
    folder(tmp_path, widget(files={"old.zip": archive({"a.txt": b""})}))
    done = run("validate --against old.zip", tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        (
            "widgetpack: --against old.zip: no widget archive\n"
            "  try: name the zip that was uploaded, or a git revision\n"
        ),
    )


def test_without_git_a_revision_is_one_line(tmp_path: Path) -> None:
    done = run("validate --against v1", folder(tmp_path, widget()), PATH="")
    assert (done.returncode, done.stderr) == (
        3,
        (
            "widgetpack: --against v1: git is needed for a revision, and cannot be run\n"
            "  try: install git, or name the zip of the last upload\n"
        ),
    )
