"""A class's answers on a live chart, and a look at the figures of thousands. Tables and JSON lines.

    python benchmarks/forms.py [--people 300] [--seconds 30] [--many 10000]

Needs Chromium and the built client (`make client`). In the page: frames by `requestAnimationFrame`, work of the main
thread over 50 ms by `PerformanceObserver` (long tasks), and of each answer how long after it was acknowledged the page
counts it. The people who answer are in this process; the many are put into the database directly.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
from playwright.async_api import async_playwright  # noqa: E402

from benchmarks.boards import Writers, frames, open_page, say  # noqa: E402
from hub.auth import open_login  # noqa: E402
from hub.form_tally import tally  # noqa: E402
from storage import Storage, open_storage  # noqa: E402
from storage.records import ContentId, FormResponse, Member, TwinspaceId, User, UserId  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS  # noqa: E402
from tests.hub_process import HubProcess  # noqa: E402

SPACE = TwinspaceId("demo-rivers")
SHEET = """question,type,options,rows,greatest
How was the day?,faces,,,5
What was best?,one choice,Bread | The river | The games,,
What did you bring?,several choices,Bread | Cheese | Fruit | Songs,,
How much of it did you understand?,scale,,,
What would you change?,short text,,,
Rank them,ranking,Bread | The river | The games,,
How was it?,grid,Good | So-so | Bad,The way | The meal,
"""
# The count in the page's head, with the wall clock, whenever it changes.
WATCH_COUNT = """() => {
  window.__counts = [];
  const note = () => {
    const found = /\\d+/.exec(document.querySelector('.count')?.textContent ?? '');
    const count = found ? Number(found[0]) : 0;
    if (count !== window.__counts.at(-1)?.[1]) window.__counts.push([Date.now(), count]);
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  note();
}"""


def answers_to(questions: list[dict[str, Any]], random_: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for question in questions:
        options = [option["id"] for option in question.get("options") or ()]
        match question["type"]:
            case "faces" | "scale":
                given[question["id"]] = random_.randint(question["min"], question["max"])
            case "single_choice":
                given[question["id"]] = random_.choice(options)
            case "multiple_choice":
                given[question["id"]] = sorted(random_.sample(options, 2), key=options.index)
            case "ranking":
                given[question["id"]] = random_.sample(options, len(options))
            case "matrix":
                given[question["id"]] = {row["id"]: random_.choice(options) for row in question["rows"]}
            case _:
                given[question["id"]] = f"More time by the water, and song {random_.randrange(900)}"
    return given


class People:
    def __init__(self, storage: Storage, hub: HubProcess) -> None:
        self._storage, self._hub = storage, hub
        self._teachers: list[User] = []

    async def add(self, name: str, count: int) -> list[User]:
        if not self._teachers:
            members = await self._storage.twinspaces.members(SPACE)
            users = [await self._storage.users.get_user(member.user_id) for member in members]
            self._teachers = [user for user in users if user.kind == "teacher"]
        now_ms = int(time.time() * 1000)
        schools = [teacher.school_id for teacher in self._teachers]
        users = [
            User(UserId(f"{name}-{n}"), f"pupil:{name}-{n}", f"P {n}", "pupil", schools[n % len(schools)], "en", now_ms)
            for n in range(count)
        ]
        for first in range(0, count, 500):
            await asyncio.gather(*(self._storage.users.add_user(user) for user in users[first : first + 500]))
        return users

    async def sign_in(self, users: list[User]) -> list[str]:
        now_ms, tokens = int(time.time() * 1000), []
        for user in users:
            await self._storage.twinspaces.add_member(Member(SPACE, user.id, "pupil", 1, now_ms))
            tokens.append((await open_login(self._storage, user, "token", days=1, now_ms=now_ms))[1])
        return tokens


async def make_form(writers: Writers) -> tuple[str, list[dict[str, Any]]]:
    http, api = writers.sessions[0], f"{writers.hub.url}/api/v1/forms"
    form_id = await writers.make("form")
    body = {"text": SHEET, "import_id": "benchmark"}
    async with http.post(f"{api}/{form_id}/questions", json=body) as reply:
        assert reply.status == 200, await reply.text()
    async with http.post(f"{api}/{form_id}/versions", json={}) as reply:
        assert reply.status == 201, await reply.text()
        return form_id, (await reply.json())["questions"]


async def measure_live(hub: HubProcess, writers: Writers, people: People, arguments: argparse.Namespace) -> None:
    form_id, questions = await make_form(writers)
    tokens = await people.sign_in(await people.add("class", arguments.people))
    random_, acknowledged = random.Random(1), []

    async def answer(http: aiohttp.ClientSession, token: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        body = {"version": 1, "answers": answers_to(questions, random_)}
        headers = {"Authorization": f"Bearer {token}"}
        async with http.put(f"{hub.url}/api/v1/forms/{form_id}/response", json=body, headers=headers) as reply:
            assert reply.status == 200, await reply.text()
        acknowledged.append(time.time() * 1000)

    async with async_playwright() as playwright, aiohttp.ClientSession() as http:
        executable = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        page = await open_page(browser, hub)
        await page.goto(f"/s/{SPACE}/form/{form_id}/results", wait_until="domcontentloaded")
        await page.locator(".count").wait_for()
        await page.evaluate(WATCH_COUNT)
        say("chart at rest", await frames(page, 5))
        sending = [
            asyncio.create_task(answer(http, token, arguments.seconds * place / len(tokens)))
            for place, token in enumerate(tokens)
        ]
        say(f"chart, {arguments.people} answers come in", await frames(page, arguments.seconds))
        await asyncio.gather(*sending)
        await page.wait_for_function(f"() => window.__counts.at(-1)?.[1] >= {arguments.people}")
        counts: list[list[float]] = await page.evaluate("window.__counts")
        await browser.close()
    seen = [next(at for at, count in counts if count >= place) for place in range(1, arguments.people + 1)]
    delays = sorted(shown - sent for shown, sent in zip(seen, sorted(acknowledged), strict=True))
    hundredths = statistics.quantiles(delays, n=100)
    say("answer to chart", {"p50_ms": round(hundredths[49]), "p99_ms": round(hundredths[98])})


async def measure_many(writers: Writers, storage: Storage, people: People, many: int) -> None:
    form_id, questions = await make_form(writers)
    users, random_ = await people.add("many", many), random.Random(2)
    for first in range(0, many, 500):
        await asyncio.gather(
            *(
                storage.forms.put_response(
                    FormResponse(ContentId(form_id), 1, user.id, user.school_id, answers_to(questions, random_), place)
                )
                for place, user in enumerate(users[first : first + 500], first + 1)
            )
        )

    async def look() -> float:
        started = time.perf_counter()
        async with writers.sessions[0].get(f"{writers.hub.url}/api/v1/forms/{form_id}/results") as reply:
            assert reply.status == 200, await reply.text()
            await reply.read()
        return (time.perf_counter() - started) * 1000

    version = await storage.forms.get_version(ContentId(form_id), 1)
    started = time.perf_counter()
    responses = await storage.forms.responses(ContentId(form_id), 1)
    await asyncio.to_thread(tally, version.definition, [(each.school_id, each.answers) for each in responses])
    scratch_ms = (time.perf_counter() - started) * 1000
    first_ms, again, after_one = await look(), [], []
    for place in range(20):
        again.append(await look())
        given = answers_to(questions, random_)
        user = users[place]
        await storage.forms.put_response(FormResponse(ContentId(form_id), 1, user.id, user.school_id, given, 10**6))
        after_one.append(await look())
    figures = {"from_scratch": scratch_ms, "first_look": first_ms}
    figures |= {"nothing_new": statistics.median(again), "one_answer_later": statistics.median(after_one)}
    say(f"a look at {many} answers, ms", {name: round(value, 1) for name, value in figures.items()})


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("people", 300), ("seconds", 30), ("many", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    print("load average", os.getloadavg())
    with tempfile.TemporaryDirectory() as folder:
        async with HubProcess(Path(folder) / "data") as hub:
            storage, writers = await open_storage(data_dir=hub.data_dir), Writers(hub)
            try:
                await writers.sign_in(1)
                people = People(storage, hub)
                await measure_live(hub, writers, people, arguments)
                await measure_many(writers, storage, people, arguments.many)
            finally:
                await writers.close()
                await storage.close()
    print("load average", os.getloadavg())
    print(json.dumps({"cpus": os.cpu_count()}))


if __name__ == "__main__":
    asyncio.run(main())
