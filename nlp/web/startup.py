"""Start sooner: leave out what importing and loading do for nobody."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final

_WRITER: Final = "gradio.component_meta"
# M_ARENA_MAX of mallopt(3).
_ARENA_MAX: Final = -8
_ARENAS: Final = 2


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile, and never again in what is there at the end.

    What is imported and loaded stays, so that looking through it, again and again as it grows, finds nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def share_memory_among_threads(library: str | None = None) -> bool:
    """Have threads share what one of them freed; return whether the C library (that of the program) can be told.

    That of GNU keeps room for each of many threads by itself, which is a fifth of the memory of the page and is never
    given back.
    """
    try:
        return bool(ctypes.CDLL(library).mallopt(_ARENA_MAX, _ARENAS))
    except (AttributeError, OSError, TypeError):
        return False  # another library, with other ways


def leave_interface_files() -> None:
    """Have Gradio, where it is imported after this, write no interface files for editors.

    It makes one for each of its components whenever it is imported, and writes it into its own folder where it is not
    there as it should be. That is a third of its import, and two programs that start at once write the same files.
    """
    if _WRITER not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the module that writes the files, and no other."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        found = PathFinder.find_spec(name, path, target) if name == _WRITER else None
        if found is not None and isinstance(found.loader, SourceFileLoader):
            found.loader = _Loader(found.loader.name, found.loader.path)
        return found


class _Loader(SourceFileLoader):
    """Loads it without what writes them."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)["create_or_modify_pyi"] = _write_nothing


def _write_nothing(*arguments: object) -> None:
    """Stand in for what writes interface files."""
