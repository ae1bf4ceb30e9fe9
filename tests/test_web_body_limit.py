"""Requests that are too large are refused, whatever they say of their size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from nlp.web.body_limit import MAX_BODY, BodyLimit

UPLOADS = ("/gradio_api/upload", "/upload/", "/behind/a/proxy/gradio_api/upload")
FUNCTIONS = ("/gradio_api/run/upload", "/gradio_api/call/upload/", "/gradio_api/call/v2/upload", "/run/upload")
PIECE = b"x" * 1024**2


async def count(request: Request) -> PlainTextResponse:
    """Answer with the size of the body."""
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def client() -> TestClient:
    """Return a client of an application that counts."""
    routes = [Route(path, count, methods=["POST"]) for path in ("/queue/join", *UPLOADS, *FUNCTIONS)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(BodyLimit)]))


def pieces(size: int) -> Iterator[bytes]:
    """Yield a body whose length is not said beforehand."""
    for _ in range(size // len(PIECE)):
        yield PIECE
    yield b"x" * (size % len(PIECE))


def test_a_body_of_the_largest_size_passes(client: TestClient) -> None:
    assert client.post("/queue/join", content=b"x" * MAX_BODY).text == str(MAX_BODY)
    assert client.post("/queue/join", content=pieces(MAX_BODY)).text == str(MAX_BODY)


def test_a_byte_more_does_not(client: TestClient) -> None:
    for body in (b"x" * (MAX_BODY + 1), pieces(MAX_BODY + 1)):
        answer = client.post("/queue/join", content=body)
        assert answer.status_code == 413
        assert answer.text.startswith("This request is too large")


@pytest.mark.parametrize("said", ["5", "-1", "lots", "٣"])
def test_what_the_header_says_is_not_believed(client: TestClient, said: str) -> None:
    headers = {"content-length": said.encode()}
    assert client.post("/queue/join", content=b"x" * (MAX_BODY + 1), headers=headers).status_code == 413


@pytest.mark.parametrize("path", UPLOADS)
def test_uploads_are_counted_by_who_takes_them(client: TestClient, path: str) -> None:
    assert client.post(path, content=b"x" * (MAX_BODY + 1)).text == str(MAX_BODY + 1)


@pytest.mark.parametrize("path", FUNCTIONS)
def test_a_function_that_is_called_like_uploads_is_none(client: TestClient, path: str) -> None:
    assert client.post(path, content=pieces(MAX_BODY + 1)).status_code == 413
