"""Tests of corpus.inputs.files: a file is listed, then read, if it is still what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.inputs.files import ListedFile, list_file, printable
from corpus.inputs.types import Document, Unreadable
from corpus.load import MAX_BYTES


def listed(path: Path) -> ListedFile:
    """List a file that can be read."""
    found = list_file(str(path))
    assert isinstance(found, ListedFile)
    return found


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Return a small file."""
    path = tmp_path / "a.md"
    path.write_bytes(b"We sell.")
    return path


def test_a_file_is_read(policy: Path) -> None:
    assert listed(policy).load() == Document(str(policy), str(policy), b"We sell.", "a.md")


def test_a_file_that_changed_since_it_was_listed_is_not_read(policy: Path) -> None:
    file = listed(policy)
    policy.write_bytes(b"We do not sell.")
    reason = "it changed while it was read; run again when it is at rest"
    assert file.load() == Unreadable(str(policy), str(policy), reason)


def test_a_file_that_changes_while_it_is_read_is_not_taken(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, looks, real = listed(policy), list[os.stat_result](), os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        looks.append(real(descriptor))
        if len(looks) == 1:
            policy.write_bytes(b"We sell more.")
        return looks[0] if len(looks) == 1 else real(descriptor)

    monkeypatch.setattr(os, "fstat", fstat)
    found = file.load()
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("it changed while it was read")
    assert len(looks) == 1 + 1


def test_a_file_that_is_gone_is_unreadable(policy: Path) -> None:
    file = listed(policy)
    policy.unlink()
    assert file.load() == Unreadable(str(policy), str(policy), "it cannot be read: No such file or directory")


def test_a_file_without_permission_is_unreadable(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = listed(policy)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert file.load() == Unreadable(str(policy), str(policy), "it cannot be read: Permission denied")


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)
    reason = f"it has {200 * 1024**2:,} bytes, and {MAX_BYTES:,} is the limit; give the policy alone"
    assert list_file(str(path)) == Unreadable(str(path), str(path), reason)


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "pipe.md"
    os.mkfifo(path)
    assert list_file(str(path)) == Unreadable(str(path), str(path), "it is no file but a pipe, a socket or a device")


def test_a_link_that_leads_nowhere_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "link.md"
    path.symlink_to(path)
    found = list_file(str(path))
    assert isinstance(found, Unreadable)
    assert found.reason == "it cannot be read: Too many levels of symbolic links"


def test_a_name_that_is_no_text_is_escaped_and_opened(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")
    Path(path).write_bytes(b"We sell.")
    found = listed(Path(path)).load()
    assert isinstance(found, Document)
    assert (found.id, found.name) == (f"{tmp_path}/caf\\xe9.md", "caf\\xe9.md")


def test_printable_leaves_text_alone() -> None:
    assert printable("política/é.md") == "política/é.md"
