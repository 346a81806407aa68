"""Each mechanical fix: what it edits, byte for byte, and where it keeps its hands off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import MANIFEST, TEXTS, Files, as_json, merged, tree, widget

from widgetpack.config.settings import Config
from widgetpack.documents.places import span
from widgetpack.fixes import FIXABLE
from widgetpack.fixes.base import FIXES
from widgetpack.fixes.rounds import Plan, make_plan
from widgetpack.model import Entry
from widgetpack.rules import RULES

BOM = b"\xef\xbb\xbf"


def plan(files: Files, aside: Files | None = None) -> Plan:
    return make_plan(tree(files, aside), Config(Path()), lambda _, findings: findings)


def mended(files: Files) -> Files:
    """Return the files that get other bytes."""
    made = plan(files)
    return {path: made.after[path] for path in made.changed}


def said(files: Files) -> list[str]:
    return [f"{item.code} {item.path}: {item.what}" for item in plan(files).fixed]


def manifest_after(manifest: dict[str, Any]) -> Any:
    """Return the manifest's value after all fixes."""
    return json.loads(plan(widget(as_json(manifest))).after["manifest.json"])


def edited(before: str, after: str, manifest: bytes | None = None) -> None:
    """Hold a fix to one spot: in the good manifest with ``before`` in place of ``after``, nothing else changes."""
    good = (manifest or as_json(MANIFEST)).decode()
    assert good.count(after) == 1
    assert mended(widget(good.replace(after, before).encode())) == {"manifest.json": good.encode()}


def untouched(manifest: dict[str, Any], files: dict[str, bytes | None] | None = None) -> None:
    assert mended(widget(manifest, files=files)) == {}


def test_every_fix_belongs_to_a_rule_and_is_announced() -> None:
    assert set(FIXES) == FIXABLE
    assert set(RULES) >= FIXABLE


def test_a_good_widget_stays_as_it_is() -> None:
    assert plan(widget()).fixed == ()
    assert mended(widget()) == {}


def test_a_span_is_exactly_the_value_or_its_key() -> None:
    text = BOM + '{"я": [1, {"b" : "x"}]}'.encode()
    spans = [span(text, ("я", 1, "b")), span(text, ("я", 1, "b"), on_key=True), span(text, ("я", 0)), span(text, ())]
    assert [text[place[0] : place[1]] for place in spans if place] == [b'"x"', b'"b"', b"1", text.removeprefix(BOM)]
    assert [span(text, ("gone",)), span(text, ("я", 2)), span(text, (), on_key=True), span(b"", ())] == [None] * 4


# Texts as such


def test_marks_and_windows_line_ends_go_from_every_text_but_the_scripts() -> None:
    windows = b"a\r\nb\r\n"
    files = {
        "style.css": BOM + windows,
        "templates/a.twig": windows,
        "a.html": b"a\r\r\nb\rc\r\n",
        "icon.svg": BOM + BOM + b"<svg/>",
        "data/a.json": BOM + b"[]",
        "script.js": widget()["script.js"].replace(b"\n", b"\r\n"),
        "lib/x.JS": BOM + b"1;\r\n",
        "images/a.png": windows,
    }
    assert mended(widget(files={**files})) == {
        "style.css": b"a\nb\n",
        "templates/a.twig": b"a\nb\n",
        "a.html": b"a\nb\rc\n",
        "icon.svg": b"<svg/>",
        "data/a.json": b"[]",
    }


def test_the_manifest_loses_its_mark_and_its_windows_line_ends() -> None:
    good = as_json(MANIFEST)
    files = widget(BOM + good.replace(b"\n", b"\r\n"))
    assert mended(files) == {"manifest.json": good}
    assert said(files) == [
        "J05 manifest.json: removed the byte order mark",
        "A14 manifest.json: CRLF line ends are now LF",
    ]


@pytest.mark.parametrize("text", ["Привет\r\n".encode("cp1251"), "Привет\r\n".encode("utf-16"), b"a\0\r\n"])
def test_another_encoding_is_never_touched(text: bytes) -> None:
    assert mended(widget(files={"a.css": text, "i18n/en.json": text})) == {}


def test_the_form_loses_its_mark() -> None:
    made = plan(widget(), {"integration.json": BOM + b'{"name": "Good"}\r\n'})
    assert made.after["integration.json"] == b'{"name": "Good"}\r\n'
    assert made.changed == ("integration.json",)


# What JSON does not know


def test_comments_go_with_the_line_that_they_have_to_themselves() -> None:
    text = b"""// head
{
  // own line
  "a": "x", // behind
  /* before */ "b": /* between */ "y // no comment", /* one */ /* two */
  /* several
     lines */
  "c": "/* no comment */" /* last */
}
// end"""
    assert mended(widget(files={"i18n/en.json": text, "i18n/es.json": None, "manifest.json": one_locale()})) == {
        "i18n/en.json": b"""{
  "a": "x",
  "b": "y // no comment",
  "c": "/* no comment */",
  "widget": {
    "name": "TODO",
    "short_description": "TODO",
    "description": "TODO",
    "tour_description": "TODO"
  },
  "settings": {
    "token": "TODO"
  }
}
"""
    }


def one_locale() -> bytes:
    changed = merged(MANIFEST, {"widget": {"locale": ["en"]}, "tour": {"tour_images": {"es": None}}})
    return as_json(changed)


def test_a_comment_behind_a_mark_leaves_no_empty_line() -> None:
    assert mended(widget(BOM + b"// head\r\n" + as_json(MANIFEST))) == {"manifest.json": as_json(MANIFEST)}


def test_trailing_commas_go_alone_or_with_their_line() -> None:
    for comma in (",", " ,", "\n  ,"):
        edited(f'"lcard-1"{comma}\n  ]', '"lcard-1"\n  ]')
    short = as_json(MANIFEST).decode().replace('[\n    "settings",\n    "lcard-1"\n  ]', '["settings", "lcard-1"]')
    edited('"lcard-1" , ]', '"lcard-1" ]', short.replace('"lcard-1"]', '"lcard-1" ]').encode())
    edited('"lcard-1",]', '"lcard-1"]', short.encode())


@pytest.mark.parametrize("text", [b'{"a": 1, // x\n', b'{"a": 1,,}', b"{'a': 1,}", b"// only", b'{"a": "\xff",}'])
def test_a_text_that_is_no_json_anyway_stays_as_it_is(text: bytes) -> None:
    assert mended(widget(files={"i18n/en.json": text})) == {}


def test_nothing_else_is_mended_while_comments_stay() -> None:
    text = as_json(merged(MANIFEST, {"widget": {"init_once": "Y"}})).replace(b"{\n", b"{ // why\n", 1)
    files = tree(widget(text))
    made = make_plan(files, Config(Path()), lambda _, findings: [item for item in findings if item.code != "J03"])
    assert made.changed == ()


# Types


@pytest.mark.parametrize("word", ['"Y"', '"yes"', '"true"', '"True"', '" TRUE "', "1", '"1"', "1.0"])
def test_a_yes_becomes_true(word: str) -> None:
    edited(f'"installation": {word}', '"installation": true')


@pytest.mark.parametrize("word", ['"N"', '"no"', '"false"', "0", '"0"'])
def test_a_no_becomes_false(word: str) -> None:
    edited(f'"init_once": {word}', '"init_once": false')
    edited(f'"required": {word}', '"required": false')


@pytest.mark.parametrize("value", ["", "maybe", 2, [], {}, "on", -1])
def test_what_is_no_plain_answer_stays(value: Any) -> None:
    untouched({"widget": {"init_once": value}})


def test_the_interface_is_a_number_and_the_version_a_text() -> None:
    edited('"interface_version": "2"', '"interface_version": 2')
    edited('"version": 1.0,', '"version": "1.0",', as_json(merged(MANIFEST, {"widget": {"version": "1.0"}})))
    edited('"version": 10,', '"version": "10",', as_json(merged(MANIFEST, {"widget": {"version": "10"}})))
    for value in ("02", "2.0", "", "two"):
        untouched({"widget": {"interface_version": value}})
    for number in (-1, 1e30, True, [1]):
        untouched({"widget": {"version": number}})


def test_a_single_locale_location_or_picture_becomes_a_list_of_one() -> None:
    manifest = as_json(merged(MANIFEST, {"tour": {"tour_images": {"es": None}}}))
    files = {"i18n/es.json": None}
    text = manifest.replace(b'[\n      "en",\n      "es"\n    ]', b'"en"').replace(
        b'[\n        "/images/tour.png"\n      ]', b'"/images/tour.png"'
    )
    assert mended(widget(text, files={**files})) == {
        "manifest.json": text.replace(b'"locale": "en"', b'"locale": ["en"]').replace(
            b'"/images/tour.png"', b'["/images/tour.png"]'
        )
    }
    assert manifest_after({**MANIFEST, "locations": "lcard-1"})["locations"] == ["lcard-1"]
    untouched({"widget": {"locale": "en, es"}})


def test_a_tour_is_true_but_never_made_so() -> None:
    edited('"is_tour": "Y"', '"is_tour": true')
    edited('"is_tour": 1', '"is_tour": true')
    untouched({"tour": {"is_tour": False}})
    untouched({"tour": {"is_tour": "N"}})


def test_action_multiple_moves_to_where_it_is_read() -> None:
    base: dict[str, Any] = {"locations": ["settings", "digital_pipeline"], "dp": {"webhook_url": "https://x.dev/hook"}}
    for settings, value in (({}, True), ({"a": {"name": "settings.token", "type": "text"}}, "N")):
        manifest = merged(MANIFEST, {**base, "dp": {**base["dp"], "settings": {"action_multiple": value, **settings}}})
        after = manifest_after(manifest)
        assert after["dp"] == {
            "settings": settings,
            "webhook_url": "https://x.dev/hook",
            "action_multiple": value is True,
        }
    untouched({**base, "dp": {"settings": {"action_multiple": True}, "action_multiple": False}})


# Locations


def test_a_bare_area_gets_the_suffix_that_it_stands_for() -> None:
    edited('"settings",\n    "lcard"\n', '"settings",\n    "lcard-1"\n')
    untouched({"locations": ["settings", "lcard", "lcard-0"]})
    untouched({"locations": ["settings", "lcard-1", "tline"]})


@pytest.mark.parametrize("word", ["advancedSettings", "Advanced-Settings", " advanced_settings", "ADVANCED_SETTINGS"])
def test_a_location_gets_its_own_spelling(word: str) -> None:
    blocks = {"locations": ["settings", "advanced_settings"], "advanced": {"title": "widget.name"}}
    edited(f'"{word}"\n  ]', '"advanced_settings"\n  ]', as_json(merged(MANIFEST, blocks)))


@pytest.mark.parametrize("word", ["anywhere", "dashboard-widgets", "card", "lcard-2", "advanced_setings"])
def test_a_location_that_is_only_similar_stays(word: str) -> None:
    untouched({"locations": ["settings", word]})


def test_the_second_of_two_equal_locations_goes() -> None:
    text = as_json(MANIFEST).replace(b'    "lcard-1"\n', b'    "lcard-1",   "settings",\n    "lcard-1",\n    "lcard"\n')
    assert mended(widget(text)) == {"manifest.json": as_json(MANIFEST)}


# Locale codes


def spelt(raw: str, **files: bytes | None) -> Files:
    """Return a good widget in which Spanish is called ``raw``."""
    text = as_json(MANIFEST).replace(b'"es"', json.dumps(raw).encode())
    texts = as_json(TEXTS)
    return widget(text, files={"i18n/es.json": None, f"i18n/{raw}.json": texts, **files})


@pytest.mark.parametrize("raw", ["es_ES", "es-ES", "ES", "Es-mx"])
def test_a_locale_gets_its_code_in_the_manifest_and_in_its_file(raw: str) -> None:
    made = plan(spelt(raw))
    assert {path: made.after[path] for path in made.changed} == {"manifest.json": as_json(MANIFEST)}
    assert [tuple(rename) for rename in made.renames] == [(f"i18n/{raw}.json", "i18n/es.json")]
    assert sorted(made.after) == ["i18n/en.json", "i18n/es.json", "manifest.json"]
    assert [item.what for item in made.fixed] == [
        f'"{raw}" is now "es"',
        f"renamed from i18n/{raw}.json",
        f'"{raw}" is now "es"',
    ]


def test_a_folder_of_texts_is_renamed_as_a_whole() -> None:
    files = spelt("es_ES")
    files["i18n/es_ES/a.json"] = files.pop("i18n/es_ES.json")
    files["i18n/es_ES/b.json"] = b'{"more": "Mas"}'
    files["i18n/en/b.json"] = b'{"more": "More"}'
    made = plan(files)
    assert [tuple(rename) for rename in made.renames] == [("i18n/es_ES", "i18n/es")]
    assert made.after["i18n/es/b.json"] == b'{"more": "Mas"}'


def test_a_file_alone_is_renamed_where_its_locale_is_declared() -> None:
    files = widget()
    files["i18n/es-ES.json"] = files.pop("i18n/es.json")
    made = plan(files)
    assert (made.changed, [tuple(rename) for rename in made.renames]) == ((), [("i18n/es-ES.json", "i18n/es.json")])
    assert [item.code for item in made.fixed] == ["L01"]


@pytest.mark.parametrize("name", ["i18n/es.json", "i18n/es/a.json"])
def test_nothing_is_renamed_onto_something(name: str) -> None:
    assert plan(spelt("es_ES", **{name: as_json(TEXTS)})).fixed == ()


def test_nothing_is_renamed_onto_a_file_that_stays_out() -> None:
    files = tree(spelt("es_ES"))
    files = files._replace(entries=(*files.entries, Entry("i18n/es.json", 2, packed=False, reason="excluded")))
    assert make_plan(files, Config(Path()), lambda _, findings: findings).fixed == ()


def test_two_spellings_of_one_code_are_left_to_their_author() -> None:
    files = spelt("es_ES")
    files["manifest.json"] = files["manifest.json"].replace(b'"es_ES"\n    ]', b'"es_ES",\n      "es_MX"\n    ]')
    assert plan(files).fixed == ()


@pytest.mark.parametrize("raw", ["english", "es_419", "xx_YY", "fr-FR", "e", "es_", "", "es.UTF-8"])
def test_a_code_that_is_only_similar_stays(raw: str) -> None:
    assert plan(widget({"widget": {"locale": ["en", "es", raw]}})).fixed == ()


# Missing texts


def texts_after(texts: bytes, english: Any = None, manifest: dict[str, Any] | None = None) -> bytes:
    """Return the Spanish texts after all fixes."""
    files: dict[str, bytes | None] = {"i18n/es.json": texts, "i18n/en.json": as_json(english or TEXTS)}
    return plan(widget(manifest, files=files)).after["i18n/es.json"]


def test_a_missing_text_goes_behind_its_neighbour() -> None:
    english = {**TEXTS, "a": {"first": "1", "second": "2", "third": "3"}}
    spanish = as_json(merged(english, {"a": {"second": None}}))
    assert texts_after(spanish, english) == as_json(merged(english, {"a": {"second": "TODO: 2"}}))
    spanish = as_json(merged(english, {"a": {"first": None}}))
    assert texts_after(spanish, english) == as_json(merged(english, {"a": {"first": "TODO: 1"}}))
    spanish = as_json(merged(english, {"a": {"second": None, "third": None}}))
    assert texts_after(spanish, english) == as_json(merged(english, {"a": {"second": "TODO: 2", "third": "TODO: 3"}}))


def test_a_missing_group_comes_whole() -> None:
    english = {"widget": TEXTS["widget"], "a": {"b": {"c": "C", "d": ["x", 1]}, "e": ""}, "settings": TEXTS["settings"]}
    expected = merged(english, {"a": {"b": {"c": "TODO: C", "d": ["TODO: x", 1]}, "e": "TODO"}})
    assert texts_after(as_json(TEXTS), english) == as_json(expected)


def test_a_text_that_nobody_has_is_a_bare_todo_in_every_locale() -> None:
    made = plan(widget({"settings": {"other": {"name": "settings.deep.other", "type": "text", "required": False}}}))
    assert made.changed == ("i18n/en.json", "i18n/es.json")
    for path in made.changed:
        group = b',\n    "deep": {\n      "other": "TODO"\n    }'
        assert made.after[path].replace(group, b"") == made.before[path]
        assert made.after[path] != made.before[path]


def test_two_texts_of_one_missing_group_make_one_group() -> None:
    field = {"type": "text", "required": False}
    manifest = {"settings": {"a": {"name": "more.a", **field}, "b": {"name": "more.b", **field}}}
    assert json.loads(texts_after(as_json(TEXTS), None, manifest)) == merged(
        TEXTS, {"more": {"a": "TODO", "b": "TODO"}}
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"a":"x"}', b'{"a":"x","b":"TODO: B","c":{"d":"TODO: D","e":{}}}'),
        (b'{"a": "x"}', b'{"a": "x", "b": "TODO: B", "c": {"d": "TODO: D", "e": {}}}'),
        (b'{ "a" : "x" }', b'{ "a" : "x", "b" : "TODO: B", "c" : {"d" : "TODO: D", "e" : {}} }'),
        (
            b'{\r\n\t"a": "x"  \r\n\r\n}\r\n',
            b'{\r\n\t"a": "x",\r\n\t"b": "TODO: B",\r\n\t"c": {\r\n\t\t"d": "TODO: D",\r\n\t\t"e": {}\r\n\t}  \r\n\r\n}\r\n',
        ),
        (
            b'{\n    "a": "x",\n\n    "z":    "y"}',
            b'{\n    "a": "x",\n    "b": "TODO: B",\n    "c": {\n        "d": "TODO: D",\n        "e": {}\n    },\n\n    "z":    "y"}',
        ),
        (
            b'{ "a": "x"\n, "z": "y"\n}',
            b'{ "a": "x"\n, "b": "TODO: B"\n, "c": {\n  "d": "TODO: D",\n  "e": {}\n}\n, "z": "y"\n}',
        ),
        (b"{}", b'{\n  "a": "TODO: A",\n  "b": "TODO: B",\n  "c": {\n    "d": "TODO: D",\n    "e": {}\n  }\n}'),
        (
            b'{\n "a": "x", "c": {}\n}',
            b'{\n "a": "x", "b": "TODO: B", "c": {\n  "d": "TODO: D",\n  "e": {}\n }\n}',
        ),
        (b'{"a":"x","c":{}}', b'{"a":"x","b":"TODO: B","c":{"d":"TODO: D","e":{}}}'),
    ],
)
def test_what_is_added_looks_like_what_is_there(before: bytes, after: bytes) -> None:
    english = {"a": "A", "b": "B", "c": {"d": "D", "e": {}}}
    files = {"i18n/en.json": as_json(english), "i18n/es.json": before, "manifest.json": as_json(NAMELESS)}
    made = make_plan(tree(files), Config(Path()), lambda _, found: [item for item in found if item.code == "L03"])
    assert made.after["i18n/es.json"] == after


NAMELESS = {"widget": {"locale": ["en", "es"]}, "locations": []}


def test_letters_are_escaped_where_the_file_escapes_its_own() -> None:
    english = {**TEXTS, "x": "Привет 😀"}
    assert texts_after(as_json(TEXTS), english) == as_json({**TEXTS, "x": "TODO: Привет 😀"})
    escaped = as_json(TEXTS).replace(b"A good", b"\\u0041 good")
    assert (
        texts_after(escaped, english).splitlines()[-2]
        == b'  "x": "TODO: \\u041f\\u0440\\u0438\\u0432\\u0435\\u0442 \\ud83d\\ude00"'
    )


def test_half_a_letter_is_written_as_its_escape() -> None:
    english = as_json(TEXTS).replace(b'"Token"', b'"Token \\ud83d"')
    spanish = as_json(merged(TEXTS, {"settings": {"token": None}, "e": "é"}))
    made = plan(widget(files={"i18n/en.json": english, "i18n/es.json": spanish}))
    assert json.loads(made.after["i18n/es.json"])["settings"] == {"token": "TODO: Token \ud83d"}


@pytest.mark.parametrize(
    "texts", [{"settings": None}, {"settings": "a text"}, {"settings": []}, {"settings": {"token": {}}}]
)
def test_what_is_there_in_another_shape_stays(texts: dict[str, Any]) -> None:
    spanish = as_json({**TEXTS, **texts})
    assert texts_after(spanish) == spanish


def test_a_text_of_a_locale_in_several_files_goes_to_its_group() -> None:
    files = widget(
        files={
            "i18n/es.json": None,
            "i18n/es/a.json": as_json({"widget": TEXTS["widget"]}),
            "i18n/es/b.json": b'{"settings": {}}',
        }
    )
    assert mended(files) == {"i18n/es/b.json": b'{"settings": {"token": "TODO: Token"}}'}


def test_an_undeclared_locale_is_left_alone() -> None:
    assert mended(widget(files={"i18n/pt.json": b"{}"})) == {}


# Silence


def test_what_is_not_reported_is_not_mended() -> None:
    files = tree(widget({"widget": {"init_once": "Y", "installation": "Y"}}))
    made = make_plan(files, Config(Path()), lambda _, found: [item for item in found if item.line == 8])
    assert [item.what for item in made.fixed] == ['`widget.init_once`: "Y" is now true']


def test_an_archive_line_end_that_is_not_reported_stays() -> None:
    made = make_plan(
        tree(widget(files={"a.css": b"\r\n"})),
        Config(Path()),
        lambda _, found: [item for item in found if item.code != "A14"],
    )
    assert made.changed == ()
