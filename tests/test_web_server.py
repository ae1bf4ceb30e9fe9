"""Where the page is served, and one clear line where it cannot be."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from store_fakes import made_store, version
from web_fakes import FakeEngine

import app
from nlp.web import server
from nlp.web.server import Address, AddressError, app_options, is_on, load_in_background, open_shelf, serve


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    monkeypatch.delenv("GRADIO_SERVER_PORT", raising=False)
    monkeypatch.delenv("SMALLPRINT_STORE", raising=False)


def test_the_default_is_this_machine_only() -> None:
    assert Address.from_environment() == Address("127.0.0.1", 7860)


def test_an_ipv6_address_is_written_as_a_browser_wants_it() -> None:
    assert Address("::1", 7860).url == "http://[::1]:7860"
    assert Address("localhost", 7860).url == "http://localhost:7860"


def test_gradios_variables_are_honoured_and_arguments_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8123")
    assert Address.from_environment() == Address("0.0.0.0", 8123)
    assert Address.from_environment("127.0.0.1", "8124") == Address("127.0.0.1", 8124)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "7860.0", "٣"])
def test_a_bad_port_is_one_clear_line(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    with pytest.raises(AddressError, match=r"is no port; set GRADIO_SERVER_PORT .* from 1 to 65535"):
        Address.from_environment()


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith(f"smallprint: cannot serve on 127.0.0.1:{port} (")
    assert "choose another port with GRADIO_SERVER_PORT" in error


def test_a_host_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(AddressError, match="there is no host 'no such host'"):
        Address("no such host", 7860).check_free()


def test_a_free_port_passes() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    Address("127.0.0.1", port).check_free()


def test_the_engine_is_loaded_once_in_the_background() -> None:
    calls: list[int] = []

    def load() -> FakeEngine:
        calls.append(1)
        return FakeEngine()

    engine = load_in_background(load)
    assert isinstance(engine.result(timeout=10), FakeEngine)
    assert calls == [1]


def test_models_that_do_not_load_end_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    def load() -> FakeEngine:
        raise OSError("models/encoder is missing; run `make setup`")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert serve(port=str(port), load=load) == 1
    assert capsys.readouterr().err == (
        "smallprint: the models could not be loaded: models/encoder is missing; run `make setup`\n"
    )


def test_style_and_script_are_served_from_here_and_name_no_other_host() -> None:
    client = TestClient(FastAPI(**app_options()))
    kinds = {"css": "text/css", "js": "text/javascript"}
    for name in ("style.css", "read.css", "script.js", "tabs.js", "find.js", "read.js", "trouble.js"):
        kind = kinds[name.partition(".")[2]]
        response = client.get(f"/smallprint/{name}")
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "//" not in response.text.replace("// ", "")
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_a_folder_that_is_no_store_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert serve(port="7860", store=tmp_path) == 2
    monkeypatch.setenv("SMALLPRINT_STORE", str(tmp_path / "none"))
    assert serve(port="7860") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"smallprint: '{tmp_path}' is no archive store; make one with: smallprint archive import")
    assert second.startswith(f"smallprint: '{tmp_path / 'none'}' does not exist; make one with")


def test_without_a_store_there_is_no_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALLPRINT_STORE", "")
    assert open_shelf() is None


def test_the_store_that_is_given_comes_before_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_store(tmp_path / "store", [version()])
    monkeypatch.setenv("SMALLPRINT_STORE", str(tmp_path / "none"))
    shelf = open_shelf(tmp_path / "store")
    assert shelf is not None
    assert shelf.named == (("Acme", "Privacy Policy"),)


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), (" Yes ", True), ("0", False), ("", False), ("no", False)]
)
def test_only_a_clear_yes_in_the_environment_switches_something_on(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALLPRINT_ALLOW_FETCH", value)
    assert is_on("SMALLPRINT_ALLOW_FETCH") is expected
    monkeypatch.delenv("SMALLPRINT_ALLOW_FETCH")
    assert not is_on("SMALLPRINT_ALLOW_FETCH")


def test_mcp_without_its_package_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert serve(mcp=True) == 2
    monkeypatch.setenv("SMALLPRINT_MCP", "1")
    assert serve() == 2
    line = "smallprint: MCP needs a package that is not installed; run pip install 'smallprint[mcp]'\n"
    assert capsys.readouterr().err == 2 * line


@pytest.mark.parametrize("switch", [True, False])
def test_an_address_can_be_given_only_where_that_is_switched_on(switch: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[bool] = []

    def build(engine: object, shelf: object, *, allow_fetch: bool) -> None:
        built.append(allow_fetch)
        raise AddressError("far enough")

    monkeypatch.setattr(server, "build", build)
    monkeypatch.setattr(Address, "check_free", lambda self: None)
    for environment in ("", "1"):
        monkeypatch.setenv("SMALLPRINT_ALLOW_FETCH", environment)
        with pytest.raises(AddressError, match="far enough"):
            serve(load=FakeEngine, allow_fetch=switch)
    assert built == [switch, True]
