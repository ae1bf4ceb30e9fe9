"""Fetching by address: what is refused before, while and after a server is asked."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from corpus.types import DocumentError
from nlp.web.address import DEADLINE_S, MAX_BYTES, Fetched, fetch, look_up, parsed

PUBLIC = "93.184.216.34"
HOSTS = {"acme.example": [PUBLIC], "other.example": ["93.184.216.35"], "inside.example": ["10.0.0.7"]}
POLICY = b"<html><title>Acme</title><h1>Acme Privacy</h1><p>We keep logs for thirty days.</p></html>"
NOT_FOUND = "is no host of the public web; check the address, or paste the statement"


class Site(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    def do_GET(self) -> None:
        """Answer."""
        self.server.asked.append((self.headers["Host"], self.path))  # type: ignore[attr-defined]
        first, _, rest = self.path[1:].partition("/")
        getattr(self, f"answer_{first}")(rest)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer; `_` in a header's name stands for a hyphen."""
        self.send_response(status)
        for name, value in ({"Content_Type": "text/html"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_page(self, rest: str) -> None:
        """Answer with a policy."""
        self.send(POLICY)

    def answer_type(self, rest: str) -> None:
        """Answer with the content type in the path."""
        self.send(POLICY, Content_Type=rest)

    def answer_bytes(self, rest: str) -> None:
        """Answer with so many bytes, whose number is not said."""
        self.send(b"x" * int(rest))

    def answer_status(self, rest: str) -> None:
        """Answer with a status."""
        self.send(POLICY, status=int(rest))

    def answer_to(self, rest: str) -> None:
        """Send the reader on."""
        self.send(b"", status=302, Location=rest.replace("|", "/"))

    def answer_hops(self, rest: str) -> None:
        """Send the reader on so many times."""
        count = int(rest)
        self.send(POLICY, status=302 if count else 200, **({"Location": f"/hops/{count - 1}"} if count else {}))

    def answer_packed(self, rest: str) -> None:
        """Answer with a compressed body."""
        self.send(b"\x1f\x8b", Content_Encoding="gzip")

    def answer_cp1252(self, rest: str) -> None:
        """Answer in an old encoding."""
        self.send("<p>We keep “logs”.</p>".encode("cp1252"), Content_Type="text/html; charset=iso-8859-1")

    def answer_drip(self, rest: str) -> None:
        """Answer without an end, a byte at a time."""
        self.send(b"")
        self._drip()

    def answer_headers(self, rest: str) -> None:
        """Send headers without an end, a byte at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip()

    def answer_redirect_drip(self, rest: str) -> None:
        """Send a redirect whose body has no end."""
        self.send(b"", status=302, Location="/page")
        self._drip()

    def _drip(self) -> None:
        while not self.server.closing.wait(0.01):  # type: ignore[attr-defined]
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def answer_cookie(self, rest: str) -> None:
        """Answer with what the reader told about itself."""
        self.send(json.dumps(dict(self.headers.items())).encode(), Content_Type="text/plain")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class Rerouted(httpx.AsyncBaseTransport):
    """Connects to the local site whatever public address is asked for, and notes which one was."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[str] = []
        self.names: list[str] = []
        self.inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the local site."""
        self.connected.append(request.url.host)
        self.names.append(request.extensions["sni_hostname"])
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


@pytest.fixture(scope="module")
def site() -> Iterator[ThreadingHTTPServer]:
    """Serve on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.closing = [], threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.closing.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


@pytest.fixture
def wire(site: ThreadingHTTPServer) -> Rerouted:
    """Return what connects to the site."""
    site.asked.clear()  # type: ignore[attr-defined]
    return Rerouted(site.server_address[1])


def resolve(host: str) -> Sequence[str]:
    if host not in HOSTS:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return HOSTS[host]


def get(address: str, wire: Rerouted, deadline_s: float = DEADLINE_S) -> Fetched:
    return fetch(address, resolve=resolve, transport=wire, deadline_s=deadline_s)


def test_a_page_is_fetched_from_the_address_that_was_checked(wire: Rerouted, site: ThreadingHTTPServer) -> None:
    assert get("http://acme.example/page", wire) == Fetched("http://acme.example/page", "acme.example.html", POLICY)
    assert (wire.connected, wire.names) == ([PUBLIC], ["acme.example"])
    assert site.asked == [("acme.example", "/page")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address", ["acme.example/page", " https://ACME.example:443/page#top ", "HTTP://acme.example:80/page"]
)
def test_the_scheme_may_be_left_out_and_the_ports_of_the_web_be_named(address: str, wire: Rerouted) -> None:
    assert get(address, wire).data == POLICY


def test_every_redirect_is_looked_up_and_checked_again(wire: Rerouted) -> None:
    assert get("http://acme.example/to/http:||other.example|page", wire).address == "http://other.example/page"
    assert wire.connected == [PUBLIC, "93.184.216.35"]
    assert wire.names == ["acme.example", "other.example"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http:||127.0.0.1|", NOT_FOUND),
        ("http:||[::1]|", NOT_FOUND),
        ("http:||[::ffff:127.0.0.1]|", NOT_FOUND),
        ("http:||169.254.169.254|latest|meta-data|", NOT_FOUND),
        ("||inside.example|", NOT_FOUND),
        ("http:||[::1]:80|", NOT_FOUND),
        ("http:||[fd00::1]|", NOT_FOUND),
        ("http:||0.0.0.0|", NOT_FOUND),
        ("http:||100.64.0.1|", NOT_FOUND),
        ("http:||localhost.|", NOT_FOUND),
        ("http:||127。0。0。1|", "gave no sound answer|" + NOT_FOUND),
        ("http:||2130706433|", "writes its host as a number"),
        ("http:||0x7f.1|", "writes its host as a number"),
        ("http:||127.1|", "writes its host as a number"),
        ("http:||0177.0.0.1|", "gave no sound answer"),
        ("http:||acme.example:8080|", "port 8080"),
        ("http:||user:word@acme.example|", "user name or a password"),
        ("file:|||etc|passwd", "only addresses of web pages"),
        ("javascript:alert(1)", "gave no sound answer"),
        ("gopher:||acme.example|", "only addresses of web pages"),
    ],
)
def test_a_redirect_to_what_may_not_be_asked_for_is_not_followed(target: str, message: str, wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match=message):
        get(f"http://acme.example/to/{target}", wire)
    assert wire.connected == [PUBLIC]


def test_five_redirects_are_followed_and_six_are_not(wire: Rerouted) -> None:
    assert get("http://acme.example/hops/5", wire).data == POLICY
    with pytest.raises(DocumentError, match="from page to page without end"):
        get("http://acme.example/hops/6", wire)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://0.0.0.0/",
        "http://10.0.0.7/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25lo]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[::1]:80/",
        "[::1]:80",
        "http://[::ffff:127.0.0.1]:80/",
        "http://[0:0:0:0:0:ffff:7f00:1]:443/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fd00:ec2::254]:80/latest/meta-data/",
        "http://[fe80::1%25eth0]:80/",
        "http://localhost/",
        "localhost",
        "localhost.",
        "localhost:80",
        "http://LOCALHOST./",
        "http://localhost.localdomain/",
        "http://ip6-localhost/",
        "http://2130706433/",
        "2130706433",
        "2130706433:80",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0x7f.1/",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1:443/privacy",
        "100.127.255.254",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://1/",
        "http://0/",
        "http://0x/",
        "http://0x7f.1./",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
        "http://127｡0｡0｡1:80/",
        "http://localhost。/",
        "http://lo\u00adcalhost/",
        "http://①②⑦.0.0.1/",
        "http://ⓛocalhost/",
        "http://inside.example/",
        "http://nowhere.example/",
        "http://user@127.0.0.1/",
        "user@localhost",
        "user:word@[::1]:80",
        "http://acme.example@127.0.0.1/",
        "http://127.0.0.1\\@acme.example/",
        "http://acme.example\\@127.0.0.1/",
        "http://127.0.0.1:80\\@acme.example:80/",
        "http:127.0.0.1/",
        "//127.0.0.1/",
        "///127.0.0.1/",
        "http:///127.0.0.1/",
        "http://127.0.0.1%2f@acme.example/",
        "http://%31%32%37.0.0.1/",
        "http://127.0.0.1%00.acme.example/",
    ],
)
def test_private_addresses_are_refused_in_every_notation(address: str, wire: Rerouted) -> None:
    def system(host: str) -> Sequence[str]:
        # What the C library makes of numbers, so that nothing is refused only because a fake does not know it.
        return HOSTS[host] if host in HOSTS else look_up(host)

    with pytest.raises(DocumentError) as caught:
        fetch(address, resolve=system, transport=wire)
    assert wire.connected == []
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "found",
    [
        [],
        ["127.0.0.1"],
        [PUBLIC, "127.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["2606:4700::1", "fd00:ec2::254"],
        ["not an address"],
    ],
)
def test_a_name_that_leads_inside_is_refused_even_where_it_leads_outside_too(found: list[str], wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match=f"acme.example {NOT_FOUND}"):
        fetch("http://acme.example/page", resolve=lambda host: found, transport=wire)
    assert wire.connected == []


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once(wire: Rerouted) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    assert fetch("http://acme.example/page", resolve=lambda host: answers.pop(0), transport=wire).data == POLICY
    assert wire.connected == [PUBLIC]
    assert answers == [["127.0.0.1"]]


def test_the_connection_goes_to_the_address_and_not_to_the_name() -> None:
    """The real transport, with what it connects to watched: the name is never looked up a second time."""
    looked_up: list[object] = []

    async def no_connection(
        loop: object, factory: object, host: object = None, port: object = None, **more: object
    ) -> None:
        looked_up.append(host)
        raise OSError("unreachable")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.BaseEventLoop, "create_connection", no_connection)
        with pytest.raises(DocumentError, match=r"acme\.example gave no sound answer"):
            fetch("https://acme.example/", resolve=resolve)
    assert looked_up == [PUBLIC]


def test_the_next_address_is_tried_where_one_does_not_answer(wire: Rerouted) -> None:
    class FirstIsDown(Rerouted):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if not self.connected:
                self.connected.append(request.url.host)
                raise httpx.ConnectError("refused")
            return await super().handle_async_request(request)

    down = FirstIsDown(wire.port)
    answer = fetch("http://acme.example/page", resolve=lambda host: ["2606:4700::1", PUBLIC], transport=down)
    assert answer.data == POLICY
    assert down.connected == ["2606:4700::1", PUBLIC]


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher", "data", "javascript", "ws", "dict", "ldap", "unix", "jar"])
def test_other_schemes_are_refused(scheme: str) -> None:
    with pytest.raises(DocumentError, match="only addresses of web pages are fetched"):
        parsed(f"{scheme}://acme.example/")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "mailto:me@acme.example", "data:text/html,x", "https://", "http:///x"]
)
def test_what_has_no_host_is_refused(address: str) -> None:
    with pytest.raises(DocumentError, match="only addresses of web pages are fetched"):
        parsed(address)


@pytest.mark.parametrize("port", [0, 22, 25, 79, 81, 444, 3306, 6379, 7860, 8080, 65535])
def test_other_ports_are_refused(port: int) -> None:
    with pytest.raises(DocumentError, match=rf"the address names port {port};"):
        parsed(f"http://acme.example:{port}/")


@pytest.mark.parametrize(
    "address", ["http://me@acme.example/", "http://me:word@acme.example/", "http://:word@acme.example/"]
)
def test_credentials_are_refused(address: str) -> None:
    with pytest.raises(DocumentError, match="user name or a password"):
        parsed(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "there is no address yet"),
        ("http://acme.example/" + "x" * 2_000, "has 2,020 characters"),
        ("http://acme.example:99999/", "the address names port 99999"),
        ("http://acme.example:port/", "this is no web address"),
        ("http://ac\nme.example/", "this is no web address"),
        ("http://[::1/", "this is no web address"),
        ("http://" + "x" * 300 + ".example/", "is no host of the public web|this is no web address"),
    ],
)
def test_what_is_no_address_is_refused_in_one_line(address: str, message: str, wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        get(address, wire)
    assert len(str(caught.value).splitlines()) == 1
    assert wire.connected == []


def test_a_page_may_have_five_megabytes_and_not_a_byte_more(wire: Rerouted) -> None:
    assert len(get(f"http://acme.example/bytes/{MAX_BYTES}", wire).data) == MAX_BYTES
    with pytest.raises(DocumentError, match="has more than 5 MB; upload the policy alone"):
        get(f"http://acme.example/bytes/{MAX_BYTES + 1}", wire)


@pytest.mark.parametrize("path", ["drip", "headers"])
def test_an_answer_that_never_ends_is_given_up(path: str, wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match=r"acme.example took more than 0.3 seconds"):
        get(f"http://acme.example/{path}", wire, deadline_s=0.3)


def test_the_body_of_a_redirect_is_not_waited_for(wire: Rerouted) -> None:
    assert get("http://acme.example/redirect_drip", wire).data == POLICY


def test_a_name_server_that_does_not_answer_is_given_up(wire: Rerouted) -> None:
    over = threading.Event()

    def stuck(host: str) -> Sequence[str]:
        over.wait(20)
        return [PUBLIC]

    try:
        with pytest.raises(DocumentError, match=r"took more than 0\.2 seconds"):
            fetch("http://acme.example/page", resolve=stuck, transport=wire, deadline_s=0.2)
    finally:
        over.set()
    assert wire.connected == []


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/svg+xml", "application/json", "text/css", "application/octet-stream", ""]
)
def test_what_is_no_text_of_a_page_is_refused(kind: str, wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match="sends no text of a page"):
        get(f"http://acme.example/type/{kind}", wire)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("text/plain", "acme.example.txt"), ("text/markdown", "acme.example.md"), ("TEXT/HTML;x=y", "acme.example.html")],
)
def test_text_has_a_name_that_says_what_it_is(kind: str, name: str, wire: Rerouted) -> None:
    assert get(f"http://acme.example/type/{kind}", wire).name == name


@pytest.mark.parametrize("status", [204, 401, 404, 500])
def test_the_page_of_an_error_is_no_statement(status: int, wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match=f"acme.example answers {status} instead of a page"):
        get(f"http://acme.example/status/{status}", wire)


def test_a_compressed_page_is_not_opened(wire: Rerouted) -> None:
    with pytest.raises(DocumentError, match="sends a compressed page"):
        get("http://acme.example/packed", wire)


def test_what_the_server_says_of_the_encoding_counts(wire: Rerouted) -> None:
    assert get("http://acme.example/cp1252", wire).data.decode() == "<p>We keep “logs”.</p>"


def test_an_encoding_that_takes_long_to_read_is_not_used(wire: Rerouted) -> None:
    assert get("http://acme.example/type/text/html;charset=punycode", wire).data == POLICY


def test_the_reader_tells_nothing_of_the_visitor_and_uses_no_proxy(
    wire: Rerouted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    told = json.loads(get("http://acme.example/cookie", wire).data)
    assert set(told) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert told["User-Agent"].startswith("smallprint ")


def test_a_connection_that_breaks_is_one_line(wire: Rerouted) -> None:
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    dead = Rerouted(silent.getsockname()[1])
    silent.close()
    with pytest.raises(DocumentError, match=r"acme\.example gave no sound answer; check the address"):
        get("http://acme.example/page", dead)
