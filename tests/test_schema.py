"""The schemas are sound, and every way to leave them is said in the user's words, at its place."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from widgetpack.documents.schema import MOST_FAULTS, SchemaName, read_schema, schema_text, shape_faults
from widgetpack.documents.schema_words import JUDGES, shown
from widgetpack.model import Document, Fault, Pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parent.parent
CORPUS = REPOSITORY.parent / "shared" / "corpus"
NAMES: tuple[SchemaName, ...] = ("manifest", "integration", "config")

# Keywords that lead from one subschema to another, or only inform.
LEADING = {"properties", "items", "$ref", "additionalProperties", "propertyNames", "allOf"}
SILENT = {"$schema", "$id", "$comment", "$defs", "title", "description", "format", "x-rule", "x-message"}
RULES = {
    "legacy_code",
    "misplaced_action_multiple",
    "unknown_location",
    "unknown_menu_item",
    "unknown_setting_type",
    "wrong_colour",
    "wrong_locale_code",
    "wrong_tour",
    "wrong_url",
}
FORM_RULES = {"form_text_length", "form_url", "unknown_scope"}


def document(value: Any) -> Document:
    return Document("manifest.json", b"", value)


def manifest(**blocks: Any) -> dict[str, Any]:
    """Return a manifest without faults; ``widget`` overlays the widget block, other blocks replace theirs."""
    widget = {
        "name": "widget.name",
        "description": "widget.description",
        "short_description": "widget.short_description",
        "version": "1.0.0",
        "interface_version": 2,
        "init_once": False,
        "locale": ["en"],
        "installation": True,
    }
    settings = {"token": {"name": "settings.token", "type": "text", "required": False}}
    whole = {"widget": widget, "locations": ["settings"], "settings": settings, **blocks}
    return {**whole, "widget": {**widget, **blocks["widget"]}} if "widget" in blocks else whole


def tour(**keys: Any) -> dict[str, Any]:
    good = {"is_tour": True, "tour_images": {"en": ["/images/logo_main.png"]}, "tour_description": "widget.tour"}
    return manifest(tour={**good, **keys})


def salesbot(field: dict[str, Any]) -> dict[str, Any]:
    step = {"name": "salesbot.step", "settings": {"url": {"name": "salesbot.url", **field}}}
    return manifest(salesbot_designer={"step": step})


def form(**keys: Any) -> dict[str, Any]:
    return {"name": "Follow-up", **keys}


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: held for name, held in value.items() if name != key}


Fact = tuple[Pointer, str, str, str]


def facts(value: Any, name: SchemaName = "manifest") -> list[Fact]:
    return [(fault.pointer, fault.keyword, fault.rule, fault.message) for fault in shape_faults(document(value), name)]


CASES: list[tuple[str, SchemaName, Any, list[Fact]]] = [
    ("array", "manifest", [1], [((), "type", "", "[1], an array, not an object")]),
    ("null", "manifest", None, [((), "type", "", "null, not an object")]),
    (
        "empty",
        "manifest",
        {},
        [
            ((), "required", "", 'required key "widget" is missing'),
            ((), "required", "", 'required key "locations" is missing'),
        ],
    ),
    (
        "no-version",
        "manifest",
        {**manifest(), "widget": without(manifest()["widget"], "version")},
        [(("widget",), "required", "", 'required key "version" is missing')],
    ),
    (
        "version-is-a-number",
        "manifest",
        manifest(widget={"version": 2}),
        [(("widget", "version"), "type", "", "2, a number, not a string")],
    ),
    (
        "interface-is-a-string",
        "manifest",
        manifest(widget={"interface_version": "2"}),
        [(("widget", "interface_version"), "type", "", '"2", a string, not a number')],
    ),
    (
        "interface-is-true",
        "manifest",
        manifest(widget={"interface_version": True}),
        [(("widget", "interface_version"), "type", "", "true, a boolean, not a number")],
    ),
    (
        "interface-is-a-fraction",
        "manifest",
        manifest(widget={"interface_version": 2.5}),
        [(("widget", "interface_version"), "type", "", "2.5, a number, not a whole number")],
    ),
    (
        "interface-1",
        "manifest",
        manifest(widget={"interface_version": 1}),
        [(("widget", "interface_version"), "const", "", "1, not 2")],
    ),
    ("interface-2.0-is-2", "manifest", manifest(widget={"interface_version": 2.0}), []),
    (
        "init-once-Y",
        "manifest",
        manifest(widget={"init_once": "Y"}),
        [(("widget", "init_once"), "type", "", '"Y", a string, not a boolean')],
    ),
    (
        "unknown-key",
        "manifest",
        manifest(locatons=[]),
        [(("locatons",), "additionalProperties", "", 'unknown key "locatons"')],
    ),
    (
        "misspelt-key",
        "manifest",
        {**without(manifest(), "locations"), "locatons": ["settings"]},
        [
            ((), "required", "", 'required key "locations" is missing'),
            (("locatons",), "additionalProperties", "", 'unknown key "locatons", did you mean "locations"?'),
        ],
    ),
    (
        "short-words-need-more-likeness",
        "manifest",
        manifest(css=[]),
        [(("css",), "additionalProperties", "", 'unknown key "css"')],
    ),
    (
        "no-locale",
        "manifest",
        manifest(widget={"locale": []}),
        [(("widget", "locale"), "minItems", "", "0 items, not at least 1")],
    ),
    (
        "locale-is-a-string",
        "manifest",
        manifest(widget={"locale": "en"}),
        [(("widget", "locale"), "type", "", '"en", a string, not an array')],
    ),
    (
        "wrong-locales",
        "manifest",
        manifest(widget={"locale": ["es_ES", "en", "en", "ru\n", 5]}),
        [
            (
                ("widget", "locale", 0),
                "pattern",
                "wrong_locale_code",
                '"es_ES" is not a locale code: two lower-case letters',
            ),
            (("widget", "locale", 2), "uniqueItems", "", '"en" is listed twice'),
            (
                ("widget", "locale", 3),
                "pattern",
                "wrong_locale_code",
                '"ru\\n" is not a locale code: two lower-case letters',
            ),
            (("widget", "locale", 4), "type", "wrong_locale_code", "5 is not a locale code: two lower-case letters"),
        ],
    ),
    (
        "unknown-locations",
        "manifest",
        manifest(locations=["anywhere", "outer_space", ["lcard-1"], "lcard"]),
        [
            (
                ("locations", 0),
                "enum",
                "unknown_location",
                '"anywhere" is not a known location, did you mean "everywhere"?',
            ),
            (("locations", 1), "enum", "unknown_location", '"outer_space" is not a known location'),
            (("locations", 2), "enum", "unknown_location", '["lcard-1"] is not a known location'),
        ],
    ),
    (
        "unknown-setting-types",
        "manifest",
        manifest(settings={"a": {"name": "settings.a", "type": "select"}, "b": {"name": "b", "type": "Text"}}),
        [
            (
                ("settings", "a", "type"),
                "enum",
                "unknown_setting_type",
                '"select" is not a setting type: text, pass, users, users_lp or custom',
            ),
            (
                ("settings", "b", "type"),
                "enum",
                "unknown_setting_type",
                '"Text" is not a setting type: text, pass, users, users_lp or custom; did you mean "text"?',
            ),
        ],
    ),
    (
        "field-without-type",
        "manifest",
        manifest(settings={"a": {"name": "settings.a"}}),
        [(("settings", "a"), "required", "", 'required key "type" is missing')],
    ),
    (
        "field-code",
        "manifest",
        manifest(settings={"api key": {"name": "settings.a", "type": "text"}}),
        [
            (
                ("settings", "api key"),
                "propertyNames",
                "",
                '"api key" is not a code: Latin letters, digits and underscores, not starting with a digit',
            )
        ],
    ),
    ("textarea-in-dp", "manifest", manifest(dp={"settings": {}, "action_multiple": True}), []),
    (
        "action-multiple-in-settings",
        "manifest",
        manifest(dp={"settings": {"action_multiple": False}, "webhook_url": "https://example.com/hook"}),
        [
            (("dp",), "required", "", 'required key "action_multiple" is missing'),
            (
                ("dp", "settings", "action_multiple"),
                "type",
                "misplaced_action_multiple",
                'false is in the wrong place: "action_multiple" belongs beside "settings", directly in "dp"',
            ),
        ],
    ),
    (
        "http-webhook",
        "manifest",
        manifest(dp={"settings": {}, "action_multiple": True, "webhook_url": "http://example.com"}),
        [(("dp", "webhook_url"), "pattern", "wrong_url", '"http://example.com" is not an https URL')],
    ),
    ("http-support-page", "manifest", manifest(widget={"support": {"link": "http://example.com/help?a=1"}}), []),
    (
        "support-page-without-scheme",
        "manifest",
        manifest(widget={"support": {"link": "example.com"}}),
        [(("widget", "support", "link"), "pattern", "wrong_url", '"example.com" is not an http or https URL')],
    ),
    (
        "tour-off",
        "manifest",
        tour(is_tour=False),
        [(("tour", "is_tour"), "const", "wrong_tour", "false is not true, and the platform refuses the upload")],
    ),
    (
        "tour-1-is-not-true",
        "manifest",
        tour(is_tour=1),
        [(("tour", "is_tour"), "const", "wrong_tour", "1 is not true, and the platform refuses the upload")],
    ),
    (
        "empty-tour",
        "manifest",
        manifest(tour={"_comment": "later"}),
        [
            (("tour",), "required", "wrong_tour", 'required key "is_tour" is missing'),
            (("tour",), "required", "wrong_tour", 'required key "tour_images" is missing'),
            (("tour",), "required", "wrong_tour", 'required key "tour_description" is missing'),
            (("tour", "_comment"), "additionalProperties", "", 'unknown key "_comment"'),
        ],
    ),
    (
        "tour-pictures",
        "manifest",
        tour(tour_images={"EN": ["a.png"], "es": [], "pt": list("abcdef"), "tr": "a.png", "id": [1]}),
        [
            (
                ("tour", "tour_images", "EN"),
                "propertyNames",
                "wrong_tour",
                '"EN" is not a locale code: two lower-case letters',
            ),
            (("tour", "tour_images", "es"), "minItems", "wrong_tour", "0 items, not at least 1"),
            (("tour", "tour_images", "pt"), "maxItems", "wrong_tour", "6 items, not at most 5"),
            (("tour", "tour_images", "tr"), "type", "wrong_tour", '"a.png", a string, not an array'),
            (("tour", "tour_images", "id", 0), "type", "wrong_tour", "1, a number, not a string"),
        ],
    ),
    (
        "tour-without-pictures",
        "manifest",
        tour(tour_images={}),
        [(("tour", "tour_images"), "minProperties", "wrong_tour", "0 keys, not at least 1")],
    ),
    (
        "salesbot-type",
        "manifest",
        salesbot({"type": "date"}),
        [
            (
                ("salesbot_designer", "step", "settings", "url", "type"),
                "enum",
                "unknown_setting_type",
                '"date" is not a type of a Salesbot field: text, numeric or url',
            )
        ],
    ),
    (
        "default-value-is-a-number",
        "manifest",
        salesbot({"type": "numeric", "default_value": 3}),
        [
            (
                ("salesbot_designer", "step", "settings", "url", "default_value"),
                "type",
                "",
                "3, a number, not a string",
            )
        ],
    ),
    (
        "mobile",
        "manifest",
        manifest(mobile={"frame_url": "https:///x", "color": "red"}),
        [
            (("mobile", "frame_url"), "pattern", "wrong_url", '"https:///x" is not an https URL'),
            (("mobile", "color"), "pattern", "wrong_colour", '"red" is not a colour of the form #RRGGBB'),
        ],
    ),
    (
        "widget-code",
        "manifest",
        manifest(widget={"code": "_x"}),
        [
            (
                ("widget", "code"),
                "pattern",
                "legacy_code",
                '"_x" is not a widget code: a lower-case letter, then Latin letters, digits or underscores',
            )
        ],
    ),
    (
        "left-menu",
        "manifest",
        manifest(left_menu={"stats": {"is_hidden": True}, "page": {"title": "menu.page", "sort": {"after": "lead"}}}),
        [
            (
                ("left_menu", "page", "sort", "after"),
                "enum",
                "unknown_menu_item",
                (
                    '"lead" is not an item of the platform\'s menu: dashboard, leads, customers, tasks, catalogs, '
                    'mail, stats or settings; did you mean "leads"?'
                ),
            )
        ],
    ),
    ("form-needs-a-name", "integration", {}, [((), "required", "", 'required key "name" is missing')]),
    ("form-name-per-language", "integration", form(name={"en": "Follow-up", "es": "Seguimiento"}), []),
    (
        "form-name-of-another-type",
        "integration",
        form(name=["Follow-up"]),
        [(("name",), "type", "", '["Follow-up"], an array, not a string or an object')],
    ),
    (
        "form-name-of-no-language",
        "integration",
        form(name={}),
        [(("name",), "minProperties", "", "0 keys, not at least 1")],
    ),
    (
        "form-language",
        "integration",
        form(name={"en-GB": "Follow-up"}),
        [(("name", "en-GB"), "propertyNames", "", '"en-GB" is not a language code: two lower-case letters')],
    ),
    (
        "form-short-texts",
        "integration",
        form(name="F", description={"en": ""}),
        [
            (("name",), "minLength", "form_text_length", '"F", 1 character, not at least 3'),
            (("description", "en"), "minLength", "form_text_length", '"", 0 characters, not at least 5'),
        ],
    ),
    (
        "form-long-texts",
        "integration",
        form(name={"en": "n" * 256}, description="d" * 65_001),
        [
            (
                ("name", "en"),
                "maxLength",
                "form_text_length",
                '"' + "n" * 55 + '...", 256 characters, not at most 255',
            ),
            (
                ("description",),
                "maxLength",
                "form_text_length",
                '"' + "d" * 55 + '...", 65,001 characters, not at most 65,000',
            ),
        ],
    ),
    ("form-longest-texts", "integration", form(name="n" * 255, description="d" * 65_000), []),
    ("form-empty-address", "integration", form(redirect_uri=""), []),
    (
        "form-address",
        "integration",
        form(redirect_uri="http://example.com", revoke_access_hook_uri="https://example.com/bye"),
        [(("redirect_uri",), "pattern", "form_url", '"http://example.com" is not an https URL')],
    ),
    (
        "form-scope",
        "integration",
        form(scopes=["crm", "CRM"]),
        [
            (
                ("scopes", 1),
                "enum",
                "unknown_scope",
                (
                    '"CRM" is not a known scope: crm, notifications, push_notifications, files or files_delete; '
                    'did you mean "crm"?'
                ),
            )
        ],
    ),
    ("empty-config", "config", {}, []),
    (
        "config-key",
        "config",
        {"fail_level": "info"},
        [(("fail_level",), "additionalProperties", "", 'unknown key "fail_level", did you mean "fail-level"?')],
    ),
    (
        "config-value",
        "config",
        {"target": "kommmo", "script": {"bundle": "no"}, "exclude": "*.psd", "root": ""},
        [
            (("target",), "enum", "", '"kommmo" is not a target: auto, kommo or amocrm; did you mean "kommo"?'),
            (("script", "bundle"), "type", "", '"no", a string, not a boolean'),
            (("exclude",), "type", "", '"*.psd", a string, not an array'),
            (("root",), "minLength", "", '"", 0 characters, not at least 1'),
        ],
    ),
    (
        "config-holds-the-form",
        "config",
        {"integration": {"name": "F", "scopes": ["files"]}},
        [(("integration", "name"), "minLength", "form_text_length", '"F", 1 character, not at least 3')],
    ),
]


@pytest.mark.parametrize(("name", "value", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_fault_is_said_in_the_words_of_the_user(name: SchemaName, value: Any, expected: list[Fact]) -> None:
    assert facts(value, name) == expected


def test_a_fault_of_a_key_points_at_the_key_and_others_at_the_value() -> None:
    value = manifest(x=1, settings={"1": {"name": 1, "type": "text"}})
    assert [(fault.pointer, fault.on_key) for fault in shape_faults(document(value), "manifest")] == [
        (("settings", "1"), True),
        (("settings", "1", "name"), False),
        (("x",), True),
    ]


def test_faults_come_in_the_order_of_the_text() -> None:
    value = manifest()
    turned = {"z": 1, "locations": ["y", "x"], "widget": {"b": 1, **value["widget"], "version": 1, "a": 1}}
    assert [fault.pointer for fault in shape_faults(document(turned), "manifest")] == [
        ("z",),
        ("locations", 0),
        ("locations", 1),
        ("widget", "b"),
        ("widget", "version"),
        ("widget", "a"),
    ]


def test_a_date_of_toml_is_a_date() -> None:
    from datetime import date

    expected = [(("root",), "type", "", '"2026-11-22", a date, not a string')]
    assert facts({"root": date(2026, 11, 22)}, "config") == expected


def test_a_document_that_could_not_be_parsed_has_no_shape() -> None:
    broken = Document("manifest.json", b"{", None, (Fault("syntax", "a key is expected", 1),))
    assert shape_faults(broken, "manifest") == ()


def test_a_thousand_faults_are_enough() -> None:
    faults = shape_faults(document({f"key{number}": 0 for number in range(5000)}), "manifest")
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].message == "1,000 faults of shape are listed, there may be more"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("\x1b[31m\u202e\ud800é😀", '"\\u001b[31m\\u202e\\ud800é😀"'),
        (10**5000, "..."),
        (float("inf"), "Infinity"),
        ({"a": [None, True]}, '{"a": [null, true]}'),
        (["x" * 100], '["' + "x" * 55 + "..."),
    ],
    ids=["controls", "number of 5,001 digits", "infinity", "object", "array"],
)
def test_a_value_is_shown_short_and_without_control_characters(value: Any, expected: str) -> None:
    assert shown(value) == expected


def test_a_number_longer_than_the_interpreter_prints_does_not_end_the_run() -> None:
    assert facts(manifest(widget={"interface_version": 10**5000, "name": 10**5000})) == [
        (("widget", "name"), "type", "", "..., a number, not a string"),
        (("widget", "interface_version"), "const", "", "..., not 2"),
    ]


def test_a_value_deeper_than_the_stack_does_not_end_the_run() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert facts(manifest(locations=[deep])) == [
        (("locations", 0), "enum", "unknown_location", "... is not a known location")
    ]
    assert facts(deep) == [((), "type", "", "..., an array, not an object")]


# Any JSON value, and mutilated manifests and forms: the second kind goes deeper into the schema.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from(["text", "en", "en\n", "https://example.com", "lcard-1", "crm", ""])
)
KEYS = st.text(st.characters()) | st.sampled_from(
    [
        "widget",
        "locations",
        "settings",
        "tour",
        "dp",
        "name",
        "type",
        "locale",
        "is_tour",
        "tour_images",
        "en",
        "scopes",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
WHOLE = {
    **tour(),
    **salesbot({"type": "url"}),
    "dp": {"settings": {}, "action_multiple": True, "webhook_url": "https://example.com"},
    "left_menu": {"page": {"title": "menu.page", "submenu": {"one": {"title": "menu.one", "sort": 1}}}},
}


def holders(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from holders(inner)


@st.composite
def mutilated(draw: st.DrawFn) -> Any:
    value = deepcopy(draw(st.sampled_from([WHOLE, form(scopes=["crm"], description={"en": "Follows up."})])))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(holders(value))))
        holder[key] = draw(VALUES)
    return value


REGISTRY: Registry[Any] = Registry().with_resource(
    "integration.schema.json", Resource.from_contents(read_schema("integration"))
)
STOCK = {name: Draft202012Validator(read_schema(name), registry=REGISTRY) for name in NAMES}


def tame(value: Any) -> Any:
    """Take out line breaks: to jsonschema a pattern's `$` also stands before a last one."""
    if isinstance(value, dict):
        return {key.replace("\n", "\0"): tame(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [tame(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\n", " ")
    return value


@given(VALUES | mutilated(), st.sampled_from(NAMES))
def test_any_value_is_judged_as_jsonschema_judges_it(value: Any, name: SchemaName) -> None:
    faults = shape_faults(document(value), name)
    assert (not faults) == STOCK[name].is_valid(tame(value))
    for fault in faults:
        assert fault.message.isprintable()


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema_and_ships_as_it_is(name: SchemaName) -> None:
    Draft202012Validator.check_schema(read_schema(name))
    assert schema_text(name).encode() == (REPOSITORY / "schemas" / f"{name}.schema.json").read_bytes()


def subschemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    below = [*schema.get("$defs", {}).values(), *schema.get("properties", {}).values(), *schema.get("allOf", ())]
    below += [schema[key] for key in ("items", "additionalProperties", "propertyNames") if schema.get(key)]
    for inner in below:
        yield from subschemas(inner)


def test_every_keyword_of_the_schemas_has_words() -> None:
    used = {keyword for name in NAMES for schema in subschemas(read_schema(name)) for keyword in schema}
    assert used - LEADING - SILENT == set(JUDGES)


def test_every_property_says_what_it_is_for_and_where_that_is_from() -> None:
    bare = []
    for name in NAMES:
        whole = read_schema(name)
        for schema in subschemas(whole):
            for key, inner in schema.get("properties", {}).items():
                target = (
                    whole["$defs"].get(inner["$ref"].split("/")[-1], {}) if inner.get("$ref", "")[:1] == "#" else {}
                )
                seen = {**target, **inner}
                if "description" not in seen or not ("$comment" in seen or "$ref" in inner):
                    bare.append((name, key))
    assert bare == []


def test_every_pattern_covers_its_whole_value() -> None:
    patterns = {schema["pattern"] for name in NAMES for schema in subschemas(read_schema(name)) if "pattern" in schema}
    assert [pattern for pattern in sorted(patterns) if not (pattern[0] == "^" and pattern[-1] == "$")] == []


def test_every_key_set_without_free_names_is_closed() -> None:
    open_sets = [
        (name, schema["properties"].keys())
        for name in NAMES
        for schema in subschemas(read_schema(name))
        if "properties" in schema and "additionalProperties" not in schema
    ]
    assert open_sets == []


def test_the_schemas_name_only_rules_that_exist() -> None:
    def named(name: SchemaName) -> set[str]:
        return {schema["x-rule"] for schema in subschemas(read_schema(name)) if "x-rule" in schema}

    assert (named("manifest"), named("integration"), named("config")) == (RULES, FORM_RULES, set())


def small(locale: list[str], locations: list[str], fields: int, **blocks: Any) -> dict[str, Any]:
    settings = {
        f"field_{number}": {"name": "settings.f", "type": "text", "required": False} for number in range(fields)
    }
    return manifest(
        widget={"locale": locale, **blocks.pop("widget", {})}, locations=locations, settings=settings, **blocks
    )


def step(kind: str) -> dict[str, Any]:
    return {"handler": {"name": "salesbot.name", "settings": {"target": {"name": "salesbot.target", "type": kind}}}}


def pictures(*locales: str) -> dict[str, Any]:
    images = {locale: ["/images/logo_main.png"] for locale in locales}
    return {"is_tour": True, "tour_images": images, "tour_description": "widget.tour_description"}


@pytest.mark.parametrize(
    "value",
    [
        small(["es"], ["settings", "ccard-1", "lcard-1"], 2, widget={"support": {"link": "https://example.com"}}),
        small(["pt", "en", "es", "tr", "id"], ["salesbot_designer", "settings"], 1, salesbot_designer=step("url")),
        small(
            ["en", "pt"],
            ["everywhere", "salesbot_designer", "settings"],
            1,
            salesbot_designer=step("text"),
            tour=pictures("en", "pt"),
        ),
        small(["en", "es"], ["lcard-1", "settings"], 1, tour=pictures("en", "es")),
    ],
    ids=["no-tour", "no-support", "whole-tour", "logo-as-tour"],
)
def test_small_manifests_that_run_on_kommo_have_no_fault(value: Any) -> None:
    assert facts(value) == []


def corpus(widget: str) -> Any:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of public widgets is not beside the repository")
    return json.loads((CORPUS / widget / "manifest.json").read_bytes().decode("utf-8-sig"))


def test_the_widget_of_the_vendor_has_no_fault() -> None:
    assert facts(corpus("kommo-crm+birthday-widget")) == []


def test_public_widgets_have_the_faults_that_were_looked_at() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of public widgets is not beside the repository")
    widgets = sorted(path.parent.name for path in CORPUS.glob("*/manifest.json"))
    counts: dict[tuple[str, str], int] = {}
    for widget in widgets:
        for _, keyword, rule, _message in facts(corpus(widget)):
            counts[keyword, rule] = counts.get((keyword, rule), 0) + 1
    assert len(widgets) == 63
    assert counts == {
        ("type", ""): 2,
        ("enum", "unknown_location"): 2,
        ("enum", "unknown_setting_type"): 3,
        ("additionalProperties", ""): 11,
    }
