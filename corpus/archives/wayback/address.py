"""Addresses: which may be asked for, and where an archive keeps its list and its captures."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx

from corpus.types import DocumentError

WAYBACK = "https://web.archive.org"
MAX_LENGTH = 4000
FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True)
class Server:
    """Where an archive answers: `cdx` lists captures, and below `playback` each has its address.

    The list is in the format of the CDX server of the Wayback Machine
    (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server) or of pywb.
    """

    cdx: str
    playback: str

    @classmethod
    def at(cls, address: str) -> Server:
        """Return the server at an address: a host of the Wayback Machine's kind, or the index of a pywb collection.

        The latter ends in "/cdx" ("http://localhost:8080/policies/cdx"). Raises `DocumentError`.
        """
        try:
            base = checked(address).rstrip("/")
            if urlsplit(base).query:
                raise ValueError("it has a question mark")
        except ValueError as e:
            shown = printable(address)
            raise DocumentError(f"{shown} cannot be the address of an archive: {e}; give one like {WAYBACK}") from e
        if base.endswith("/cdx/search/cdx"):
            base = base.removesuffix("/cdx/search/cdx")
        elif base.endswith("/cdx"):
            return cls(base, base.removesuffix("/cdx"))
        return cls(f"{base}/cdx/search/cdx", f"{base}/web")

    @property
    def host(self) -> str:
        """The name of the server, as messages give it."""
        return urlsplit(self.cdx).netloc

    def question(self, url: str, *, since: str, until: str, limit: int, resume: str = "") -> httpx.URL:
        """Return the address of a list of captures; `since` and `until` are 0 to 14 digits of a timestamp."""
        asked = {
            "url": url,
            "output": "json",
            "fl": ",".join(FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "from": since,
            "to": until,
            "limit": str(limit),
            "showResumeKey": "true",
            "resumeKey": resume,
        }
        return httpx.URL(self.cdx, params={name: value for name, value in asked.items() if value})

    def page(self, timestamp: str, original: str) -> str:
        """Return the address at which people look at a capture."""
        return f"{self.playback}/{timestamp}/{original}"

    def raw(self, timestamp: str, original: str) -> httpx.URL:
        """Return the address of the bytes of a capture as they were archived."""
        return httpx.URL(f"{self.playback}/{timestamp}id_/{original.replace('#', '%23')}")

    def is_raw(self, url: httpx.URL, timestamp: str) -> bool:
        """Say whether an address is that of the archived bytes of a moment."""
        return url.path.startswith(f"{urlsplit(self.playback).path}/{timestamp}id_/")


def checked(url: str) -> str:
    """Return an address of the web without its fragment; raises `ValueError`, whose message says what is wrong."""
    if len(url) > MAX_LENGTH:
        raise ValueError(f"it has more than {MAX_LENGTH} characters")
    if not url.isprintable() or " " in url:
        raise ValueError("it has spaces or control characters")
    try:
        url.encode()
        parts = urlsplit(url)
        parsed = httpx.URL(url)
        # A port that is none is noticed when it is read.
        host, _ = parts.hostname, parts.port
    except (ValueError, httpx.InvalidURL) as e:
        raise ValueError(f"it is malformed ({' '.join(str(e).split())})") from e
    if parts.scheme not in ("http", "https"):
        raise ValueError("it does not begin with http:// or https://")
    if not host or not parsed.host:
        raise ValueError("it names no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it has a user name or password in it")
    # A client or a server resolves these, and then it is the address of something else.
    if {".", ".."} & set(unquote(parts.path).replace("\\", "/").split("/")):
        raise ValueError("it has '.' or '..' as a part of its path")
    return parts._replace(fragment="").geturl()


def checked_page(url: str) -> str:
    """Return the address of one page to ask for; raises `DocumentError`."""
    try:
        url = checked(url)
        if url.endswith("*") or "//*." in url:
            raise ValueError("with '*' it stands for many pages")
    except ValueError as e:
        shown = printable(url)
        raise DocumentError(f"cannot ask for {shown}: {e}; give the address of one page as a browser shows it") from e
    return url


def printable(text: str, longest: int = 200) -> str:
    """Return text that may go into a message: clipped, and without what a terminal would obey."""
    text = "".join(ch if ch.isprintable() else "?" for ch in text[: longest + 1])
    return text if len(text) <= longest else f"{text[:longest]}..."
