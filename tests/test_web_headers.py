"""Every response has the headers; a page's own scripts get a nonce that is never the same."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from nlp.web.headers import SecurityHeaders

PAGE = '<html><script>a</script><script type="module" src="b"></script><p>ü</p></html>'


def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


def streamed(request: Request) -> Response:
    return StreamingResponse(iter(["<scr", "ipt>a</script>"]), media_type="text/html")


def text(request: Request) -> Response:
    return PlainTextResponse("<script>")


ROUTES = [Route("/", page), Route("/streamed", streamed), Route("/text", text)]
CLIENT = TestClient(Starlette(routes=ROUTES, middleware=[Middleware(SecurityHeaders)]))


def nonce_of(policy: str) -> str:
    found = re.search(r"'nonce-([^']+)'", policy)
    assert found
    return found[1]


def test_the_policy_allows_our_own_scripts_and_nothing_else() -> None:
    headers = CLIENT.get("/text").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy["script-src"])
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_scripts_of_a_page_get_the_nonce_of_its_policy() -> None:
    response = CLIENT.get("/")
    nonce = nonce_of(response.headers["Content-Security-Policy"])
    assert response.text == PAGE.replace("<script", f'<script nonce="{nonce}"')
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_a_page_that_comes_in_pieces_is_put_together_first() -> None:
    response = CLIENT.get("/streamed")
    nonce = nonce_of(response.headers["Content-Security-Policy"])
    assert response.text == f'<script nonce="{nonce}">a</script>'


def test_the_nonce_is_new_for_every_response() -> None:
    nonces = {nonce_of(CLIENT.get("/").headers["Content-Security-Policy"]) for _ in range(5)}
    assert len(nonces) == 5


def test_other_responses_pass_unchanged() -> None:
    assert CLIENT.get("/text").text == "<script>"
    assert CLIENT.get("/missing").status_code == 404
    assert CLIENT.get("/missing").headers["X-Frame-Options"] == "DENY"


def test_the_answer_to_head_keeps_its_length() -> None:
    response = CLIENT.head("/")
    assert response.status_code == 200
    assert response.headers["Content-Length"] == CLIENT.get("/").headers["Content-Length"]
