"""One picture becomes all logos: real pixels, real files, real processes, hostile pictures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from builders import as_json, folder, png, widget
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from widgetpack.cli import logos as command_line
from widgetpack.errors import EXIT_CLEAN, EXIT_USAGE, UsageError, WriteError
from widgetpack.images import load_image
from widgetpack.logos import plan, vector
from widgetpack.logos.compose import Ground, Look, choose_ground, draw_logos, encode, load_colour
from widgetpack.logos.make import Wish, make_logos
from widgetpack.logos.markup import load_markup
from widgetpack.logos.plan import plan_targets
from widgetpack.logos.preview import Shown, draw_preview
from widgetpack.logos.raster import Raster, load_raster
from widgetpack.logos.save import refuse_existing, write_all
from widgetpack.logos.source import read_art
from widgetpack.platform import FORM_ICON, MAX_IMAGE_BYTES, SLOTS

SAMPLE = Path(__file__).parent.parent / "sample_widget"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">'
RED, BLUE, WHITE, CLEAR = (255, 0, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255), (0, 0, 0, 0)


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def raster(image: Image.Image, kind: str = "PNG", **options: Any) -> Raster:
    """Return what reading ``image`` back from a file gives."""
    return load_raster("p", saved(image, kind, **options), kind)


def logo(art: Any, size: tuple[int, int], **look: Any) -> Image.Image:
    """Return one logo as ``RGBA``."""
    chosen = Look(**look)
    (made,) = draw_logos(art, chosen, choose_ground(art, chosen.background).colour, [size])
    return made.convert("RGBA")


def drawing(text: str) -> vector.Vector:
    return vector.load_vector("p.svg", text.encode())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def colours(image: Image.Image) -> list[Any]:
    return sorted(colour for _, colour in image.getcolors(1 << 24) or [])


def differing(image: Image.Image, colour: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """Return the box around all pixels that are not of ``colour``."""
    ground = Image.new("RGB", image.size, colour[:3])
    return ImageChops.difference(image.convert("RGB"), ground).getbbox()


# Where the picture stands.


def test_the_margins_are_ten_pixels_on_the_largest_logo_and_in_proportion_on_the_others() -> None:
    rooms = {slot.name: Look().room((slot.width, slot.height)) for slot in SLOTS}
    assert rooms == {
        "logo_main": (380, 252),
        "logo_small": (100, 100),
        "logo": (122, 92),
        "logo_medium": (234, 78),
        "logo_min": (78, 78),
        "logo_dp": (166, 101),
    }


def test_contain_shows_all_of_the_picture_in_the_middle() -> None:
    art = raster(Image.new("RGB", (960, 480), RED))
    image = logo(art, (400, 272), background="white")
    assert differing(image, WHITE) == (10, 41, 390, 231)
    assert colours(image) == [RED, WHITE]


@pytest.mark.parametrize("size", [(slot.width, slot.height) for slot in SLOTS])
@pytest.mark.parametrize("shape", [(1000, 1000), (997, 331), (331, 997), (2, 1999), (1999, 2)])
def test_opposite_margins_are_equal_to_the_pixel(size: tuple[int, int], shape: tuple[int, int]) -> None:
    box = differing(logo(raster(Image.new("RGB", shape, RED)), size, background="white"), WHITE)
    assert box is not None
    assert (box[0], box[1]) == (size[0] - box[2], size[1] - box[3])


def test_cover_fills_the_logo_and_cuts_both_sides_alike() -> None:
    picture = Image.new("RGB", (400, 100), RED)
    picture.paste(BLUE[:3], (130, 0, 270, 100))
    image = logo(raster(picture), (84, 84), fit="cover")
    assert colours(image) == [BLUE]
    wide = logo(raster(picture), (200, 100), fit="cover", padding=0.0)
    assert [wide.getpixel((x, 50)) for x in (0, 20, 40, 160, 180, 199)] == [RED, RED, BLUE, BLUE, RED, RED]


def test_padding_is_in_percent_of_the_shorter_side() -> None:
    image = logo(raster(Image.new("RGB", (500, 500), RED)), (240, 84), padding=25.0, background="white")
    assert differing(image, WHITE) == (99, 21, 141, 63)


def test_a_flat_colour_stays_the_same_colour() -> None:
    art = raster(Image.new("RGB", (700, 700), "#3d8ef5"))
    assert colours(logo(art, (108, 108))) == [(0x3D, 0x8E, 0xF5, 255)]


# Colours and alpha.


def test_soft_edges_have_no_dark_fringe() -> None:
    large = Image.new("L", (800, 800), 0)
    ImageDraw.Draw(large).ellipse((40, 40, 760, 760), fill=255)
    picture = Image.new("RGBA", (800, 800), CLEAR)  # black below what is transparent
    picture.paste(WHITE, mask=large)
    image = logo(raster(picture), (108, 108))
    assert len(colours(image.getchannel("A"))) > 100
    over_white = Image.new("RGBA", image.size, WHITE)
    over_white.alpha_composite(image)
    assert colours(over_white) == [WHITE]


@pytest.mark.parametrize(
    ("picture", "options", "colour"),
    [
        (Image.new("1", (9, 9), 1), {}, WHITE),
        (Image.new("L", (9, 9), 80), {}, (80, 80, 80, 255)),
        (Image.new("L", (9, 9), 80), {"transparency": 80}, (80, 80, 80, 0)),
        (Image.new("LA", (9, 9), (80, 128)), {}, (80, 80, 80, 128)),
        (Image.new("I;16", (9, 9), 0x8000), {}, (128, 128, 128, 255)),
        (Image.new("I;16", (9, 9), 0xFFFF), {}, WHITE),
        (Image.new("RGB", (9, 9), RED), {"transparency": RED[:3]}, (255, 0, 0, 0)),
        (Image.new("RGB", (9, 9), RED).quantize(4), {}, RED),
        (Image.new("RGBA", (9, 9), (255, 0, 0, 99)), {}, (255, 0, 0, 99)),
        (Image.new("RGB", (9, 9), RED).quantize(4), {"transparency": b"\x63\x63\x63\x63"}, (255, 0, 0, 99)),
    ],
    ids=["1", "L", "L+tRNS", "LA", "I;16", "I;16 white", "RGB+tRNS", "P", "RGBA", "P+tRNS"],
)
def test_every_mode_of_png_keeps_its_colours(
    picture: Image.Image, options: dict[str, Any], colour: tuple[int, int, int, int]
) -> None:
    art = raster(picture, **options)
    assert (art.image.mode, colours(art.image), art.notes) == ("RGBA", [colour], ())


def test_cmyk_becomes_rgb() -> None:
    art = raster(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG", quality=100)
    assert colours(art.image) == [RED]


def test_a_picture_that_lies_on_its_side_is_turned_upright() -> None:
    picture = Image.new("RGB", (40, 20), RED)
    picture.paste(BLUE[:3], (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise
    art = raster(picture, exif=exif)
    assert art.image.size == (20, 40)
    assert (art.image.getpixel((10, 5)), art.image.getpixel((10, 35))) == (BLUE, RED)


def profile(red: str, green: str, blue: str) -> bytes:
    """Return an ICC profile with the curve of gamma 1 whose channels stand for the named primaries of sRGB."""
    primaries = {"red": (0.4361, 0.2225, 0.0139), "green": (0.3851, 0.7169, 0.0971), "blue": (0.1431, 0.0606, 0.7141)}

    def xyz(values: tuple[float, ...]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"odd!\0" + b"\0" * 78
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    parts = {b"desc": name, b"wtpt": xyz((0.9642, 1.0, 0.8249)), b"cprt": b"text\0\0\0\0none\0"}
    for channel, primary in (("r", red), ("g", green), ("b", blue)):
        parts[f"{channel}XYZ".encode()] = xyz(primaries[primary])
        parts[f"{channel}TRC".encode()] = curve
    table, body = struct.pack(">I", len(parts)), b""
    for kind, data in parts.items():
        table += kind + struct.pack(">II", 128 + 4 + 12 * len(parts) + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    white = struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)
    head = b"\0" * 8 + struct.pack(">I", 0x02400000) + b"mntrRGB XYZ " + b"\0" * 12 + b"acsp"
    head += b"\0" * 28 + white
    whole = head + b"\0" * (128 - len(head)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def test_a_colour_profile_is_applied_and_not_kept() -> None:
    swapped = profile("green", "red", "blue")
    art = raster(Image.new("RGB", (400, 400), RED), icc_profile=swapped)
    assert (colours(art.image), art.notes) == ([(0, 255, 0, 255)], ())
    made = Image.open(io.BytesIO(encode(logo(art, (84, 84)))))
    assert sorted(made.info) == []


def test_a_colour_profile_leaves_alpha_alone() -> None:
    art = raster(Image.new("RGBA", (9, 9), (255, 0, 0, 50)), icc_profile=profile("blue", "green", "red"))
    assert colours(art.image) == [(0, 0, 255, 50)]


def test_a_broken_colour_profile_is_told_and_left() -> None:
    art = raster(Image.new("RGB", (9, 9), RED), icc_profile=b"not a profile")
    assert colours(art.image) == [RED]
    assert art.notes == ("its colour profile cannot be used; its colours are taken as sRGB",)


# The ground.


def test_a_picture_with_alpha_stays_on_transparent_ground() -> None:
    picture = Image.new("RGBA", (100, 100), CLEAR)
    picture.paste(RED, (10, 10, 90, 90))
    image = logo(raster(picture), (108, 108))
    assert (image.getpixel((0, 0)), image.getpixel((107, 107)), image.getpixel((54, 54))) == (CLEAR, CLEAR, RED)


def test_alpha_that_hides_nothing_is_no_alpha() -> None:
    art = raster(Image.new("RGBA", (100, 100), RED))
    assert choose_ground(art, "auto") == Ground(RED)


def test_the_ground_is_the_colour_of_the_corners() -> None:
    picture = Image.new("RGB", (600, 600), "#FFEEDD")
    ImageDraw.Draw(picture).ellipse((100, 100, 500, 500), fill="navy")
    picture.paste(RED[:3], (0, 0, 50, 50))  # one odd corner changes nothing
    assert choose_ground(raster(picture), "auto") == Ground((0xFF, 0xEE, 0xDD, 255))


def test_corners_that_differ_make_the_ground_a_guess() -> None:
    picture = Image.new("RGB", (600, 600), "white")
    picture.paste(RED[:3], (0, 0, 300, 300))
    picture.paste(BLUE[:3], (300, 300, 600, 600))
    assert choose_ground(raster(picture), "auto") == Ground(WHITE, is_guess=True)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("white", WHITE),
        ("#153043", (21, 48, 67, 255)),
        ("#15304380", (21, 48, 67, 128)),
        ("rgb(21, 48, 67)", (21, 48, 67, 255)),
    ],
)
def test_colours_are_written_as_in_css(text: str, colour: tuple[int, int, int, int]) -> None:
    assert load_colour(text) == colour


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("blanc", "`blanc` is no colour"),
        ("", "`` is no colour"),
        ("rgb(300,0,0)", "`rgb(300,0,0)` is no colour: each part is 0 to 255"),
    ],
)
def test_other_words_are_no_colours(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_colour(text)
    assert str(caught.value) == message


def test_a_half_transparent_ground_lies_below_the_picture() -> None:
    picture = Image.new("RGBA", (100, 100), RED)
    image = logo(raster(picture), (108, 108), background="#0000FF80")
    assert (image.getpixel((0, 0)), image.getpixel((54, 54))) == ((0, 0, 255, 128), RED)


# Files.


def noise(mode: str) -> Image.Image:
    """Return the picture that compresses worst, the same in every run."""
    size, state, levels = FORM_ICON[0] * FORM_ICON[1] * len(mode), 1, bytearray()
    for _ in range(size):
        state = (state * 1_103_515_245 + 12_345) % (1 << 31)
        levels.append(state >> 16 & 255)
    return Image.frombytes(mode, FORM_ICON, bytes(levels))


@pytest.mark.parametrize(("mode", "kept"), [("RGB", 326_400), ("RGBA", 435_200)])
def test_what_is_too_large_gets_fewer_colours(mode: str, kept: int) -> None:
    image = noise(mode)
    full, data = encode(image, limit=10**9), encode(image)
    assert len(full) > kept > MAX_IMAGE_BYTES
    assert len(data) <= MAX_IMAGE_BYTES
    small = Image.open(io.BytesIO(data))
    assert (small.size, small.mode) == (FORM_ICON, "P")


def test_256_colours_are_always_few_enough() -> None:
    largest = max(slot.width * slot.height for slot in SLOTS)
    assert largest + 256 * 4 + 10_000 < MAX_IMAGE_BYTES


@pytest.mark.parametrize(("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG"), ("gif", "GIF")])
def test_the_icon_is_of_the_format_that_its_name_says(ending: str, kind: str) -> None:
    picture = Image.new("RGBA", FORM_ICON, CLEAR)
    picture.paste(RED, (100, 100, 300, 200))
    data = encode(picture, ending)
    facts = load_image("icon", data)
    assert (facts.format, facts.width, facts.height, facts.fault) == (kind, *FORM_ICON, "")
    corner = Image.open(io.BytesIO(data)).convert("RGBA").getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] == (255 if kind == "JPEG" else 0)
    assert corner[:3] == (255, 255, 255) or kind != "JPEG"


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_logos(SAMPLE / "art" / "logo.svg", Wish(tmp_path / name, preview=tmp_path / name / "all.png"), Look())
    files = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert len(files) == 8


def test_all_or_nothing_when_a_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    first, second = tmp_path / "new" / "a.png", tmp_path / "file" / "b.png"
    with pytest.raises(WriteError) as caught:
        write_all({first: b"a", second: b"b"})
    assert str(caught.value) == f"{second}: cannot be written: file exists"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_all_or_nothing_when_a_rename_fails(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    (tmp_path / "c.png").mkdir()
    files = {tmp_path / name: b"new" for name in ("a.png", "b.png", "c.png")}
    with pytest.raises(WriteError):
        write_all(files)
    assert (tmp_path / "a.png").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "c.png"]


def test_what_is_there_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "b.png").symlink_to("nowhere")
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    with pytest.raises(UsageError) as caught:
        refuse_existing(paths, force=False)
    folder_name = tmp_path.as_posix()
    assert str(caught.value) == f"{folder_name}/a.png, {folder_name}/b.png: exist already; nothing is written"
    refuse_existing(paths, force=True)


def test_force_replaces_a_link_and_not_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "a.png").symlink_to("precious")
    write_all({tmp_path / "a.png": b"new"})
    assert ((tmp_path / "precious").read_bytes(), (tmp_path / "a.png").is_symlink()) == (b"precious", False)


# Where the files go.


def paths_of(*names: str, base: Path, given: Path | None = None) -> list[str]:
    return [os.path.relpath(item.path, base).replace(os.sep, "/") for item in plan_targets(given or base, names)]


def test_a_widget_takes_the_logos_into_images_and_the_icon_beside_its_manifest(tmp_path: Path) -> None:
    folder(tmp_path, {"manifest.json": b"{}", "integration.json": b'{"icon": "./art/icon.gif"}'})
    logos = [f"images/{slot.name}.png" for slot in SLOTS]
    assert paths_of(base=tmp_path) == [*logos, "art/icon.gif"]
    (tmp_path / "images").mkdir()
    assert paths_of(base=tmp_path, given=tmp_path / "images") == [*logos, "art/icon.gif"]
    assert paths_of("icon", "logo", base=tmp_path) == ["images/logo.png", "art/icon.gif"]


def test_the_root_of_the_config_is_found_and_its_form_too(tmp_path: Path) -> None:
    config = b'root = "app"\n[integration]\nname = "Good"\nicon = "form.jpg"\n'
    folder(tmp_path, {"app/manifest.json": b"{}", "widgetpack.toml": config})
    assert paths_of("logo", "icon", base=tmp_path) == ["app/images/logo.png", "app/form.jpg"]


def test_any_other_folder_takes_the_files_alone(tmp_path: Path) -> None:
    assert paths_of(base=tmp_path) == [*(f"{slot.name}.png" for slot in SLOTS), "integration-icon.png"]


def test_an_icon_that_is_the_main_logo_is_made_once(tmp_path: Path) -> None:
    folder(tmp_path, {"manifest.json": b"{}", "integration.json": b'{"icon": "images/logo_main.png"}'})
    assert paths_of(base=tmp_path) == [f"images/{slot.name}.png" for slot in SLOTS]
    assert paths_of("icon", base=tmp_path) == ["images/logo_main.png"]


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({}, 'no integration.json; "icon": "integration-icon.png" there has it checked'),
        (
            {"integration.json": b'{"icon": 7}'},
            'integration.json does not name it; "icon": "integration-icon.png" there has it checked',
        ),
        (
            {"integration.json": b"broken"},
            'integration.json does not name it; "icon": "integration-icon.png" there has it checked',
        ),
        ({"integration.json": b'{"icon": "integration-icon.png"}'}, ""),
    ],
)
def test_an_icon_that_the_form_does_not_name_says_so(tmp_path: Path, files: dict[str, bytes], note: str) -> None:
    (icon,) = plan_targets(folder(tmp_path, {"manifest.json": b"{}", **files}), ["icon"])
    assert (icon.path, icon.note) == (tmp_path / "integration-icon.png", note)


@pytest.mark.parametrize(
    ("icon", "words"),
    [
        ("../../x.png", "is no png, jpg, jpeg or gif below the widget's folder"),
        ("icon.svg", "is no png, jpg, jpeg or gif below the widget's folder"),
        ("icon", "is no png, jpg, jpeg or gif below the widget's folder"),
        ("images/logo.png", "is a logo of another size"),
    ],
)
def test_an_icon_that_cannot_be_made_is_refused(tmp_path: Path, icon: str, words: str) -> None:
    folder(tmp_path, {"manifest.json": b"{}", "integration.json": as_json({"icon": icon})})
    with pytest.raises(UsageError) as caught:
        plan_targets(tmp_path, ())
    assert str(caught.value) == f"{tmp_path.as_posix()}/integration.json: the icon `{icon}` {words}"


@pytest.mark.parametrize(
    ("link", "slots"), [("pics", ("icon",)), ("deep/er", ("icon",)), ("images", ("logo",)), ("images", ())]
)
def test_no_link_leads_a_logo_out_of_the_widget(tmp_path: Path, link: str, slots: tuple[str, ...]) -> None:
    form = as_json({"icon": "deep/er/a.png" if link == "deep/er" else "pics/a.png"})
    base = folder(tmp_path / "w", {"manifest.json": b"{}", "integration.json": form, "deep/a.txt": b""})
    other = folder(tmp_path / "w2", {"a.png": b"precious"})  # its name begins as the widget's
    (base / link).symlink_to(other)
    with pytest.raises(UsageError) as caught:
        plan_targets(base, slots)
    assert str(caught.value) == f"{(base / link).as_posix()}: leads out of the widget; nothing is written"
    assert [path.name for path in other.iterdir()] == ["a.png"]


def test_links_within_the_widget_and_to_it_are_followed(tmp_path: Path) -> None:
    base = folder(tmp_path / "w", {"manifest.json": b"{}", "art/a.txt": b""})
    (base / "images").symlink_to("art")
    (tmp_path / "link").symlink_to(base)
    assert paths_of("logo", base=tmp_path, given=tmp_path / "link") == ["link/images/logo.png"]
    assert paths_of("logo", base=tmp_path, given=tmp_path / "link" / "art") == ["link/art/logo.png"]


def test_the_command_line_offers_the_slots_that_there_are() -> None:
    assert command_line.SLOT_NAMES == plan.NAMES


# SVG.


def test_svg_is_drawn_at_the_size_of_each_logo() -> None:
    half = drawing(SVG + '<path fill="#fff" d="M0 0h48v96H0z"/><path d="M48 0h48v96H48z"/></svg>')
    for slot in SLOTS:
        if slot.width % 2 == 0:
            image = logo(half, (slot.width, slot.height))
            assert colours(image) == [(0, 0, 0, 255), WHITE], slot.name


def test_svg_without_a_view_box_is_cut_by_its_own_size() -> None:
    wide = drawing(
        '<svg xmlns="http://www.w3.org/2000/svg" width="4in" height="96"><rect width="100%" height="100%" fill="red"/>'
        '<rect x="37.5%" width="25%" height="96" fill="blue"/></svg>'
    )
    assert wide.size == (384, 96)
    assert colours(logo(wide, (84, 84), fit="cover")) == [BLUE]
    assert differing(logo(wide, (400, 272), background="white"), WHITE) == (10, 88, 390, 184)


def test_svg_with_alpha_stays_transparent() -> None:
    image = logo(drawing(SVG + '<circle cx="48" cy="48" r="40" fill="red"/></svg>'), (400, 272))
    assert (image.getpixel((0, 0)), image.getpixel((200, 136))) == (CLEAR, RED)


def test_svg_as_a_drawing_program_writes_it() -> None:
    text = (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<!-- \xe9 --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>\n'
        '<s:svg xmlns:s="&ns_svg;" viewBox="0 0 10 5"><s:title>caf\xe9</s:title><s:a href="https://a.dev/">'
        '<s:rect width="10" height="5" fill="red"/></s:a></s:svg>\n<!-- end -->'
    )
    art = vector.load_vector("p.svg", text.encode("latin-1"))
    assert (art.size, colours(logo(art, (108, 108))), art.notes) == ((10, 5), [RED], ())


def test_what_will_look_different_is_told() -> None:
    art = drawing(SVG + "<text>a</text><foreignObject/></svg>")
    assert art.notes == (
        "its text is drawn with the fonts of this machine; turn it into paths to get the same logos everywhere",
        "it holds HTML (foreignObject), which is not drawn",
    )


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (SVG + '\n<image href="/etc/passwd"/></svg>', "2: refers to `/etc/passwd`"),
        (SVG + '<image x:href="a.png" xmlns:x="http://www.w3.org/1999/xlink"/></svg>', "1: refers to `a.png`"),
        (SVG + '<use href="other.svg#a"/></svg>', "1: refers to `other.svg#a`"),
        (SVG + '<g fill="url(other.svg#a)"/></svg>', "1: refers to `other.svg#a`"),
        (SVG + '<g style="fill: URL( &quot;https://a.dev/b&quot; )"/></svg>', "1: refers to `https://a.dev/b`"),
        (SVG + "<style>a{}\n@import 'x.css';</style></svg>", "2: refers to `x.css`"),
        ('<?xml-stylesheet href="a.css"?>' + SVG + "</svg>", "1: refers to `a.css`"),
        ('<!DOCTYPE svg [<!ENTITY x SYSTEM "/etc/passwd">]>' + SVG + "&x;</svg>", "1: refers to `/etc/passwd`"),
        ('<!DOCTYPE svg [<!ENTITY % x SYSTEM "x.dtd"> %x;]>' + SVG + "</svg>", "1: refers to `x.dtd`"),
    ],
    ids=["image", "xlink", "use", "fill", "style", "import", "stylesheet", "entity", "parameter entity"],
)
def test_nothing_outside_of_an_svg_is_read(text: str, reference: str) -> None:
    with pytest.raises(UsageError) as caught:
        drawing(text)
    assert str(caught.value) == f"p.svg:{reference}; nothing outside the picture is read"


def test_a_long_row_of_blanks_is_no_reference() -> None:
    blanks = " " * 100_000
    markup = load_markup("p.svg", f"{SVG}<g fill='url({blanks}'/><style>@import{blanks}</style></svg>".encode())
    assert (markup.width, markup.height) == (96, 96)


def test_references_inside_of_an_svg_are_fine() -> None:
    pixel = "data:image/png;base64,iVBORw0KGgo="
    text = (
        f'{SVG}<a href="https://a.dev"/><image href="{pixel}"/><use href="#a"/><g fill="url(#b)"/>'
        f"<style>.a{{fill:url('#b');mask:url( {pixel} )}}</style></svg>"
    )
    assert drawing(text).size == (96, 96)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<svg", "p.svg:1: not well-formed XML: unclosed token"),
        (SVG + "<g></svg>", "p.svg:1: not well-formed XML: mismatched tag"),
        ("<svg/>", "p.svg:1: the root element is `svg` in the namespace ``, not `svg` in `http://www.w3.org/2000/svg`"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>', "p.svg: the SVG has no size"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>', "p.svg: the SVG has no size"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 9"/>', "p.svg: the SVG has no size"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="5000"/>',
            "p.svg: 1x5000; one side is more than 1,000 times the other",
        ),
        (
            '<?xml version="1.0" encoding="rot13"?>' + SVG + "</svg>",
            "p.svg: an SVG that cannot be read: 'rot13' is not a text encoding; use codecs.encode() to handle arbitrary codecs",
        ),
        (
            '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + SVG + "</svg>",
            "p.svg:1: the entity `c` unfolds to more than 1,000 characters, or to others",
        ),
        (
            f'<!DOCTYPE svg [<!ENTITY a "{"b" * 1001}">]>' + SVG + "</svg>",
            "p.svg:1: the entity `a` unfolds to more than 1,000 characters, or to others",
        ),
        (f"{SVG}<!--{'x' * 10_000_000}--></svg>", "p.svg: 10,000,073 bytes of SVG; at most 10,000,000 are drawn"),
    ],
    ids=[
        "open tag",
        "mismatch",
        "no namespace",
        "percent",
        "no width",
        "infinite",
        "thin",
        "encoding",
        "nested entity",
        "long entity",
        "large",
    ],
)
def test_an_svg_that_cannot_be_drawn_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        drawing(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            SVG + "<g>" * 100_000 + "</g>" * 100_000 + "</svg>",
            "p.svg: the SVG is too much for resvg: too deep, too large or of too many elements",
        ),
        (
            SVG
            + '<g id="a0"><path d="M0 0h9v9z"/></g>'
            + "".join(f'<g id="a{i}">' + f'<use href="#a{i - 1}"/>' * 10 + "</g>" for i in range(1, 9))
            + "</svg>",
            "p.svg: the SVG cannot be drawn: SVG data parsing failed cause nodes limit reached",
        ),
    ],
    ids=["deep", "many"],  # a name of a megabyte would not fit into the environment of a process
)
def test_an_svg_that_ends_the_process_which_draws_it_ends_only_that(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        logo(drawing(text), (84, 84))
    assert str(caught.value) == message


def test_an_svg_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector, "_SECONDS", 0.001)  # no process starts as fast
    with pytest.raises(UsageError) as caught:
        logo(drawing(SVG + "</svg>"), (84, 84))
    assert str(caught.value) == "p.svg: the SVG takes more than 0.001 seconds to draw"


def test_without_the_extra_svg_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError) as caught:
        drawing(SVG + "</svg>")
    assert str(caught.value) == "p.svg: drawing SVG needs resvg: pip install 'widgetpack[svg]'"


# The preview.


def test_the_preview_shows_every_logo_at_its_size_on_both_grounds() -> None:
    clear = Image.new("RGBA", (84, 84), CLEAR)
    sheet = draw_preview([Shown("a", clear), Shown("b", Image.new("RGB", (400, 272), RED[:3]))])
    half = sheet.width // 2
    assert (sheet.getpixel((0, 0)), sheet.getpixel((half, 0))) == ((255, 255, 255), (0x15, 0x30, 0x43))
    for start in (0, half):
        left = sheet.crop((start + 24, 24, start + 424, 296))
        assert left.getcolors() == [(400 * 272, (255, 0, 0))]  # the largest stands first
        assert sheet.getpixel((start + 23, 23)) not in {RED[:3], sheet.getpixel((start, 0))}
        second = sheet.crop((start + 448, 24, start + 532, 108))
        assert second.getcolors() == [(84 * 84, sheet.getpixel((start, 0)))]
        words = sheet.crop((start, 298, start + 440, 320))
        assert len(words.getcolors() or []) > 1


# Hostile pictures.


@settings(max_examples=150)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.data())
def test_no_bytes_make_a_picture_raise_anything_else(kind: str, data: st.DataObject) -> None:
    good = bytearray(saved(Image.linear_gradient("L").resize((24, 24)).convert("RGB"), kind))
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), max_size=6)):
        good[at] = value
    cut = bytes(good[: data.draw(st.integers(1, len(good)))])
    if load_image("p", cut).fault == "" and load_image("p", cut).width < 2000 > load_image("p", cut).height:
        with contextlib.suppress(UsageError):
            assert load_raster("p", cut, load_image("p", cut).format).image.mode == "RGBA"


PIECES = [*"<>/=\"'&;!?[]%#-: ab\n", SVG, "</svg>", "<!DOCTYPE svg [", "<!ENTITY a ", "<style>", "url(", "&a;"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_makes_markup_raise_anything_else(text: str) -> None:
    for candidate in (text, SVG + text, SVG + text + "</svg>"):
        with contextlib.suppress(UsageError):
            assert load_markup("p", candidate.encode()).root.startswith("<svg")


# The command.


class Done:
    """What a finished command left behind."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()


def run(*words: object, cwd: Path, **environment: str) -> Done:
    command = [sys.executable, "-m", "widgetpack", *map(str, words)]
    return Done(subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, check=False))


def without_logos(base: Path) -> Path:
    files: dict[str, bytes | None] = {f"images/{slot.name}.png": None for slot in SLOTS}
    manifest = {
        "locations": ["settings", "lcard-1", "digital_pipeline"],
        "dp": {"settings": {}, "webhook_url": "https://widgets.dev/dp", "action_multiple": False},
    }
    form = {"name": "Good", "icon": "integration-icon.png"}
    return folder(base, widget(manifest, files={**files, "integration.json": as_json(form)}))


def test_logos_then_validate(tmp_path: Path) -> None:
    without_logos(tmp_path / "w")
    done = run("logos", SAMPLE / "art" / "logo.svg", cwd=tmp_path / "w")
    made = {slot.name: (tmp_path / "w" / "images" / f"{slot.name}.png").stat().st_size for slot in SLOTS}
    icon = (tmp_path / "w" / "integration-icon.png").stat().st_size
    assert done.out == (
        f"images/logo_main.png    400x272  {made['logo_main']:>5,} bytes\n"
        f"images/logo_small.png   108x108  {made['logo_small']:>5,} bytes\n"
        f"images/logo.png         130x100  {made['logo']:>5,} bytes\n"
        f"images/logo_medium.png   240x84  {made['logo_medium']:>5,} bytes\n"
        f"images/logo_min.png       84x84  {made['logo_min']:>5,} bytes\n"
        f"images/logo_dp.png      174x109  {made['logo_dp']:>5,} bytes\n"
        f"integration-icon.png    400x272  {icon:>5,} bytes\n"
    )
    assert (done.code, done.err) == (EXIT_CLEAN, "")
    checked = run("validate", "--output-format", "json", "--fail-level", "info", cwd=tmp_path / "w")
    about_pictures = [item for item in findings_of(checked) if item["code"][0] in "IF"]
    assert about_pictures == []
    listed = run("ls", cwd=tmp_path / "w").out
    assert [line for line in listed.splitlines() if "integration" in line] == []


def findings_of(done: Done) -> list[dict[str, Any]]:
    document: dict[str, Any] = json.loads(done.out)
    return [item for one in document["widgets"] for item in one["findings"]]


def test_a_second_run_replaces_nothing_without_force(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(png(900, 900))
    assert run("logos", "p.png", "-o", "out", "--slot", "logo", cwd=tmp_path).code == EXIT_CLEAN
    (tmp_path / "out" / "logo.png").write_bytes(b"mine")
    done = run("logos", "p.png", "-o", "out", "--slot", "logo", "--slot", "logo_min", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert done.err == (
        "widgetpack: out/logo.png: exists already; nothing is written\n"
        "  try: replace with --force, choose some with --slot, or another folder with -o\n"
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["logo.png"]
    again = run("logos", "p.png", "-o", "out", "--slot", "logo", cwd=tmp_path, WIDGETPACK_FORCE="1")
    assert again.out == f"out/logo.png  130x100  {(tmp_path / 'out' / 'logo.png').stat().st_size} bytes\n"
    assert load_image("p", (tmp_path / "out" / "logo.png").read_bytes()).width == 130


def test_a_small_picture_is_enlarged_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(png(100, 100))
    done = run("logos", "p.png", "-o", ".", cwd=tmp_path)
    assert (done.code, done.err) == (
        EXIT_CLEAN,
        "warning: p.png: 100x100 is smaller than its place on logo_main, logo_dp, icon: enlarged, thus blurred\n",
    )


def test_the_preview_is_listed_and_a_photo_on_a_guess_is_told(tmp_path: Path) -> None:
    photo = Image.linear_gradient("L").resize((900, 900)).convert("RGB")
    (tmp_path / "p.jpg").write_bytes(saved(photo, "JPEG"))
    done = run("logos", "p.jpg", "-o", "out", "--slot", "logo", "--preview", "see.png", cwd=tmp_path)
    seen = load_image("see", (tmp_path / "see.png").read_bytes())
    assert done.out.splitlines()[1] == f"see.png       {seen.width}x{seen.height}  {seen.size:>5,} bytes"
    assert done.err == (
        "warning: p.jpg: its corners differ, so the background is the colour of one; "
        "--fit cover needs none, --background names one\n"
    )


def test_a_folder_without_a_widget_must_be_named(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(png(900, 900))
    done = run("logos", "p.png", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (
        EXIT_USAGE,
        "",
        "widgetpack: no manifest.json in the current folder\n  try: name the widget's folder, or any other, with -o\n",
    )


def cut_in_two(data: bytes) -> bytes:
    return data[: len(data) // 2]


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.png": (b"", "an empty file"),
    "text.png": (b"hello", "not a picture but text"),
    "bomb.png": (png(50_000, 50_000), "its header claims more pixels than any screen has (a decompression bomb)"),
    "cut.jpg": (cut_in_two(saved(Image.new("RGB", (300, 300)), "JPEG")), "truncated: the picture has no end"),
    "short.png": (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 300, 300, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 500))
        + chunk(b"IEND", b""),
        "a PNG that cannot be decoded: image file is truncated (0 bytes not processed)",
    ),
    "cut.svg": ((SVG + "<g>").encode(), "truncated: the picture has no end"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_picture_is_one_clear_line(tmp_path: Path, name: str) -> None:
    data, reason = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        make_logos(tmp_path / name, Wish(tmp_path / "out"), Look())
    assert (str(caught.value), caught.value.exit_code) == (f"{tmp_path / name}: {reason}", EXIT_USAGE)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_an_animation_gives_its_first_picture(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (500, 500), colour[:3]) for colour in (RED, BLUE)]
    (tmp_path / "p.gif").write_bytes(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert colours(logo(read_art(tmp_path / "p.gif"), (84, 84))) == [RED]


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(png(1, 1))
    result = make_logos(tmp_path / "p.png", Wish(tmp_path / "out", ["logo_min"]), Look())
    assert [(item.width, item.height) for item in result.made] == [(84, 84)]


def test_a_picture_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(saved(Image.new("RGBA", (9, 9), CLEAR)))
    with pytest.raises(UsageError) as caught:
        make_logos(tmp_path / "p.png", Wish(tmp_path / "out"), Look())
    assert str(caught.value) == "the picture shows nothing: every pixel is transparent"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.png", "cannot be read: no such file or directory"),
        ("", "cannot be read: not a regular file (a pipe, socket or device)"),
        ("a\0b", "cannot be read: a NUL character in its name"),
    ],
)
def test_what_is_no_file_is_told(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_art(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {reason}"


def test_a_preview_is_a_png_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(png(900, 900))
    done = run("logos", "p.png", "-o", ".", "--preview", "p.gif", cwd=tmp_path)
    assert (done.code, done.err) == (
        EXIT_USAGE,
        "widgetpack: p.gif: the preview is a PNG\n  try: name it preview.png\n",
    )
    with pytest.raises(UsageError) as caught:
        make_logos(tmp_path / "p.png", Wish(tmp_path, preview=tmp_path / "logo.png"), Look())
    assert str(caught.value) == f"{tmp_path.as_posix()}/logo.png: would be written twice"
