"""Facts of pictures: from headers and ends alone, of anything that a file may hold."""

from __future__ import annotations

import base64
import io
import struct
import tracemalloc
import warnings
import zlib
from typing import TYPE_CHECKING

import pytest
from builders import picture, png
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import features

from widgetpack.images import load_image
from widgetpack.model import Image

if TYPE_CHECKING:
    from collections.abc import Callable

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>\n'


def jpeg_with_thumbnail() -> bytes:
    """Return a JPEG that holds a whole smaller one in its metadata, as cameras write them."""
    outer, inner = picture(40, 30, "JPEG"), b"Exif\0\0" + picture(4, 3, "JPEG")
    return outer[:2] + b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner + outer[2:]


def animation() -> bytes:
    buffer = io.BytesIO()
    frames = [Pillow.new("P", (9, 7), colour) for colour in (1, 2)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], comment=b";;;")
    return buffer.getvalue()


def webp_header(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + b"\0" * 4
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


GOOD = {
    "PNG": (png(40, 30), 40, 30),
    "JPEG": (picture(40, 30, "JPEG"), 40, 30),
    "GIF": (picture(40, 30, "GIF"), 40, 30),
    "WEBP": (webp_header(40, 30), 40, 30),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("path", ["images/a.png", "images/a.jpg", "a.svg", "noending"])
def test_format_and_size_come_from_the_bytes_whatever_the_name(name: str, path: str) -> None:
    data, width, height = GOOD[name]
    assert load_image(path, data) == Image(path, len(data), name, width, height)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_one_pixel_is_a_picture(kind: str) -> None:
    data = picture(1, 1, kind)
    assert load_image("a.png", data) == Image("a.png", len(data), kind, 1, 1)


@pytest.mark.skipif(not features.check("webp"), reason="this Pillow writes no WebP")
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0"}])
def test_webp_of_every_kind_is_read(options: dict[str, object]) -> None:
    buffer = io.BytesIO()
    Pillow.new("RGBA", (37, 23), (1, 2, 3, 99)).save(buffer, "WEBP", **options)
    data = buffer.getvalue()
    assert load_image("a.webp", data) == Image("a.webp", len(data), "WEBP", 37, 23)
    buffer = io.BytesIO()
    Pillow.new("RGB", (37, 23)).save(buffer, "WEBP", **options)
    assert load_image("a.webp", buffer.getvalue())[2:5] == ("WEBP", 37, 23)


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"\xef\xbb\xbf\r\n" + SVG,
        b'<?xml version="1.0"?>\n<!-- made by hand <p> -->\n<!DOCTYPE svg>\n' + SVG,
        b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"></svg:svg>',
        b'<svg width="9"/>',
    ],
)
@pytest.mark.parametrize("path", ["a.svg", "images/a.png"])
def test_svg_is_known_by_its_text(path: str, data: bytes) -> None:
    assert load_image(path, data) == Image(path, len(data), "SVG", 0, 0)


def test_an_svg_that_is_cut_off_is_truncated() -> None:
    assert load_image("a.svg", SVG[:70]) == Image("a.svg", 70, "SVG", 0, 0, "truncated")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!DOCTYPE html>\n<html><svg ></svg></html>", "an HTML page"),
        (b"\xef\xbb\xbf \n<HTML>", "an HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "a Git LFS pointer"),
        (b"data:image/png;base64,iVBORw0KGgo=", "a data: URL as text"),
        (base64.b64encode(png(4, 3)), "base64 text"),
        (b"\n" + base64.b64encode(picture(4, 3, "JPEG")), "base64 text"),
        (base64.b64encode(picture(4, 3, "GIF")), "base64 text"),
        (base64.b64encode(webp_header(4, 3)), "base64 text"),
        (base64.b64encode(SVG), "base64 text"),
        (picture(4, 3, "BMP"), "a BMP picture"),
        (picture(4, 3, "TIFF"), "a TIFF picture"),
        (picture(32, 32, "ICO"), "an icon file (ICO)"),
        (b"\0\0\0\x20ftypavif", "an AVIF picture"),
        (b"\0\0\0\x18ftypheic", "a HEIC picture"),
        (b"8BPS\0\1", "a Photoshop file"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\3\4", "a zip"),
        (b'{"error": "not found"}', "text"),
        (b"<?xml version='1.0'?><a/>", "text"),
        (b"\0" * 50, "other data"),
        ("чужое".encode(), "other data"),
        (b"RIFF\0\0\0\0WAVE", "other data"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, what: str) -> None:
    assert load_image("images/logo.png", data) == Image("images/logo.png", len(data), "", 0, 0, "fake", what)


def test_nothing_is_empty() -> None:
    assert load_image("a.png", b"") == Image("a.png", 0, "", 0, 0, "empty")


CUT = {
    "PNG": png(40, 30),
    "JPEG": picture(40, 30, "JPEG"),
    "JPEG with a thumbnail": jpeg_with_thumbnail(),
    "GIF": picture(40, 30, "GIF"),
    "GIF animation": animation(),
    "WEBP": webp_header(40, 30),
}


@pytest.mark.parametrize("name", CUT)
@given(st.data())
def test_a_picture_cut_off_anywhere_is_truncated(name: str, data: st.DataObject) -> None:
    whole = CUT[name]
    assert load_image("a.png", whole).fault == ""
    end = data.draw(st.integers(4, len(whole) - 1))
    image = load_image("a.png", whole[:end])
    assert (image.format, image.fault) == (name.split(maxsplit=1)[0], "truncated")


def saved(kind: str, mode: str = "L", frames: int = 1) -> bytes:
    buffer = io.BytesIO()
    first, *rest = [Pillow.new(mode, (9, 7), 90 * shade) for shade in range(frames)]
    first.save(buffer, kind, **({"save_all": True, "append_images": rest} if rest else {}))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "traits"),
    [
        (saved("PNG"), set()),
        (saved("PNG", frames=3), {"animated"}),
        (saved("GIF"), set()),
        (saved("GIF", "L", 3), {"animated"}),
        (saved("JPEG"), set()),
        (saved("JPEG", "RGB"), set()),
        (saved("JPEG", "CMYK"), {"CMYK"}),
        (webp_header(9, 7), set()),
        (webp_header(9, 7)[:20] + b"\x02" + webp_header(9, 7)[21:], {"animated"}),
        (SVG, set()),
    ],
    ids=["png", "apng", "gif", "moving-gif", "grey-jpeg", "rgb-jpeg", "cmyk-jpeg", "webp", "moving-webp", "svg"],
)
def test_what_moves_and_what_is_for_print_is_known_from_the_header(data: bytes, traits: set[str]) -> None:
    assert load_image("a.png", data).traits == traits


def test_an_animation_of_one_frame_does_not_move() -> None:
    still = png(9, 7)
    control = chunk(b"acTL", struct.pack(">II", 1, 0))
    assert load_image("a.png", still[:33] + control + still[33:]).traits == set()


def test_bytes_behind_the_end_do_no_harm() -> None:
    assert [load_image("a.png", data + b"\0\n").fault for data in CUT.values()] == [""] * len(CUT)


GIF = saved("GIF")
AT = GIF.index(b",")  # where the picture starts
STEP = chunk(b"aaAa", b"")


@pytest.mark.parametrize(
    ("count", "fault"),
    [(9_000, ""), (11_000, "broken")],
)
@pytest.mark.parametrize(
    "before",
    [
        lambda count: png(9, 7)[:33] + STEP * count + png(9, 7)[33:],
        lambda count: saved("JPEG")[:2] + b"\xff" * count + saved("JPEG")[2:],
        lambda count: saved("JPEG")[:2] + b"\xff\xe9\x00\x02" * count + saved("JPEG")[2:],
        lambda count: GIF[:AT] + b"\x21\xfe" + b"\x01a" * count + b"\0" + GIF[AT:],
    ],
    ids=["png", "jpeg fill bytes", "jpeg segments", "gif"],
)
def test_a_header_in_too_many_parts_is_not_read(before: Callable[[int], bytes], count: int, fault: str) -> None:
    image = load_image("a.png", before(count))
    assert (image.width, image.fault) == (0 if fault else 9, fault)


@pytest.mark.parametrize(
    "data",
    [
        png(9, 7)[:-12] + STEP * 400_000,
        GIF[: AT + 11] + b"\x01a" * 400_000,
        GIF[:-1] + b"\0" * 800_000,
    ],
    ids=["png", "gif blocks", "gif ends"],
)
def test_a_walk_that_is_given_up_finds_no_fault(data: bytes) -> None:
    assert load_image("a.png", data)[3:] == (9, 7, "", "", frozenset())


@pytest.mark.parametrize(
    "data",
    [
        png(40, 30).replace(b"\r\n", b"\n"),
        png(40, 30)[:16] + struct.pack(">II", 0, 0) + png(40, 30)[24:],
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"RIFF\x64\0\0\0WEBPVP9 " + b"\0" * 84,
    ],
)
def test_a_whole_file_with_a_header_that_makes_no_sense_is_broken(data: bytes) -> None:
    assert load_image("a.png", data)[3:7] == (0, 0, "broken", "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (png(20_000, 20_000), "PNG"),
        (png(10_000, 10_000), "PNG"),
        (b"GIF89a" + b"\xff" * 4 + picture(4, 3, "GIF")[10:], "GIF"),
        (webp_header(16_384, 16_384), "WEBP"),
    ],
)
def test_a_header_with_too_many_pixels_is_a_bomb(data: bytes, name: str) -> None:
    assert load_image("a.png", data) == Image("a.png", len(data), name, 0, 0, "bomb")


def test_no_pixel_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 9000, 9000, 8, 6, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"no pixels at all") + chunk(b"IEND", b"")
    load_image("a.png", data)
    tracemalloc.start()
    try:
        image = load_image("a.png", data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert image == Image("a.png", len(data), "PNG", 9000, 9000)


def test_a_picture_of_a_phone_with_a_second_one_behind_is_a_jpeg() -> None:
    buffer = io.BytesIO()
    Pillow.new("L", (9, 7)).save(buffer, "MPO", save_all=True, append_images=[Pillow.new("L", (9, 7))])
    data = buffer.getvalue()
    assert load_image("a.jpg", data) == Image("a.jpg", len(data), "JPEG", 9, 7)


@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"<svg "]),
    st.binary(),
)
def test_no_bytes_make_it_raise_or_warn(start: bytes, rest: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = load_image("images/logo.png", start + rest)
    assert image.size == len(start + rest)
    assert bool(image.format) or image.fault in {"fake", "empty"}


@given(st.sampled_from(sorted(CUT)), st.data())
def test_no_changed_byte_makes_it_raise_or_warn(name: str, data: st.DataObject) -> None:
    whole = bytearray(CUT[name])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = load_image("images/logo.png", bytes(whole))
    assert image.fault in {"", "truncated", "broken", "bomb", "fake"}
