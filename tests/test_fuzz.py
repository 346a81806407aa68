"""Whatever a widget holds, it ends in findings or in a zip, never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builders import MANIFEST, SCRIPT, TEXTS, archive, archive_tree, as_json, findings, tree, widget
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.archive import EPOCH_FIRST, zip_files
from widgetpack.bundle.package import bundle
from widgetpack.config.settings import Config
from widgetpack.files.unzip import read_zip
from widgetpack.pipeline import Result
from widgetpack.report import FORMATS, Style
from widgetpack.rules import check
from widgetpack.widget import load_widget

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "manifest.json",
    "i18n/en.json",
    "i18n/es/a.json",
    "script.js",
    "lib/greet.js",
    "style.css",
    "images/logo.png",
    "images/x.svg",
]


def pointers(value: Any) -> list[tuple[Any, Any]]:
    """Return every (holder, key) of a JSON value."""
    found = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += [(value, key), *pointers(inner)]
    return found


@st.composite
def mutilated(draw: st.DrawFn, good: Any) -> Any:
    """Return ``good`` with one to three of its values replaced by anything."""
    value = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(pointers(value)))
        holder[key] = draw(VALUES)
    return value


LOADED = {
    **MANIFEST,
    "locations": ["settings", "lcard-1", "digital_pipeline", "salesbot_designer", "widget_page", "personal_page"],
    "tour": {"is_tour": True, "tour_images": {"en": ["/images/a.png"]}, "tour_description": "widget.name"},
    "dp": {"settings": {"a": {"name": "settings.token", "type": "text"}}, "action_multiple": False},
    "salesbot_designer": {"logo": "a.png", "h": {"name": "a.b", "settings": {"f": {"name": "a.b", "type": "url"}}}},
    "left_menu": {"a": {"title": "a.b", "icon": "x.svg", "submenu": {"b": {"title": "a.b"}}}},
}


@given(VALUES | mutilated(LOADED), VALUES | mutilated(TEXTS))
@settings(max_examples=150)
def test_any_manifest_and_texts_end_in_findings(manifest: Any, texts: Any) -> None:
    files = widget(as_json_any(manifest), files={"i18n/en.json": as_json_any(texts)})
    text = FORMATS["text"]([Result("w", findings(files))], Style())
    assert all(line.replace("\t", " ").isprintable() for line in text.split("\n"))


def as_json_any(value: Any) -> bytes:
    return json.dumps(value).encode()


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")),
    )
)
@settings(max_examples=150)
def test_any_bytes_in_any_file_end_in_findings_and_pack(changes: dict[str, bytes]) -> None:
    loaded = load_widget(tree({**widget(), **changes}), Config(Path()))
    check(loaded)
    files = bundle(loaded).files
    assert read_zip("w.zip", zip_files(files, EPOCH_FIRST, "deflate")).files == dict(sorted(files.items()))


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
@settings(max_examples=150)
def test_any_damage_to_a_zip_ends_in_findings(position: int, junk: bytes) -> None:
    data = archive({"manifest.json": as_json(MANIFEST), "script.js": SCRIPT})
    at = len(data) * position // 400
    for damaged in (data[:at], data[:at] + junk + data[at + len(junk) :], junk + data):
        check(load_widget(archive_tree(damaged), Config(Path())))
