"""What is left out of a start: rubbish that is not there, and files that nobody asked for."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import sys
from importlib.util import module_from_spec

import gradio
import pytest

import nlp.web
from nlp.web.startup import _Finder, leave_interface_files, share_memory_among_threads, uncollected


def test_no_garbage_is_looked_for_until_the_end() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_garbage_is_looked_for_again_after_a_failure() -> None:
    with pytest.raises(OSError, match="no models"), uncollected():
        raise OSError("no models")
    assert gc.isenabled()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_threads_share_memory_where_the_library_can() -> None:
    assert share_memory_among_threads()


def test_a_library_that_is_not_there_is_left_alone() -> None:
    assert not share_memory_among_threads("no-such-library.so")


def test_gradio_is_there_without_what_writes_interface_files() -> None:
    spec = _Finder().find_spec("gradio.component_meta", gradio.__path__)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.create_or_modify_pyi(object, "Anything", ["click"]) is None
    assert issubclass(module.ComponentMeta, type)


@pytest.mark.parametrize("name", ["gradio", "gradio.blocks", "component_meta"])
def test_other_modules_are_found_as_they_always_were(name: str) -> None:
    assert _Finder().find_spec(name, gradio.__path__) is None


def test_the_finder_is_added_once_and_only_before_gradio_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [one for one in sys.meta_path if not isinstance(one, _Finder)])
    leave_interface_files()
    assert not any(isinstance(one, _Finder) for one in sys.meta_path), "Gradio is there already"
    monkeypatch.delitem(sys.modules, "gradio.component_meta")
    leave_interface_files()
    leave_interface_files()
    assert [isinstance(one, _Finder) for one in sys.meta_path].count(True) == 1


@pytest.mark.parametrize(("given", "expected"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_of_the_models_do_not_spin_unless_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, given: str | None, expected: str
) -> None:
    if given is None:
        # Set first, so that it is put back to what it was.
        monkeypatch.setenv("OMP_WAIT_POLICY", "")
        monkeypatch.delenv("OMP_WAIT_POLICY")
    else:
        monkeypatch.setenv("OMP_WAIT_POLICY", given)
    importlib.reload(nlp.web)
    assert os.environ["OMP_WAIT_POLICY"] == expected
