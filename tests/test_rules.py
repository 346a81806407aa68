"""Every rule: a case in which it fires alone on an otherwise good widget, with its exact words and place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import (
    ALL_CALLBACKS,
    GREET,
    MANIFEST,
    SCRIPT,
    SPANISH,
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
from PIL import Image

from widgetpack.catalogue import FAMILIES, explain_rule
from widgetpack.config.script import ScriptOptions
from widgetpack.config.settings import Config
from widgetpack.incidents import Incident, IncidentKind
from widgetpack.model import Anomaly, Finding, Place, Release, Tree
from widgetpack.native.facts import (
    AbsentModule,
    Build,
    BuiltInSecret,
    Fact,
    LostDefine,
    NoConstructor,
    SourceFault,
    UnsetName,
    UnusedSource,
)
from widgetpack.origins import judge_sources
from widgetpack.platform import MAX_IMAGE_BYTES
from widgetpack.rules import RULES, check, judge
from widgetpack.rules.settings import StaleEntries
from widgetpack.silence.apply import silence
from widgetpack.widget import load_widget

GOOD_TEXT = as_json(SPANISH)


def text(base: dict[str, Any] = SPANISH, **changes: Any) -> bytes:
    return as_json(merged(base, changes))


def public(*parts: Any) -> tuple[Finding, ...]:
    return findings(widget(*parts), audience="public")


def zipped(*names: str) -> Tree:
    return archive_tree(archive({**widget(), **dict.fromkeys(names, b"x")}))


PIPELINE: dict[str, bytes | None] = {"images/logo_dp.png": png(174, 109)}


def bot(field: dict[str, Any]) -> dict[str, Any]:
    step = {"name": "widget.name", "settings": {"url": field}}
    return {"locations": ["settings", "salesbot_designer"], "salesbot_designer": {"step": step}}


def moving(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("L", (width, height), grey) for grey in (1, 200)]
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def printed(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("CMYK", (width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


def odd(kind: str, path: str, detail: str = "") -> Tree:
    return tree(widget())._replace(anomalies=(Anomaly(kind, path, detail),))


def form(value: Any) -> Tree:
    return tree(widget(), {"integration.json": as_json(value), "icon.png": png(400, 272), "small.png": png(40, 27)})


def backslashes() -> Tree:
    return archive_tree(archive({**widget(), "lib\\extra.txt": b""}))


def encrypted() -> Tree:
    data = bytearray(archive({**widget(), "z.css": b"x"}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.rfind(signature) + offset] |= 1  # the flag of the last member, z.css, in both of its headers
    return archive_tree(bytes(data))


def with_symlink() -> Tree:
    info = zipfile.ZipInfo("z.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    files: list[tuple[Any, bytes]] = [*widget().items(), (info, b"notes.txt")]
    return archive_tree(archive(files))


def beside(earlier: Release) -> tuple[Finding, ...]:
    return judge(load_widget(tree(widget()), Config(Path())), Release, [earlier])


def sourced(fact: Fact) -> tuple[Finding, ...]:
    """Return what the rules say of a fact about the source ``src/index.ts``."""
    sources = {"src/index.ts": b"import moment from 'moment';\nlet q = 1;\nlet q = process.env.KEY;\n"}
    made = Build(tree(widget()), failed=False, facts=(fact,), base="w", sources=sources)
    return tuple(judge_sources(load_widget(made.tree, Config(Path())), made))


def ran(kind: IncidentKind, message: str, *, is_grave: bool = True) -> tuple[Finding, ...]:
    """Return what the rules say of an incident on line 4 of the good widget's script, seen in two places."""
    place = Place("script.js", offset=SCRIPT.index(b"render"))
    return judge(
        load_widget(tree(widget()), Config(Path())),
        Incident,
        [Incident(kind, message, place, "lcard, en and 1 more", is_grave)],
    )


def source(offset: int) -> Place:
    return Place("src/index.ts", offset=offset)


def styled(css: bytes, **files: bytes) -> dict[str, bytes]:
    """Return a widget that loads ``lib/own.css``."""
    link = b"""$('head').append('<link rel="stylesheet" href="' + this.params.path + '/lib/own.css?v=1">'); return true; }"""
    script = SCRIPT.replace(b"render: function () { return true; }", b"render: function () { " + link)
    return widget(files={"script.js": script, "lib/own.css": css, **files})


def inside(statement: bytes) -> bytes:
    """Return `GREET` with a statement of its own on line 2."""
    return GREET.replace(b"  return", b"  " + statement + b"\n  return", 1)


def callback(member: bytes) -> bytes:
    """Return `SCRIPT` with one more callback, on line 4."""
    return SCRIPT.replace(b"      render", b"      " + member + b",\n      render")


def silenced(files: dict[str, bytes], **settings: Any) -> tuple[Finding, ...]:
    judged = load_widget(tree(files), Config(Path(), **settings))
    return silence(judged, check(judged))[0]


def stale(number: int) -> tuple[Finding, ...]:
    return judge(load_widget(tree(widget()), Config(Path())), StaleEntries, [StaleEntries("known.json", number)])


Case = Tree | dict[str, bytes] | Callable[[], Tree] | tuple[Finding, ...]

CASES: dict[str, tuple[Case, list[str]]] = {
    "M01": (
        {path: data for path, data in widget().items() if path == "style.css"},
        ["M01 error :1:1 no manifest.json"],
    ),
    "M02": (widget({"widget": {"init_once": "Y"}}), ['M02 error manifest.json:8:18 "Y", a string, not a boolean']),
    "M03": (widget({"widget": {"version": None}}), ['M03 error manifest.json:2:13 required key "version" is missing']),
    "M04": (widget({"locaitons": []}), ['M04 warning manifest.json:42:3 unknown key "locaitons"']),
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
        widget(
            {
                "widget": {"locale": ["en", "es_ES"]},
                "tour": {"tour_images": {"es_ES": ["/images/tour.png"], "es": None}},
            },
            files={"i18n/es.json": None, "i18n/es_ES.json": GOOD_TEXT},
        ),
        [
            'M08 error manifest.json:11:7 "es_ES" is not a locale code: two lower-case letters',
            'M08 error manifest.json:36:7 "es_ES" is not a locale code: two lower-case letters',
        ],
    ),
    "M09": (
        widget({"tour": {"is_tour": False}}),
        ["M09 error manifest.json:31:16 false is not true, and the platform refuses the upload"],
    ),
    "M10": (
        widget({"locations": ["settings", "sms"], "sms": {"endpoint": "http://sms.dev"}}),
        [
            "S15 warning manifest.json:21:5 location `sms` needs the callback `onSource` or `add_source`",
            'M10 error manifest.json:43:17 "http://sms.dev" is not an https URL',
        ],
    ),
    "M11": (
        widget({"locations": ["settings", "digital_pipeline"]}, files={**PIPELINE, **ALL_CALLBACKS}),
        ["M11 error manifest.json:21:5 location `digital_pipeline` needs the block `dp`"],
    ),
    "M12": (
        widget({"sms": {"endpoint": "https://sms.dev"}}),
        ["M12 warning manifest.json:42:3 `sms` does nothing without the location `sms`"],
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
        widget({"locations": ["settings", "card_sdk"]}, files=ALL_CALLBACKS),
        ["M17 warning manifest.json:21:5 `card_sdk` needs a card location"],
    ),
    "M18": (
        widget(
            {"settings": {name: {"name": "settings.token", "type": "custom", "required": False} for name in ("a", "b")}}
        ),
        ["M18 error manifest.json:36:15 only one field can be `custom`; `a` is one"],
    ),
    "M19": (
        widget({"tour": {"tour_images": {"es": None}}}),
        ["M19 warning manifest.json:32:20 no pictures for the locale `es`"],
    ),
    "M20": (widget({"widget": {"support": None}}), ["M20 warning manifest.json:2:13 no `support` block"]),
    "M21": (
        widget({"widget": {"secret_key": "abc"}}),
        ["M21 warning manifest.json:18:5 a secret that everybody can read"],
    ),
    "M22": (
        widget({"tour": {"tour_images": {"en": ["/images/Tour.png"]}}}),
        ["M22 error manifest.json:34:9 no file `images/Tour.png` in the package, but `images/tour.png`"],
    ),
    "M23": (
        widget({"widget": {"version": "2.4"}}),
        ["M23 info manifest.json:6:16 '2.4', not three numbers such as 1.0.0"],
    ),
    "M24": (
        beside(Release("v1", "1.0.0", "1.0.0", changed=True, asked=True)),
        ["M24 error manifest.json:6:16 the contents differ from v1, but the version is still 1.0.0"],
    ),
    "M25": (
        beside(Release("v1", "0.9.0", "1.0.0", changed=False, asked=True, public=True)),
        ["M25 error manifest.json:6:16 the contents are those of v1"],
    ),
    "M26": (
        widget({"widget": {"support": {"email": "support@amocrm.com"}}}),
        ["M26 warning manifest.json:16:16 `support@amocrm.com` is a placeholder"],
    ),
    "M27": (
        widget(
            {"locations": ["settings", "widget_page"], "left_menu": {"page": {"title": "widget.name"}}},
            files=ALL_CALLBACKS,
        ),
        ["M27 warning manifest.json:21:5 `widget_page` does nothing in a private integration of Kommo"],
    ),
    "M28": (
        widget({"widget": {"code": "good_widget"}}),
        ["M28 info manifest.json:18:5 `code` is made by the platform since integrations exist"],
    ),
    "M29": (
        widget({"locations": ["lcard-1"]}),
        ["M29 info manifest.json:22:3 `settings` has fields, but is not among the locations"],
    ),
    "M30": (
        widget(
            {
                "locations": ["settings", "digital_pipeline"],
                "dp": {"settings": {"action_multiple": False}, "webhook_url": "https://widgets.dev/hook"},
            },
            files={**PIPELINE, **ALL_CALLBACKS},
        ),
        ["M30 warning manifest.json:44:7 belongs beside `settings`, directly in `dp`"],
    ),
    "M31": (
        widget(
            {"locations": ["settings", "digital_pipeline"], "dp": {"settings": {}, "action_multiple": False}},
            files={**PIPELINE, **ALL_CALLBACKS},
        ),
        ["M31 info manifest.json:42:9 no `webhook_url`: nobody hears of the action"],
    ),
    "M32": (
        public(
            {
                "locations": ["settings", "widget_page"],
                "left_menu": {"page": {"title": "widget.name", "sort": {"after": "lead"}}},
            },
            None,
            ALL_CALLBACKS,
        ),
        [
            'M32 warning manifest.json:46:18 "lead" is not an item of the platform\'s menu: dashboard, leads, customers, tasks, catalogs, mail, stats or settings; did you mean "leads"?'
        ],
    ),
    "M33": (
        widget({"locations": ["settings", "lcard-1", "lcard-1"]}),
        ['M33 warning manifest.json:22:5 "lcard-1" is listed twice'],
    ),
    "M34": (
        public({"locations": ["settings", "everywhere"]}),
        ["M34 info manifest.json:21:5 `everywhere` starts the script on every page: keep it only where that is needed"],
    ),
    "M35": (
        widget(
            {"locations": ["settings", "mobile_card"], "mobile": {"frame_url": "https://widgets.dev", "color": "red"}}
        ),
        ['M35 warning manifest.json:44:14 "red" is not a colour of the form #RRGGBB'],
    ),
    "M36": (
        widget({"settings": {"api-key": {"name": "settings.token", "type": "text", "required": False}}}),
        [
            'M36 warning manifest.json:29:5 "api-key" is not a code: Latin letters, digits and underscores, not starting with a digit'
        ],
    ),
    "M37": (
        widget(bot({"name": "settings.token", "type": "url", "required": True}), files=ALL_CALLBACKS),
        ["M37 warning manifest.json:49:23 required and without `default_value`: Save stays grey"],
    ),
    "M38": (
        widget({"locations": ["settings", "cucard-1"]}),
        ["M38 warning manifest.json:21:5 only amoCRM has `cucard-1`, Kommo does not"],
    ),
    "M39": (widget({"widget": {"is_showcase": True}}), ["M39 info manifest.json:18:5 only amoCRM knows `is_showcase`"]),
    "M40": (
        widget(
            {"widget": {"locale": ["en", "de"]}, "tour": {"tour_images": {"de": ["/images/tour.png"], "es": None}}},
            files={"i18n/es.json": None, "i18n/de.json": GOOD_TEXT},
        ),
        ["M40 warning manifest.json:11:7 `de` is no language of Kommo: en, es, pt, tr or id"],
    ),
    "M41": (
        widget({"settings": {"token": {"required": None}}}),
        ["M41 info manifest.json:24:14 `required` is not stated"],
    ),
    "M42": (
        public(
            {
                "locations": ["settings", "widget_page"],
                "left_menu": {"page": {"title": "widget.name"}, "settings": {"is_hidden": True}},
            },
            None,
            ALL_CALLBACKS,
        ),
        ["M42 warning manifest.json:47:20 `settings` cannot be hidden"],
    ),
    "M43": (widget({"locations": []}), ["M43 warning manifest.json:19:16 no location: the script is started nowhere"]),
    "M44": (
        widget({"widget": {"support": {"email": "widgets.dev/contact"}}}),
        ["M44 warning manifest.json:16:16 'widgets.dev/contact' is no e-mail address"],
    ),
    "M45": (widget({"tour": None}), ["M45 info manifest.json:1:1 no `tour` block"]),
    "M46": (
        widget({"tour": {"tour_images": {"pt": ["/images/tour.png"]}}}),
        ["M46 info manifest.json:39:7 pictures for `pt`, which is not in `widget.locale`"],
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
        widget(files={"i18n/es.json": GOOD_TEXT.replace(b"Un buen", b"Un b\xf3en")}),
        ["J06 error i18n/es.json:4:31 not UTF-8: byte 0xF3 starts no character"],
    ),
    "J07": (widget(files={"i18n/es.json": b"[1]"}), ["J07 error i18n/es.json:1:1 not an object of groups and texts"]),
    "L01": (widget(files={"i18n/es.json": None}), ["L01 error manifest.json:11:7 no i18n/es.json for the locale `es`"]),
    "L02": (
        widget(files={"i18n/pt.json": GOOD_TEXT}),
        ["L02 warning i18n/pt.json:1:1 the locale `pt` is not in `widget.locale`"],
    ),
    "L03": (
        widget(files={"i18n/es.json": text(extra={"a": "b", "c": "d"})}),
        [
            "L03 warning i18n/en.json:1:1 no `extra`, which `es` has",
            "L11 info i18n/es.json:12:5 `extra.a` is read by nothing",
            "L11 info i18n/es.json:13:5 `extra.c` is read by nothing",
        ],
    ),
    "L04": (
        widget({"tour": {"tour_description": "widget.tour"}}),
        [
            "L04 error manifest.json:40:25 `widget.tour` is not a text of the locale `en`",
            "L04 error manifest.json:40:25 `widget.tour` is not a text of the locale `es`",
        ],
    ),
    "L05": (
        widget({"widget": {"name": "My widget"}}),
        ["L05 warning manifest.json:3:13 'My widget' is a text, not the key of one"],
    ),
    "L06": (
        widget(files={"i18n/es.json": text(settings={"token": " "})}),
        ["L06 warning i18n/es.json:9:14 `settings.token` is empty"],
    ),
    "L07": (
        widget(
            {"settings": {"token": {"name": "widget.name"}}},
            {"settings": {"token": 5}},
            {"i18n/en.json": text(TEXTS, settings={"token": "5"})},
        ),
        [
            "L11 info i18n/en.json:9:5 `settings.token` is read by nothing",
            "L07 warning i18n/es.json:9:14 `settings.token` is a number, not a text",
        ],
    ),
    "L08": (
        widget(files={"i18n/es/more.json": as_json({"settings": {"token": "again"}})}),
        ["L08 error i18n/es/more.json:3:5 `settings.token` is also set in i18n/es.json"],
    ),
    "L09": (
        widget({"widget": {"locale": []}}, files={"i18n/en.json": None, "i18n/es.json": None}),
        ["L09 error manifest.json:2:13 no i18n/*.json", "M05 error manifest.json:9:15 0 items, not at least 1"],
    ),
    "L10": (
        widget(files={"lib/greet.js": inside(b"self.i18n('settings').tokn;")}),
        ["L10 warning lib/greet.js:2:25 no locale has `settings.tokn`, did you mean `settings.token`?"],
    ),
    "L11": (
        widget(texts={"panel": {"old_title": "Due"}}),
        ["L11 info i18n/en.json:12:5 `panel.old_title` is read by nothing"],
    ),
    "L12": (
        widget(
            files={
                "i18n/es.json": text(settings={"token": "See all the rest"}),
                "i18n/en.json": text(TEXTS, settings={"token": "See all the rest"}),
            }
        ),
        ["L12 info i18n/es.json:9:14 `settings.token` is the same as in `en`"],
    ),
    "L13": (
        widget(files={"i18n/es.json": text(widget={"name": "Un nombre que no cabe en la tarjeta"})}),
        ["L13 info i18n/es.json:3:13 the name has 35 characters, not at most 30"],
    ),
    "L14": (
        widget(files={"i18n/es.json": text(widget={"description": "Hace algo. <script>alert(1)</script>"})}),
        ["L14 warning i18n/es.json:5:20 `<script>` in a text"],
    ),
    "L15": (
        widget(
            files={
                "i18n/es.json": text(
                    widget={"description": "Hace <a href='http://widgets.dev' target='_blank'>algo</a>."}
                )
            }
        ),
        [
            "L15 info i18n/es.json:5:20 the link to 'http://widgets.dev' is not https and lacks referrerpolicy=\"no-referrer\""
        ],
    ),
    "L16": (
        widget(files={"i18n/es.json": text(widget={"description": "Hace <b>algo bueno."})}),
        ["L16 warning i18n/es.json:5:20 `<b>` is never closed"],
    ),
    "L17": (
        widget({"locations": ["settings", "ai_agent"]}),
        [
            "L17 warning i18n/en.json:2:13 no `widget.ai_agent_description` in `en`, which `ai_agent` needs",
            "L17 warning i18n/es.json:2:13 no `widget.ai_agent_description` in `es`, which `ai_agent` needs",
        ],
    ),
    "L18": (
        public(None, None, {"i18n/es.json": text(widget={"short_description": "Para KOMMO"})}),
        ["L18 warning i18n/es.json:4:26 `KOMMO`, not `Kommo`"],
    ),
    "L19": (widget(files={"i18n/notes.txt": b"to do\n"}), ["L19 info i18n/notes.txt:1:1 no i18n/<locale>.json"]),
    "L20": (
        widget(files={"i18n/es.json": text(widget={"description": "Hace algo en #DOMAIN#."})}),
        ["L20 warning i18n/es.json:5:20 `#DOMAIN#` is no macro of the platform"],
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
    "I07": (
        widget(files={"images/logo_min.png": png(108, 108), "images/logo_small.png": png(84, 84)}),
        [
            "I07 error images/logo_small.png:1:1 84x84, the size of images/logo_min.png, which has this one's: swap the two"
        ],
    ),
    "I08": (
        widget(files={"images/logo_min.png": png(1, 1)}),
        ["I08 error images/logo_min.png:1:1 1x1, not 84x84: a stand-in"],
    ),
    "I09": (
        widget(files={"images/logo_min.png": moving(84, 84)}),
        ["I09 warning images/logo_min.png:1:1 an animated PNG"],
    ),
    "I10": (
        widget(
            {"tour": {"tour_images": {"es": ["/images/tour.jpg"], "en": ["/images/tour.jpg"]}}},
            files={"images/tour.png": None, "images/tour.jpg": printed(1188, 616)},
        ),
        ["I10 warning images/tour.jpg:1:1 CMYK, the colours of print, not RGB"],
    ),
    "I11": (
        public({"tour": {"tour_images": {"es": ["/images/logo_main.png"]}}}),
        ["I11 warning images/logo_main.png:1:1 400x272, not 1188x616"],
    ),
    "I12": (
        widget(
            {"tour": {"tour_images": {"es": ["/images/tour.gif"]}}},
            files={"images/tour.gif": picture(1188, 616, "GIF")},
        ),
        ["I12 info images/tour.gif:1:1 GIF, not PNG or JPEG"],
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
        findings(widget({"locations": ["settings", "personal_page"]}), target="amocrm"),
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
    "C01": (
        styled(b".own { margin: 0; }\n\nh1 { margin: 0; }\n"),
        [
            "C01 warning lib/own.css:3:1 `h1` matches elements of the whole CRM; start it at a class of the widget's own",
        ],
    ),
    "C02": (
        styled(b".modal-body { padding: 0; }\n"),
        [
            "C02 warning lib/own.css:1:1 `.modal-body` matches elements of the platform; start it at a class of the widget's own",
        ],
    ),
    "C03": (
        styled(b".own { color: red margin: 0; }\n"),
        ["C03 warning lib/own.css:1:19 `;` is missing before `margin`"],
    ),
    "C04": (
        styled(b".own { background: url(Arrow.svg); }\n", **{"lib/arrow.svg": b"<svg/>\n"}),
        ["C04 warning lib/own.css:1:20 no file lib/Arrow.svg, did you mean lib/arrow.svg?"],
    ),
    "C05": (
        styled(b".own { background: url(http://widgets.dev/a.svg); }\n"),
        ["C05 warning lib/own.css:1:20 `http://widgets.dev/a.svg` is not https, and the browser refuses it"],
    ),
    "C06": (
        styled(b'@import url("https://widgets.dev/theme.css");\n'),
        ["C06 info lib/own.css:1:9 imports `https://widgets.dev/theme.css` from another server"],
    ),
    "C07": (
        styled(b":root { --own-text: #363b44; --text: #363b44; }\n"),
        ["C07 info lib/own.css:1:30 `--text` has no prefix of the widget's, as in `--code-text`"],
    ),
    "C08": (
        styled(b"@media screen {" * 1001),
        ["C08 warning lib/own.css:1:1 nests too deeply to be read"],
    ),
    "S09": (
        widget(files={"script.js": SCRIPT.replace(b"  return function", b"  return new function", 1)}),
        [
            "S09 error script.js:2:10 the module returns an object made with `new`; the platform needs a constructor function"
        ],
    ),
    "S10": (
        widget(files={"script.js": SCRIPT.replace(b"'jquery'", b"'jQuery'")}),
        [
            "S10 warning script.js:1:9 `jQuery` is no module that the platform is known to provide, did you mean `jquery`?"
        ],
    ),
    "S11": (
        lambda: archive_tree(archive(widget(files={"script.js": SCRIPT.replace(b"greet.js", b"greet")}))),
        ["S11 warning script.js:1:19 `./lib/greet` is asked for as it is written; the file is `./lib/greet.js`"],
    ),
    "S12": (
        widget(files={"script.js": SCRIPT.replace(b"'jquery'", b"'https://widgets.dev/a.js'")}),
        ["S12 info script.js:1:9 code from widgets.dev"],
    ),
    "S13": (
        widget(files={"script.js": SCRIPT.replace(b"greet.js'", b"greet.js?v=' + Date.now()")}),
        ["S13 info script.js:1:19 `'./lib/greet.js?v=' + Date.now()` is a new file on every load"],
    ),
    "S14": (
        widget(files={"script.js": SCRIPT.replace(b"'jquery'", b"localStorage.lib || 'jquery'")}),
        ["S14 warning script.js:1:9 what is loaded depends on the browser's storage"],
    ),
    "S15": (
        widget(files={"script.js": SCRIPT.replace(b"bind_actions", b"bindActions")}),
        ["S15 warning script.js:3:10 no callback `bind_actions` in any script"],
    ),
    "S16": (
        widget(files={"script.js": SCRIPT.replace(b"render: function () { return true; }", b"render() { $('a'); }")}),
        ["S16 warning script.js:4:7 `render` never returns anything; it must return true"],
    ),
    "S17": (
        widget(files={"script.js": callback(b"onSalesbotDesignerSave: function () { return [{ question: [] }]; }")}),
        ["S17 error script.js:4:52 `onSalesbotDesignerSave` returns a list; it must return a text with JSON"],
    ),
    "S18": (
        widget(
            files={"script.js": callback(b"onSalesbotDesignerSave: () => JSON.stringify([{ execute_handler: [] }])")}
        ),
        ["S18 error script.js:4:55 `execute_handler` without `question`: the bot never posts"],
    ),
    "S19": (
        widget(files={"lib/greet.js": inside(b"APP.addNotificationCallback(1, a);")}),
        ["S19 warning lib/greet.js:2:7 `addNotificationCallback` needs `init_once: true` in the manifest"],
    ),
    "S20": (
        widget(files={"lib/greet.js": inside(b"eval(a);")}),
        ["S20 warning lib/greet.js:2:3 `eval(...)` runs a text as code"],
    ),
    "S21": (
        widget(files={"lib/greet.js": inside(b"document.createElement('script');")}),
        ["S21 warning lib/greet.js:2:12 `createElement('script')` loads code past the loader"],
    ),
    "S22": (
        widget(files={"lib/greet.js": inside(b"alert(1); alert(2); window.confirm(3);")}),
        ["S22 info lib/greet.js:2:3 `alert(...)` 2 times, `confirm(...)` stops the CRM until it is answered"],
    ),
    "S23": (
        widget(files={"lib/greet.js": inside(b"debugger;")}),
        ["S23 warning lib/greet.js:2:3 `debugger` stops the CRM while the developer tools are open"],
    ),
    "S24": (
        widget(files={"lib/greet.js": inside(b"console.log(1); console.error(2);")}),
        ["S24 info lib/greet.js:2:3 `console.log` in the console of every user"],
    ),
    "S25": (
        widget(files={"lib/greet.js": inside(b"$.ajax({ url: u, async: false });")}),
        ["S25 warning lib/greet.js:2:20 `async: false`: the CRM stands still until the answer comes"],
    ),
    "S26": (
        widget(files={"lib/greet.js": inside(b"APP.data.mine = 1;")}),
        ["S26 warning lib/greet.js:2:3 `APP.data.mine` belongs to the platform"],
    ),
    "S27": (
        widget(files={"lib/greet.js": inside(b"window.mine = window.mine || {};")}),
        ["S27 info lib/greet.js:2:3 `window.mine` is seen by every widget"],
    ),
    "S28": (
        widget(files={"lib/greet.js": inside(b"a.forEach(function (b) { self.crm_post(b); });")}),
        ["S28 info lib/greet.js:2:33 `crm_post` in every turn of a loop"],
    ),
    "S29": (
        widget(files={"lib/jquery-3.7.1.min.js": b"/*! jQuery v3.7.1 */ window.jQuery = {};\n"}),
        ["S29 warning lib/jquery-3.7.1.min.js:1:1 a jQuery of its own; the platform provides one"],
    ),
    "S30": (
        widget(files={"lib/greet.js": inside(b"$.get('http://widgets.dev/list');")}),
        ["S30 warning lib/greet.js:2:10 http://widgets.dev/list is http; the CRM is an https page"],
    ),
    "S31": (
        widget(files={"script.js": SCRIPT.replace(b"'jquery'", b"'https://localhost:8080/a.js'")}),
        ["S31 error script.js:1:10 localhost is a developer's machine; nobody else reaches it"],
    ),
    "S32": (
        widget(files={"lib/greet.js": inside(b"var key = 'AKIA" + b"IOSFODNN7ABCDEFG';")}),
        ["S32 warning lib/greet.js:2:14 AWS access key `AKIA...`, which everybody can read"],
    ),
    "S33": (
        widget(files={"lib/greet.js": inside(b"self.render({ href: '/templates/panel.twig' });")}),
        ["S33 warning lib/greet.js:2:24 no file `/templates/panel.twig` in the package"],
    ),
    "S34": (
        widget(files={"style.css": b".w-a { color: red; }\n"}),
        ["S34 warning style.css:1:1 nothing loads this file: no script, template or page names it"],
    ),
    "S35": (
        widget(files={"script.js": SCRIPT + b"define(['jquery'], function ($) { return $; });\n"}),
        ["S35 warning script.js:13:1 a second `define` without a name is lost"],
    ),
    "S36": (
        findings(widget(), audience="public", target="amocrm", script=ScriptOptions(minify=True)),
        ["S36 warning script.js:1:1 `minify` is on: moderation asks for code that people can read"],
    ),
    "S37": (
        widget(files={"script.js": b"/*! loader of a widgetpack dev zip */\n" + SCRIPT}),
        ["S37 error script.js:1:1 a dev zip, not a release: this script is the loader of `widgetpack build --dev`"],
    ),
    "A01": (lambda: archive_tree(b"no zip"), ["A01 error :1:1 not a zip"]),
    "A02": (odd("too-large", "huge.css", "60,000,000 bytes"), ["A02 error huge.css:1:1 60,000,000 bytes"]),
    "A03": (backslashes, ["A03 error lib\\extra.txt:1:1 back-slash in the entry's name"]),
    "A04": (
        lambda: archive_tree(duplicated()),
        ["A04 error script.js:1:1 this name occurs twice in the archive"],
    ),
    "A05": (
        lambda: archive_tree(archive({**widget(), "../evil.txt": b"", "/abs.txt": b""})),
        ["A05 error ../evil.txt:1:1 `..` in the name", "A05 error /abs.txt:1:1 an absolute name"],
    ),
    "A06": (encrypted, ["A06 error z.css:1:1 encrypted"]),
    "A07": (with_symlink, ["A07 error z.txt:1:1 a symbolic link"]),
    "A08": (
        odd("unreadable", "a.css", "cannot be read: permission denied"),
        ["A08 error a.css:1:1 cannot be read: permission denied"],
    ),
    "A09": (odd("name", "a\\udcff.css"), ["A09 error a\\udcff.css:1:1 its name is not UTF-8"]),
    "A10": (widget(files={"стиль.txt": b""}), ["A10 warning стиль.txt:1:1 letters outside ASCII in the name"]),
    "A11": (
        widget(files={"Notes.txt": b"", "notes.txt": b""}),
        ["A11 error notes.txt:1:1 differs from Notes.txt only in case"],
    ),
    "A12": (
        lambda: archive_tree(archive({**widget(), "__MACOSX/._a": b""})),
        ["A12 warning __MACOSX/._a:1:1 left over by an operating system, editor or tool"],
    ),
    "A13": (
        widget(files={"notes.txt": b"caf\xe9"}),
        ["A13 warning notes.txt:1:4 not UTF-8: byte 0xE9"],
    ),
    "A14": (
        lambda: archive_tree(archive({**widget(), "notes.txt": b"note\r\n"})),
        ["A14 info notes.txt:1:5 CRLF line ends"],
    ),
    "A15": (lambda: zipped("app.js.map"), ["A15 warning app.js.map:1:1 a source map of 0 kB"]),
    "A16": (lambda: zipped("style.scss"), ["A16 info style.scss:1:1 .scss: a source, which no browser reads"]),
    "A17": (lambda: zipped("widget.php"), ["A17 warning widget.php:1:1 PHP, which the platform does not run"]),
    "A18": (lambda: zipped("build.sh"), ["A18 warning build.sh:1:1 a program, of no use in a browser"]),
    "A19": (widget(files={"images/my logo.svg": b"<svg/>"}), ["A19 info images/my logo.svg:1:1 a blank in the name"]),
    "A20": (
        widget(files={"lib/data.js": GREET + b" " * 512_000}),
        ["A20 info lib/data.js:1:1 512,068 bytes, more than 512,000"],
    ),
    "A21": (
        widget(files={"data.txt": b"x" * 2_000_000}),
        [
            "A21 info :1:1 2,002,977 bytes unpacked, more than 2,000,000; the largest: data.txt (2,000,000), images/tour.png (789), manifest.json (777)"
        ],
    ),
    "A22": (
        widget(
            {"locations": ["settings", "everywhere"]}, files={f"lib/{name}.js": GREET + b" " * 256_000 for name in "ab"}
        ),
        ["A22 info manifest.json:21:5 `everywhere` loads 512,571 bytes of scripts on every page"],
    ),
    "A23": (
        lambda: zipped(".env"),
        ["A23 warning .env:1:1 a file that is made for secrets, which everybody could read"],
    ),
    "A24": (lambda: zipped("package.json"), ["A24 info package.json:1:1 npm's file"]),
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
        form({"name": "Good", "revoke_access_hook_uri": "http://a.dev"}),
        ['F04 error integration.json:3:29 "http://a.dev" is not an https URL'],
    ),
    "F05": (
        form({"name": "Good", "scopes": ["crn"]}),
        [
            'F05 warning integration.json:4:5 "crn" is not a known scope: crm, notifications, push_notifications, files or files_delete'
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
    "F08": (
        form({"name": "Good", "revoke_access_hook_uri": "https://localhost:3000/bye"}),
        ["F08 warning integration.json:3:29 `localhost`: only this machine or its network reaches it"],
    ),
    "F09": (
        form({"name": "Good", "redirect_uri": "https://widgets.dev/oauth"}),
        ["F09 info integration.json:3:19 with a redirect link the form offers no long-lived token"],
    ),
    "F10": (
        form({"name": "Good", "revoke_access_hook_uri": "https://widgets.dev/#/bye"}),
        ["F10 warning integration.json:3:29 a fragment (`#...`), which no server ever sees"],
    ),
    "F11": (
        form({"name": "Good", "scopes": []}),
        ["F11 info integration.json:3:13 no scope: a token of this integration can read nothing"],
    ),
    "F12": (
        form({"name": "Good", "scopes": ["crm", "files_delete"]}),
        ["F12 info integration.json:5:5 the right to delete the users' files: ask only if the code does"],
    ),
    "F13": (
        form({"name": "Good", "description": "Does <b>some good."}),
        ["F13 warning integration.json:3:18 `<b>` is never closed"],
    ),
    "B01": (
        sourced(SourceFault("error", "q is there twice", source(44), ((source(33), "first here"),))),
        ["B01 error src/index.ts:3:5 q is there twice"],
    ),
    "B02": (
        sourced(SourceFault("warning", "looks odd", source(29))),
        ["B02 warning src/index.ts:2:1 looks odd"],
    ),
    "B03": (
        sourced(UnsetName("process.env.KEY", source(48))),
        ["B03 warning src/index.ts:3:9 process.env.KEY is set nowhere: it becomes undefined"],
    ),
    "B04": (
        sourced(BuiltInSecret("process.env.KEY", source(48))),
        ["B04 warning src/index.ts:3:9 the value of process.env.KEY ships in the script for all to read"],
    ),
    "B05": (
        sourced(AbsentModule("moment/min", "moment", source(19))),
        [
            'B05 error src/index.ts:1:20 the page provides no module "moment/min"; `[script] external = ["!moment"]` bundles moment',
        ],
    ),
    "B06": (
        sourced(LostDefine("inside", source(29), "src/index.ts")),
        ["B06 error src/index.ts:2:1 a call of `define` inside of another script: export the module instead"],
    ),
    "B07": (
        sourced(NoConstructor("an object as default", source(29))),
        ["B07 error src/index.ts:2:1 exports an object as default; the platform needs a constructor function"],
    ),
    "B08": (
        sourced(UnusedSource("script.js", Place("src/index.ts"))),
        ["B08 info src/index.ts:1:1 not bundled: script.js is there, is no ES module and ships as it is"],
    ),
    "R01": (
        ran("not-true", "`render` gave undefined, not true: init and bind_actions do not run"),
        [
            "R01 error script.js:4:7 `render` gave undefined, not true: init and bind_actions do not run (lcard, en and 1 more)"
        ],
    ),
    "R02": (
        ran("callback-threw", "`render`: TypeError: no"),
        ["R02 error script.js:4:7 `render`: TypeError: no (lcard, en and 1 more)"],
    ),
    "R03": (
        ran("uncaught", "TypeError: no"),
        ["R03 error script.js:4:7 TypeError: no (lcard, en and 1 more)"],
    ),
    "R04": (
        ran("not-loaded", "define gives 5, not a constructor"),
        ["R04 error script.js:4:7 define gives 5, not a constructor (lcard, en and 1 more)"],
    ),
    "R05": (
        ran("no-callback", "no callback `render`"),
        ["R05 error script.js:4:7 no callback `render` (lcard, en and 1 more)"],
    ),
    "R06": (
        ran("salesbot", "`onSalesbotDesignerSave`: not an array of steps"),
        ["R06 error script.js:4:7 `onSalesbotDesignerSave`: not an array of steps (lcard, en and 1 more)"],
    ),
    "R07": (
        ran("late", "`settings`: the promise has no answer after 5 seconds"),
        ["R07 warning script.js:4:7 `settings`: the promise has no answer after 5 seconds (lcard, en and 1 more)"],
    ),
    "R08": (
        ran("hang", "the page stood still for 5 seconds"),
        ["R08 error script.js:4:7 the page stood still for 5 seconds (lcard, en and 1 more)"],
    ),
    "R09": (
        ran("left", "the widget led the browser to /leads/"),
        ["R09 error script.js:4:7 the widget led the browser to /leads/ (lcard, en and 1 more)"],
    ),
    "R10": (
        ran("global", "window.timer is a global that the widget made"),
        ["R10 info script.js:4:7 window.timer is a global that the widget made (lcard, en and 1 more)"],
    ),
    "R11": (
        ran("css", ".text-input reaches 2 elements of the page outside the widget"),
        [
            "R11 warning script.js:4:7 .text-input reaches 2 elements of the page outside the widget (lcard, en and 1 more)"
        ],
    ),
    "R12": (
        ran("no-file", "templates/no.twig: no such file in the package"),
        ["R12 error script.js:4:7 templates/no.twig: no such file in the package (lcard, en and 1 more)"],
    ),
    "R13": (
        ran("no-text", '`self.i18n` finds no text "no"'),
        ['R13 warning script.js:4:7 `self.i18n` finds no text "no" (lcard, en and 1 more)'],
    ),
    "R14": (
        ran("not-imitated", "APP.router is not imitated by widgetpack preview"),
        ["R14 warning script.js:4:7 APP.router is not imitated by widgetpack preview (lcard, en and 1 more)"],
    ),
    "R15": (
        ran("unanswered", "GET https://a.example/: no answer came"),
        ["R15 info script.js:4:7 GET https://a.example/: no answer came (lcard, en and 1 more)"],
    ),
    "R16": (
        ran("synchronous", "GET /api/v4/account is synchronous"),
        ["R16 warning script.js:4:7 GET /api/v4/account is synchronous (lcard, en and 1 more)"],
    ),
    "R17": (
        ran("misused", "APP.mine: APP is read only"),
        ["R17 warning script.js:4:7 APP.mine: APP is read only (lcard, en and 1 more)"],
    ),
    "R18": (
        ran("dialog", 'alert("Hi") stops the whole page'),
        ['R18 info script.js:4:7 alert("Hi") stops the whole page (lcard, en and 1 more)'],
    ),
    "R19": (
        ran("fixture", "`installed`: 1, a number, not a boolean"),
        ["R19 warning script.js:4:7 `installed`: 1, a number, not a boolean (lcard, en and 1 more)"],
    ),
    "R20": (
        ran("behind", "an interval of 1000 ms goes on after `destroy`"),
        ["R20 warning script.js:4:7 an interval of 1000 ms goes on after `destroy` (lcard, en and 1 more)"],
    ),
    "R21": (
        ran("template", "templates/panel.twig cannot be read: no end"),
        ["R21 error script.js:4:7 templates/panel.twig cannot be read: no end (lcard, en and 1 more)"],
    ),
    "R22": (
        ran("wiped", "the page's own elements are gone"),
        ["R22 error script.js:4:7 the page's own elements are gone (lcard, en and 1 more)"],
    ),
    "U01": (
        silenced(widget(files={"lib/greet.js": b"// widgetpack: ignore S23\n" + GREET})),
        ["U01 warning lib/greet.js:1:4 S23 finds nothing on line 2"],
    ),
    "U02": (
        silenced(widget(), ignore=("S23",), origins=(("ignore", "--ignore"),)),
        ["U02 warning :1:1 `--ignore`: S23 finds nothing"],
    ),
    "U03": (stale(2), ["U03 info :1:1 2 entries match no finding any more: write known.json anew"]),
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
    given = case() if callable(case) else case
    assert brief(findings(given) if isinstance(given, Tree | dict) else given) == expected


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == sorted(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_says_what_and_how_to_mend_it(code: str) -> None:
    item = RULES[code]
    doc = item.doc
    assert doc.what.endswith(".")
    assert doc.fix.endswith(".")
    assert doc.wrong
    assert doc.right
    assert item.source
    assert code[0] in FAMILIES
    assert explain_rule(code).startswith(f"{code} {item.slug} (")


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("not-true", "warning"),
        ("callback-threw", "warning"),
        ("uncaught", "warning"),
        ("no-callback", "warning"),
        ("salesbot", "warning"),
        ("not-imitated", "info"),
        ("left", "info"),
    ],
)
def test_what_is_less_grave_at_run_time_is_told_more_softly(kind: IncidentKind, severity: str) -> None:
    assert [item.severity for item in ran(kind, "x", is_grave=False)] == [severity]


def test_slugs_are_unique() -> None:
    slugs = [item.slug for item in RULES.values()]
    assert sorted(set(slugs)) == sorted(slugs)


def test_findings_come_sorted_by_place() -> None:
    found = findings(
        widget({"widget": {"init_once": "Y", "interface_version": 1}, "extra": 1}, files={"i18n/es.json": b"{"})
    )
    assert [(item.path, item.line, item.code) for item in found] == [
        ("i18n/es.json", 1, "J01"),
        ("manifest.json", 7, "M05"),
        ("manifest.json", 8, "M02"),
        ("manifest.json", 42, "M04"),
    ]
