"""What the commands of the command line do."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crdt_docs.content import KINDS, Block
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from hub import __version__
from hub.app import RunningHub, start
from hub.auth import DAY_MS, SECRET_BYTES, TOKEN_DAYS, hash_login_secret, normalise_name, open_login
from hub.countries import CountriesError, read_countries
from hub.demo import HOW_TO_SIGN_IN
from hub.errors import HubError
from hub.identity_providers import ProvidersError
from hub.retention import count_over, read_rules
from hub.search_index import SearchIndex
from hub.settings import Settings
from hub.web_push import KEY_FILE
from storage import open_storage, ports
from storage.backup import write_backup
from storage.moderation_log import broken_at, read_chain
from storage.ports import Storage
from storage.records import Content, School, SchoolId, Service, Ticket, TwinspaceId, User, UserId
from storage.restore import unpack_backup
from storage.snapshots import verify


def run(name: str, options: dict[str, Any]) -> int:
    """Returns the exit status: 2 for a wrong setting, 1 for what can't be done."""
    try:
        return COMMANDS[name](options)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            setting = "_".join(str(part) for part in problem["loc"])
            print(f"hub: HUB_{setting.upper()}: {problem['msg']}", file=sys.stderr)
        return 2
    except (ports.StorageError, HubError, CountriesError, ProvidersError, OSError) as error:
        print(f"hub: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _read_settings(options: dict[str, Any]) -> Settings:
    """The command line goes before the environment, the environment before the defaults."""
    given = {name: value for name, value in options.items() if name in Settings.model_fields and value is not None}
    return Settings(**given)


def serve(options: dict[str, Any]) -> int:
    settings = _read_settings(options)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    if sys.platform == "win32":
        asyncio.run(_run_until_stopped(settings))
    else:
        import uvloop

        uvloop.run(_run_until_stopped(settings))
    return 0


def demo(options: dict[str, Any]) -> int:
    options["demo"] = True
    if options["data_dir"] is not None:
        return serve(options)
    with tempfile.TemporaryDirectory(prefix="twinspace-demo-") as folder:
        return serve({**options, "data_dir": Path(folder)})


async def _run_until_stopped(settings: Settings) -> None:
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    hub = await start(settings)
    # All that is loaded stays: the collector would walk it again and again, and hold everybody up for 150 ms each time.
    gc.collect()
    gc.freeze()
    _greet(hub, settings)
    try:
        await stopped.wait()
    finally:
        await hub.stop()


def _greet(hub: RunningHub, settings: Settings) -> None:
    print(f"TwinSpace Hub {__version__} is ready: {hub.context.settings.base_url}")
    if settings.demo:
        print(HOW_TO_SIGN_IN)
    sys.stdout.flush()


def token(options: dict[str, Any]) -> int:
    async def make() -> str:
        async with _Opened(_read_settings(options)) as storage:
            user = await _find_user(storage, options["user"])
            now_ms = time.time_ns() // 1_000_000
            _, secret = await open_login(storage, user, "token", days=TOKEN_DAYS, now_ms=now_ms)
            return secret

    print(asyncio.run(make()))
    return 0


def role(options: dict[str, Any]) -> int:
    async def change() -> None:
        async with _Opened(_read_settings(options)) as storage:
            user = await _find_user(storage, options["user"])
            twinspace_id = TwinspaceId(options["twinspace"])
            try:
                if options["role"] == "none":
                    await storage.twinspaces.remove_member(twinspace_id, user.id)
                else:
                    await storage.twinspaces.set_role(twinspace_id, user.id, options["role"])
            except ports.NotFound:
                raise ports.NotFound(f"{user.name} is not a member of the TwinSpace {twinspace_id}.") from None

    asyncio.run(change())
    return 0


def staff(options: dict[str, Any]) -> int:
    settings = _read_settings(options)
    level, country, region = options["level"], options["country"].upper(), options["region"]
    now_ms = time.time_ns() // 1_000_000
    if country not in read_countries(settings.countries_file).at(now_ms) and level != "central":
        raise CountriesError(f"{country} is not in the table of countries.")
    if (level == "regional") is not bool(region):
        raise CountriesError("A regional service needs --region, and the others have none.")

    async def make() -> str:
        async with _Opened(settings) as storage:
            found = await storage.services.find(level, country, region or None)
            service_id = found[0].id if found else SchoolId(secrets.token_urlsafe(12))
            if not found:
                name = options["service"] or " ".join(filter(None, (level.capitalize(), "service", country, region)))
                await storage.users.add_school(School(service_id, name, "", country, "star", region))
                await storage.services.add(Service(service_id, level))
            email = normalise_name(options["email"])
            user = User(
                UserId(secrets.token_urlsafe(12)),
                email,
                options["name"] or email.partition("@")[0],
                "staff",
                service_id,
                options["language"],
                now_ms,
                email=email,
            )
            try:
                await storage.users.add_user(user)
            except ports.Conflict:
                raise ports.Conflict(f"{email} has an account already.") from None
            secret = secrets.token_urlsafe(SECRET_BYTES)
            ticket = Ticket(hash_login_secret(secret), "reset_password", user.id, now_ms, now_ms + DAY_MS)
            await storage.proofs.add_ticket(ticket)
            return f"{settings.base_url}/new-password#secret={secret}"

    print(asyncio.run(make()))
    return 0


def factor(options: dict[str, Any]) -> int:
    async def reset() -> str:
        async with _Opened(_read_settings(options)) as storage:
            user, now_ms = await _find_user(storage, options["user"]), time.time_ns() // 1_000_000
            await storage.proofs.remove_second_factor(user.id)
            count = await storage.passkeys.remove_all(user.id)
            for login in await storage.logins.of_user(user.id):
                await storage.logins.revoke(login.id, now_ms)
            return f"The codes and {count} passkeys of {user.name} are gone, and all logins have ended."

    print(asyncio.run(reset()))
    return 0


def verify_snapshots(options: dict[str, Any]) -> int:
    async def walk() -> int:
        async with _Opened(_read_settings(options)) as storage:
            report = await verify(storage)
            broken = [
                each for each in await storage.moderation_log.chains() if broken_at(await read_chain(storage, each))
            ]
        for damage in report.damages:
            print(f"{damage.path}: {damage.reason}", file=sys.stderr)
        for twinspace_id in broken:
            print(f"moderation_log/{twinspace_id}: An entry was changed, or one is missing.", file=sys.stderr)
        redacted = f", {report.redaction_count} redacted" if report.redaction_count else ""
        damaged = len(report.damages) + len(broken)
        print(f"{report.snapshot_count} snapshots, {report.blob_count} blobs{redacted}, {damaged} damaged")
        return 0 if not damaged else 1

    return asyncio.run(walk())


KEYS = ("secret", KEY_FILE)
"""Files of the data folder without which cards, second factors and pushes of a restored hub would not work."""


def backup(options: dict[str, Any]) -> int:
    settings = _read_settings(options)
    if not settings.data_dir.is_dir():
        raise FileNotFoundError(f"There is no data folder {settings.data_dir}; tell where it is with --data-dir.")
    written = write_backup(
        sys.stdout.buffer if options["file"] == "-" else Path(options["file"]),
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        keys=KEYS,
        made_by=f"hub {__version__}",
        now_ms=time.time_ns() // 1_000_000,
    )
    print(f"{written.blob_count} blobs, {written.size_bytes} bytes", file=sys.stderr)
    for name in written.damaged:
        print(f"hub: {name} was damaged before; an older backup may have it.", file=sys.stderr)
    return 1 if written.damaged else 0


def restore(options: dict[str, Any]) -> int:
    settings = _read_settings(options)
    with sys.stdin.buffer if options["file"] == "-" else open(options["file"], "rb") as file:
        unpacked = unpack_backup(file, settings.data_dir, KEYS)
    try:
        unpacked.restore_rows(settings.database_url)
        unpacked.take_place(settings.data_dir)
    except BaseException:
        unpacked.discard()
        raise
    print(f"Restored as it was on {datetime.fromtimestamp(unpacked.made_at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC.")
    return verify_snapshots(options)


def reindex(options: dict[str, Any]) -> int:
    async def rebuild() -> None:
        async with _Opened(_read_settings(options)) as storage:
            await SearchIndex(storage, partial(_read_blocks, storage)).rebuild()

    asyncio.run(rebuild())
    return 0


async def _read_blocks(storage: Storage, content: Content) -> list[Block]:
    """Of the document as it is stored; a hub that runs beside may have it open."""
    stored = await storage.doc_log.load(content.id)
    entries = [entry.update for entry in stored.entries]
    doc = LiveDoc(Limits(), state=stored.state, entries=entries, writers=stored.writers, now_ms=0)
    return doc.read(KINDS[content.kind].blocks)


def show_retention(options: dict[str, Any]) -> int:
    settings = _read_settings(options)

    async def count() -> dict[str, int]:
        async with _Opened(settings) as storage:
            return await count_over(storage, settings.data_dir, time.time_ns() // 1_000_000)

    over = asyncio.run(count()) if options["dry_run"] else {}
    for kind, rule in read_rules().items():
        would_go = f"{over[kind]:>8} now   " if over else ""
        print(f"{kind:<16}{rule.days:>5} days   {would_go}after {rule.after}")
    return 0


def list_settings(options: dict[str, Any]) -> int:
    settings = Settings()
    for name, field in Settings.model_fields.items():
        current = getattr(settings, name)
        changed = "" if current == field.default else f"   (default: {field.default!s})"
        print(f"HUB_{name.upper()}={current}{changed}\n    {field.description}")
    return 0


class _Opened:
    """The storage of a data folder that is there, closed at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __aenter__(self) -> Storage:
        settings = self._settings
        if not settings.database_url and not settings.data_dir.is_dir():
            raise FileNotFoundError(f"There is no data folder {settings.data_dir}; tell where it is with --data-dir.")
        self._storage = await open_storage(
            data_dir=settings.data_dir, database_url=settings.database_url, redis_url=settings.redis_url
        )
        return self._storage

    async def __aexit__(self, *_: object) -> None:
        await self._storage.close()


async def _find_user(storage: Storage, name: str) -> User:
    try:
        return await storage.users.find_user(normalise_name(name))
    except ports.NotFound:
        raise ports.NotFound(f"There is no user {name}.") from None


COMMANDS: dict[str, Callable[[dict[str, Any]], int]] = {
    "serve": serve,
    "demo": demo,
    "token": token,
    "role": role,
    "staff": staff,
    "factor": factor,
    "verify": verify_snapshots,
    "backup": backup,
    "restore": restore,
    "reindex": reindex,
    "retention": show_retention,
    "settings": list_settings,
}
