"""Visit a server politely: one request at a time, with pauses, patience and limits."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential

PAUSE = 1.5
TRIES = 5
TIMEOUT = httpx.Timeout(60, connect=20)
# A server that asks for a longer wait is left alone until the next run.
LONGEST_WAIT = 300.0
# The Wayback Machine bans whoever goes on after 429, and does not say for how long it wants to be left alone.
RATE_LIMIT_WAIT = 60.0
# A body that trickles in never runs into the timeout of a single read.
LONGEST_REPLY = 300.0
MAX_REDIRECTS = 5

_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_BACKOFF = wait_exponential(multiplier=4, max=64)
_MALFORMED = "the archive redirects to a malformed address"
_GZIP = b"\x1f\x8b"


class RefusedError(RuntimeError):
    """What a server gives cannot be used. The message says why; `again` is whether another run should ask again."""

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


class UnavailableError(RuntimeError):
    """A server gives nothing now. `wait` is how many seconds it asks for, `status` its HTTP status if it answered."""

    def __init__(self, reason: str, *, status: int | None = None, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered, once all redirects were followed; `body` is as the author wrote it, uncompressed."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: httpx.URL


@dataclass(slots=True)
class Visitor:
    """A client that waits `pause` seconds between requests and tries each one up to `tries` times.

    `told` is told, in words, before it waits for another try.
    """

    client: httpx.Client
    pause: float = PAUSE
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep
    told: Callable[[str], None] = lambda said: None
    visited: bool = False

    def get(self, url: httpx.URL, limit: int, allows: Callable[[httpx.URL], bool] = lambda url: True) -> Reply:
        """Return what is at an address, of `limit` bytes at most; `allows` says which redirects may be followed.

        Raises `RefusedError`, and `UnavailableError` where the last try failed as well.
        """
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._patiently(url, limit)
            if isinstance(reply, Reply):
                return reply
            target = reply.target
            if not _same_site(url, target):
                raise RefusedError(f"the archive redirects to another host: {target.host or 'none'}", again=True)
            if not allows(target):
                raise RefusedError("the archive redirects to another capture", again=True)
            url = target
        raise RefusedError(f"the archive redirects more than {MAX_REDIRECTS} times", again=True)

    def _patiently(self, url: httpx.URL, limit: int) -> Reply | _Redirect:
        if self.visited:
            self.sleep(self.pause)
        self.visited = True
        retrying = Retrying(
            stop=stop_after_attempt(self.tries),
            retry=retry_if_exception(_is_worth_another_try),
            wait=self._wait,
            before_sleep=self._tell,
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(self._once, url, limit)

    def _tell(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        again = f"asked again in {state.upcoming_sleep:.0f} seconds, try {state.attempt_number + 1} of {self.tries}"
        self.told(f"{error}; {again}")

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, UnavailableError) else 0.0
        return max(_BACKOFF(state), asked, self.pause)

    def _once(self, url: httpx.URL, limit: int) -> Reply | _Redirect:
        headers = {"User-Agent": user_agent(), "Accept-Encoding": "gzip, deflate"}
        try:
            with self.client.stream("GET", url, headers=headers, follow_redirects=False) as response:
                if response.status_code in _TRY_AGAIN:
                    raise _unavailable(response)
                if response.has_redirect_location:
                    return _Redirect(url.join(response.headers["location"]))
                return Reply(response.status_code, response.headers.get("content-type", ""), _read(response, limit))
        except httpx.InvalidURL as e:
            raise RefusedError(_MALFORMED, again=True) from e
        except httpx.TransportError as e:
            # httpx looks at the target of a redirect also where it is not to follow it.
            if "location header" in str(e):
                raise RefusedError(_MALFORMED, again=True) from e
            raise UnavailableError(_reason(e)) from e


def user_agent() -> str:
    """Return how we introduce ourselves to servers."""
    try:
        return f"smallprint/{version('smallprint')} (reads archived privacy policies, one request at a time)"
    except PackageNotFoundError:
        return "smallprint (reads archived privacy policies, one request at a time)"


def uncompressed(raw: bytes, coding: str, limit: int) -> bytes:
    """Undo the compression of a body, of `limit` bytes at most; raises `RefusedError`.

    `coding` is the header Content-Encoding. Archives repeat it as it was, also over bodies that they have uncompressed,
    and leave it out over bodies that they have not.
    """
    for name in reversed(coding.lower().split(",")):
        name = name.strip()
        if name in ("gzip", "x-gzip", "deflate"):
            raw = _inflated(raw, limit)
        elif name not in ("", "identity", "none"):
            raise RefusedError(f"its body is compressed in a way that is not read: {name[:40]!r}")
    return _inflated(raw, limit) if raw.startswith(_GZIP) else raw


def _inflated(raw: bytes, limit: int) -> bytes:
    # 47 reads the headers of gzip and of zlib; some servers send deflate without one.
    for bits in (47, -15):
        inflater = zlib.decompressobj(bits)
        try:
            body = inflater.decompress(raw, limit + 1)
        except zlib.error:
            continue
        if len(body) > limit:
            raise RefusedError(f"its body is over {limit / 1e6:g} MB")
        if inflater.eof:
            return body
    if raw.startswith(_GZIP):
        raise RefusedError("its compressed body is damaged")
    return raw


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, UnavailableError) and error.wait <= LONGEST_WAIT


def _read(response: httpx.Response, limit: int) -> bytes:
    # Counted while it arrives, and uncompressed with a limit: a few bytes may unpack to any number.
    body = bytearray()
    end = time.monotonic() + LONGEST_REPLY
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise RefusedError(f"its body is over {limit / 1e6:g} MB")
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > limit:
            raise RefusedError(f"its body is over {limit / 1e6:g} MB")
        if time.monotonic() > end:
            raise UnavailableError(f"the answer took longer than {LONGEST_REPLY:g} seconds")
    return uncompressed(bytes(body), response.headers.get("content-encoding", ""), limit)


def _unavailable(response: httpx.Response) -> UnavailableError:
    status = response.status_code
    wait = _retry_after(response)
    if wait > LONGEST_WAIT:
        return UnavailableError(f"it asks to be left alone for {wait / 60:.0f} minutes", status=status, wait=wait)
    if status == 429:
        return UnavailableError("it says that there were too many requests", status=429, wait=wait or RATE_LIMIT_WAIT)
    return UnavailableError(f"it answers with HTTP status {status}", status=status, wait=wait)


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds that a server asks to wait, given as such or as a date (RFC 9110, section 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        # Against the server's own clock, if it tells it.
        now = parsedate_to_datetime(response.headers["date"]) if "date" in response.headers else datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _same_site(one: httpx.URL, other: httpx.URL) -> bool:
    if one.host != other.host:
        return False
    # Ports are None where they are those of the scheme; a step from http to https is none to another site.
    return (one.scheme, one.port) == (other.scheme, other.port) or (
        (one.scheme, one.port, other.scheme, other.port) == ("http", None, "https", None)
    )


def _reason(error: httpx.TransportError) -> str:
    said = " ".join(str(error).split())[:200]
    if isinstance(error, httpx.TimeoutException):
        return f"it does not answer in time{f' ({said})' if said else ''}"
    return f"the connection fails ({said or type(error).__name__})"
