"""Selectors that match more than the widget: those without a class, id or element of the widget's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.styles.load import Style
    from widgetpack.styles.reader import Ruleset
    from widgetpack.styles.selectors import Selector

PLATFORM_NAMES: Final = frozenset(
    # By each of these at least two independent public programs (widgets, nearly all) reach or rebuild an element of the
    # CRM's pages (2026-11); names that anybody might give, such as `.button-cancel`, are left out.
    # Whole names only: `.card-widgets__widget-CODE` is the widget's own.
    """
    .button-input .button-input_blue .button-input-disabled .button-input-inner .button-input-inner__text
    .button-input-wrapper .button-input__context-menu .button-input__context-menu__item
    .button-input__context-menu__item__icon .button-input__context-menu__item__inner
    .button-input__context-menu__item__link .button-input__context-menu__item__text
    .card-fields__fields-block .card-fields__top-name-more .card-holder__fields
    .card-widgets__elements .card-widgets__widget .card-widgets__widget__body .card-widgets__widget__caption
    .card-widgets__widget__caption__arrow .card-widgets__widget__caption__logo
    .checkboxes_dropdown .checkboxes_dropdown__item .checkboxes_dropdown__label .checkboxes_dropdown__list
    .checkboxes_dropdown__title .checkboxes_dropdown__title_wrapper .content__top__preset
    .control--select .control--select--button .control--select--button-inner .control--select--input
    .control--select--list .control--select--list--item .control--select--list--item-inner
    .control--select--list--item-selected .control--suggest .control--suggest--input .control--suggest--input-inline
    .control--suggest--list .control--suggest--list--item .control--suggest--list--item-inner
    .control-checkbox .control-checkbox__body .control-checkbox__helper .control-checkbox__text .control-phone__formatted
    .control-radio .control-radio__helper .control-radio__label .control-wrapper
    .custom-scroll .date_field .date_field_wrapper .date_field_wrapper--calendar
    .feed-note-wrapper .feed-note__amojo-user .feed-note__body
    .linked-form__field .linked-form__field__label .linked-form__field__value .linked-forms__item
    .list__body-right__top .list__body-right__top__buttons
    .modal-body .modal-body__close .modal-list .modal-scroller .pipeline_leads__item .text-input .text-input-textarea
    .widget_settings_block .widget_settings_block__controls .widget_settings_block__descr
    .widget_settings_block__item_field .widget_settings_block__title_field
    #card_holder #list_page_holder #widgets_block #widget_settings__fields_wrapper
    """.split()  # noqa: SIM905 -- one name a line would be a hundred lines
)


class Leak(NamedTuple):
    """A selector that matches elements which are not the widget's."""

    rule: Ruleset
    selector: Selector
    names: tuple[str, ...]
    """A name of the platform's that it needs, itself or a rule around it; empty where anything matches."""

    @property
    def sets_only_variables(self) -> bool:
        """Whether its rule does nothing but give values to custom properties."""
        names = self.rule.properties
        return bool(names) and all(name.startswith("--") for name in names)


def leaks(style: Style) -> Iterator[Leak]:
    """Yield each selector, of rules that set something, without a handle of the widget's own in it or around it.

    A style that only a page in a frame loads reaches nothing else, and leaks nothing.
    """
    # Per rule what its loosest selector needs of the platform's names; None where each has a handle of the widget's own.
    loosest: list[tuple[str, ...] | None] = []
    for item in () if style.of_page else style.rules:
        around = loosest[item.parent] if item.parent >= 0 else ()
        found = []
        for selector in item.selectors if around is not None else ():
            if all(handle in PLATFORM_NAMES or _is_anyones(handle) for handle in selector.handles):
                names = (*(handle for handle in selector.handles if handle in PLATFORM_NAMES), *(around or ()))
                found.append(Leak(item, selector, names[:1]))
        loosest.append(min((leak.names for leak in found), default=None))
        if item.properties:
            yield from found


def _is_anyones(handle: str) -> bool:
    """Tell whether elements of the whole page have this attribute; ``[class^=...]`` names a class, as ``.name`` does."""
    own = handle.startswith("[data-") and handle != "[data-color-scheme]"
    return handle.startswith("[") and not own and handle not in ("[class]", "[id]")
