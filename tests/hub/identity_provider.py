"""A real identity provider (npm's oidc-provider, certified by the OpenID Foundation), and a person at its pages."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp

from tests.hub_process import free_port

INTEROP = Path(__file__).parents[1] / "interop"
START_WITHIN_S = 60
PEOPLE: dict[str, dict[str, Any]] = {
    "ana": {"name": "Ana Ruiz", "email": "Ana@School.example", "email_verified": True, "role": "teacher"},
    "eva": {"name": "Eva Gil", "email": "eva@school.example", "email_verified": True, "role": ["teacher"]},
    "ida": {"name": "Ida Paz", "email": "ida@school.example", "email_verified": True, "role": "teacher"},
    "uno": {"name": "Uno", "email": "uno@school.example", "email_verified": True, "role": "teacher"},
    "dora": {"name": "Dora Mas", "email": "dora@school.example", "email_verified": True, "role": "teacher"},
    "unsure": {"name": "Un Sure", "email": "ana@school.example", "email_verified": False, "role": "teacher"},
    "zoe": {"name": "Zoe Prat", "given_name": "Zoe", "email": "zoe@school.example", "role": "student", "group": "5B"},
}


class IdentityProvider:
    """`async with IdentityProvider(redirect_uris) as provider:`; its port outlives `stop()` and `start()`."""

    def __init__(self, *redirect_uris: str, client_ids: tuple[str, ...] = ("hub",), **more: Any) -> None:
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.secret = "a secret & of the hub's own"
        clients = [
            {
                "client_id": client_id,
                "client_secret": self.secret,
                "redirect_uris": redirect_uris,
                "post_logout_redirect_uris": [uri.replace("/provider", "") for uri in redirect_uris],
            }
            for client_id in client_ids
        ]
        self._set_up = {"port": self.port, "clients": clients, "people": PEOPLE, **more}
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """With new keys each time."""
        self._process = await asyncio.create_subprocess_exec(
            "node",
            "--import",
            (INTEROP / "web_client_modules.mjs").as_uri(),
            str(INTEROP / "identity_provider.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(self._set_up).encode() + b"\n")
        async with asyncio.timeout(START_WITHIN_S):
            # It says some things about itself first.
            while (line := await self._process.stdout.readline()).decode().strip() != self.issuer:
                assert line, "the identity provider ended before it was ready"

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

    def described(self, **more: Any) -> str:
        """Its part of the hub's file."""
        fields = {
            "id": "school",
            "name": "School sign-in",
            "issuer": self.issuer,
            "client_id": "hub",
            "client_secret": self.secret,
            "schools": ["school-a"],
            **more,
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items() if not isinstance(value, dict)]
        tables = [
            "\n".join([f"[provider.{name}]", *(f"{key} = {json.dumps(each)}" for key, each in value.items())])
            for name, value in fields.items()
            if isinstance(value, dict)
        ]
        return "\n".join(["[[provider]]", *lines, *tables]) + "\n"


async def sign_in_there(url: str, name: str) -> dict[str, str]:
    """What the provider sends the browser back with, after this person has signed in and agreed."""
    home = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        body: dict[str, str] | None = None
        for _ in range(20):
            method = "GET" if body is None else "POST"
            async with browser.request(method, url, data=body, allow_redirects=False) as answer:
                page = await answer.text()
                location = answer.headers.get("Location")
            if location is not None:
                url, body = urljoin(url, location), None
                if not url.startswith(home):
                    return dict(parse_qsl(urlsplit(url).query))
                continue
            action = re.search(r'action="([^"]+)"', page)
            assert action, page
            url = urljoin(url, unescape(action[1]))
            prompt = re.search(r'name="prompt" value="([^"]+)"', page)
            body = {"prompt": prompt[1] if prompt else "", "login": name, "password": "any"}
    raise AssertionError(f"{name} did not come back from the provider")
