"""Kits as zip files: written always the same, read as from an enemy."""

# ruff: noqa: E501  (tables read better in one line a case)

import io
import struct
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import kit
from campaigns.errors import ContentError
from campaigns.kit.archive import read_archive, read_source, write_archive
from campaigns.kit.files import MOST_TOTAL_BYTES
from tests.campaigns.kit_files import found, some_files
from tests.campaigns.kit_materials import every_kind
from tests.campaigns.kit_zips import FOLDER, LINK, PIPE, Part, a_zip, but, with_name

KITS = Path(__file__).parents[2] / "templates/kits"
KIT, PICTURE = Part(b"kit.yml"), Part(b"assets/a.png", b"picture" * 9)
MB = 1024 * 1024
HALF = replace(PICTURE, listed_size=30 * MB, local_size=30 * MB)

LEADS_OUT = "leads out of the kit"
NAMES = {
    "up": "../kit.yml",
    "up and down": "assets/../../kit.yml",
    "up inside": "assets/../kit.yml",
    "here": "./kit.yml",
    "here inside": "assets/./a.png",
    "from the root": "/etc/passwd",
    "two slashes": "//server/share/a.png",
    "empty part": "assets//a.png",
    "drive": "C:\\kit.yml",
    "drive with slash": "C:/kit.yml",
    "backslash up": "..\\kit.yml",
    "backslash": "assets\\a.png",
    "share": "\\\\server\\share\\a.png",
    "nul": "assets/a.png\0.txt",
    "only dots": "..",
    "dot": ".",
    "three dots": "assets/...a/../a.png",
    "percent": "assets/%2e%2e/%2e%2e/a.png",
    "full width dots": "assets/．．/a.png",
    "division slash": "assets∕..∕a.png",
    "right to left": "assets/gnp.\u202etxt.png",
    "newline": "assets/a\n.png",
    "tab": "assets/a\t.png",
    "colon": "assets/a.png:stream",
    "device": "CON",
    "home": "~/kit.yml",
    "variable": "$HOME/kit.yml",
    "umlaut": "assets/bär.png",
    "long": f"assets/{'a' * 300}.png",
    "deep": "assets/" * 40 + "a.png",
    "space at the end": "assets/a.png ",
    "dot at the end": "kit.yml.",
    "other type": "assets/a.exe",
    "no place": "secrets/a.png",
}

HOSTILE = {
    "nothing": (b"", "not a zip file"),
    "text": (b"kit: 1\n" * 99, "not a zip file"),
    "a gzip file": (b"\x1f\x8b\x08" + bytes(99), "not a zip file"),
    "an end mark alone": (b"PK\x05\x06" + bytes(18), "kit.yml: This file is missing"),
    "half an end mark": (b"PK\x05\x06" + bytes(9), "not a zip file"),
    "cut off": (a_zip(KIT, PICTURE)[:-5], "not a zip file"),
    "symbolic link": (but(mode=LINK, content=b"/etc/passwd"), "a link or a device"),
    "named pipe": (but(mode=PIPE), "a link or a device"),
    "device": (but(mode=0o020666), "a link or a device"),
    "folder that is a file": (but(mode=FOLDER), "a link or a device"),
    "file that is a folder": (but(name=b"assets/", mode=0o100644, content=b""), "a link or a device"),
    "folder with content": (but(name=b"assets/", mode=FOLDER, content=b"x"), "has a content of its own"),
    "encrypted": (but(flags=1), "is encrypted"),
    "strongly encrypted": (but(flags=0x41), "is encrypted"),
    "encrypted list": (but(flags=0x2001), "is encrypted"),
    "packed with bzip2": (but(method=12, packed=b"BZh9"), "packed in an unusual way"),
    "packed with lzma": (but(method=14, packed=b"x"), "packed in an unusual way"),
    "packed with nothing known": (but(method=99, packed=b"x"), "packed in an unusual way"),
    "one name twice": (a_zip(KIT, PICTURE, PICTURE), "stands twice"),
    "one name in capitals": (a_zip(KIT, PICTURE, Part(b"assets/A.png")), "stands twice"),
    "folder and file of one name": (a_zip(KIT, Part(b"assets"), PICTURE), "a file and a folder at once"),
    "folder and file in capitals": (a_zip(KIT, Part(b"ASSETS"), PICTURE), "a file and a folder at once"),
    "bomb of one file": (but(listed_size=51 * MB, local_size=51 * MB), "at most 500 files and 50 MB"),
    "bomb of two files": (a_zip(KIT, HALF, replace(HALF, name=b"assets/b.png")), "at most 500 files and 50 MB"),
    "bomb that says it is small": (but(content=bytes(2 * MB), listed_size=10, local_size=10), "damaged"),
    "bomb in one layer for all": (a_zip(KIT, PICTURE, *(Part(b"assets/%d.png" % n, PICTURE.content, at=38, unlisted=False) for n in range(3))), "overlaps another"),
    "too many files": (a_zip(*(Part(b"assets/%d.png" % n, b"") for n in range(501))), "at most 500 files and 50 MB"),
    "too many folders": (a_zip(KIT, *(Part(b"a%d/" % n, b"", mode=FOLDER) for n in range(1_001))), "at most 500 files and 50 MB"),
    "list that says it is short": (a_zip(KIT, PICTURE, count=1), "more or fewer files"),
    "list that says it is long": (a_zip(KIT, PICTURE, count=3), "more or fewer files"),
    "list of another size": (a_zip(KIT, PICTURE, list_size=10), "something before, between or after"),
    "list at another place": (a_zip(KIT, PICTURE, list_start=0), "something before, between or after"),
    "list beyond the end": (a_zip(KIT, PICTURE, list_start=0xFFFFFFF0), "something before, between or after"),
    "on several disks": (a_zip(KIT, PICTURE, disk=1), "comes in parts"),
    "format for huge files": (a_zip(KIT, PICTURE, zip64=True), "something before, between or after"),
    "sizes of huge files": (but(extra=struct.pack("<HHQ", 1, 8, 1), listed_size=0xFFFFFFFF), "says its name or size twice"),
    "sizes of huge files in front": (but(local_extra=struct.pack("<HHQ", 1, 8, 1)), "described twice"),
    "another name in an extra field": (but(extra=struct.pack("<HHBL", 0x7075, 5, 1, 0)), "says its name or size twice"),
    "another name in front": (but(local_name=b"assets/b.png"), "described twice"),
    "a path out in front": (but(local_name=b"../../../a.p"), "described twice"),
    "another size in front": (but(local_size=5), "described twice"),
    "another packed size in front": (but(local_packed=5), "described twice"),
    "another method in front": (but(local_method=0), "described twice"),
    "encrypted in front only": (but(local_flags=1), "described twice"),
    "larger than it says": (but(listed_size=9, local_size=9), "damaged"),
    "smaller than it says": (but(listed_size=99, local_size=99), "not as large as it says"),
    "reaches into the list": (but(listed_packed=500, local_packed=500), "reaches beyond its place"),
    "header beyond the end": (but(at=0xFFFFFF00), "something before, between or after"),
    "header inside another": (a_zip(KIT, PICTURE, Part(b"assets/b.png", at=5)), "overlaps another"),
    "wrong sum": (but(crc=7), "damaged"),
    "packed bytes that are none": (but(packed=b"\xff" * 20), "damaged"),
    "a program in front": (a_zip(KIT, PICTURE, before=b"MZ" + bytes(90)), "something before, between or after"),
    "something between": (a_zip(Part(b"kit.yml", behind=b"hidden"), PICTURE), "something before, between or after"),
    "something before the list": (a_zip(KIT, PICTURE, between=b"hidden"), "something before, between or after"),
    "a file that is not listed": (a_zip(KIT, Part(b"assets/b.png", unlisted=True), PICTURE), "something before, between or after"),
    "something behind": (a_zip(KIT, PICTURE, after=b"hidden"), "something before, between or after"),
    "two end marks": (a_zip(KIT, PICTURE) + a_zip(KIT), "something before, between or after"),
    "an end mark in the remark": (a_zip(KIT, PICTURE, comment=b"PK\x05\x06" + bytes(18)), "something before, between or after"),
}  # fmt: skip


class TestHostile:
    @pytest.mark.parametrize("spelling", NAMES)
    def test_a_name_that_is_not_plain_is_refused(self, spelling: str) -> None:
        with pytest.raises(ContentError) as caught:
            read_archive(with_name(NAMES[spelling]))
        (problem,) = caught.value.problems
        assert problem.path.isprintable()
        assert problem.sentence.endswith(".")

    @pytest.mark.parametrize("trick", HOSTILE)
    def test_a_trick_is_refused_with_its_sentence_in_bounded_time_and_memory(self, trick: str) -> None:
        content, expected = HOSTILE[trick]
        started = time.process_time()
        tracemalloc.start()
        try:
            sentences = found(read_archive(content))
        except ContentError as error:
            sentences = [str(problem) for problem in error.problems]
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert any(expected in sentence for sentence in sentences), sentences
        assert time.process_time() - started < 2
        assert peak < 20 * MB

    def test_there_are_sixty_and_more(self) -> None:
        assert len(NAMES) + len(HOSTILE) >= 60

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: &x 1\nb: *x", "Anchors (&) and aliases (*) are not used in kits"),
            ("kit: !!python/object/apply:os.system [ls]", "Tags such as"),
            ("- " * 200, "nested more than 12 levels"),
            ("[" * 5_000, "nested more than 12 levels"),
            ("a: 1\na: 2", "'a' stands twice here"),
            ("a: 1\n---\nb: 2", "Only one document"),
            ("a:\n" + "".join(f" - {n}\n" for n in range(10_001)), "more than 10,000 entries"),
            ("x" * 262_145, "larger than 256 KB"),
        ],
    )
    def test_yaml_in_a_zip_is_read_with_the_same_suspicion(self, text: str, expected: str) -> None:
        assert any(
            expected in sentence
            for sentence in found(read_archive(write_archive({"kit.yml": text.encode()})))
        )

    def test_nothing_is_written_anywhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        for content, _expected in HOSTILE.values():
            if len(content) < MB:
                try:
                    read_archive(content)
                except ContentError:
                    continue
        assert list(tmp_path.iterdir()) == []

    @settings(max_examples=80, deadline=None)
    @given(st.integers(0, 10_000), st.integers(0, 30), st.binary(max_size=20))
    def test_no_damage_makes_the_reader_crash(self, at: int, length: int, put: bytes) -> None:
        content = write_archive(some_files({}))
        at %= len(content)
        try:
            read = read_archive(content[:at] + put + content[at + length :])
        except ContentError as error:
            assert all(problem.sentence.endswith(".") for problem in error.problems)
        else:
            assert set(read) <= set(some_files({}))


class TestOrdinary:
    def test_what_is_written_is_read_again(self) -> None:
        assert read_archive(write_archive(every_kind())) == every_kind()

    def test_the_same_kit_is_the_same_bytes_whatever_the_order_and_the_clock(self) -> None:
        files = every_kind()
        assert write_archive(dict(reversed(files.items()))) == write_archive(files)

    @pytest.mark.parametrize("streamed", [False, True])
    def test_a_folder_zipped_by_another_program_is_read(self, streamed: bool) -> None:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return not streamed

        buffer = Pipe()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("my-kit/", b"")
            archive.writestr("__MACOSX/my-kit/._kit.yml", b"x")
            archive.writestr("my-kit/.DS_Store", b"x")
            for name, content in some_files({}).items():
                archive.writestr(f"my-kit/{name}", content, zipfile.ZIP_DEFLATED)
            archive.comment = b"made on a Friday"
        assert read_archive(buffer.getvalue()) == some_files({})

    @pytest.mark.parametrize("folder", sorted(path.name for path in KITS.iterdir()))
    def test_every_starter_kit_survives_the_way_through_a_zip_file(self, folder: str) -> None:
        files = kit.read_folder(KITS / folder)
        again = read_archive(write_archive(files))
        assert again == files
        assert kit.read(again).source_hash == kit.read(files).source_hash

    @settings(max_examples=20, deadline=None)
    @given(
        st.dictionaries(
            st.from_regex(r"(assets/[a-z0-9]{1,8}\.png|microsite/[a-z]{1,8}\.md|kit\.yml)", fullmatch=True),
            st.binary(max_size=300),
            max_size=12,
        )
    )
    def test_any_files_survive_it(self, files: dict[str, bytes]) -> None:
        assert read_archive(write_archive(files)) == files

    def test_a_folder_and_a_zip_file_of_it_are_the_same_source(self, tmp_path: Path) -> None:
        for name, content in some_files({}).items():
            (tmp_path / "kit" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "kit" / name).write_bytes(content)
        (tmp_path / "kit.zip").write_bytes(write_archive(some_files({})))
        assert read_source(tmp_path / "kit.zip") == read_source(tmp_path / "kit") == some_files({})

    def test_a_huge_file_is_refused_before_it_is_read(self, tmp_path: Path) -> None:
        with (tmp_path / "kit.zip").open("wb") as file:
            file.truncate(MOST_TOTAL_BYTES + 1)
        with pytest.raises(ContentError, match="50 MB"):
            read_source(tmp_path / "kit.zip")
