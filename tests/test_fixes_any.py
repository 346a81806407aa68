"""Mechanical fixes over anything: they never raise, change only what they mean to, and have nothing left to do after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builders import MANIFEST, TEXTS, Files, as_json, merged, tree, widget
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_fuzz import LOADED, NAMES, VALUES, mutilated

from widgetpack.config.settings import Config
from widgetpack.documents.load import load_document
from widgetpack.fixes.rounds import Kept, Plan, make_plan

BLANKS = ("", " ", "  ", "\n", "\n  ", "\n\n\t", "\r\n    ")
NOISE = (*BLANKS, "/* , */", "// }\n", ' /* "a": 1, */ ', '\t// "\r\n\t', "/**/")
NAMED: Kept = lambda _, found: found  # noqa: E731
GROUPS = st.recursive(
    st.text(max_size=6),
    lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
BARE = as_json({"widget": {"locale": ["en", "es"]}, "locations": []})


def only(*codes: str) -> Kept:
    return lambda _, found: [item for item in found if item.code in codes]


def plan(files: Files, kept: Kept = NAMED) -> Plan:
    return make_plan(tree(files), Config(Path()), kept)


def printed(draw: st.DrawFn, value: Any, blanks: tuple[str, ...], *, commas: bool = False) -> str:
    """Return a value as JSON with any white space between its parts, and with trailing commas where they are asked for."""

    def gap() -> str:
        return draw(st.sampled_from(blanks))

    def listed(parts: list[str], brackets: str) -> str:
        if not parts and not commas:
            return brackets  # blanks in it give way to what is added
        end = "," + gap() if commas and parts and draw(st.booleans()) else ""
        return brackets[0] + gap() + ",".join(gap() + part + gap() for part in parts) + end + brackets[1]

    def shown(part: Any) -> str:
        if isinstance(part, dict):
            return listed([json_text(key) + gap() + ":" + gap() + shown(item) for key, item in part.items()], "{}")
        return listed([shown(item) for item in part], "[]") if isinstance(part, list) else json_text(part)

    def json_text(part: Any) -> str:
        return json.dumps(part, ensure_ascii=draw(st.booleans()))

    return gap() + shown(value) + gap()


@st.composite
def noisy(draw: st.DrawFn) -> tuple[Any, str]:
    """Return an object, and a text of it with comments and trailing commas."""
    value = draw(st.dictionaries(st.text(max_size=4), VALUES, max_size=4))
    return value, printed(draw, value, NOISE, commas=True)


@st.composite
def gapped(draw: st.DrawFn) -> tuple[Any, Any, str]:
    """Return English texts, what Spanish ones have of them, and a text of the Spanish ones."""
    english = draw(st.dictionaries(st.text(max_size=4), GROUPS, max_size=4))

    def part(value: Any) -> Any:
        if not isinstance(value, dict):
            return draw(st.text(max_size=4))
        return {key: part(item) for key, item in value.items() if draw(st.booleans())}

    spanish = part(english)
    return english, spanish, printed(draw, spanish, BLANKS)


def todo(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: todo(item) for key, item in value.items()}
    return value if value.startswith("TODO") else f"TODO: {value}" if value.strip() else "TODO"


def filled(english: Any, spanish: Any) -> Any:
    """Return the Spanish texts with every gap filled."""
    if not isinstance(english, dict):
        return spanish
    return {key: filled(item, spanish[key]) if key in spanish else todo(item) for key, item in english.items()}


def is_within(few: bytes, many: bytes) -> bool:
    """Tell whether ``few`` is what is left of ``many`` after some bytes are taken out."""
    rest = iter(many)
    return all(byte in rest for byte in few)


@given(noisy())
@settings(max_examples=100)
@example(({}, '{// "}\n}'))
def test_comments_and_commas_go_and_the_value_stays(made: tuple[Any, str]) -> None:
    value, text = made
    files = {"manifest.json": BARE, "i18n/en.json": text.encode(), "i18n/es.json": text.encode()}
    after = plan(files, only("J03", "J04")).after["i18n/en.json"]
    document = load_document("i18n/en.json", after)
    assert (document.value, document.faults) == (value, ())
    assert is_within(after, text.encode())


@given(gapped())
@settings(max_examples=100)
def test_gaps_are_filled_and_every_byte_stays(made: tuple[Any, Any, str]) -> None:
    english, spanish, text = made
    files = {"manifest.json": BARE, "i18n/en.json": as_json(english), "i18n/es.json": text.encode()}
    done = plan(files, only("L03"))
    after = done.after["i18n/es.json"]
    assert json.loads(after) == filled(english, spanish)
    assert list(json.loads(after)) == list(english)
    assert is_within(text.encode(), after)
    assert set(done.changed) <= {"i18n/es.json"}


@given(mutilated(LOADED), mutilated(TEXTS), VALUES)
@settings(max_examples=100)
def test_any_manifest_and_texts_are_mended_once(manifest: Any, texts: Any, other: Any) -> None:
    spanish = {"i18n/es.json": json.dumps(other).encode()}
    files = widget(json.dumps(manifest).encode(), files={"i18n/en.json": json.dumps(texts).encode(), **spanish})
    done = plan(files)
    assert all(load_document(path, data).readable for path, data in done.after.items() if path.endswith(".json"))
    again = plan({**files, **done.after})
    assert (again.fixed, again.after) == ((), done.after)


@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "integration.json", "a.twig", "i18n/es_ES.json"]),
        st.binary(max_size=60) | st.text(alphabet='\r\n{}[],:"/* \ufeffaé', max_size=60).map(str.encode),
    )
)
@settings(max_examples=100)
def test_any_bytes_in_any_file_are_mended_once(changes: dict[str, bytes]) -> None:
    files: Files = {**widget(), **changes}
    done = plan(files)
    assert not any(path.endswith(".js") for path in done.after)
    kept = {path: data for path, data in files.items() if path.endswith(".js")}
    again = plan({**kept, **done.after})
    assert (again.fixed, again.after) == ((), done.after)


@st.composite
def prints(draw: st.DrawFn, value: Any) -> bytes:
    """Return a text of a value without Windows line ends, which would be one more fault."""
    return printed(draw, value, tuple(blank.replace("\r", "") for blank in BLANKS)).encode()


@given(prints(MANIFEST))
@settings(max_examples=100)
def test_a_good_manifest_in_any_print_stays_byte_for_byte(text: bytes) -> None:
    assert plan(widget(text)).fixed == ()


@given(prints(merged(MANIFEST, {"widget": {"installation": "@"}})), st.sampled_from([b'"Y"', b"1", b'"true"']))
@settings(max_examples=100)
def test_one_fault_in_any_print_changes_one_spot(text: bytes, word: bytes) -> None:
    before, after = (text.replace(b'"@"', spot) for spot in (word, b"true"))
    assert plan(widget(before)).after["manifest.json"] == after
