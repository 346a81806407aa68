"""The rules by family; importing a module registers its rules."""

from __future__ import annotations

from widgetpack.rules import archive, documents, form, images, manifest, manifest_shape, scripts, texts
from widgetpack.rules.base import RULES, Rule, check

__all__ = [
    "RULES",
    "Rule",
    "archive",
    "check",
    "documents",
    "form",
    "images",
    "manifest",
    "manifest_shape",
    "scripts",
    "texts",
]
