"""Draws SVG in a process of its own, for a hostile one can end the process that draws it.

Run as a script: a JSON object on standard input, one on standard output (see `widgetpack.logos.vector`). It imports
nothing of widgetpack.
"""

from __future__ import annotations

import base64
import json
import sys

_MEMORY = 2_000_000_000
"""Bytes of address space, and with it of all pixels: a drawing that is not made to hurt takes some megabytes."""


def _limit() -> None:
    """Cap memory where the system can; elsewhere only the time that the caller waits is limited."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass


def _main() -> None:
    _limit()
    import resvg_py

    request = json.load(sys.stdin.buffer)
    try:
        drawn = [
            resvg_py.svg_to_bytes(
                svg_string=request["before"] + opening + request["after"], skip_system_fonts=not request["fonts"]
            )
            for opening in request["openings"]
        ]
        answer: dict[str, object] = {"pictures": [base64.b64encode(picture).decode() for picture in drawn]}
    except BaseException as error:  # noqa: BLE001  # a panic of resvg's is no Exception
        answer = {"fault": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main()
