"""The keys of ``[script]`` that say how modern sources become one script."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

TARGET = ("es2020", "chrome87", "edge88", "firefox78", "safari15")
"""Browsers of the years 2020 and 2021. The names are there for css: from ``es2020`` alone esbuild neither unfolds nested rules
nor writes a prefix. Older ones are no use: for ``es2017`` esbuild 0.21 refuses a BigInt, for ``safari14`` 0.28 a destructuring."""


class ScriptOptions(NamedTuple):
    """What is asked of the bundler; paths as the config says them, relative to `Config.base`."""

    entry: str = ""
    """The source of ``script.js``; empty: look for it."""
    entries: tuple[tuple[str, str], ...] = ()
    """Further scripts of the package, each with its source: ``("personal_page.js", "src/page.ts")``."""
    external: tuple[str, ...] = ()
    """Modules that the page provides, besides those of `widgetpack.scripts.modules`."""
    rename: tuple[tuple[str, str], ...] = ()
    """What sources import -> the AMD module that is meant; it stays external."""
    define: tuple[tuple[str, str | int | bool], ...] = ()
    """Global names, such as ``process.env.API`` or ``__DEV__``, each with the value that takes their place."""
    env_file: str = ""
    css: Literal["inject", "file"] = "inject"
    css_modules: tuple[str, ...] = ()
    """Endings of css files whose class names are local, besides ``.module.css`` and ``.local.css``."""
    inline_limit: int | None = None
    """Bytes; a larger picture or font becomes a file of the package. None: each is part of the script or css."""
    minify: bool = False
    target: tuple[str, ...] = TARGET
    sourcemap: Literal["none", "external", "inline"] = "none"
    command: str = ""
    """What `build` runs in the config's folder before it reads the widget; never set but by a config file."""


def load_script_options(table: dict[str, Any]) -> ScriptOptions:
    """Return the options that the ``[script]`` table says, which has been checked."""
    values: dict[str, Any] = {
        key.replace("-", "_"): table[key]
        for key in ("entry", "env-file", "css", "inline-limit", "minify", "sourcemap", "command")
        if key in table
    }
    values |= {key: tuple(table[key].items()) for key in ("entries", "rename", "define") if key in table}
    values |= {key.replace("-", "_"): tuple(table[key]) for key in ("external", "css-modules") if key in table}
    if "target" in table:
        target = table["target"]
        values["target"] = (target,) if isinstance(target, str) else tuple(target)
    return ScriptOptions(**values)
