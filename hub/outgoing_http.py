"""The one place from which the hub asks other servers over HTTP: quickly, without following anybody elsewhere.

Redirects are refused, never followed: an address that the operator entrusts must not become one inside the school's
network. Answers are JSON of a limited size, or nothing but their status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

ANSWER_WITHIN_S = 10
CONNECT_WITHIN_S = 5
LARGEST_ANSWER_BYTES = 256 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HttpFailed(Exception):
    """No answer, or none that can be used; the message is for the operator's log."""

    def __init__(self, message: str, status: int | None = None, body: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


def is_safe(url: object) -> bool:
    """Encrypted, or on this machine, where there is nobody to listen."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def _origin(url: str) -> str:
    """For the log: the path of a push address is as good as a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class OutgoingHttp:
    """`async with OutgoingHttp() as http:`"""

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S, sock_connect=CONNECT_WITHIN_S)
        # No cookies: nobody's answer is to follow from an earlier one.
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get_json(self, url: str, *, bearer: str | None = None) -> Any:
        """Raise HttpFailed."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer is not None else {}
        return await self._ask("GET", url, headers=headers)

    async def post_form(self, url: str, fields: dict[str, str], *, basic: tuple[str, str] | None = None) -> Any:
        """Raise HttpFailed; with status and body when the server has said no."""
        auth = aiohttp.encode_basic_auth(*basic, encoding="utf-8") if basic is not None else None
        headers = {"Authorization": auth} if auth is not None else {}
        return await self._ask("POST", url, headers=headers, data=fields)

    async def post_bytes(self, url: str, data: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; what else it says is not read. Raise HttpFailed when there is none."""
        if not is_safe(url):
            raise HttpFailed(f"{_origin(url)} is no https address")
        try:
            async with self._session.post(url, data=data, allow_redirects=False, headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise HttpFailed(f"{_origin(url)} does not answer: {type(error).__name__}") from error

    async def _ask(self, method: str, url: str, **options: Any) -> Any:
        if not is_safe(url):
            raise HttpFailed(f"{url!r} is no https address")
        headers = {"Accept": "application/json", **options.pop("headers")}
        try:
            async with self._session.request(method, url, allow_redirects=False, headers=headers, **options) as answer:
                raw = await answer.content.read(LARGEST_ANSWER_BYTES + 1)
                while len(raw) <= LARGEST_ANSWER_BYTES and (more := await answer.content.read(LARGEST_ANSWER_BYTES)):
                    raw += more
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise HttpFailed(f"{url} does not answer: {type(error).__name__}") from error
        if len(raw) > LARGEST_ANSWER_BYTES:
            raise HttpFailed(f"{url} answers with too much", status)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if status != 200:
            raise HttpFailed(f"{url} answers {status}", status, body)
        if not isinstance(body, dict):
            raise HttpFailed(f"{url} answers with something else than a JSON object", status)
        return body
