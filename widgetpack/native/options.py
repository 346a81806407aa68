"""What esbuild is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from widgetpack.scripts.modules import MODULES, UNLISTED_MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.config.script import ScriptOptions

LOADERS: Final = {
    "jsx": ("js",),  # a script may hold JSX, as the classic ones may
    "text": ("twig", "html", "htm", "tpl", "mustache", "hbs", "ejs", "txt", "md", "xml", "csv"),
    "dataurl": tuple("png jpg jpeg gif webp avif ico svg woff woff2 ttf otf eot mp3 ogg wav".split()),  # noqa: SIM905
    "local-css": ("module.css", "local.css"),
}
"""How files are read that are neither TypeScript nor JSON, by ending; texts, pictures, fonts and sounds also in capitals."""
SCRIPTS: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""Endings of what is read as a script."""
ASSET_HOST: Final = "https://widgetpack.invalid"
"""Stands in the output of esbuild before the name of a file; no such host can exist (RFC 2606)."""
_FOLDERS: Final = ("lib/components/",)
"""Where the page keeps modules that are no libraries (``lib/components/base/modal``: in 12 of 61 public widgets)."""
_PLUGINS: Final = ("text!", "json!", "css!")
"""Of the loader: what stands behind them is for it to find."""


def provided(options: ScriptOptions) -> tuple[str, ...]:
    """Return the modules that stay outside: those that the platform documents, the config's; without those behind a ``!``."""
    own = {name.removeprefix("!") for name in options.external if name.startswith("!")}
    further = [name for name in options.external if not name.startswith("!")]
    targets = [target for _, target in options.rename]
    return tuple(dict.fromkeys([*sorted(MODULES - UNLISTED_MODULES - own), *further, *targets]))


def is_provided(name: str, modules: Sequence[str]) -> bool:
    """Tell whether the page has, or loads, what ``require`` is called for."""
    if name in modules or name.startswith((*_FOLDERS, *_PLUGINS, "https://", "http://")):
        return True
    stars = (module.partition("*") for module in modules if "*" in module)
    return any(name.startswith(start) and name.endswith(end) for start, _, end in stars)


def arguments(options: ScriptOptions, form: str) -> Iterator[str]:
    """Yield the arguments that are the same for every run; ``form`` is ``cjs`` or ``iife``."""
    yield from ("--bundle", "--platform=browser", f"--format={form}", "--charset=utf8", "--legal-comments=eof")
    yield from ("--color=false", "--log-level=warning", "--log-limit=0")
    yield f"--target={','.join(options.target)}"
    yield "--supported:dynamic-import=false"  # the page's modules come from its loader, the rest is in the script
    yield "--sourcemap=external"
    yield f"--sources-content={'false' if options.sourcemap == 'none' else 'true'}"
    if options.minify:
        yield "--minify"
    assets = "dataurl" if options.inline_limit is None else "file"
    for loader, endings in LOADERS.items():
        given = assets if loader == "dataurl" else loader
        yield from (f"--loader:.{ending}={given}" for ending in endings)
        if loader in {"text", "dataurl"}:
            yield from (f"--loader:.{ending.upper()}={given}" for ending in endings)
    if options.inline_limit is not None:  # esbuild knows no limit: all become files, and the small ones come back
        yield from (f"--public-path={ASSET_HOST}", "--asset-names=[hash]")
    yield from (f"--loader:{ending}=local-css" for ending in options.css_modules)
    yield from (f"--external:{name}" for name in provided(options))
    yield from (f"--external:{prefix}*" for prefix in (*_FOLDERS, *_PLUGINS))
    yield from (f"--alias:{name}={target}" for name, target in options.rename)
