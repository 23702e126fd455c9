"""A project in the middle of its life, for the pictures of its screens."""

from __future__ import annotations

import base64
import datetime
import io
from typing import Any

from PIL import Image, ImageDraw

from tests.browser.person import Person

SPACE = "demo-rivers"
API = f"/api/v1/twinspaces/{SPACE}"
SPANISH = ("Inés", "Martín", "Olmo", "Zoe", "Vega", "Hugo", "Alba", "Saúl")
POLISH = ("Zofia", "Jan", "Hania", "Filip", "Maja", "Antek")
CONSENTED = ("live_voice", "live_camera", "recording", "first_name_to_partner", "external_tool")

ASK = """async ([method, path, body]) => {
  const answer = await fetch(path, {method, headers: {'Content-Type': 'application/json'},
                                    body: body === null ? undefined : JSON.stringify(body)});
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}"""
UPLOAD = """async ([path, named, bytes]) => {
  const encode = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const data = Uint8Array.from(atob(bytes), each => each.charCodeAt(0));
  const begun = await fetch(path, {method: 'POST', headers: {'Tus-Resumable': '1.0.0', 'Upload-Length': data.length,
    'Upload-Metadata': Object.entries(named).map(([name, value]) => `${name} ${encode(value)}`).join(',')}});
  const sent = await fetch(begun.headers.get('Location'), {method: 'PATCH', body: data, headers: {
    'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream'}});
  if (!sent.ok) throw new Error(`upload: ${sent.status} ${await sent.text()}`);
}"""


async def ask(person: Person, method: str, path: str, body: Any = None) -> Any:
    """As the person's own page would: with their cookie."""
    return await person.page.evaluate(ASK, [method, path, body])


async def upload(person: Person, data: bytes, **named: str) -> None:
    await person.page.evaluate(UPLOAD, [f"{API}/uploads", named, base64.b64encode(data).decode()])


def river(sky: str, water: str, bank: str) -> bytes:
    """A drawn photo: nobody's face, nobody's right."""
    picture = Image.new("RGB", (960, 720), sky)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((700, 80, 820, 200), fill="#ffe9a8")
    draw.polygon([(0, 420), (260, 230), (520, 420)], fill="#7b8f9a")
    draw.polygon([(330, 420), (640, 180), (960, 420)], fill="#93a7a5")
    draw.rectangle((0, 420, 960, 720), fill=bank)
    draw.polygon([(420, 420), (520, 420), (900, 720), (120, 720)], fill=water)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def day(days: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


def at_ms(days: int) -> int:
    return int((datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).timestamp() * 1000)


async def bring_to_life(ana: Person, marek: Person) -> list[Any]:
    """Returns the class cards of Ana's class, the words of which are shown this once."""
    cards = await bring_classes(ana, marek)
    await plan(ana, marek)
    await collect(ana, marek)
    await talk(ana, marek)
    return cards


async def bring_classes(ana: Person, marek: Person) -> list[Any]:
    made = []
    for teacher, names, named, language in ((ana, SPANISH, "6A", "es"), (marek, POLISH, "5b", "pl")):
        body = {"first_names": list(names), "class_name": named, "language": language, "twinspace_id": SPACE}
        made.append((await ask(teacher, "POST", "/api/v1/pupils", body))["cards"])
        sheet = await ask(teacher, "GET", f"{API}/consents")
        ids = [pupil["user_id"] for pupil in sheet["pupils"]]
        said = {"given_by": "guardian", "how": "paper", "given_on": day(-30), "of_age": False}
        for purposes, whom, granted in (
            (["account"], ids, True),
            (CONSENTED, ids[:-2], True),
            (["image_public"], ids[1:4], True),
            (["live_camera", "image_public"], ids[-1:], False),
        ):
            await ask(
                teacher,
                "POST",
                f"{API}/consents",
                {**said, "user_ids": whom, "purposes": [*purposes], "granted": granted},
            )
    cards: list[Any] = made[0]
    return cards


async def plan(ana: Person, marek: Person) -> None:
    teams = [
        await ask(ana, "POST", f"{API}/teams", {"title": title, "user_ids": [await user_id(ana), await user_id(marek)]})
        for title in ("Otters", "Herons")
    ]
    for title, state, begins, ends, text in (
        ("Meet our rivers", "done", -40, -20, "Each class shows its river to the other."),
        ("Measure the water", "running", -10, 12, "Level, temperature and colour, every Friday."),
        ("One exhibition in two towns", "planned", 20, 60, "What we found, on both schools' walls."),
    ):
        body = {"title": title, "text": text, "state": state, "starts_on": day(begins), "ends_on": day(ends)}
        body |= {"team_ids": [teams[0]["id"]], "content_ids": ["demo-document"]}
        await ask(ana, "POST", f"{API}/activities", body)
    for title, days, agenda in (
        ("Rivers that join us: first results", 1, "1. Hello\n2. What we measured\n3. Questions"),
    ):
        body = {"title": title, "agenda": agenda, "room_id": "demo-room", "time_zone": "Europe/Madrid"}
        body |= {"starts_at": f"{day(days)}T10:00", "ends_at": f"{day(days)}T10:45", "invited": {"everybody": True}}
        await ask(ana, "POST", f"{API}/meetings", body)
    body = {"title": "Ferie zimowe", "starts_on": day(15), "ends_on": day(24)}
    await ask(marek, "POST", f"{API}/calendar", body)


async def user_id(person: Person) -> str:
    found: str = (await ask(person, "GET", "/api/v1/me"))["id"]
    return found


async def collect(ana: Person, marek: Person) -> None:
    await upload(
        ana,
        river("#cfe6ef", "#2f7f93", "#8fae6b"),
        filename="river.jpg",
        title="The Guadalhorce in May",
        folder="Our rivers",
    )
    await upload(
        marek, river("#dfe3ea", "#5d7f98", "#e9eef2"), filename="wisla.jpg", title="Wisła zimą", folder="Our rivers"
    )
    link = {
        "kind": "link",
        "title": "River levels of Andalusia",
        "url": "https://levels.example/guadalhorce",
        "folder": "Our rivers",
    }
    await ask(ana, "POST", f"{API}/materials", {**link, "text": "Level on 4 May: 0.84 m. On 11 May: 0.61 m."})
    link = {"kind": "link", "title": "Poziom Wisły", "url": "https://poziom.example/wisla", "folder": "Our rivers"}
    await ask(marek, "POST", f"{API}/materials", link)
    entry = {
        "kind": "entry",
        "title": "A morning at the river mouth",
        "happened_at_ms": at_ms(-3),
        "folder": "In class",
    }
    await ask(ana, "POST", f"{API}/materials", {**entry, "text": "28 of us counted birds. Eleven kinds, forty herons."})
    await ask(ana, "POST", f"{API}/snapshots", {"title": "After the first month"})


async def talk(ana: Person, marek: Person) -> None:
    thread = {"title": "Which day suits both schools?", "text": "Our Fridays are free after ten."}
    thread_id = (await ask(ana, "POST", f"{API}/threads", thread))["thread"]["id"]
    post = {"client_post_id": "answer-1", "text": "Fridays are fine, at half past ten."}
    await ask(marek, "POST", f"/api/v1/threads/{thread_id}/posts", post)
    await ask(ana, "POST", f"{API}/debates", {"motion": "Rivers belong to everybody", "turn_s": 90})
    await ask(
        marek,
        "PUT",
        "/api/v1/me/profile",
        {
            "about": "Rivers, birds and radio with ten-year-olds.",
            "stages": ["primary"],
            "subjects": ["Biology"],
            "languages": ["pl", "en"],
            "is_listed": True,
        },
    )
    letter = {
        "user_ids": [await user_id(ana)],
        "client_message_id": "letter-1",
        "text": "Shall we prepare Friday together?",
    }
    await ask(marek, "POST", "/api/v1/conversations", letter)
