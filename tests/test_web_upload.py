"""What is no statement is refused whatever it is called, in one line that says what to do."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from web_fakes import loaded

from corpus.types import DocumentError
from nlp.web.desk import Desk
from nlp.web.upload import FILE_TYPES, check_upload

TEXT = b"We do not sell your data. " * 40


def packed(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, TEXT)
    return data.getvalue()


def tape() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        member = tarfile.TarInfo("policy.txt")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return data.getvalue()


BYTES = bytes(range(256)) * 64
NO_STATEMENTS = {
    "zip": packed("policy.txt"),
    "an empty zip": b"PK\x05\x06" + bytes(18),
    "another office file": packed("xl/workbook.xml"),
    "gzip": gzip.compress(TEXT),
    "tar": tape(),
    "rar": b"Rar!\x1a\x07\x01\x00" + BYTES,
    "7z": b"7z\xbc\xaf'\x1c" + BYTES,
    "a program for Windows": b"MZ\x90\x00\x03\x00\x00\x00" + BYTES,
    "a program for Linux": b"\x7fELF\x02\x01\x01" + BYTES,
    "an old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + BYTES,
    "a picture": b"\x89PNG\r\n\x1a\n" + BYTES,
}


@pytest.mark.parametrize("kind", NO_STATEMENTS)
@pytest.mark.parametrize("ending", [*FILE_TYPES, ".PDF", ".exe", ".zip", ".svg", ""])
def test_what_is_no_statement_is_refused_under_any_name(tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"policy{ending}"
    path.write_bytes(NO_STATEMENTS[kind])
    with pytest.raises(DocumentError, match=r"^policy.*; (upload|give|paste|open)") as refused:
        Desk(loaded()).open_file(path)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["policy.exe", "policy.js", "policy", "policy.md.zip", ".md"])
def test_a_type_that_cannot_be_chosen_is_refused_even_where_it_could_be_read(name: str) -> None:
    with pytest.raises(DocumentError, match="is of a type that is not read here; upload Markdown, HTML, text"):
        check_upload(name, TEXT)


@pytest.mark.parametrize("ending", FILE_TYPES)
def test_an_archive_is_called_one(ending: str) -> None:
    with pytest.raises(DocumentError, match="is an archive of files, whatever its name says; upload the policy"):
        check_upload(f"policy{ending}", packed("policy.txt"))


@pytest.mark.parametrize("data", [TEXT, packed("word/document.xml"), b"PK\x03\x04broken", b"%PDF-1.7", b""])
def test_what_may_be_a_statement_is_left_to_whoever_reads_it(data: bytes) -> None:
    check_upload("policy.DOCX", data)
