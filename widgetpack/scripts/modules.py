"""What the platform gives to scripts and asks of them: modules of its loader, callbacks of each location."""

from __future__ import annotations

from typing import Final

MODULES: Final = frozenset(
    # developers.kommo.com/docs/environment-variables, amocrm.ru/developers web_sdk/system_modules (2026-11); the second
    # row is asked for by public widgets (survey, section 3) or by the vendor's scaffolder, and is not in those lists.
    """
    jquery underscore backbone twigjs moment chartjs chart quill cropperjs cropper fullcalendar intl_tel_input
    google-libphonenumber clipboard colorpicker rangeslider accounting store steady pubsub enquire device FileAPI jplayer
    js-uuid cocktail virtualized-list browser-detect text require exports module
    intl-tel-input intl-tel-input-utils es6promise moment-timezone snakeize json css
    """.split()  # noqa: SIM905  # ten lines instead of fifty
)
"""Names without a folder that a dependency may have; names such as ``lib/components/base/modal`` are not judged."""

UNLISTED_MODULES: Final = frozenset(
    # The last row of `MODULES` without the page's own plugins, and what only the loader itself understands.
    "text require exports module intl-tel-input intl-tel-input-utils es6promise moment-timezone snakeize json css".split()  # noqa: SIM905
)
"""Those of `MODULES` that no list of the vendor names: sources that import one bring it along, as the vendor's template does."""

REQUIRED_CALLBACKS: Final = ("render", "init", "bind_actions")
"""Every widget has them (docs/script-js; 83 to 85 of 91 public scripts)."""

CALLBACKS_OF_LOCATION: Final = {
    # developers.kommo.com/docs/script-js, card-sdk, lists-sdk, salesbot-sdk, left-menu; a tuple is "any of these".
    # Not `settings`: the window with the manifest's fields works without it.
    "digital_pipeline": (("dpSettings",),),
    "advanced_settings": (("advancedSettings",),),
    "salesbot_designer": (("onSalesbotDesignerSave",), ("salesbotDesignerSettings",)),
    "card_sdk": (("loadPreloadedData",), ("loadElements",), ("linkCard",), ("searchDataInCard",)),
    "widget_page": (("initMenuPage",),),
    "clist-0": (("contacts",),),
    "clist-1": (("contacts",),),
    "llist-0": (("leads",),),
    "llist-1": (("leads",),),
    "tlist-0": (("todo", "tasks"),),
    "tlist-1": (("todo", "tasks"),),
    "sms": (("onSource", "add_source"),),
    "lead_sources": (("onSource", "onAddAsSource", "add_source"),),
    "catalogs": (("loadCatalogElement",),),
}

CALLBACKS_TOGETHER: Final = {"lead_sources": ("onSource", "onAddAsSource")}
"""Callbacks of a location that belong together: where one is there, the other is missed."""

OPTIONAL_CALLBACKS: Final = frozenset({"contacts", "leads", "todo", "salesbotDesignerSettings"})
"""Those of lists are only for what is selected; the last one is absent from most public widgets, and one field report blames
its absence for a crash of the designer."""

PUBLIC_CDNS: Final = (
    # docs/getting-listed allows public libraries of known networks and names jQuery, Google, Microsoft; the last three are
    # the best known of the others.
    "code.jquery.com",
    "ajax.googleapis.com",
    "ajax.aspnetcdn.com",
    "cdnjs.cloudflare.com",
    "cdn.jsdelivr.net",
    "unpkg.com",
)
