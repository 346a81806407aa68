"""Tests never time: no example of hypothesis has a deadline. In CI the examples are the same in every run."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")
