"""The rules of the manifest beyond the one case of each: near misses that must stay silent, and further forms."""

from __future__ import annotations

from typing import Any

import pytest
from builders import ALL_CALLBACKS, Files, as_json, brief, findings, png, tree, widget

PAGE = {"page": {"title": "widget.name"}}
PIPELINE: dict[str, bytes | None] = {**ALL_CALLBACKS, "images/logo_dp.png": png(174, 109)}


def bot(field: dict[str, Any], **beside: Any) -> dict[str, Any]:
    step = {"name": "widget.name", "settings": {"url": {"name": "settings.token", "type": "url", **field}}, **beside}
    return {"locations": ["settings", "salesbot_designer"], "salesbot_designer": {"step": step}}


def dp(**keys: Any) -> dict[str, Any]:
    block = {"settings": {}, "action_multiple": False, "webhook_url": "https://widgets.dev/hook", **keys}
    return {"locations": ["settings", "digital_pipeline"], "dp": block}


SILENT: dict[str, Files] = {
    "versions may have many digits": widget({"widget": {"version": "52.10.1234"}}),
    "a support link may be plain http": widget({"widget": {"support": {"link": "http://widgets.dev"}}}),
    "a host that only sounds like an example": widget({"widget": {"support": {"link": "https://myexample.com/a"}}}),
    "a host below another one's example.com": widget({"widget": {"support": {"link": "https://example.com.br"}}}),
    "percent signs of an address": widget({"widget": {"support": {"link": "https://a.dev/%D0%9F%D1%80/%20and%20"}}}),
    "the address of the vendor's own widget": widget({"widget": {"support": {"email": "support@kommo.com"}}}),
    "marks in a default value": widget(bot({"default_value": "{{lead.id}}/#LEAD_ID#"}), files=ALL_CALLBACKS),
    "a required field with a default": widget(
        bot({"required": True, "default_value": "https://widgets.dev"}), files=ALL_CALLBACKS
    ),
    "a field that need not be filled": widget(bot({"required": False}), files=ALL_CALLBACKS),
    "an action that is heard of": widget(dp(), files=PIPELINE),
    "a colour": widget(
        {"locations": ["settings", "mobile_card"], "mobile": {"frame_url": "https://widgets.dev", "color": "#a0B1c2"}}
    ),
    "one area with the panel and another without": widget({"locations": ["settings", "lcard-1", "ccard-0"]}),
    "everywhere in a private widget": widget({"locations": ["settings", "everywhere"]}),
    "codes with capitals and digits": widget(
        {"settings": {"apiKey_2": {"name": "settings.token", "type": "text", "required": False}}}
    ),
    "a showcase that is none": widget({"widget": {"is_showcase": False}}),
    "all languages of Kommo": widget(
        {
            "widget": {"locale": ["en", "es", "tr"]},
            "tour": {"tour_images": {"tr": ["/images/tour.png"]}},
        },
        files={
            "i18n/tr.json": as_json(
                {
                    "widget": dict.fromkeys(
                        ["name", "short_description", "description", "tour_description"], "Merhaba"
                    ),
                    "settings": {"token": "Anahtar"},
                }
            )
        },
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_near_miss_stays_silent(name: str) -> None:
    assert brief(findings(SILENT[name])) == []


TOLD: dict[str, tuple[Files, list[str]]] = {
    "the first three leftovers of one text": (
        widget({"widget": {"support": {"link": "https://a.example.com/b.example.org/c.example.net/d.example.com"}}}),
        [
            f"M26 warning manifest.json:15:15 `{name}` is a placeholder"
            for name in ("a.example.com", "b.example.org", "c.example.net")
        ],
    ),
    "an address behind a long word": (
        widget({"widget": {"support": {"email": "a+" * 50_000 + "@mail.example.com"}}}),
        [f"M26 warning manifest.json:16:16 `{'a+' * 32}@mail.example.com` is a placeholder"],
    ),
    "a version that the build was to fill in": (
        widget({"widget": {"version": "%WidgetVersion%"}}),
        ["M26 warning manifest.json:6:16 `%WidgetVersion%` is a placeholder"],
    ),
    "marks of templates": (
        widget({"widget": {"support": {"link": "https://a.dev/{{path}}/<%= id %>/${key}"}}}),
        [
            'M10 error manifest.json:15:15 "https://a.dev/{{path}}/<%= id %>/${key}" is not an http or https URL',
            "M26 warning manifest.json:15:15 `${key}` is a placeholder",
            "M26 warning manifest.json:15:15 `<%= id %>` is a placeholder",
            "M26 warning manifest.json:15:15 `{{path}}` is a placeholder",
        ],
    ),
    "a logo with a code that nobody fills in": (
        widget(
            {
                **bot({}),
                "salesbot_designer": {**bot({})["salesbot_designer"], "logo": "/widgets/#WIDGET_CODE#/images/a.png"},
            },
            files=ALL_CALLBACKS,
        ),
        ["M26 warning manifest.json:52:13 `#WIDGET_CODE#` is a placeholder"],
    ),
    "an example in a default value": (
        widget(bot({"default_value": "https://hooks.example.org/in"}), files=ALL_CALLBACKS),
        ["M26 info manifest.json:49:28 `hooks.example.org` is a placeholder"],
    ),
    "an example in a shown text": (
        widget(None, {"widget": {"description": "Ask help@example.com, or lorem ipsum."}}),
        [
            "M26 warning i18n/en.json:5:20 `help@example.com` is a placeholder",
            "M26 warning i18n/en.json:5:20 `lorem ipsum` is a placeholder",
            "M26 warning i18n/es.json:5:20 `help@example.com` is a placeholder",
            "M26 warning i18n/es.json:5:20 `lorem ipsum` is a placeholder",
            "L12 info i18n/es.json:5:20 `widget.description` is the same as in `en`",
        ],
    ),
    "a note to oneself": (
        widget(None, {"settings": {"token": "TODO: A"}}),
        [
            "M26 warning i18n/en.json:9:14 `TODO` is a placeholder",
            "M26 warning i18n/es.json:9:14 `TODO` is a placeholder",
        ],
    ),
    "a text that is nothing but TODO, which is a word in Spanish": (
        widget(None, {"settings": {"token": "TODO"}}),
        ["M26 warning i18n/en.json:9:14 `TODO` is a placeholder"],
    ),
    "a legacy code that breaks its old form": (
        widget({"widget": {"code": "_Good"}}),
        [
            "M28 warning manifest.json:18:13 '_Good' is no code (a small letter, then letters, digits and `_`), and none is needed"
        ],
    ),
    "a legacy code that is no text": (
        widget({"widget": {"code": 5}}),
        [
            "M02 error manifest.json:18:13 5 is not a widget code: a lower-case letter, then Latin letters, digits or underscores"
        ],
    ),
    "an icon of the menu that is absent": (
        widget(
            {
                "locations": ["settings", "widget_page"],
                "left_menu": {"page": {"title": "widget.name", "icons": {"dark": "a.svg"}}},
            },
            files=ALL_CALLBACKS,
        ),
        [
            "M27 warning manifest.json:21:5 `widget_page` does nothing in a private integration of Kommo",
            "M22 warning manifest.json:46:17 no file `a.svg` in the package",
        ],
    ),
    "conditions of a bot, which only amoCRM knows": (
        widget(bot({}, conditions=[{"term1": {"id": "{{widget.good.plan}}"}}]), files=ALL_CALLBACKS),
        ["M39 info manifest.json:51:7 only amoCRM knows `conditions`"],
    ),
}


def test_a_block_without_a_step_or_item_of_its_own_is_a_warning() -> None:
    manifest = {"locations": ["settings", "salesbot_designer"], "salesbot_designer": {"logo": "/images/logo_main.png"}}
    assert brief(findings(widget(manifest, files=ALL_CALLBACKS))) == [
        "M11 warning manifest.json:42:24 `salesbot_designer` has nothing for the location `salesbot_designer` to show"
    ]
    menu = {"locations": ["settings", "widget_page"], "left_menu": {"mail": {"is_hidden": True}}}
    assert brief(findings(widget(menu, files=ALL_CALLBACKS), audience="public")) == [
        "M11 warning manifest.json:42:16 `left_menu` has nothing for the location `widget_page` to show"
    ]


@pytest.mark.parametrize("name", TOLD)
def test_a_further_form_is_told(name: str) -> None:
    files, expected = TOLD[name]
    assert brief(findings(files)) == expected


def test_an_item_of_the_menu_may_stand_after_another_one_of_the_widget() -> None:
    menu = {**PAGE, "more": {"title": "widget.name", "sort": {"after": "page"}}}
    files = widget({"locations": ["settings", "widget_page"], "left_menu": menu}, files=ALL_CALLBACKS)
    assert brief(findings(files, audience="public")) == []


def test_amocrm_has_customers_and_a_page_in_the_menu_of_private_widgets_too() -> None:
    files = widget(
        {"locations": ["settings", "cucard-1", "culist-0", "widget_page"], "left_menu": PAGE}, files=ALL_CALLBACKS
    )
    assert brief(findings(files, target="amocrm")) == []


def test_kommo_has_agents_that_amocrm_lacks() -> None:
    texts = {"widget": {"ai_agent_description": "Agente"}}
    files = widget({"locations": ["settings", "ai_agent"]}, texts)
    assert brief(findings(files)) == []
    assert brief(findings(files, target="amocrm")) == [
        "M38 warning manifest.json:21:5 only Kommo has `ai_agent`, amoCRM does not"
    ]


@pytest.mark.parametrize(("audience", "severity"), [("public", "error"), ("private", "info")])
def test_a_tour_is_needed_by_a_listing_only(audience: str, severity: str) -> None:
    files = widget({"tour": None})
    assert brief(findings(files, audience=audience)) == [f"M45 {severity} manifest.json:1:1 no `tour` block"]


def test_placeholders_of_the_form_are_told_at_their_place() -> None:
    form = as_json({"name": "Good", "revoke_access_hook_uri": "https://your-domain.com/bye"})
    assert brief(findings(tree(widget(), {"integration.json": form}))) == [
        "M26 warning integration.json:3:29 `your-domain.com` is a placeholder"
    ]
