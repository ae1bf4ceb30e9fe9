"""Walk the history of a git repository or bundle: what each commit added or changed, in the order of parentage."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2
from pygit2.enums import DeltaStatus, DiffFind, RepositoryOpenFlag, SortMode

from corpus.archives.types import Unreadable
from corpus.bundle import clone_bundle
from corpus.load import MAX_BYTES, decode
from corpus.types import DocumentError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUNDLE = (b"# v2 git bundle", b"# v3 git bundle")
_FILES = frozenset((0o100644, 0o100755, 0o100664))  # links and submodules hold no documents
_CHANGED = (DeltaStatus.ADDED, DeltaStatus.MODIFIED, DeltaStatus.RENAMED, DeltaStatus.COPIED, DeltaStatus.TYPECHANGE)
_CLONE_AGAIN = "clone it again whole, without --depth and --filter"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a commit added or changed; `moved_from` is the path that it had before, if the commit moved it.

    `same` says that a move left its content as it was.
    """

    path: str
    blob: pygit2.Oid
    moved_from: str | None = None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with the files that it added or changed; `subject` is the first line of its message."""

    id: str
    subject: str
    authored_at: datetime
    changes: tuple[Change, ...]


@contextmanager
def opened(path: Path, *, scratch: Path | None = None) -> Iterator[pygit2.Repository]:
    """Open a repository, bare or not, or a git bundle, which is cloned below `scratch` while it is open.

    Raises `DocumentError` where it is none, or the bundle is torn, or needs the git command and there is none.
    """
    if path.is_dir():
        yield _open(path)
        return
    if not is_bundle(path):
        raise DocumentError(f"{str(path)!r} is no git bundle; make one with: git bundle create FILE --all")
    with tempfile.TemporaryDirectory(prefix="smallprint-", dir=scratch) as folder:
        clone = Path(folder) / "clone.git"
        clone_bundle(path, clone)
        repository = _open(clone)
        try:
            yield repository
        finally:
            repository.free()


def is_bundle(path: Path) -> bool:
    """Tell whether a file is a git bundle by its first bytes; raises `DocumentError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(20).startswith(_BUNDLE)
    except OSError as e:
        raise DocumentError(f"cannot read {str(path)!r}: {e.strerror or e}") from e


def is_repository(path: Path) -> bool:
    """Tell whether a folder is a repository itself, and not only somewhere inside one."""
    bare = all((path / name).exists() for name in ("HEAD", "objects", "refs"))
    return bare or (path / ".git").exists()


def commits(repository: pygit2.Repository) -> Iterator[Commit]:
    """Yield the commits that lead to the head of a repository, every one after its parents.

    Their dates play no part: archivists' clocks go backwards. A merge has only the files that differ from those of all
    its parents. Raises `DocumentError` where the history is not all there.
    """
    start = _start(repository)
    _refuse_shallow(repository)
    last = str(start)
    try:
        for commit in repository.walk(start, SortMode.TOPOLOGICAL | SortMode.REVERSE):
            last = str(commit.id)
            yield Commit(last, _subject(commit), _authored_at(commit), tuple(_changes(repository, commit)))
    except (pygit2.GitError, KeyError, ValueError) as e:
        if isinstance(e, DocumentError):
            raise
        raise DocumentError(
            f"the history is not all there: at commit {last}: {_reason(e)}; run git fsck, or {_CLONE_AGAIN}"
        ) from e


def paths(repository: pygit2.Repository) -> Iterator[tuple[str, pygit2.Oid]]:
    """Yield the path and the blob of every file at the head of a repository, in the order of their names."""
    start = _start(repository)
    try:
        tree = repository[start].peel(pygit2.Tree)
        for delta in tree.diff_to_tree(swap=True).deltas:
            if delta.new_file.mode in _FILES:
                yield _path(delta.new_file), delta.new_file.id
    except (pygit2.GitError, KeyError) as e:
        raise DocumentError(f"the files of commit {start} are not all there; {_CLONE_AGAIN}") from e


def text_of(repository: pygit2.Repository, commit: Commit, change: Change) -> tuple[str, tuple[str, ...]] | Unreadable:
    """Return the text of a file as a commit has it and warnings about it, or why it is no text.

    A blob that is missing gives "" and a warning. Raises `DocumentError` where the clone was made to lack blobs.
    """
    reference = f"{commit.id}:{change.path}"
    try:
        _, size = repository.odb.read_header(change.blob)
        if size > MAX_BYTES:
            return Unreadable(reference, f"it has {size:,} bytes; the limit is {MAX_BYTES:,}")
        _, data = repository.odb.read(change.blob)
    except (pygit2.GitError, KeyError) as e:
        if _is_partial(repository):
            raise DocumentError(
                f"commit {commit.id} needs a file that this partial clone lacks; {_CLONE_AGAIN}, or run: "
                "git fetch --refetch --no-filter"
            ) from e
        return "", (f"the repository lacks the text of this version (blob {change.blob}); run git fsck",)
    try:
        return decode(data)
    except DocumentError as e:
        return Unreadable(reference, str(e))


def _open(path: Path) -> pygit2.Repository:
    try:
        return pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)
    except (pygit2.GitError, KeyError, ValueError) as e:
        hint = f"git config --global --add safe.directory {path}" if "owned by" in str(e) else "give its top folder"
        raise DocumentError(f"{str(path)!r} cannot be opened as a git repository: {_reason(e)}; {hint}") from e


def _start(repository: pygit2.Repository) -> pygit2.Oid:
    try:
        if not repository.head_is_unborn:
            return repository.head.peel(pygit2.Commit).id
        # A bundle that was made of one branch has no head.
        branches = sorted(repository.branches.local)
        name = next((name for name in ("main", "master") if name in branches), None)
        if name is None and len(branches) != 1:
            known = f"it has {', '.join(branches)}: check one out" if branches else "it has no commits"
            raise DocumentError(f"this git repository has no current branch; {known}")
        return repository.branches.local[name or branches[0]].peel(pygit2.Commit).id
    except (pygit2.GitError, KeyError) as e:
        raise DocumentError(f"the newest commit of this repository is missing: {_reason(e)}; {_CLONE_AGAIN}") from e


def _refuse_shallow(repository: pygit2.Repository) -> None:
    if not repository.is_shallow:
        return
    folder = Path(repository.path)
    listed = [folder / "shallow", folder.parent.parent / "shallow"]  # the second for a linked work tree
    words = next((file.read_text().split() for file in listed if file.is_file()), [])
    oldest = words[0] if words else "its oldest"
    raise DocumentError(
        f"this clone is shallow: what came before commit {oldest} is missing; run: git fetch --unshallow"
    )


def _changes(repository: pygit2.Repository, commit: pygit2.Commit) -> Iterator[Change]:
    parents = [_tree(repository, parent) for parent in commit.parent_ids]
    if parents:
        diff = parents[0].diff_to_tree(commit.tree)
        found = {delta.status for delta in diff.deltas}
        if {DeltaStatus.ADDED, DeltaStatus.DELETED} <= found:
            _find_moves(diff)
    else:
        diff = commit.tree.diff_to_tree(swap=True)
    for delta in diff.deltas:
        file = delta.new_file
        if delta.status not in _CHANGED or file.mode not in _FILES:
            continue
        if any(_blob(parent, file.raw_path) == file.id for parent in parents[1:]):
            continue
        moved = _path(delta.old_file) if delta.status == DeltaStatus.RENAMED else None
        yield Change(_path(file), file.id, moved, moved is not None and delta.old_file.id == file.id)


def _find_moves(diff: pygit2.Diff) -> None:
    try:
        diff.find_similar(DiffFind.FIND_RENAMES)
    except (pygit2.GitError, KeyError):
        return  # a blob is missing: without it, a move is a file that is new


def _tree(repository: pygit2.Repository, commit: pygit2.Oid) -> pygit2.Tree:
    return repository[commit].peel(pygit2.Tree)


def _blob(tree: pygit2.Tree, path: bytes) -> pygit2.Oid | None:
    try:
        return tree[os.fsdecode(path)].id
    except KeyError:
        return None


def _path(file: pygit2.DiffFile) -> str:
    return file.raw_path.decode("utf-8", errors="backslashreplace")


def _subject(commit: pygit2.Commit) -> str:
    lines = commit.raw_message.decode("utf-8", errors="replace").strip().splitlines()
    return lines[0].strip() if lines else ""


def _authored_at(commit: pygit2.Commit) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=commit.author.time)
    except OverflowError as e:
        raise DocumentError(f"commit {commit.id} has an impossible date; the repository is damaged") from e


def _is_partial(repository: pygit2.Repository) -> bool:
    return any(name.endswith((".promisor", ".partialclonefilter")) for name in _settings(repository))


def _settings(repository: pygit2.Repository) -> Iterator[str]:
    return (entry.name for entry in repository.config if entry.name.startswith("remote."))


def _reason(error: BaseException) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
