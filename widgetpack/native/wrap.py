"""From esbuild's CommonJS to the one anonymous ``define`` that the platform waits for.

esbuild knows no AMD. What it calls ``require`` for becomes a dependency, so the loader has it before the code runs, and
``require`` hands it out. The code stands on lines of its own: its source map stays exact when so many lines are put before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.native.css import as_literal, injection

if TYPE_CHECKING:
    from collections.abc import Sequence


class Wrapped(NamedTuple):
    """A script that can ship."""

    text: str
    above: int
    """So many lines stand above the bundler's first."""


def wrap(code: str, modules: Sequence[str], css: str) -> Wrapped:
    """Return ``code``, CommonJS, as a module that depends on ``modules`` and returns the default export, else all exports."""
    names = [f"__given{index}" for index in range(len(modules))]
    cases = " ".join(f"case {as_literal(module)}: return {name};" for module, name in zip(modules, names, strict=True))
    above = [
        f"define([{', '.join(map(as_literal, modules))}], function ({', '.join(names)}) {{",
        *([injection(css)] if css else []),
        "var module = { exports: {} };",
        "(function (require, module, exports) {",
    ]
    below = [
        "})(Object.assign(function (name) {",  # the loader's own `config`, `toUrl` and the like
        *([f"switch (name) {{ {cases} }}"] if modules else []),
        # A package may ask, and catch, what no page has; and lists of names are for the loader itself.
        "return window.require.apply(window, arguments);",
        "}, window.require), module, module.exports);",
        'return (function (all) { return all && all.__esModule && "default" in all ? all.default : all; })(module.exports);',
        "});",
    ]
    return Wrapped("\n".join([*above, code.rstrip("\n"), *below, ""]), len(above))


def leave(code: str, css: str) -> Wrapped:
    """Return ``code``, which calls ``define`` itself, with its css before it."""
    return Wrapped(f"{injection(css)}\n{code}", 1) if css else Wrapped(code, 0)
