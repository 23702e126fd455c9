"""Planning in the browsers of two teachers and a pupil, with a picture of each screen; a desk that follows."""

from __future__ import annotations

import datetime
import re

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_founding import LIGHT, PHONE, look_at
from tests.browser.test_screens import SPACE, visit

TOMORROW = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()


def field(person: Person, key: str) -> object:
    return person.page.get_by_role("dialog").get_by_label(person.words(key), exact=True)


async def fill(person: Person, key: str, text: str) -> None:
    await person.page.get_by_role("dialog").get_by_label(person.words(key), exact=True).fill(text)


async def press(person: Person, key: str) -> None:
    await person.page.get_by_role("dialog").get_by_role("button", name=person.words(key), exact=True).click()


async def change(person: Person, title: str) -> None:
    row = person.page.get_by_role("listitem").filter(has_text=title)
    await row.get_by_role("button", name=person.words("plan_change")).click()


async def push_arrives(person: Person) -> None:
    """The worker shows a push in words, though it brings none. The browser itself plays the push service."""
    await person.page.context.grant_permissions(["notifications"])
    debugger = await person.page.context.new_cdp_session(person.page)
    found: list[str] = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated",
        # The page's own worker is another one.
        lambda event: found.extend(
            each["registrationId"] for each in event["registrations"] if each["scopeURL"].endswith("/push/")
        ),
    )
    await debugger.send("ServiceWorker.enable")
    await person.page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.register('/push_worker.js', { scope: '/push/' });
          const worker = registration.installing ?? registration.waiting ?? registration.active;
          while (worker.state !== 'activated')
            await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
          const words = { title: 'TwinSpace', meeting_soon: 'Zaraz spotkanie', lang: 'pl' };
          await (await caches.open('push-words')).put('/push-words', new Response(JSON.stringify(words)));
        }"""
    )
    assert found
    origin = await person.page.evaluate("location.origin")
    push = {"origin": origin, "registrationId": found[0], "data": '{"kind":"meeting_soon"}'}
    await debugger.send("ServiceWorker.deliverPushMessage", push)
    shown = await person.page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.getRegistration('/push/');
          for (;;) {
            const [shown] = await registration.getNotifications();
            if (shown) return [shown.title, shown.body, shown.tag];
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }"""
    )
    assert shown == ["TwinSpace", "Zaraz spotkanie", "meeting_soon"]


async def test_two_schools_plan_together_and_their_desks_follow(person: People) -> None:
    ana, marek, lucia = await person("Ana"), await person("Marek", keeps_page=True), await person("Lucía")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await visit(ana, f"{SPACE}/plan")
    await visit(lucia, f"{SPACE}/plan")

    await ana.button("plan_teams").click()
    await press(ana, "plan_new_team")
    await fill(ana, "plan_team_title", "Nutrias")
    for name in ("Ana Ruiz", "Lucía"):
        await ana.page.get_by_role("dialog").get_by_role("checkbox", name=name).check()
    faults = await look_at(ana, "plan_team", LIGHT)
    await press(ana, "plan_keep")
    await expect(ana.page.get_by_role("dialog").locator("strong", has_text="Nutrias")).to_be_visible()
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("close")).last.click()

    await ana.button("plan_new_activity").click()
    await fill(ana, "plan_field_title", "Dibujar los ríos")
    await fill(ana, "plan_field_text", "Cada clase dibuja su río.")
    await ana.page.get_by_role("dialog").get_by_role("checkbox", name="Nutrias").check()
    faults += await look_at(ana, "plan_activity", LIGHT) + await look_at(ana, "plan_activity", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await press(ana, "plan_keep")
    # The pupil's page shows it without being asked again, and lets her change nothing.
    await expect(lucia.page.get_by_role("heading", name="Dibujar los ríos")).to_be_visible()
    await expect(lucia.page.get_by_role("button", name=lucia.words("plan_change"))).to_have_count(0)

    # Both open it; Marek is quicker, and nothing of either is lost.
    await visit(marek, f"{SPACE}/plan")
    await change(ana, "Dibujar los ríos")
    await change(marek, "Dibujar los ríos")
    await fill(marek, "plan_field_title", "Rysujemy rzeki")
    await press(marek, "plan_keep")
    await expect(marek.page.get_by_role("heading", name="Rysujemy rzeki")).to_be_visible()
    await fill(ana, "plan_field_text", "Con lápices.")
    await press(ana, "plan_keep")
    await expect(ana.page.get_by_role("dialog").get_by_text(ana.words("plan_stale_merged"))).to_be_visible()
    await expect(field(ana, "plan_field_title")).to_have_value("Rysujemy rzeki")  # type: ignore[arg-type]
    await expect(field(ana, "plan_field_text")).to_have_value("Con lápices.")  # type: ignore[arg-type]
    faults += await look_at(ana, "plan_both", LIGHT)
    await press(ana, "plan_keep")
    await expect(marek.page.get_by_text("Con lápices.")).to_be_visible()

    # A meeting comes onto Marek's desk and into his bell while he looks on.
    await visit(marek, "/desk")
    await ana.button("plan_new_meeting").click()
    await fill(ana, "plan_field_title", "Dos ríos, dos ciudades")
    await fill(ana, "plan_day", TOMORROW)
    faults += await look_at(ana, "plan_meeting", LIGHT) + await look_at(ana, "plan_meeting", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await press(ana, "plan_invite")
    soon = marek.page.get_by_role("region", name=marek.words("desk_soon"))
    await expect(soon.get_by_text("Dos ríos, dos ciudades")).to_be_visible()
    faults += await look_at(marek, "teacher_desk_live", LIGHT)
    bell = marek.page.get_by_role("button", name=marek.pattern("notices_unread"))
    await bell.press("Enter")
    await expect(marek.page.get_by_role("link", name=re.compile("Dos ríos"))).to_have_count(2)
    faults += await look_at(marek, "notices", LIGHT)
    await marek.button("notices_read_all").click()
    await expect(marek.page.get_by_role("button", name=marek.words("notices"), exact=True)).to_be_visible()
    await marek.page.keyboard.press("Escape")
    await push_arrives(marek)

    # Every week but on a day on which nobody has lessons: the dialog says which, and it is planned all the same.
    year = datetime.date.today().year + 1
    await ana.button("plan_new_meeting").click()
    await fill(ana, "plan_field_title", "Charla semanal")
    await fill(ana, "plan_day", f"{year}-04-24")
    await ana.page.get_by_role("dialog").get_by_role("checkbox", name=ana.words("plan_every_week")).check()
    await fill(ana, "plan_every_week_until", f"{year}-05-08")
    faults += await look_at(ana, "plan_series", LIGHT) + await look_at(ana, "plan_series", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await press(ana, "plan_invite")
    left_out = ana.page.get_by_role("dialog").get_by_role("status").get_by_role("listitem")
    await expect(left_out).to_have_count(1)
    await expect(left_out).to_contain_text("Fiesta del Trabajo")
    faults += await look_at(ana, "plan_series_left_out", LIGHT)
    await press(ana, "plan_series_close")
    await expect(ana.page.get_by_role("heading", name="Charla semanal")).to_have_count(2)

    for look, name in ((LIGHT, "plan"), (PHONE, "plan")):
        faults += await look_at(ana, name, look)
    await ana.button("plan_as_month").click()
    await expect(ana.page.get_by_role("table")).to_be_visible()
    faults += await look_at(ana, "plan_month", PHONE) + await look_at(ana, "plan_month", LIGHT)
    await ana.button("plan_as_week").click()
    faults += await look_at(ana, "plan_week", LIGHT)

    await visit(ana, "/account")
    await ana.button("feed_make").click()
    await expect(ana.page.get_by_label(ana.words("feed_url"))).to_have_value(re.compile(r"/calendar/.+/meetings\.ics$"))
    faults += await look_at(ana, "told", PHONE)
    assert faults == []
    for each in (ana, marek, lucia):
        assert each.complaints == []
