"""The libraries of the platform's page: in the versions of the lock file, fetched by npm for real, or told what is missing."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from test_toolchain_install import client, needs_npm

from widgetpack.config.settings import Config
from widgetpack.errors import WidgetpackError
from widgetpack.toolchain import libraries
from widgetpack.toolchain.doctor import examine
from widgetpack.toolchain.libraries import (
    FILES,
    LOCK,
    find_libraries,
    install_libraries,
    libraries_home,
    need_libraries,
    remove_libraries,
    versions,
)

CURE = "look at the network and at npm's settings (`npm config list`)"


FAKE = "".join(f"mkdir -p node_modules/{Path(file).parent}; echo {name} > node_modules/{file}\n" for name, file in FILES.items())  # fmt: skip


def test_the_lock_file_has_a_digest_for_every_package_and_names_no_host() -> None:
    lock = json.loads((LOCK / "package-lock.json").read_text())
    own, *packages = lock["packages"].values()
    assert own["dependencies"] == versions() == {
        "backbone": "1.1.2",
        "chart.js": "2.9.2",
        "jquery": "2.1.3",
        "moment": "2.24.0",
        "moment-timezone": "0.5.26",
        "requirejs": "2.3.8",
        "requirejs-text": "2.0.16",
        "twig": "0.8.9",
        "underscore": "1.9.1",
    }  # fmt: skip
    assert {package["integrity"][:7] for package in packages} == {"sha512-"}
    assert [key for package in packages for key in package if key == "resolved"] == []


@needs_npm
def test_what_npm_brings_are_the_platforms_versions(tmp_path: Path) -> None:
    environ = {**os.environ, "WIDGETPACK_CACHE": str(tmp_path)}
    done = install_libraries(environ)
    assert (done.home, done.client) == (libraries_home(tmp_path), shutil.which("npm"))
    texts = {name: data.decode("utf-8", "replace")[:2500] for name, data in need_libraries(environ).items()}
    told = {name: re.search(r"\d+\.\d+\.\d+", text) for name, text in texts.items()}
    assert {name: match and match[0] for name, match in told.items()} == {
        "requirejs": "2.3.8",
        "text": "2.0.16",
        "jquery": "2.1.3",
        "underscore": "1.9.1",
        "backbone": "1.1.2",
        "twig": "0.8.9",
        "moment": None,
        "moment-timezone": "0.5.26",
        "chart": "2.9.2",
    }
    assert install_libraries({"PATH": "/nowhere", "WIDGETPACK_CACHE": str(tmp_path)}) == (done.home, "")


def test_a_second_time_nothing_is_fetched_and_with_force_it_is(tmp_path: Path) -> None:
    environ = client(tmp_path, f"{FAKE}\necho >> '{tmp_path}/log'")
    home = libraries_home(tmp_path / "cache")
    npm = str(tmp_path / "programs" / "npm")
    assert install_libraries(environ) == (home, npm)
    assert install_libraries(environ) == (home, "")
    assert install_libraries(environ, force=True) == (home, npm)
    assert (tmp_path / "log").read_text() == "\n\n"
    assert need_libraries(environ) == {name: f"{name}\n".encode() for name in FILES}
    assert [path.name for path in home.parent.iterdir()] == [home.name]


def test_what_is_missing_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    environ = client(tmp_path, f"{FAKE}\nrm node_modules/{FILES['twig']} node_modules/{FILES['text']}")
    with pytest.raises(WidgetpackError) as caught:
        install_libraries(environ)
    assert (str(caught.value), caught.value.hint) == ("npm brought no text, twig", CURE)
    assert list((tmp_path / "cache" / "libraries").iterdir()) == []


def test_an_npm_that_fails_is_one_line(tmp_path: Path) -> None:
    environ = client(tmp_path, "echo 'npm error code ENOTFOUND' >&2; echo 'npm error no such host' >&2; exit 1")
    with pytest.raises(WidgetpackError) as caught:
        install_libraries(environ)
    npm = tmp_path / "programs" / "npm"
    assert (str(caught.value), caught.value.hint) == (
        f"npm ({npm}) could not fetch the libraries of the page: ENOTFOUND: no such host",
        CURE,
    )


def test_without_them_preview_says_how_to_get_them(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    assert find_libraries(environ) is None
    with pytest.raises(WidgetpackError) as caught:
        need_libraries(environ)
    assert (str(caught.value), caught.value.hint) == (
        "preview needs the libraries of the platform's page, which are not installed",
        "widgetpack toolchain install",
    )
    install_libraries(environ)
    (libraries_home(tmp_path / "cache") / "node_modules" / FILES["chart"]).unlink()
    assert find_libraries(environ) is None


def test_remove_takes_away_all_of_them(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    install_libraries(environ)
    assert remove_libraries(environ) == tmp_path / "cache" / "libraries"
    assert remove_libraries(environ) is None
    assert list((tmp_path / "cache").iterdir()) == []


def test_doctor_tells_their_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "FILES", {"jquery": FILES["jquery"]})
    environ = client(tmp_path, FAKE)
    install_libraries(environ)
    (tmp_path / "programs" / "npm").unlink()  # doctor would run it, in this folder
    (found,) = (check for check in examine(Config(tmp_path), environ, "utf-8") if check.name == "libraries")
    assert found.state == "ok"
    assert found.words == (
        "backbone 1.1.2, chart.js 2.9.2, jquery 2.1.3, moment 2.24.0, moment-timezone 0.5.26, requirejs 2.3.8, "
        f"requirejs-text 2.0.16, twig 0.8.9, underscore 1.9.1, {libraries_home(tmp_path / 'cache')}"
    )
