"""The rules of pictures beyond the one case of each: near misses that must stay silent, and further forms."""

from __future__ import annotations

import io
from typing import Any

from builders import Files, brief, findings, picture, png, widget
from PIL import Image


def tour(*paths: str) -> dict[str, Any]:
    return {"tour": {"tour_images": {"en": list(paths), "es": list(paths)}}}


def with_files(**names: bytes) -> dict[str, bytes | None]:
    return {f"images/{name.replace('_DOT_', '.')}": data for name, data in names.items()}


def moving_gif(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("L", (width, height), grey) for grey in (1, 200)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def amocrm(files: Files) -> list[str]:
    return brief(findings(files, target="amocrm"))


def test_a_single_pixel_that_the_manifest_does_not_name_is_no_stand_in() -> None:
    files = widget(files={"images/blank.png": png(1, 1), "images/spacer.gif": picture(1, 1, "GIF")})
    assert brief(findings(files)) == []


def test_a_single_pixel_in_the_tour_is_a_warning() -> None:
    files = widget(tour("/images/blank.png"), files={"images/blank.png": png(1, 1)})
    assert brief(findings(files)) == ["I08 warning images/blank.png:1:1 1x1: a stand-in"]
    assert brief(findings(files, audience="public")) == ["I08 warning images/blank.png:1:1 1x1: a stand-in"]


def test_three_logos_in_a_ring_are_three_wrong_sizes() -> None:
    files = widget(
        files=with_files(logo_DOT_png=png(108, 108), logo_small_DOT_png=png(84, 84), logo_min_DOT_png=png(130, 100))
    )
    assert brief(findings(files)) == [
        "I02 error images/logo.png:1:1 108x108, not 130x100; it would fit logo_small",
        "I02 error images/logo_min.png:1:1 130x100, not 84x84; it would fit logo",
        "I02 error images/logo_small.png:1:1 84x84, not 108x108; it would fit logo_min",
    ]


def test_a_logo_of_another_size_than_its_swapped_neighbours_is_still_told() -> None:
    files = widget(
        files=with_files(logo_DOT_png=png(140, 80), logo_small_DOT_png=png(84, 84), logo_min_DOT_png=png(108, 108))
    )
    assert brief(findings(files)) == [
        "I02 error images/logo.png:1:1 140x80, not 130x100",
        "I07 error images/logo_small.png:1:1 84x84, the size of images/logo_min.png, which has this one's: swap the two",
    ]


def test_an_animation_elsewhere_is_nobodys_business() -> None:
    assert brief(findings(widget(files={"images/loader.gif": moving_gif(32, 32)}))) == []


def test_a_still_gif_is_a_logo_of_amocrm_and_a_moving_one_is_not() -> None:
    still = widget(files={"images/logo_min.png": None, "images/logo_min.gif": picture(84, 84, "GIF")})
    moving = widget(files={"images/logo_min.png": None, "images/logo_min.gif": moving_gif(84, 84)})
    assert amocrm(still) == []
    assert amocrm(moving) == ["I09 warning images/logo_min.gif:1:1 an animated GIF"]


def test_a_private_tour_may_have_any_size() -> None:
    assert brief(findings(widget(tour("/images/logo_main.png")))) == []


def test_a_tour_of_jpegs_is_as_good_as_one_of_pngs() -> None:
    files = widget(tour("/images/tour.jpg"), files={"images/tour.jpg": picture(1188, 616, "JPEG")})
    assert brief(findings(files, audience="public")) == []


def test_a_tour_of_both_formats_is_an_info_even_in_public() -> None:
    files = widget(
        tour("/images/tour.png", "images/tour.jpg?v=1"), files={"images/tour.jpg": picture(1188, 616, "JPEG")}
    )
    assert brief(findings(files, audience="public")) == [
        "I12 info images/tour.jpg:1:1 JPEG, while images/tour.png is PNG"
    ]
