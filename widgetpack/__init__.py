"""Checks a Kommo / amoCRM widget, bundles it and emits the zip that the platform takes."""

__version__ = "0.1.0"
