"""Building on every save."""
