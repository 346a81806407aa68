"""The rules of texts beyond the one case of each: near misses that must stay silent, and further forms."""

from __future__ import annotations

from typing import Any

import pytest
from builders import SPANISH, TEXTS, Files, archive, archive_tree, as_json, brief, findings, merged, widget

LINK = "<a href='https://widgets.dev' target='_blank' referrerpolicy='no-referrer'>ayuda</a>"


def spanish(**widget_texts: str) -> Files:
    return widget(files={"i18n/es.json": as_json(merged(SPANISH, {"widget": widget_texts}))})


def both(text: str) -> Files:
    """Return the good widget with one more text, the same in both languages."""
    return widget(None, {"settings": {"token": text}})


SILENT = {
    "one word": both("Webhook"),
    "a name": both("WhatsApp Business"),
    "abbreviations": both("ID / URL / API"),
    "an address": both("https://widgets.dev/some/page"),
    "a mail address": both("write.to@widgets.dev"),
    "marks that a script fills in": both("{name} - {count}"),
    "numbers": both("1 / 2 / 3"),
    "an address behind a tag, and marks in a row": both("<b>write.to@widgets.dev</b> %%count%%{{#name}}"),
    "a picture as base64": both("data:image/png;base64," + "aB3/" * 50_000),
    "marks without an end": both("{" * 50_000 + "<" * 50_000 + "#a" * 50_000),
    "a link in the documented form": spanish(description=LINK),
    "a link that writes a mail": spanish(description="<a href='mailto:help@widgets.dev'>ayuda</a>"),
    "a link that calls": spanish(description="<a href='TEL:+34910000000'>ayuda</a>"),
    "a link within the text": spanish(description="<a href='#more'>ayuda</a>"),
    "tags that need no end": spanish(description="<p>Uno<p>Dos<br>Tres<ul><li>Uno<li>Dos</ul>"),
    "tags that overlap": spanish(description="<b>Uno <i>dos</b> tres</i>"),
    "a comparison": spanish(description="Si 2 < 3 & 3 > 2, todo va bien."),
    "what no browser reads as a tag": spanish(description="Uno <![ dos"),
    "a long word outside the name": spanish(description="Electroencefalografistas"),
    "documented macros": spanish(description="En #SUBDOMAIN#.#TOP_LEVEL_DOMAIN# para #LOGIN#."),
    "colours and numbers are no macros": spanish(description="Nota #1, color #FFAA00, y #2#."),
    "the name of the product in a private widget": spanish(description="Para KOMMO."),
    "a name of 30 characters": spanish(name="Un nombre de treinta letras ya"),
    "tags do not count": spanish(description=LINK + "x" * 395),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_near_miss_stays_silent(name: str) -> None:
    assert brief(findings(SILENT[name])) == []


TOLD: dict[str, tuple[Files, list[str]]] = {
    "a long word glued by signs": (
        spanish(name="Uno/dos/tres/cuatro/cinco"),
        ["L13 info i18n/es.json:3:13 a word of the name has 25 characters, not at most 19"],
    ),
    "two faults of one text": (
        spanish(description="<a href='http://widgets.dev'>ayuda"),
        [
            "L16 warning i18n/es.json:5:20 `<a>` is never closed",
            'L15 info i18n/es.json:5:20 the link to \'http://widgets.dev\' is not https and lacks target="_blank" and referrerpolicy="no-referrer"',
        ],
    ),
    "a description of 401 characters": (
        spanish(description="x" * 401),
        ["L13 info i18n/es.json:5:20 the description has 401 characters, not at most 400"],
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_further_form_is_told(name: str) -> None:
    files, expected = TOLD[name]
    assert brief(findings(files)) == expected


def test_a_listing_weighs_length_links_and_scripts_more() -> None:
    files = spanish(short_description="x" * 51, description="<script></script><a href='https://widgets.dev'>a</a>")
    assert brief(findings(files, audience="public")) == [
        "L13 warning i18n/es.json:4:26 the short_description has 51 characters, not at most 50",
        "L14 error i18n/es.json:5:20 `<script>` in a text",
        'L15 warning i18n/es.json:5:20 the link to \'https://widgets.dev\' lacks target="_blank" and referrerpolicy="no-referrer"',
    ]


def test_the_product_is_spelt_in_words_and_not_in_addresses() -> None:
    files = spanish(description="Para kommo. Véase kommo.com, a@kommo.com, kommo-widget y Kommo.")
    assert brief(findings(files, audience="public")) == ["L18 warning i18n/es.json:5:20 `kommo`, not `Kommo`"]


def languages(**texts: str) -> Files:
    """Return a widget with a single text of its own per language, as given."""
    codes = list(texts)
    pictures = {code: ["/images/tour.png"] for code in codes}
    own: dict[str, Any] = {"en": TEXTS, "es": SPANISH}
    word = {**merged(TEXTS, {"widget": dict.fromkeys(TEXTS["widget"], "Word")}), "settings": {"token": "Word"}}
    files: dict[str, bytes | None] = {
        f"i18n/{code}.json": as_json(merged(own.get(code, word), {"settings": {"token": text}}))
        for code, text in texts.items()
    }
    absent = dict.fromkeys(set(own) - set(codes))
    shown = {**absent, **pictures}
    return widget(
        {"widget": {"locale": codes}, "tour": {"tour_images": shown}},
        files={**files, **{f"i18n/{code}.json": None for code in absent}},
    )


def test_the_letters_say_which_language_is_not_translated() -> None:
    assert brief(findings(languages(ru="See all the rest", en="See all the rest"))) == [
        "L12 info i18n/ru.json:9:14 `settings.token` is the same as in `en`"
    ]
    assert brief(findings(languages(ru="Смотри всё остальное", en="Смотри всё остальное"))) == [
        "L12 info i18n/en.json:9:14 `settings.token` is the same as in `ru`"
    ]


def test_spanish_and_portuguese_share_short_texts() -> None:
    assert brief(findings(languages(es="Total de vendas", pt="Total de vendas"))) == []
    assert brief(findings(languages(es="Total de vendas por mes", pt="Total de vendas por mes"))) == [
        "L12 info i18n/pt.json:9:14 `settings.token` is the same as in `es`"
    ]


def test_a_text_that_three_languages_share_is_told_once_for_each() -> None:
    assert brief(findings(languages(en="See all the rest", es="See all the rest", pt="See all the rest"))) == [
        "L12 info i18n/es.json:9:14 `settings.token` is the same as in `en`",
        "L12 info i18n/pt.json:9:14 `settings.token` is the same as in `en`",
    ]


def test_a_file_that_writes_its_locale_otherwise_is_named() -> None:
    files = widget(files={"i18n/es.json": None, "i18n/es-MX.json": as_json(SPANISH)})
    assert brief(findings(files)) == [
        "L02 warning i18n/es-MX.json:1:1 the locale `es-MX` is not in `widget.locale`",
        "L01 error manifest.json:11:7 no i18n/es.json for the locale `es`, only i18n/es-MX.json",
    ]


def test_a_split_locale_is_no_stray_file_in_a_folder_but_lost_in_an_archive() -> None:
    files = widget(files={"i18n/es.json": None, "i18n/es/all.json": as_json(SPANISH)})
    assert brief(findings(files)) == []
    assert brief(findings(archive_tree(archive(files)))) == [
        "L19 warning i18n/es/all.json:1:1 in a folder: the platform reads only i18n/<locale>.json",
        "L01 error manifest.json:11:7 no i18n/es.json for the locale `es`",
    ]


def test_marks_of_macos_among_the_texts_are_told_once() -> None:
    found = findings(archive_tree(archive({**widget(), "i18n/._en.json": b"\0\5\x16\7"})))
    assert brief(found) == ["A12 warning i18n/._en.json:1:1 left over by an operating system, editor or tool"]
