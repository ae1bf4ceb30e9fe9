"""Everything that a bulk run can take, as one stream of documents."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.inputs.columns import Columns
from corpus.inputs.data_sets import HUB, read_hub, read_saved, read_store
from corpus.inputs.files import ListedFile, list_file, printable
from corpus.inputs.folders import mark_of, real_path, walk
from corpus.inputs.tables import is_table, read_table
from corpus.inputs.types import Document, Unreadable
from corpus.load import SUFFIXES
from corpus.types import DocumentError

Item = ListedFile | Document | Unreadable
"""A document as it is listed: a file that is not opened yet, the text of a row, or why there is neither."""

# What servers call the pages that they make.
_PAGES = frozenset(("", ".php", ".asp", ".aspx", ".jsp", ".cfm", ".shtml", ".cgi"))


def read(
    inputs: Sequence[str],
    *,
    text_column: str | None = None,
    html_column: str | None = None,
    id_column: str | None = None,
) -> Iterator[Document | Unreadable]:
    """Yield the documents of all inputs, in their order, and what cannot be read with the reason.

    An input is a file, a folder (with all that is in it, hidden files aside), a pattern ("policies/**/*.html"), a table
    (.jsonl, .ndjson, .csv, .tsv, each also with .gz, and .parquet), a folder that `datasets` saved, an archive's store,
    or "hf:NAME", a data set of the Hugging Face hub. The text of a row is in the column that is named or else in the
    first that is called like one (`corpus.inputs.columns`); the other short columns are its `provenance`. The id of a
    document is its source, or what `id_column` says; where that says the same twice, the second has its source.

    Memory does not grow with the input, but for the names in one folder and, with `id_column`, a hundred bytes a row.
    Raises `DocumentError`, before it yields anything, where an input is not there or lacks a column that was named.
    """
    wanted = Columns(text_column, html_column, id_column)
    return (item.load() if isinstance(item, ListedFile) else item for item in listed(inputs, wanted))


def listed(inputs: Sequence[str], wanted: Columns, *, leave_out: Collection[Path] = ()) -> Iterator[Item]:
    """Yield what `read` yields without opening the files; folders in `leave_out` (resolved paths) are passed over."""
    roots = _roots(inputs)
    for root in roots:
        _check(root, wanted)
    seen: set[bytes] = set()
    for root in roots:
        for item in _from_root(root, wanted, leave_out):
            yield _once(item, seen) if wanted.id else item


def signature(item: Item) -> bytes:
    """Return what tells an item from another, and from itself once it has changed."""
    if isinstance(item, ListedFile):
        said: tuple[object, ...] = (item.id, item.source, item.size, item.changed_at)
    elif isinstance(item, Unreadable):
        said = (item.id, item.source, item.reason)
    else:
        content = item.content.encode("utf-8", "surrogatepass") if isinstance(item.content, str) else item.content
        said = (item.id, item.source, hashlib.sha256(content).digest(), sorted(item.provenance.items()))
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).digest()


def size_of(item: Item) -> int:
    """Return about how many bytes an item has to be read of."""
    if isinstance(item, Unreadable):
        return 0
    return item.size if isinstance(item, ListedFile) else len(item.content)


def _roots(inputs: Sequence[str]) -> list[str]:
    """Return the inputs with patterns spelt out, less those that are given twice or lie in a folder that is given."""
    if not inputs:
        raise DocumentError("there is no input; give files, folders or tables")
    roots = list(dict.fromkeys(path for given in inputs for path in _spelt_out(given)))
    places = {root: real_path(root) for root in roots if not root.startswith(HUB)}
    folders = {place for place in places.values() if place.is_dir()}
    kept: dict[Path | str, str] = {}
    for root in roots:
        place = places.get(root)
        if place is None or not _is_walked(place, folders):
            kept.setdefault(place or root, root)
    walked = folders.intersection(kept)
    for place in [place for place in kept if isinstance(place, Path)]:
        # A link comes with the folder that it stands in, but two may stand in each other's.
        is_folder = place in walked
        walked.discard(place)
        if _is_walked(_standing_at(kept[place]), walked):
            del kept[place]
        elif is_folder:
            walked.add(place)
    return list(kept.values())


def _standing_at(root: str) -> Path:
    """Return where an input is, wherever it leads to."""
    here = Path(root).absolute()
    return real_path(str(here.parent)) / here.name


def _is_walked(place: Path, folders: Collection[Path]) -> bool:
    """Tell whether a place is found below one of the folders, where nothing on the way is hidden."""
    return any(
        folder in folders and not any(name.startswith(".") for name in place.relative_to(folder).parts)
        for folder in place.parents
    )


def _spelt_out(given: str) -> list[str]:
    if given == "-":
        raise DocumentError("standard input cannot be read a second time, as going on needs; save it to a file")
    if given.startswith(HUB) or Path(given).exists() or Path(given).is_symlink():
        return [given]
    # Strings are smaller than paths, and there may be a million.
    found = sorted(glob.glob(given, recursive=True)) if glob.has_magic(given) else []  # noqa: PTH207
    if not found:
        hint = "save the page to a file" if given.startswith(("http:", "https:")) else "give files, folders or tables"
        raise DocumentError(f"there is no {printable(given)!r}; {hint}")
    return found


def _check(root: str, wanted: Columns) -> None:
    """Raise `DocumentError` for what is wrong with an input that its user named, before any work is done."""
    if mark_of(Path(root)) == "batch.json":
        raise DocumentError(f"{printable(root)!r} is the result of a bulk run; give what it was made of")
    if is_table(root) and Path(root).is_file():
        next(read_table(root, wanted), None)


def _from_root(root: str, wanted: Columns, leave_out: Collection[Path]) -> Iterator[Item]:
    if root.startswith(HUB):
        yield from read_hub(root, wanted)
    elif mark_of(Path(root)):
        yield from _marked(root, wanted)
    elif not Path(root).is_dir():
        yield from read_table(root, wanted) if is_table(root) else [_json(root) or list_file(root)]
    else:
        for path in walk(root, leave_out=leave_out):
            if isinstance(path, Unreadable):
                yield path
            else:
                yield from _found(path, wanted)


def _found(path: str, wanted: Columns) -> Iterator[Item]:
    """Yield what is in a file or a marked folder that was found on a walk, where nothing wrong ends the run."""
    shown = printable(path)
    try:
        if Path(path).is_dir():
            yield from _marked(path, wanted)
        elif is_table(path):
            yield from read_table(path, wanted)
        elif of_json := _json(path):
            yield of_json
        elif Path(path).suffix.lower() in SUFFIXES or Path(path).suffix.lower() in _PAGES:
            yield list_file(path)
        else:
            reason = "its name is not that of a document or a table; give it by its own path if it is one"
            yield Unreadable(shown, shown, reason)
    except DocumentError as e:
        yield Unreadable(shown, shown, str(e))


def _json(path: str) -> Unreadable | None:
    """Refuse JSON, whose marks and names of fields would be read as prose."""
    if Path(path).suffix.lower() != ".json":
        return None
    shown = printable(path)
    return Unreadable(shown, shown, "it is JSON, which holds texts in no known place; give them as rows of .jsonl")


def _marked(folder: str, wanted: Columns) -> Iterator[Item]:
    mark = mark_of(Path(folder))
    if mark == "store.json":
        yield from read_store(folder)
    elif mark == "batch.json":
        raise DocumentError("it is the result of a bulk run; give what it was made of")
    else:
        yield from read_saved(folder, wanted)


def _once(item: Item, seen: set[bytes]) -> Item:
    """Return an item with an id that no other one has: that of its source where its own was there before."""
    key = hashlib.blake2b(item.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    if key in seen and item.id != item.source:
        return replace(item, id=item.source)
    seen.add(key)
    return item
