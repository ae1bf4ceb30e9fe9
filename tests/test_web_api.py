"""What programs call, over a running server with an engine without models."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from web_fakes import FakeEngine, loaded

from corpus.types import DocumentError
from nlp.changes import Change, Passage
from nlp.types import Citation, Clause
from nlp.web.api import Api, ChangeRecord, CitationRecord, ClauseRecord
from nlp.web.body_limit import MAX_BODY
from nlp.web.desk import Desk
from nlp.web.page import build
from nlp.web.reader import MAX_CHARACTERS
from nlp.web.server import Address, launch

POLICY = "# Acme Privacy\n\nWe keep logs for 30 days.\n\nWe sell nothing to anyone at all.\n"
NAMES = ["/ask", "/clauses", "/compare"]


def serve(mcp: bool = False) -> Iterator[str]:
    """Serve the page and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", probe.getsockname()[1])
    page = build(loaded())
    launch(page, address, mcp=mcp)
    yield f"{address.url}/"
    page.close(verbose=False)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server."""
    yield from serve()


@pytest.fixture(scope="module")
def call(server: str) -> Callable[..., Any]:
    """Return what calls an endpoint, as a program does."""
    client = Client(server, verbose=False, analytics_enabled=False)
    return lambda *given, name: client.predict(*given, api_name=name)


def test_exactly_three_endpoints_are_visible(server: str) -> None:
    client = Client(server, verbose=False, analytics_enabled=False)
    seen = client.view_api(return_format="dict", print_info=False)
    assert sorted(seen["named_endpoints"]) == NAMES
    assert seen["unnamed_endpoints"] == {}
    info = httpx.get(f"{server}gradio_api/info").json()
    assert sorted(info["named_endpoints"]) == NAMES
    assert info["unnamed_endpoints"] == {}


def test_endpoints_are_typed_and_explained(server: str) -> None:
    info = httpx.get(f"{server}gradio_api/info").json()["named_endpoints"]
    taken = {name: [p["parameter_name"] for p in one["parameters"]] for name, one in info.items()}
    assert taken == {"/ask": ["statement", "question"], "/clauses": ["statement"], "/compare": ["old", "new"]}
    assert {p["type"]["type"] for one in info.values() for p in one["parameters"]} == {"string"}
    answer = info["/ask"]["returns"][0]["type"]["properties"]
    assert answer["verdict"] == {"enum": ["yes", "no", "stated", "not_stated"]}
    assert answer["citations"]["items"]["properties"]["quote"] == {"type": "string"}
    assert all(one["description"] for one in info.values())


def test_ask_answers_with_citations_and_a_key_for_later(call: Callable[..., Any]) -> None:
    answer = call(POLICY, "Do you keep logs?", name="/ask")
    assert (answer["verdict"], answer["question"]) == ("yes", "Do you keep logs?")
    assert answer["statement"]["title"] == "Acme Privacy"
    assert [citation["quote"] for citation in answer["citations"]] == ["We keep logs for 30 days."]
    assert call(answer["statement"]["key"], "Do you keep logs?", name="/ask") == answer


def test_clauses_index_the_text_that_comes_with_them(call: Callable[..., Any]) -> None:
    found = call(POLICY, name="/clauses")
    assert [clause["text"] for clause in found["clauses"]] == [
        "We keep logs for 30 days.",
        "We sell nothing to anyone at all.",
    ]
    assert all(found["text"][c["start"] : c["end"]] == c["text"] for c in found["clauses"])
    assert call("janrain.com", name="/clauses")["statement"]["archived_on"] == "2016-05-31"


def test_compare_says_what_changed(call: Callable[..., Any]) -> None:
    found = call(POLICY, POLICY.replace("30", "90"), name="/compare")
    (change,) = found["changes"]
    assert (change["kind"], change["old"], change["new"]) == (
        "modified",
        "We keep logs for 30 days.",
        "We keep logs for 90 days.",
    )
    assert found["old"]["key"] != found["new"]["key"]
    assert call("janrain.com", "janrain.com", name="/compare")["changes"] == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "There is nothing to read yet"),
        ("/etc/passwd", "There is no statement '/etc/passwd'; give the text of one, or janrain.com."),
        ("README.md", "There is no statement 'README.md'"),
        ("https://acme.example/", "There is no statement"),
        ("0" * 64, "This statement is no longer in memory"),
        ("x" * 100_000, "There is no statement 'xxxx.* …'"),
        ("We log. " * (MAX_CHARACTERS // 8 + 1), "This text has 300,008 characters, and this page takes 300,000"),
        (None, "The statement is no text; give a string."),
        (["janrain.com"], "The statement is no text; give a string."),
        ({"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, "The statement is no text"),
    ],
)
def test_a_bad_statement_is_refused_in_one_line(given: object, message: str, call: Callable[..., Any]) -> None:
    for arguments, name in (((given,), "/clauses"), ((given, "Do you?"), "/ask"), ((POLICY, given), "/compare")):
        with pytest.raises((AppError, httpx.HTTPError, ValueError), match=message) as caught:
            call(*arguments, name=name)
        assert len(str(caught.value).splitlines()) <= 1
        assert "root:" not in str(caught.value)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty"),
        ("why " * 2_000, "The question has 7,999 characters"),
        (3, "The question is no text"),
    ],
)
def test_a_bad_question_is_refused_in_one_line(question: object, message: str, call: Callable[..., Any]) -> None:
    with pytest.raises(AppError, match=message):
        call(POLICY, question, name="/ask")


def test_a_request_that_is_too_large_is_refused_before_it_is_read(server: str) -> None:
    answer = httpx.post(f"{server}gradio_api/call/clauses", content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_endpoints_answer_over_http(server: str) -> None:
    event = httpx.post(f"{server}gradio_api/call/ask", json={"data": [POLICY, "Do you keep logs?"]}).json()["event_id"]
    assert httpx.get(f"{server}gradio_api/call/ask/{event}").text.startswith("event: complete\ndata: [{")
    # Not past the queue.
    assert httpx.post(f"{server}gradio_api/api/ask", json={"data": [POLICY, "Do you?"]}).status_code == 404


def test_mcp_is_off_unless_it_is_switched_on(server: str) -> None:
    assert httpx.get(f"{server}gradio_api/mcp/schema").status_code == 404
    assert httpx.post(f"{server}gradio_api/mcp/", json={}).status_code == 404


@pytest.mark.skipif(importlib.util.find_spec("mcp") is None, reason="the package mcp is not installed")
def test_mcp_has_the_three_tools_and_no_other() -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def use(address: str) -> tuple[list[str], list[str], list[str], str]:
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            prompts = [p.name for p in (await session.list_prompts()).prompts]
            resources = [r.name for r in (await session.list_resources()).resources]
            answer = await session.call_tool("ask", {"statement": POLICY, "question": "Do you keep logs?"})
            said = answer.content[0].text  # type: ignore[union-attr]
            explained = [t.inputSchema["properties"]["statement"]["description"] for t in tools if t.name == "ask"]
            assert "a key from a result" in explained[0]
            return sorted(tool.name for tool in tools), prompts, resources, said

    for address in serve(mcp=True):
        tools, prompts, resources, said = asyncio.run(use(address))
        assert (tools, prompts, resources) == (["ask", "clauses", "compare"], [], [])
        assert "We keep logs for 30 days." in said


def test_the_shapes_are_those_of_the_command_line() -> None:
    clause = Clause("1", 0, 1, "x", "sentence")
    passage = Passage(("1",), "x", 0, 1)
    for record, made in (
        (CitationRecord, Citation.of(clause, 0.5).as_dict()),
        (ClauseRecord, clause.as_dict()),
        (ChangeRecord, Change("moved", passage, passage).as_dict()),
    ):
        assert list(get_type_hints(record)) == list(made)


@pytest.mark.parametrize("name", ["ask", "clauses", "compare"])
def test_every_parameter_is_explained_on_one_line(name: str) -> None:
    """Gradio reads no more than that."""
    function = getattr(Api, name)
    for parameter in list(get_type_hints(function))[:-1]:
        assert re.search(rf"^ +{parameter}: .{{20,}}$", function.__doc__, re.MULTILINE)


def test_the_bundled_statement_has_its_clauses_also_for_who_calls_first() -> None:
    api = Api(Desk(loaded(FakeEngine())))
    assert len(api.clauses(" janrain.com\n")["clauses"]) == 47


def test_a_key_that_nobody_has_is_not_opened() -> None:
    api = Api(Desk(loaded()))
    with pytest.raises(DocumentError, match="no longer in memory"):
        api._read("f" * 64)
