"""What of the findings is told: choice of rules, comments, baselines, and which of these are of no use."""

SIGN = b"widgetpack:"
"""A file without these bytes holds no comment that silences, and costs nothing more."""
