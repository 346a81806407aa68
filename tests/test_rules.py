"""Every rule: a case in which it fires alone on an otherwise good widget, with its exact words and place."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from builders import (
    GREET,
    MANIFEST,
    SCRIPT,
    TEXTS,
    archive,
    archive_tree,
    as_json,
    brief,
    findings,
    merged,
    picture,
    png,
    tree,
    widget,
)

from widgetpack.catalogue import FAMILIES, explain_rule
from widgetpack.model import SEVERITIES, Anomaly, Tree
from widgetpack.platform import MAX_IMAGE_BYTES
from widgetpack.rules import RULES

TOUR = {
    "tour": {
        "is_tour": True,
        "tour_images": {"en": ["/images/logo_main.png"], "es": ["/images/logo_main.png"]},
        "tour_description": "widget.name",
    }
}
GOOD_TEXT = as_json(TEXTS)


def text(base: dict[str, Any] | None = None, **changes: Any) -> bytes:
    return as_json(merged(base or TEXTS, changes))


def odd(kind: str, path: str, detail: str = "") -> Tree:
    return tree(widget())._replace(anomalies=(Anomaly(kind, path, detail),))


def form(value: Any) -> Tree:
    return tree(widget(), {"integration.json": as_json(value), "icon.png": png(400, 272), "small.png": png(40, 27)})


def backslashes() -> Tree:
    return archive_tree(archive({**widget(), "lib\\extra.css": b""}))


def encrypted() -> Tree:
    data = bytearray(archive({**widget(), "z.css": b"x"}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.rfind(signature) + offset] |= 1  # the flag of the last member, z.css, in both of its headers
    return archive_tree(bytes(data))


def with_symlink() -> Tree:
    info = zipfile.ZipInfo("z.css")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    files: list[tuple[Any, bytes]] = [*widget().items(), (info, b"style.css")]
    return archive_tree(archive(files))


Case = Tree | dict[str, bytes] | Callable[[], Tree]

CASES: dict[str, tuple[Case, list[str]]] = {
    "M01": (
        {path: data for path, data in widget().items() if path == "style.css"},
        ["M01 error :1:1 no manifest.json"],
    ),
    "M02": (widget({"widget": {"init_once": "Y"}}), ['M02 error manifest.json:8:18 "Y", a string, not a boolean']),
    "M03": (widget({"widget": {"version": None}}), ['M03 error manifest.json:2:13 required key "version" is missing']),
    "M04": (widget({"locaitons": []}), ['M04 warning manifest.json:30:3 unknown key "locaitons"']),
    "M05": (widget({"widget": {"interface_version": 1}}), ["M05 error manifest.json:7:26 1, not 2"]),
    "M06": (
        widget({"locations": ["settings", "anywhere"]}),
        ['M06 warning manifest.json:21:5 "anywhere" is not a known location, did you mean "everywhere"?'],
    ),
    "M07": (
        widget({"settings": {"token": {"type": "select"}}}),
        ['M07 error manifest.json:26:15 "select" is not a setting type: text, pass, users, users_lp or custom'],
    ),
    "M08": (
        widget({"widget": {"locale": ["en", "es_ES"]}}, files={"i18n/es.json": None, "i18n/es_ES.json": GOOD_TEXT}),
        ['M08 error manifest.json:11:7 "es_ES" is not a locale code: two lower-case letters'],
    ),
    "M09": (
        widget(merged(TOUR, {"tour": {"is_tour": False}})),
        ["M09 error manifest.json:31:16 false is not true, and the platform refuses the upload"],
    ),
    "M10": (
        widget({"locations": ["settings", "sms"], "sms": {"endpoint": "http://sms.dev"}}),
        ['M10 error manifest.json:31:17 "http://sms.dev" is not an https URL'],
    ),
    "M11": (
        widget({"locations": ["settings", "digital_pipeline"]}, files={"images/logo_dp.png": png(174, 109)}),
        ["M11 error manifest.json:21:5 location `digital_pipeline` needs the block `dp`"],
    ),
    "M12": (
        widget({"sms": {"endpoint": "https://sms.dev"}}),
        ["M12 warning manifest.json:30:3 `sms` does nothing without the location `sms`"],
    ),
    "M13": (
        widget({"settings": None}, {"settings": None}),
        ["M13 error manifest.json:1:1 `settings` needs at least one field in a widget with `installation: true`"],
    ),
    "M14": (
        widget({"widget": {"installation": False}}),
        ["M14 warning manifest.json:13:21 `installation: false` leaves no Install button"],
    ),
    "M15": (
        widget({"locations": ["settings", "lcard-1", "lcard-0"]}),
        ["M15 warning manifest.json:21:5 `lcard-0` and `lcard-1` exclude each other"],
    ),
    "M16": (
        widget({"locations": ["settings", "lcard"]}),
        ["M16 info manifest.json:21:5 `lcard` is read as `lcard-1`; write which one you mean"],
    ),
    "M17": (
        widget({"locations": ["settings", "card_sdk"]}),
        ["M17 warning manifest.json:21:5 `card_sdk` needs a card location"],
    ),
    "M18": (
        widget(
            {"settings": {name: {"name": "settings.token", "type": "custom", "required": False} for name in ("a", "b")}}
        ),
        ["M18 error manifest.json:36:15 only one field can be `custom`; `a` is one"],
    ),
    "M19": (
        widget(merged(TOUR, {"tour": {"tour_images": {"es": None}}})),
        ["M19 warning manifest.json:32:20 no pictures for the locale `es`"],
    ),
    "M20": (widget({"widget": {"support": None}}), ["M20 warning manifest.json:2:13 no `support` block"]),
    "M21": (
        widget({"widget": {"secret_key": "abc"}}),
        ["M21 warning manifest.json:18:5 a secret that everybody can read"],
    ),
    "M22": (
        widget(merged(TOUR, {"tour": {"tour_images": {"en": ["/images/Logo_main.png"]}}})),
        ["M22 error manifest.json:34:9 no file `images/Logo_main.png` in the package, but `images/logo_main.png`"],
    ),
    "J01": (widget(files={"i18n/es.json": b'{"widget": }'}), ["J01 error i18n/es.json:1:12 a value is expected"]),
    "J02": (
        widget(as_json(MANIFEST).replace(b'"init_once": false', b'"init_once": false, "init_once": true')),
        ['J02 error manifest.json:8:25 key "init_once" is set twice; only the last one counts'],
    ),
    "J03": (
        widget(as_json(MANIFEST).replace(b'"locations"', b'/* where */ "locations"')),
        ["J03 error manifest.json:19:3 JSON has no comments"],
    ),
    "J04": (
        widget(as_json(MANIFEST).replace(b'"lcard-1"\n', b'"lcard-1",\n')),
        ["J04 error manifest.json:21:14 trailing comma"],
    ),
    "J05": (
        widget(files={"i18n/es.json": b"\xef\xbb\xbf" + GOOD_TEXT}),
        ["J05 warning i18n/es.json:1:1 starts with a byte order mark (BOM)"],
    ),
    "J06": (
        widget(files={"i18n/es.json": GOOD_TEXT.replace(b"A good", b"A g\xf3od")}),
        ["J06 error i18n/es.json:4:30 not UTF-8: byte 0xF3 starts no character"],
    ),
    "J07": (widget(files={"i18n/es.json": b"[1]"}), ["J07 error i18n/es.json:1:1 not an object of groups and texts"]),
    "L01": (widget(files={"i18n/es.json": None}), ["L01 error manifest.json:11:7 no i18n/es.json for the locale `es`"]),
    "L02": (
        widget(files={"i18n/pt.json": GOOD_TEXT}),
        ["L02 warning i18n/pt.json:1:1 the locale `pt` is not in `widget.locale`"],
    ),
    "L03": (
        widget(files={"i18n/es.json": text(extra={"a": "b", "c": "d"})}),
        ["L03 warning i18n/en.json:1:1 no `extra`, which `es` has"],
    ),
    "L04": (
        widget({"settings": {"token": {"name": "settings.tokn"}}}),
        [
            "L04 error manifest.json:25:15 `settings.tokn` is not a text of the locale `en`",
            "L04 error manifest.json:25:15 `settings.tokn` is not a text of the locale `es`",
        ],
    ),
    "L05": (
        widget({"widget": {"name": "My widget"}}),
        ["L05 warning manifest.json:3:13 'My widget' is a text, not the key of one"],
    ),
    "L06": (
        widget(files={"i18n/es.json": text(settings={"token": " "})}),
        ["L06 warning i18n/es.json:8:14 `settings.token` is empty"],
    ),
    "L07": (
        widget(
            {"settings": {"token": {"name": "widget.name"}}},
            {"settings": {"token": 5}},
            {"i18n/en.json": text(settings={"token": "5"})},
        ),
        ["L07 warning i18n/es.json:8:14 `settings.token` is a number, not a text"],
    ),
    "L08": (
        widget(files={"i18n/es/more.json": as_json({"settings": {"token": "again"}})}),
        ["L08 error i18n/es/more.json:3:5 `settings.token` is also set in i18n/es.json"],
    ),
    "L09": (
        widget({"widget": {"locale": []}}, files={"i18n/en.json": None, "i18n/es.json": None}),
        ["L09 error manifest.json:2:13 no i18n/*.json", "M05 error manifest.json:9:15 0 items, not at least 1"],
    ),
    "I01": (widget(files={"images/logo_min.png": None}), ["I01 error :1:1 no images/logo_min.png (84x84)"]),
    "I02": (
        widget(files={"images/logo_min.png": png(108, 108)}),
        ["I02 error images/logo_min.png:1:1 108x108, not 84x84; it would fit logo_small"],
    ),
    "I03": (
        widget(files={"images/logo_min.png": None, "images/logo_min.gif": picture(84, 84, "GIF")}),
        ["I03 error images/logo_min.gif:1:1 .gif, not .png"],
    ),
    "I04": (
        widget(files={"images/logo_min.png": picture(84, 84, "JPEG")}),
        ["I04 error images/logo_min.png:1:1 JPEG data in a file named .png"],
    ),
    "I05": (
        widget(files={"images/logo_min.png": png(84, 84) + b"\0" * MAX_IMAGE_BYTES}),
        ["I05 error images/logo_min.png:1:1 300 KB, more than 300 KB"],
    ),
    "I06": (
        widget(files={"images/logo_min.png": b"iVBORw0KGgoAAAANSUhEUgAA"}),
        ["I06 error images/logo_min.png:1:1 not a picture but base64 text"],
    ),
    "S01": (widget(files={"script.js": None}), ["S01 error :1:1 no script.js"]),
    "S02": (widget(files={"lib/greet.js": GREET + b"var = 1;\n"}), ["S02 error lib/greet.js:4:1 unexpected `var`"]),
    "S03": (
        widget(files={"script.js": b"l" + SCRIPT, "lib/greet.js": None}),
        ["S03 error script.js:1:1 no call of `define`: not an AMD module"],
    ),
    "S04": (
        widget(files={"script.js": SCRIPT.replace(b"define(", b"define('app', ")}),
        ["S04 error script.js:1:1 the module is named 'app'; it must be anonymous"],
    ),
    "S05": (
        widget(files={"lib/greet.js": None}),
        ["S05 error script.js:1:19 no file for `./lib/greet.js`"],
    ),
    "S06": (
        widget({"locations": ["settings", "personal_page"]}),
        ["S06 error manifest.json:21:5 location `personal_page` needs personal_page.js at the root"],
    ),
    "S07": (
        widget(files={"lib/deep.js": b"(" * 60_000 + b")" * 60_000}),
        ["S07 warning lib/deep.js:1:1 nests too deeply to be read"],
    ),
    "S08": (
        lambda: archive_tree(archive(widget(files={"lib/greet.js": b"define([], function () { return <b/>; });\n"}))),
        ["S08 error lib/greet.js:1:1 JSX, which no browser runs"],
    ),
    "A01": (lambda: archive_tree(b"no zip"), ["A01 error :1:1 not a zip"]),
    "A02": (odd("too-large", "huge.css", "60,000,000 bytes"), ["A02 error huge.css:1:1 60,000,000 bytes"]),
    "A03": (backslashes, ["A03 error lib\\extra.css:1:1 back-slash in the entry's name"]),
    "A04": (
        lambda: archive_tree(duplicated()),
        ["A04 error script.js:1:1 this name occurs twice in the archive"],
    ),
    "A05": (
        lambda: archive_tree(archive({**widget(), "../evil.css": b"", "/abs.css": b""})),
        ["A05 error ../evil.css:1:1 `..` in the name", "A05 error /abs.css:1:1 an absolute name"],
    ),
    "A06": (encrypted, ["A06 error z.css:1:1 encrypted"]),
    "A07": (with_symlink, ["A07 error z.css:1:1 a symbolic link"]),
    "A08": (
        odd("unreadable", "a.css", "cannot be read: permission denied"),
        ["A08 error a.css:1:1 cannot be read: permission denied"],
    ),
    "A09": (odd("name", "a\\udcff.css"), ["A09 error a\\udcff.css:1:1 its name is not UTF-8"]),
    "A10": (widget(files={"стиль.css": b""}), ["A10 warning стиль.css:1:1 letters outside ASCII in the name"]),
    "A11": (
        widget(files={"Style.css": b"", "style.css": b""}),
        ["A11 error style.css:1:1 differs from Style.css only in case"],
    ),
    "A12": (
        lambda: archive_tree(archive({**widget(), "__MACOSX/._a": b""})),
        ["A12 warning __MACOSX/._a:1:1 left over by an operating system, editor or tool"],
    ),
    "A13": (
        widget(files={"style.css": b".a::after{content:'\xe9'}"}),
        ["A13 warning style.css:1:20 not UTF-8: byte 0xE9"],
    ),
    "A14": (
        lambda: archive_tree(archive({**widget(), "style.css": b".a{}\r\n"})),
        ["A14 warning style.css:1:5 CRLF line ends"],
    ),
    "F01": (
        form({"name": "Good", "duplicate_control": "yes"}),
        ['F01 error integration.json:3:24 "yes", a string, not a boolean'],
    ),
    "F02": (
        form({"name": "Good", "scope": []}),
        ['F02 warning integration.json:3:3 unknown key "scope", did you mean "scopes"?'],
    ),
    "F03": (form({"name": "ab"}), ['F03 error integration.json:2:11 "ab", 2 characters, not at least 3']),
    "F04": (
        form({"name": "Good", "redirect_uri": "http://a.dev"}),
        ['F04 error integration.json:3:19 "http://a.dev" is not an https URL'],
    ),
    "F05": (
        form({"name": "Good", "scopes": ["crn"]}),
        [
            'F05 error integration.json:4:5 "crn" is not a known scope: crm, notifications, push_notifications, files or files_delete'
        ],
    ),
    "F06": (
        form({"name": "Good", "icon": "small.png"}),
        ["F06 error integration.json:3:11 small.png: 40x27, not 400x272"],
    ),
    "F07": (
        form({"name": {"en": "Good", "pt": "Bom"}}),
        [
            "F07 error integration.json:2:11 no `name` for the locale `es`",
            "F07 error integration.json:4:5 `pt` is not a locale of the widget",
        ],
    ),
}


def duplicated() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive([*widget().items(), ("script.js", SCRIPT)])


def test_the_good_widget_has_no_finding() -> None:
    assert findings(widget()) == ()


def test_the_good_widget_has_no_finding_as_a_public_one() -> None:
    assert findings(widget(), audience="public") == ()


@pytest.mark.parametrize("code", sorted(CASES))
def test_rule_fires_alone(code: str) -> None:
    case, expected = CASES[code]
    assert brief(findings(case() if callable(case) else case)) == expected


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == sorted(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_says_what_and_how_to_mend_it(code: str) -> None:
    item = RULES[code]
    assert item.doc.what.endswith(".")
    assert item.doc.fix.endswith((".", ";"))
    assert item.source
    assert code[0] in FAMILIES
    assert explain_rule(code).startswith(f"{code} {item.slug} (")


def test_slugs_are_unique() -> None:
    slugs = [item.slug for item in RULES.values()]
    assert sorted(set(slugs)) == sorted(slugs)


def test_findings_come_sorted_by_place() -> None:
    found = findings(
        widget({"widget": {"init_once": "Y", "interface_version": 1}, "extra": 1}, files={"i18n/es.json": b"{"})
    )
    assert [(item.path, item.line) for item in found] == sorted((item.path, item.line) for item in found)
    assert {item.severity for item in found} <= set(SEVERITIES)
