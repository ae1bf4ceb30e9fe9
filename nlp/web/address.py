"""Fetch a statement from the public web on a visitor's behalf, and from nowhere else.

A server that fetches what strangers name can be made to reach what only it can reach (OWASP, Server-Side Request
Forgery Prevention). So a host is looked up once, every address it has must be public, and the connection goes to the
very address that was checked. Redirects come to the same check. `safehttpx`, which Gradio brings along, also pins the
address, but asks dns.google where the first answer is private, takes any public address among private ones, bounds
neither size nor time, and a proxy from the environment goes round it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import AddressValueError, IPv4Address
from typing import Final

import anyio
import anyio.to_thread
import httpx

from corpus.types import DocumentError
from nlp.web.public_address import is_public

MAX_BYTES: Final = 5 * 1024**2
MAX_REDIRECTS: Final = 5
MAX_ADDRESS: Final = 2_000
DEADLINE_S: Final = 15.0

_PORTS: Final = frozenset({None, 80, 443})
_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
}
_HEADERS: Final = {
    "User-Agent": "smallprint (reads one page for a person who asked for it)",
    "Accept": ", ".join(_ENDINGS),
    # A small compressed body can grow to any size.
    "Accept-Encoding": "identity",
}
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_TRIED: Final = 3
# Python knows encodings that are no charsets of pages, some of which take minutes to decode.
_CHARSETS: Final = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|ascii|latin1|iso-8859-([1-9]|1[0134-6])|windows-125[0-8]"
    r"|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr"
)

Resolve = Callable[[str], Sequence[str]]
"""Return the IP addresses of a host; raises `OSError` where it has none."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: where it was in the end, a file name for it, and its bytes."""

    address: str
    name: str
    data: bytes


def fetch(
    address: str,
    *,
    resolve: Resolve | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    deadline_s: float = DEADLINE_S,
) -> Fetched:
    """Fetch a page from the public web.

    `resolve` looks hosts up (default: the system) and `transport` connects to what it found (default: TLS with the
    usual authorities, no proxy). Everything together may take `deadline_s` seconds.

    Raises `DocumentError` where the address is not public, or its answer is no text, too large or too slow.
    """
    url = parsed(address)
    fetching = partial(_fetch, url, PinnedTransport(resolve or look_up, transport or _transport()), deadline_s)
    try:
        return anyio.run(fetching)
    except TimeoutError as e:
        raise DocumentError(
            f"{url.host} took more than {deadline_s:g} seconds; save the page to a file and upload it"
        ) from e
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as e:
        raise DocumentError(f"{url.host} gave no sound answer; check the address, or upload the page as a file") from e


def parsed(address: str) -> httpx.URL:
    """Return an address as a URL that may be asked for; raises `DocumentError` where it may not."""
    address = address.strip()
    if not address:
        raise DocumentError("there is no address yet; give that of a privacy statement")
    if len(address) > MAX_ADDRESS:
        raise DocumentError(f"the address has {len(address):,} characters; give one of at most {MAX_ADDRESS:,}")
    try:
        url = httpx.URL(address if _SCHEME.match(address) else f"https://{address}")
    except (httpx.InvalidURL, ValueError) as e:
        raise DocumentError("this is no web address; give one like https://example.com/privacy") from e
    check(url)
    return url


def check(url: httpx.URL) -> None:
    """Raise `DocumentError` unless a URL, as it is written, is one of the web."""
    if url.scheme not in ("http", "https") or not url.host:
        raise DocumentError("only addresses of web pages are fetched; give one like https://example.com/privacy")
    if url.userinfo:
        raise DocumentError("the address holds a user name or a password; give it without")
    if url.port not in _PORTS:
        raise DocumentError(
            f"the address names port {url.port}; only the web's own ports, 80 and 443, are fetched from"
        )
    if _is_odd_number(url.raw_host.decode("ascii")):
        raise DocumentError("the address writes its host as a number; give the name of the host")


def look_up(host: str) -> list[str]:
    """Return the IP addresses that the system knows for a host, in the order in which to try them."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Connects to public addresses only, and to those that were checked rather than to a name."""

    def __init__(self, resolve: Resolve, inner: httpx.AsyncBaseTransport) -> None:
        self.resolve = resolve
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; each redirect comes here again."""
        check(request.url)
        host = request.url.raw_host.decode("ascii")
        failure: httpx.ConnectError | None = None
        for ip in (await self._public(host))[:_TRIED]:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=ip),
                headers=request.headers,
                stream=request.stream,
                # The certificate must be that of the name.
                extensions=request.extensions | {"sni_hostname": host},
            )
            try:
                return await self.inner.handle_async_request(pinned)
            except httpx.ConnectError as e:
                failure = e
        raise failure or httpx.ConnectError("no address")

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()

    async def _public(self, host: str) -> Sequence[str]:
        """Return the addresses of a host; one message for all that is wrong tells nothing of a network inside."""
        try:
            # A thread, left behind when the time is over, because a name server may take any time.
            found = await anyio.to_thread.run_sync(self.resolve, host, abandon_on_cancel=True)
        except (OSError, UnicodeError):
            found = []
        if not found or not all(map(is_public, found)):
            raise DocumentError(f"{host} is no host of the public web; check the address, or paste the statement")
        return found


def _transport() -> httpx.AsyncBaseTransport:
    # Connections are not kept: one to the same address may have been checked for another name.
    return httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


async def _fetch(url: httpx.URL, transport: httpx.AsyncBaseTransport, deadline_s: float) -> Fetched:
    with anyio.fail_after(deadline_s):
        async with httpx.AsyncClient(
            transport=transport, trust_env=False, headers=_HEADERS, timeout=deadline_s
        ) as client:
            request: httpx.Request | None = client.build_request("GET", url)
            for _ in range(MAX_REDIRECTS + 1):
                assert request is not None
                # The body of a redirect is left unread, whatever its size.
                response = await client.send(request, stream=True)
                request = response.next_request
                if request is None:
                    return await _read(response)
                await response.aclose()
            raise DocumentError(f"{url.host} sends from page to page without end; give the address it should end at")


async def _read(response: httpx.Response) -> Fetched:
    """Return what a response holds, after checking that it is text of a bearable size."""
    host = response.url.host
    if response.status_code != 200:
        raise DocumentError(f"{host} answers {response.status_code} instead of a page; check the address")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _ENDINGS:
        raise DocumentError(f"{host} sends no text of a page; for a PDF or DOCX file, download and upload it")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise DocumentError(f"{host} sends a compressed page, which is not opened; save it to a file and upload that")
    data = bytearray()
    async for piece in response.aiter_raw():
        data += piece
        if len(data) > MAX_BYTES:
            limit = MAX_BYTES // 1024**2
            raise DocumentError(f"the page at {host} has more than {limit} MB; upload the policy alone")
    await response.aclose()
    return Fetched(str(response.url), f"{host}{_ENDINGS[kind]}", _as_utf8(bytes(data), response.charset_encoding))


def _as_utf8(data: bytes, charset: str | None) -> bytes:
    """Return text as UTF-8 where the server said what it is in; that counts for more than what the page says."""
    name = (charset or "").lower()
    if not _CHARSETS.fullmatch(name):
        return data
    # Browsers read Latin-1 as the superset that is nearly always meant (WHATWG, Encoding, section 4.2).
    name = "windows-1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
    return data.decode(name, "replace").encode("utf-8", "replace")


def _is_odd_number(host: str) -> bool:
    """Tell whether a host is a number in a notation other than four decimal parts (0x7f.1, 2130706433, 0177.0.0.1)."""
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or not re.fullmatch(r"\d+|0[xX][0-9a-fA-F]*", last):
        return False
    try:
        IPv4Address(host)
    except AddressValueError:
        return True
    return False
