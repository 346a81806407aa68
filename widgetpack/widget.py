"""From a `Tree` to a `Widget`: everything the rules judge, stated as facts and never as opinions."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from widgetpack.documents.load import load_document
from widgetpack.documents.locales import load_locales
from widgetpack.documents.schema import shape_faults
from widgetpack.files.selection import FORM_FILE
from widgetpack.images import REMEMBERED, load_image
from widgetpack.model import Document, Image, Locale, Place, Pointer, ShapeFault, Tree
from widgetpack.platform import IMAGE_ENDINGS
from widgetpack.scripts.beside import beside
from widgetpack.scripts.dependencies import Missing, missing_dependencies
from widgetpack.scripts.javascript import GLANCED_BYTES, Script, glance_all
from widgetpack.scripts.kind import kind_of
from widgetpack.styles.load import Style, load_styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from widgetpack.config.settings import Config

MANIFEST = "manifest.json"
ENTRY = "script.js"

_REFERENCE = re.compile(r"[\w-]+(\.[\w-]+)+")


class Reference(NamedTuple):
    """A text of the manifest that names a text of the locales."""

    pointer: Pointer
    key: str

    @property
    def is_key(self) -> bool:
        """Whether it looks like ``widget.name`` and not like a text for people."""
        return _REFERENCE.fullmatch(self.key) is not None


class Widget(NamedTuple):
    """One widget, read and parsed."""

    tree: Tree
    config: Config
    manifest: Document | None
    shape: tuple[ShapeFault, ...]
    locales: tuple[Locale, ...]
    images: Mapping[str, Image]
    scripts: Mapping[str, Script]
    styles: Mapping[str, Style]
    missing: tuple[Missing, ...]
    """Relative AMD dependencies that lead to no file of the package."""
    form: Document | None
    form_shape: tuple[ShapeFault, ...]
    form_base: Pointer
    """Where the form lies in its document: ``()`` in its own file, deeper in a config."""

    @property
    def documents(self) -> Iterator[Document]:
        """Every JSON text that is judged: manifest, locales, form."""
        if self.manifest is not None:
            yield self.manifest
        for locale in self.locales:
            yield from locale.documents
        if self.form is not None and not self.form.path.endswith(".toml"):
            yield self.form

    @property
    def target(self) -> Literal["kommo", "amocrm"]:
        """The platform: as configured, else amoCRM where the locales hold ``ru``, else Kommo."""
        if self.config.target != "auto":
            return self.config.target
        return "amocrm" if "ru" in self.declared_locales else "kommo"

    @property
    def locations(self) -> tuple[str, ...]:
        """The strings of the manifest's ``locations``."""
        return _strings(self.get("locations"))

    @property
    def raw_locations(self) -> list[str]:
        """The manifest's ``locations`` with their indexes kept: what is no string is empty."""
        value = self.get("locations")
        return [item if isinstance(item, str) else "" for item in value] if isinstance(value, list) else []

    @property
    def declared_locales(self) -> tuple[str, ...]:
        """The strings of the manifest's ``widget.locale``."""
        return _strings(self.get("widget", "locale"))

    @property
    def form_value(self) -> dict[str, Any]:
        """The properties of the integration form; empty where there are none."""
        value = self.form.value if self.form else None
        for key in self.form_base:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def get(self, *pointer: str | int) -> Any:
        """Return the manifest's value at ``pointer``, or None."""
        return value_at(self.manifest.value if self.manifest else None, pointer)

    def left_out(self, path: str) -> str:
        """Return why a file that exists on disk is not in the package, itself or with its folder; else nothing."""
        for entry in self.tree.entries:
            above = entry.path.endswith("/") and path.startswith(entry.path)
            if not entry.packed and (entry.path == path or above):
                return entry.reason
        return ""

    def references(self) -> Iterator[Reference]:
        """Yield every text of the manifest that must be found in the locales (docs/manifest-json, docs/i18n)."""
        fixed = (("widget", "name"), ("widget", "short_description"), ("widget", "description"))
        for pointer in (*fixed, ("tour", "tour_description"), ("advanced", "title"), *self._named()):
            text = self.get(*pointer)
            if isinstance(text, str):
                yield Reference(pointer, text)

    def named_files(self) -> Iterator[tuple[Pointer, str]]:
        """Yield the pointer and text of every file that the manifest names: tour pictures, menu icons, logos of a bot."""
        for locale in _keys(self.get("tour", "tour_images")):
            paths = self.get("tour", "tour_images", locale)
            for index, path in enumerate(paths if isinstance(paths, list) else ()):
                if isinstance(path, str) and path:
                    yield ("tour", "tour_images", locale, index), path
        items, steps = _keys(self.get("left_menu")), _keys(self.get("salesbot_designer"))
        icons = [
            ("left_menu", item, *key) for item in items for key in (("icon",), ("icons", "light"), ("icons", "dark"))
        ]
        for pointer in (
            *icons,
            ("salesbot_designer", "logo"),
            *(("salesbot_designer", step, "logo") for step in steps),
        ):
            path = self.get(*pointer)
            if isinstance(path, str) and path:
                yield pointer, path

    def _named(self) -> Iterator[Pointer]:
        """Yield the pointers of ``name`` and ``title`` below the blocks whose keys the author chooses."""
        for block in (("settings",), ("dp", "settings")):
            yield from ((*block, key, "name") for key in _keys(self.get(*block)))
        for handler in _keys(self.get("salesbot_designer")):
            yield ("salesbot_designer", handler, "name")
            fields = ("salesbot_designer", handler, "settings")
            yield from ((*fields, key, "name") for key in _keys(self.get(*fields)))
        for item in _keys(self.get("left_menu")):
            yield ("left_menu", item, "title")
            submenu = ("left_menu", item, "submenu")
            yield from ((*submenu, key, "title") for key in _keys(self.get(*submenu)))


def load_widget(tree: Tree, config: Config, meanwhile: Callable[[], object] | None = None) -> Widget:
    """Parse everything of ``tree`` that rules judge; never raises because of what a widget holds.

    ``meanwhile`` is called while esbuild reads the scripts.
    """
    scripts = beside(lambda: glance_all(tree.files, tree.bundled))
    manifest = load_document(MANIFEST, tree.files[MANIFEST]) if MANIFEST in tree.files else None
    form, form_base = _load_form(tree, config)
    images = {path: load_image(path, data) for path, data in _pictures(tree)}
    if meanwhile is not None:  # not earlier: it would hold up the start of esbuild
        meanwhile()
    _look_at_large_scripts(tree)
    return Widget(
        tree=tree,
        config=config,
        manifest=manifest,
        shape=shape_faults(manifest, "manifest") if manifest is not None and manifest.readable else (),
        locales=tuple(load_locales(tree)),
        images=images,
        styles=load_styles(tree.files),
        scripts=scripts(),
        missing=missing_dependencies(tree.files, ENTRY, scripts()),
        form=form,
        form_shape=_form_shape(form, form_base),
        form_base=form_base,
    )


def look_at_images(tree: Tree) -> None:
    """Look at the pictures of a tree ahead of `load_widget`, as many as are remembered."""
    for path, data in islice(_pictures(tree), REMEMBERED):
        load_image(path, data)


def _look_at_large_scripts(tree: Tree) -> None:
    """Look ahead, while esbuild reads them, for what is remembered of scripts that are only glanced at."""
    for path, data in tree.files.items():
        if path.endswith(".js") and len(data) >= GLANCED_BYTES and kind_of(path, data) != "own":
            from widgetpack.scripts.glanced_acts import glanced_acts  # few widgets hold such a script

            glanced_acts(data)


def unparsed(tree: Tree, config: Config) -> Widget:
    """Return a widget of which only the tree is known: enough for the rules about archives."""
    return Widget(tree, config, None, (), (), {}, {}, {}, (), None, (), ())


def at(*pointer: str | int, on_key: bool = False) -> Place:
    """Return a place in the manifest."""
    return Place(MANIFEST, pointer, on_key=on_key)


def file_of(named: str) -> str:
    """Return the path in the package of a file as the manifest names it: ``/images/a.png?v=1`` is ``images/a.png``."""
    return named.partition("?")[0].lstrip("/")


def value_at(value: Any, pointer: Pointer) -> Any:
    """Return the value at ``pointer`` in parsed JSON, or None."""
    for key in pointer:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _keys(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _pictures(tree: Tree) -> Iterator[tuple[str, bytes]]:
    return ((path, data) for path, data in {**tree.aside, **tree.files}.items() if _is_image(path))


def _is_image(path: str) -> bool:
    return path.lower().rpartition(".")[2] in IMAGE_ENDINGS


def _load_form(tree: Tree, config: Config) -> tuple[Document | None, Pointer]:
    """Take the form from ``integration.json`` beside the manifest, else from the config."""
    if FORM_FILE in tree.aside:
        return load_document(FORM_FILE, tree.aside[FORM_FILE]), ()
    if config.integration is None or config.file is None or tree.is_archive:
        return None, ()
    base = ("tool", "widgetpack", "integration") if config.file.name == "pyproject.toml" else ("integration",)
    value: Any = config.integration
    for key in reversed(base):
        value = {key: value}
    return Document(config.file.name, config.text, value), base


def _form_shape(form: Document | None, base: Pointer) -> tuple[ShapeFault, ...]:
    if form is None or not form.readable:
        return ()
    faults = shape_faults(form._replace(value=value_at(form.value, base)), "integration")
    return tuple(fault._replace(document=form, pointer=(*base, *fault.pointer)) for fault in faults)
