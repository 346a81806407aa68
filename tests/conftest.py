"""Tests never time: no example of hypothesis has a deadline. In CI the examples are the same in every run.

A shell's background job ignores Ctrl+C, as one below `nohup` the end of a terminal, and hands that on to its children: here every
process answers them.

Tests that bundle sources skip where there is no esbuild or no Node to run the result, and never in CI, which promises both.
"""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    config.addinivalue_line("markers", "needs_native: bundles with esbuild and runs the result in Node")
    config.addinivalue_line("markers", "runs_anywhere: in a module that needs_native, and bundles nothing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    bundling = [item for item in items if item.get_closest_marker("needs_native")]
    if not bundling or os.environ.get("CI") or _is_here():
        return
    skip = pytest.mark.skip(reason="no esbuild (`widgetpack toolchain install`), or no Node")
    for item in bundling:
        if not item.get_closest_marker("runs_anywhere"):
            item.add_marker(skip)


def _is_here() -> bool:
    from widgetpack.config.settings import Config
    from widgetpack.errors import WidgetpackError
    from widgetpack.toolchain.find import find_esbuild

    try:
        find_esbuild(Config(Path(__file__).parent))
    except WidgetpackError:
        return False
    return shutil.which("node") is not None
