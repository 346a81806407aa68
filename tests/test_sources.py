"""Reading a folder: everything that a disk can hold, found, named, and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import Files, archive, folder, png, widget

from widgetpack.config.settings import Config, read_config
from widgetpack.errors import UsageError
from widgetpack.files import selection, sources
from widgetpack.files.sources import find_root, read_tree
from widgetpack.model import Tree

HINT = "name the widget's folder or its finished zip"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return folder(tmp_path / "w", {"manifest.json": b"{}", "lib/a.js": b"a"})


def read(home: Path, **options: object) -> Tree:
    return read_tree(home, Config(home, **options))  # type: ignore[arg-type]


def odd(tree: Tree) -> list[tuple[str, str, str]]:
    return [tuple(item) for item in tree.anomalies]  # type: ignore[misc]


def test_a_folder_gives_its_files_sorted_and_the_reason_of_each(home: Path) -> None:
    folder(home, {"lib/b.psd": b"12", "Z.css": b"", "node_modules/x/y.js": b""})
    tree = read(home)
    assert (tree.source, tree.is_archive, odd(tree)) == (home.as_posix(), False, [])
    assert list(tree.files.items()) == [("Z.css", b""), ("lib/a.js", b"a"), ("manifest.json", b"{}")]
    assert [tuple(entry) for entry in tree.entries] == [
        ("Z.css", 0, True, ".css is a kind of file that a widget can use"),
        ("lib/a.js", 1, True, ".js is a kind of file that a widget can use"),
        ("lib/b.psd", 2, False, ".psd: not a kind of file that a widget can use"),
        ("manifest.json", 2, True, ".json is a kind of file that a widget can use"),
        ("node_modules/", 0, False, "packages of the build, not of the widget"),
    ]


def test_a_folder_and_its_zip_give_the_same_files(tmp_path: Path) -> None:
    files = widget()
    (tmp_path / "w.zip").write_bytes(archive(files))
    from_zip = read_tree(tmp_path / "w.zip", Config(tmp_path))
    assert read(folder(tmp_path / "w", files)).files == from_zip.files == dict(sorted(files.items()))


@pytest.mark.parametrize("place", ["", "widget", "public", "src"])
def test_the_root_is_found_in_the_usual_folders(tmp_path: Path, place: str) -> None:
    folder(tmp_path / place, {"manifest.json": b"{}"})
    assert find_root(Config(tmp_path)) == tmp_path / place


def test_the_first_of_several_roots_counts(tmp_path: Path) -> None:
    folder(tmp_path, {"src/manifest.json": b"{}", "public/manifest.json": b"{}"})
    assert find_root(Config(tmp_path)) == tmp_path / "public"


def test_a_root_of_the_config_is_the_only_one_tried(tmp_path: Path) -> None:
    folder(tmp_path, {"manifest.json": b"{}", "app/manifest.json": b"{}"})
    assert find_root(Config(tmp_path, root="app")) == tmp_path / "app"
    assert [find_root(Config(tmp_path, root=root)) for root in ("gone", "n" * 5000, "manifest.json")] == [None] * 3


def test_without_a_manifest_what_looks_like_one_is_noted(tmp_path: Path) -> None:
    folder(tmp_path, {"Manifest.JSON": b"{}", "app/manifest.json": b"{}", "script.js": b""})
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / os.fsdecode(b"\xff") / "manifest.json").write_bytes(b"{}")
    assert read(tmp_path) == Tree(
        str(tmp_path), {}, {}, (),
        (("near-manifest", "Manifest.JSON", ""), ("near-manifest", "app/manifest.json", ""), ("near-manifest", "\\udcff/manifest.json", "")),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_manifest_that_is_no_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.mkdir()
    assert odd(read(tmp_path)) == [("unreadable", "manifest.json", "a folder")]
    path.rmdir()
    path.symlink_to("gone.json")
    assert odd(read(tmp_path)) == [("unreadable", "manifest.json", "a broken link to gone.json")]
    path.unlink()
    os.mkfifo(path)
    assert odd(read(tmp_path)) == [("unreadable", "manifest.json", selection.NOT_REGULAR)]


def test_a_path_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    said = {}
    for name in ("gone", "pipe", "loop"):
        with pytest.raises(UsageError) as caught:
            read_tree(tmp_path / name, Config(tmp_path))
        said[name] = (str(caught.value).removeprefix(f"{tmp_path}/"), caught.value.hint)
    assert said == {
        "gone": ("gone: no such file or directory", HINT),
        "pipe": ("pipe: neither a folder nor a zip", HINT),
        "loop": ("loop: too many levels of symbolic links", HINT),
    }


def test_an_archive_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "w.zip").open("wb") as file:
        file.truncate(5_000_000_000)
    assert odd(read_tree(tmp_path / "w.zip", Config(tmp_path))) == [
        ("bomb", "", "5,000,000,000 bytes; an archive of at most 200,000,000 is read")
    ]


def test_links_inside_are_followed(home: Path) -> None:
    (home / "b.js").symlink_to("lib/a.js")
    (home / "more").symlink_to("lib")
    tree = read(home)
    assert (list(tree.files), odd(tree)) == (["b.js", "lib/a.js", "manifest.json", "more/a.js"], [])


def test_links_that_lead_out_loop_or_break_are_named(home: Path) -> None:
    folder(home.parent, {"w2/secret.js": b"s"})
    (home / "above.js").symlink_to("../w2/secret.js")
    (home / "beside").symlink_to("../w2")
    (home / "broken.js").symlink_to("gone.js")
    (home / "etc").symlink_to("/etc")
    (home / "lib" / "loop").symlink_to("..")
    (home / "lib" / "self").symlink_to("../lib")
    (home / "itself.js").symlink_to("itself.js")
    (home / "outside-and-broken.js").symlink_to("/gone.js")
    assert odd(read(home)) == [
        ("outside-link", "above.js", "a link to ../w2/secret.js, outside the widget"),
        ("outside-link", "beside", "a link to ../w2, outside the widget"),
        ("unreadable", "broken.js", "a broken link to gone.js"),
        ("outside-link", "etc", "a link to /etc, outside the widget"),
        ("link-loop", "itself.js", "a link to itself.js, which leads back to itself"),
        ("link-loop", "lib/loop", "a link to .., a folder that holds it"),
        ("link-loop", "lib/self", "a link to ../lib, a folder that holds it"),
        ("outside-link", "outside-and-broken.js", "a link to /gone.js, outside the widget"),
    ]


def test_links_that_nobody_wants_are_no_fault(home: Path) -> None:
    (home / ".#a.js").symlink_to("me@host.1234:5678")
    (home / ".loop").symlink_to(".loop")
    (home / "draft.psd").symlink_to("/gone/draft.psd")
    assert odd(read(home)) == []


def test_two_links_to_each_other_end(home: Path) -> None:
    for one, other in (("x", "y"), ("y", "x")):
        (home / one).mkdir()
        (home / one / other).symlink_to(f"../{other}")
    assert odd(read(home)) == [
        ("link-loop", "x/y/x", "a link to ../x, a folder that holds it"),
        ("link-loop", "y/x/y", "a link to ../y, a folder that holds it"),
    ]


def test_links_that_multiply_without_end_are_cut_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_ITEMS", 1000)
    for level in range(40):
        (home / f"d{level}").mkdir()
        for link in "xy":
            (home / f"d{level}" / link).symlink_to(f"../d{level + 1}")
    (home / "d40").mkdir()
    assert odd(read(home)) == [("too-large", "", "more than 1,000 files and folders; the rest is not looked at")]


def test_a_link_to_the_widget_itself_is_its_root(home: Path) -> None:
    (home.parent / "link").symlink_to("w")
    assert list(read(home.parent / "link").files) == ["lib/a.js", "manifest.json"]


def test_pipes_never_make_it_wait(home: Path) -> None:
    for name in ("pipe.js", "integration.json", ".widgetpackignore", "pipe"):
        os.mkfifo(home / name)
    assert odd(read(home)) == [
        (("special"), name, selection.NOT_REGULAR) for name in (".widgetpackignore", "integration.json", "pipe.js")
    ]


def test_names_that_are_not_utf8_are_named_where_they_would_be_packed(home: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    folder(home, {f"{name}.js": b"", f"{name}.psd": b"", f"{name}/x.js": b"", f"{name}/x.psd": b""})
    assert odd(read(home)) == [
        ("name", "caf\\udce9.js", "its name is not UTF-8"),
        ("name", "caf\\udce9/x.js", "its name is not UTF-8"),
    ]


def test_odd_names_are_read(home: Path) -> None:
    names = ["a\nb.js", "\x1b[31m.js", "ünï.js", "back\\slash.js", " .js", "a b.js"]
    tree = read(folder(home, dict.fromkeys(names, b"x")))
    assert (sorted(tree.files), odd(tree)) == (sorted([*names, "manifest.json", "lib/a.js"]), [])


def test_ten_thousand_files_are_read(home: Path) -> None:
    tree = read(folder(home, {f"f{index % 20}/{index}.js": b"x" for index in range(10_000)}))
    assert (len(tree.files), len(tree.entries), odd(tree)) == (10_002, 10_002, [])


def test_files_that_are_too_large_are_not_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (home / "big.js").open("wb") as file:
        file.truncate(50_000_001)
    assert odd(read(home)) == [("too-large", "big.js", "50,000,001 bytes; at most 50,000,000 are read of one file")]
    monkeypatch.setattr(sources, "MAX_TREE_BYTES", 2)
    assert odd(read(home))[1:] == [("too-large", "manifest.json", "2 bytes; at most 2 are read of the widget")]


def test_a_file_that_vanishes_or_is_refused_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(home, {"gone.js": b"", "secret.js": b"", "secret.psd": b""})
    stock = os.open

    def refusing(path: str, flags: int) -> int:
        if path.endswith("gone.js"):
            Path(path).unlink()
        if "secret" in path:
            raise PermissionError(13, os.strerror(13), path)
        return stock(path, flags)

    monkeypatch.setattr(os, "open", refusing)
    assert odd(read(home)) == [
        ("unreadable", "gone.js", "cannot be read: no such file or directory"),
        ("unreadable", "secret.js", "cannot be read: permission denied"),
    ]


def test_a_folder_that_vanishes_while_it_is_walked_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stock = os.scandir

    def vanishing(path: str) -> object:
        if path.endswith("lib"):
            (home / "lib" / "a.js").unlink()
            (home / "lib").rmdir()
        return stock(path)

    monkeypatch.setattr(os, "scandir", vanishing)
    tree = read(home)
    assert (list(tree.files), odd(tree)) == (
        ["manifest.json"],
        [("unreadable", "lib", "cannot be read: no such file or directory")],
    )


@pytest.mark.parametrize(
    ("changes", "expected"), [(1, []), (2, []), (3, [("changing", "lib/a.js", "changes while it is read")])]
)
def test_a_file_that_changes_while_it_is_read_is_read_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, changes: int, expected: list[tuple[str, str, str]]
) -> None:
    stock, left = os.read, [changes]

    def changing(handle: int, size: int) -> bytes:
        data = stock(handle, size)
        if data.startswith(b"a") and left[0]:
            left[0] -= 1
            (home / "lib" / "a.js").write_bytes(data + b"+")
        return data

    monkeypatch.setattr(os, "read", changing)
    monkeypatch.setattr(sources, "_PAUSE_SECONDS", 0)
    tree = read(home)
    assert (odd(tree), tree.files.get("lib/a.js")) == (expected, None if expected else b"a" + b"+" * changes)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_is_named(home: Path) -> None:
    (home / "lib" / "a.js").chmod(0)
    assert odd(read(home)) == [("unreadable", "lib/a.js", "cannot be read: permission denied")]


def test_the_form_and_its_icon_are_read_aside(home: Path) -> None:
    files: Files = {
        "integration.json": b'{"icon": "./store/icon.png"}',
        "store/icon.png": png(1, 1),
        "store/b.png": png(1, 1),
    }
    tree = read(folder(home, files))
    assert list(tree.aside) == ["integration.json", "store/icon.png"]
    assert list(tree.files) == ["lib/a.js", "manifest.json", "store/b.png"]


def test_an_icon_in_a_folder_that_stays_out_is_read_aside(home: Path) -> None:
    tree = read(
        folder(home, {"integration.json": b'{"icon": ".store/icon.png"}', ".store/icon.png": b"i", ".store/b.png": b""})
    )
    assert (sorted(tree.aside), list(tree.files)) == (
        [".store/icon.png", "integration.json"],
        ["lib/a.js", "manifest.json"],
    )


@pytest.mark.parametrize("form", [None, b"{}", b"{"])
def test_the_icon_that_logos_makes_is_no_part_of_the_widget_where_the_form_names_none(
    home: Path, form: bytes | None
) -> None:
    files = {"integration-icon.png": b"i", **({} if form is None else {"integration.json": form})}
    assert "integration-icon.png" not in read(folder(home, files)).files


def test_the_icon_is_the_one_of_the_file_where_the_config_has_a_form_too(home: Path) -> None:
    config = b'[integration]\nicon = "other.png"\n'
    files = {
        "integration.json": b'{"icon": "icon.png"}',
        "icon.png": b"i",
        "other.png": b"o",
        "widgetpack.toml": config,
    }
    tree = read_tree(folder(home, files), read_config(home))
    assert (list(tree.aside), "other.png" in tree.files) == (["icon.png", "integration.json"], True)


def test_an_icon_that_is_a_logo_as_well_is_packed(home: Path) -> None:
    tree = read(folder(home, {"integration.json": b'{"icon": "images/logo_main.png"}', "images/logo_main.png": b"i"}))
    assert (list(tree.aside), "images/logo_main.png" in tree.files) == (["integration.json"], True)


@pytest.mark.parametrize(
    "icon",
    [
        "7",
        "null",
        "[]",
        '""',
        '"/etc/passwd"',
        '"../../x.png"',
        '".."',
        '"."',
        '"lib"',
        '"manifest.json"',
        '"a\\u0000.png"',
        '"dir.png"',
    ],
)
def test_an_icon_with_an_odd_value_takes_nothing_away(home: Path, icon: str) -> None:
    tree = read(folder(home, {"integration.json": f'{{"icon": {icon}}}'.encode(), "dir.png/a.js": b""}))
    assert (list(tree.files), list(tree.aside), odd(tree)) == (
        ["dir.png/a.js", "lib/a.js", "manifest.json"],
        ["integration.json"],
        [],
    )
