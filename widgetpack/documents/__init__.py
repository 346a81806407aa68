"""Texts that are read as values: JSON with places, schemas, locales, HTML in texts."""
