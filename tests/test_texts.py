"""What becomes of the texts: UTF-8, no mark, LF, `$schema` gone, split locales merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builders import as_json, tree
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.bundle.texts import json_text, merged_locale, normal_text, without_schema
from widgetpack.config.settings import Config
from widgetpack.documents.load import load_document
from widgetpack.widget import load_widget

if TYPE_CHECKING:
    from widgetpack.model import Locale

BOM = b"\xef\xbb\xbf"


def locale(files: dict[str, bytes]) -> Locale:
    (found,) = load_widget(tree({**files, "manifest.json": b"{}"}), Config(Path())).locales
    return found


def bare(text: bytes) -> bytes:
    return without_schema(load_document("manifest.json", text))


def test_a_text_loses_its_mark_and_carriage_returns() -> None:
    assert normal_text(BOM + b"a\r\nb\rc\n\r\n") == b"a\nb\nc\n\n"


def test_bytes_that_are_not_utf8_stay() -> None:
    assert normal_text(BOM + b"\xff\r\n") == BOM + b"\xff\r\n"


@given(st.binary())
def test_a_text_is_normal_after_once(data: bytes) -> None:
    assert normal_text(normal_text(data)) == normal_text(data) or normal_text(data).startswith(BOM)


def test_the_schema_goes_wherever_it_stands_and_the_rest_keeps_its_form() -> None:
    assert bare(b'{\n  "$schema": "x",\n  "a":  1\n}\n') == b'{\n  "a":  1\n}\n'
    assert bare(b'{\n  "a":  1,\n  "$schema": "x"\n}\n') == b'{\n  "a":  1\n}\n'
    assert bare(b'{"a": 1, "\\u0024schema": "x", "b": {"$schema": 2}}') == b'{"a": 1, "b": {"$schema": 2}}'
    assert bare(BOM + b'{"$schema":\r\n"x"}\r\n') == b"{}\n"
    assert bare(b'{"$schema": 1, "$schema": 2}') == b"{}"


def test_what_is_no_object_or_unreadable_stays() -> None:
    assert [bare(text) for text in (b'["$schema"]', b'"$schema"', b'{"$schema": ', b"\xff")] == [
        b'["$schema"]', b'"$schema"', b'{"$schema": ', b"\xff",
    ]  # fmt: skip


VALUES = st.dictionaries(
    st.text() | st.just("$schema"), st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), max_size=5
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_a_manifest_loses_its_schema_and_nothing_else(
    value: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    document = load_document("manifest.json", text)
    if document.readable:
        value.pop("$schema", None)
        assert json.loads(without_schema(document)) == value


def test_a_locale_of_one_file_keeps_its_form() -> None:
    assert merged_locale(locale({"i18n/en.json": BOM + b'{"a":\r\n  "b"}'})) == b'{"a":\n  "b"}'


def test_a_split_locale_becomes_one_file() -> None:
    files = {"i18n/pt/b.json": '{"c": {"x": "ção"}}'.encode(), "i18n/pt/a.json": b'{"c": {"y": "1"}, "d": "2"}'}
    assert merged_locale(locale(files)) == as_json({"c": {"y": "1", "x": "ção"}, "d": "2"})


def test_a_split_locale_of_one_file_becomes_one_file() -> None:
    assert merged_locale(locale({"i18n/pt/a.json": b'{"a":"b"}'})) == b'{\n  "a": "b"\n}\n'


def test_half_a_character_stays_an_escape() -> None:
    assert json_text({"é": "\ud800"}) == '{\n  "\\u00e9": "\\ud800"\n}'
