"""A person at a browser: signs in, goes places, and reads what the browser itself measures."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from playwright.async_api import ConsoleMessage, Locator, Page, expect

from tests.hub_process import ROOT

CATALOGUE = ROOT / "web_client" / "src" / "catalogue"

AXE = ROOT / "web_client" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

KEEP_CONNECTIONS = """
  window.__connections = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...given) { super(...given); window.__connections.push(this); }
  };
"""

INBOUND = """async () => {
  const found = [];
  for (const connection of window.__connections) {
    if (connection.connectionState === 'closed') continue;
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp') found.push({
        id: `${window.__connections.indexOf(connection)}/${report.mid}`, kind: report.kind,
        frames: report.framesDecoded ?? 0, width: report.frameWidth ?? 0,
        energy: report.totalAudioEnergy ?? 0, samples: report.totalSamplesReceived ?? 0,
        decoder: report.decoderImplementation ?? '',
      });
  }
  return found;
}"""


@dataclass(frozen=True)
class Inbound:
    """What Chromium says of one stream that it receives (`inbound-rtp` of W3C webrtc-stats)."""

    id: str
    kind: str
    frames: int
    width: int
    energy: float
    samples: int
    decoder: str


@cache
def catalogue(language: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for area in sorted((CATALOGUE / language).glob("*.json")):
        words |= json.loads(area.read_text("utf-8"))
    return words


class Person:
    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.language = "en"
        """The account's, once signed in: every label is looked up in the catalogue of that language."""
        self.complaints: list[str] = []
        """Errors of the page's own code; a test ends by asserting that there are none."""
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        page.on("console", self._hear)

    @classmethod
    async def at(cls, page: Page, name: str) -> Self:
        await page.add_init_script(KEEP_CONNECTIONS)
        return cls(page, name)

    def _hear(self, message: ConsoleMessage) -> None:
        # A hub that was killed makes Chromium itself report failed loads; those are not the page's errors.
        if (
            message.type == "error"
            and "Failed to load resource" not in message.text
            and "WebSocket" not in message.text
        ):
            self.complaints.append(f"{self.name}: {message.text}")

    def words(self, key: str) -> str:
        """A label without placeholders as this person sees it."""
        sentence = catalogue(self.language)[key]
        assert "{{" not in sentence, key
        return sentence

    def pattern(self, key: str, **given: str) -> re.Pattern[str]:
        """A sentence with placeholders, in any of its plural forms; what is not given may be anything."""
        found = [
            sentence
            for name, sentence in catalogue(self.language).items()
            if re.fullmatch(rf"{key}(_(one|two|few|many|other))?", name)
        ]
        assert found, key

        def fill(sentence: str) -> str:
            parts = re.split(r"\{\{(\w+)\}\}", sentence)
            return "".join(
                re.escape(part) if place % 2 == 0 else re.escape(given[part]) if part in given else ".*"
                for place, part in enumerate(parts)
            )

        return re.compile("|".join(map(fill, found)))

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.words(key), exact=True)

    def link(self, key: str) -> Locator:
        return self.page.get_by_role("link", name=self.words(key))

    async def sign_in_as_teacher(self, name: str, password: str, *, language: str) -> None:
        await self.page.goto("/sign-in", wait_until="domcontentloaded")
        await self.page.get_by_label(self.words("user_name"), exact=True).fill(name)
        await self.page.get_by_label(self.words("password"), exact=True).fill(password)
        await self.button("sign_in").click()
        await self._arrive(language)

    async def sign_in_with_card(self, card_words: str, *, language: str) -> None:
        await self.page.goto("/sign-in", wait_until="domcontentloaded")
        await self.page.get_by_label(self.words("card_words")).fill(card_words)
        await self.button("come_in").click()
        await self._arrive(language)

    async def _arrive(self, language: str) -> None:
        await self.page.wait_for_url("**/desk")
        self.language = language
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(self.pattern("desk_hello"))

    async def enter(self, twinspace: str) -> None:
        await self.page.get_by_role("link", name=twinspace).first.click()
        await expect(self.page.get_by_role("heading", level=1, name=twinspace)).to_be_visible()

    async def go(self, place: str) -> None:
        """Through the rail, as a person does: the page is never loaded anew."""
        rail = self.page.get_by_role("navigation", name=self.words("places"))
        await rail.get_by_role("link", name=self.words(place)).click()
        # Until the page is there, the one before it is shown, and so are its links.
        title = self.words(place.replace("place_", "title_"))
        await expect(self.page).to_have_title(re.compile(rf"^{re.escape(title)} · "))
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    async def open(self, title: str) -> None:
        await self.go("place_work")
        await self.page.get_by_role("link", name=title).click()
        await expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()

    async def join_meeting(self) -> None:
        await self.go("place_home")
        await self.page.get_by_role("link", name=re.compile(rf"^{re.escape(self.words('join'))}")).last.click()
        join = self.button("call_join")
        await expect(join).to_be_enabled()
        await join.click()
        await expect(self.button("call_leave")).to_be_visible()

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("textbox", name=self.words("text_of_document"))

    async def say(self, text: str) -> None:
        await self.go("place_talk")
        await self.page.get_by_label(self.words("your_message")).fill(text)
        await self.button("send").click()

    async def pin_card(self, title: str, text: str) -> None:
        await self.page.get_by_role("button", name=self.words("card_add")).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label(self.words("card_title")).fill(title)
        await dialog.get_by_label(self.words("card_text")).fill(text)
        await dialog.get_by_role("button", name=self.words("card_pin")).click()

    async def let_through(self, *titles: str) -> None:
        """As a teacher, on the wall: approve these of one's own school's pupils."""
        waiting = self.page.locator(".waiting_here")
        for title in titles:
            if not await waiting.evaluate("box => box.open"):
                await waiting.locator("summary").click()
            card = waiting.get_by_role("article").filter(has_text=title)
            await card.get_by_role("button", name=self.words("gate_approve"), exact=False).first.click()
            await expect(self.page.locator("[data-card]").filter(has_text=title)).to_be_visible()
            await expect(card).to_have_count(0)

    async def until(
        self, holds: Callable[[], Awaitable[bool]], what: Callable[[], str], *, timeout_s: float = 30
    ) -> None:
        """Ask again at each of the browser's own ticks until it holds; `what` says what did not."""
        rounds = int(timeout_s / 0.25)
        for _ in range(rounds):
            if await holds():
                return
            await self.page.wait_for_timeout(250)
        raise AssertionError(f"{self.name}: after {timeout_s} s still not: {what()}")

    async def inbound(self) -> list[Inbound]:
        return [Inbound(**report) for report in await self.page.evaluate(INBOUND)]

    async def axe(self) -> list[str]:
        """WCAG 2.2 A and AA violations on the page as it is now, one line each."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        result: dict[str, Any] = await self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
