"""The hub is away when a page is loaded: what the device has is there, and nothing of it once its person has gone."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import HubProcess

TWINSPACE, DOCUMENT = "Rivers that join us", "Our two rivers"
KEPT_PATHS = """async () => (await Promise.all((await caches.keys()).map(
  async (name) => (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname)))).flat()"""


ON_DISK = """async (text) => {
  const wanted = String.fromCharCode(...new TextEncoder().encode(text));
  for (const {name} of await indexedDB.databases()) {
    if (!name.startsWith('hub:')) continue;
    const opened = indexedDB.open(name);
    await new Promise((done) => (opened.onsuccess = done));
    const updates = opened.result.transaction('updates').objectStore('updates').getAll();
    await new Promise((done) => (updates.onsuccess = done));
    opened.result.close();
    if (updates.result.some((update) => String.fromCharCode(...update).includes(wanted))) return true;
  }
  return false;
}"""


async def until_kept(person: Person, *wanted: str) -> None:
    """The device has the page, the editor's part of it, and these answers of the hub."""

    async def is_kept() -> bool:
        kept = await person.page.evaluate(KEPT_PATHS)
        return {"/", *wanted} <= {*kept} and any("document_view" in path and path.endswith(".js") for path in kept)

    await person.until(is_kept, lambda: f"the page and {wanted} kept on the device")


async def write(person: Person, text: str) -> None:
    await person.sheet.click()
    await person.page.keyboard.press("ControlOrMeta+End")
    await person.page.keyboard.insert_text(text)


async def until_on_disk(person: Person, text: str) -> None:
    """What is typed is written to the device a moment later; a page that is loaded sooner may lose that moment."""

    async def is_there() -> bool:
        return bool(await person.page.evaluate(ON_DISK, text))

    await person.until(is_there, lambda: f"“{text}” on the device")


async def test_a_page_is_loaded_and_written_in_while_the_hub_is_away(person: People, hub: HubProcess) -> None:
    lucia, kuba = await person("Lucía", width=390, height=844, keeps_page=True), await person("Kuba")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for one in (lucia, kuba):
        await one.enter(TWINSPACE)
        await one.open(DOCUMENT)
    await write(lucia, " Con el hub.")
    await expect(kuba.sheet).to_contain_text("Con el hub.")
    space = lucia.page.url.split("/s/")[1].split("/")[0]
    await until_kept(lucia, "/api/v1/me", f"/api/v1/twinspaces/{space}", f"/api/v1/twinspaces/{space}/contents")

    await hub.stop()
    await lucia.page.reload(wait_until="domcontentloaded")
    await expect(lucia.page.get_by_role("heading", level=1, name=DOCUMENT)).to_be_visible()
    await expect(lucia.sheet).to_contain_text("Con el hub.")
    await expect(lucia.page.get_by_text(lucia.words("offline_bar"))).to_be_visible()
    assert await lucia.axe() == []
    await write(lucia, " Sin el hub.")
    await expect(lucia.page.get_by_text(lucia.words("doc_kept_here")).first).to_be_visible()
    await until_on_disk(lucia, "Sin el hub.")
    # The other way in without the hub: from the desk.
    await lucia.page.goto("/desk", wait_until="domcontentloaded")
    await lucia.enter(TWINSPACE)
    await lucia.open(DOCUMENT)
    await expect(lucia.sheet).to_contain_text("Sin el hub.")

    await hub.start()
    await expect(kuba.sheet).to_contain_text("Con el hub. Sin el hub.")
    await expect(lucia.page.get_by_text(lucia.words("offline_bar"))).to_have_count(0)

    # Laptops are shared: who has signed out leaves nothing to who comes next.
    await lucia.page.locator("[popovertarget=account]").click()
    await lucia.button("sign_out").click()
    await lucia.page.wait_for_url("**/sign-in")
    path = f"/s/{space}"
    await hub.stop()
    await lucia.page.goto(path, wait_until="domcontentloaded")
    await expect(lucia.page.get_by_text(lucia.words("no_hub"))).to_be_visible()
    kept = await lucia.page.evaluate(KEPT_PATHS)
    assert not [each for each in kept if each.startswith("/api/")]
    assert lucia.complaints == kuba.complaints == []
