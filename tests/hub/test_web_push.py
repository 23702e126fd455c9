"""Web push: what leaves the hub can be opened by the browser alone, says no more than a kind, and goes where it may."""

from __future__ import annotations

import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec

from hub.errors import Invalid, Unavailable
from hub.notices import notify
from hub.postman import Postman
from hub.web_push import WebPush, read_push_key
from tests.hub.push_service import CURVE, PushService, decode, open_message, open_push_service
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    async with open_push_service() as opened:
        yield opened


@pytest.fixture
def push(service: PushService, tmp_path: Path) -> WebPush:
    return WebPush(read_push_key(tmp_path), service.url, "mailto:hub@hub.example")


async def test_the_reader_is_that_of_the_standard() -> None:
    """RFC 8291, appendix A."""
    key = ec.derive_private_key(int.from_bytes(decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), CURVE)
    body = decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    text = b"When I grow up, I want to be a watermelon"
    assert open_message(body, key, decode("BTBZMqHH6r4Tts7J_aSIgg")) == text


async def test_a_browser_opens_what_the_hub_sends_and_the_service_knows_the_hub(
    service: PushService, push: WebPush
) -> None:
    assert await push.send(**service.subscription, data=b'{"kind":"plan"}', life_s=60) == "sent"
    assert service.texts() == [{"kind": "plan"}]
    headers, body = service.came[0]
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "60") and b"plan" not in body
    claims = service.check_vapid(push.public_key)
    assert (claims["aud"], claims["sub"]) == (service.url, "mailto:hub@hub.example")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_told_apart(service: PushService, push: WebPush, status: int) -> None:
    service.answers = [status]
    assert await push.send(**service.subscription, data=b"{}", life_s=60) == "gone"


@pytest.mark.parametrize("status", [302, 429, 500])
async def test_a_service_that_has_no_time_is_asked_again_and_never_followed_elsewhere(
    service: PushService, push: WebPush, status: int
) -> None:
    service.answers = [status]
    with pytest.raises(Unavailable):
        await push.send(**service.subscription, data=b"{}", life_s=60)
    assert len(service.came) == 1


async def test_a_service_that_is_away_is_asked_again_and_its_address_is_in_no_log(service: PushService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        push = WebPush(ec.generate_private_key(ec.SECP256R1()), url, "mailto:hub@hub.example")
        subscription = {**service.subscription, "endpoint": f"{url}/as-good-as-a-key"}
        with pytest.raises(Unavailable) as refused:
            await push.send(**subscription, data=b"{}", life_s=60)
    assert "as-good-as-a-key" not in str(refused.value)


async def test_only_services_that_the_operator_listed_are_called(tmp_path: Path) -> None:
    push = WebPush(read_push_key(tmp_path), "push.example, .browser.example", "mailto:a@b")
    for endpoint in ("https://push.example/1", "https://eu.browser.example/1"):
        push.check_endpoint(endpoint)
    for endpoint in (
        "http://push.example/1",
        "https://push.example.evil.example/1",
        "https://evilbrowser.example/1",
        "https://127.0.0.1/1",
        "https://push.example@127.0.0.1/1",
        "https:///1",
    ):
        with pytest.raises(Invalid):
            push.check_endpoint(endpoint)
    assert not WebPush(read_push_key(tmp_path), "", "mailto:a@b").is_on


async def test_keys_that_are_no_keys_are_as_good_as_gone(service: PushService, push: WebPush) -> None:
    broken = {**service.subscription, "p256dh": "B" * 87}
    assert await push.send(**broken, data=b"{}", life_s=60) == "gone"


async def test_the_hub_keeps_its_key_to_itself(tmp_path: Path) -> None:
    first, again = read_push_key(tmp_path), read_push_key(tmp_path)
    assert first.private_numbers() == again.private_numbers()
    assert stat.S_IMODE((tmp_path / "push.key").stat().st_mode) == 0o600


async def test_a_notice_reaches_the_browser_without_a_name_and_ends_with_the_login(
    world: World, service: PushService, push: WebPush, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, teacher = world.hub.context, world.teacher
    assert teacher.user is not None
    monkeypatch.setattr(context, "web_push", push)
    monkeypatch.setattr(context, "settings", context.settings.model_copy(update={"push_services": service.url}))
    assert (await teacher.get("/api/v1/me/preferences"))["push_key"] == push.public_key
    assert (await teacher.call("POST", "/api/v1/me/push", service.subscription)).status == 204
    elsewhere = {**service.subscription, "endpoint": "https://elsewhere.example/1"}
    assert (await teacher.call("POST", "/api/v1/me/push", elsewhere)).body["field"] == "endpoint"
    always = {
        "time_zone": "",
        "digest": "off",
        "quiet_from": "00:00",
        "quiet_until": "00:00",
        "school_days_only": False,
        "kinds": {},
    }
    assert (await teacher.call("PUT", "/api/v1/me/preferences", always)).status == 200
    postman = Postman(context, push)

    async def tell(subject: str) -> None:
        details = {"title": "Lucía's secret", "by": "Ana"}
        await notify(context, [teacher.user.id], "meeting_planned", subject_id=subject, details=details)  # type: ignore[union-attr]
        while await postman.deliver():
            pass

    await tell("one")
    assert service.texts() == [{"kind": "meeting_planned"}]
    service.answers = [410]
    await tell("two")
    await tell("three")
    assert len(service.came) == 2
    assert (await teacher.call("POST", "/api/v1/me/push", service.subscription)).status == 204
    await teacher.call("POST", "/api/v1/logout", {})
    await tell("four")
    assert len(service.came) == 2
