"""The command line: `hub serve`, `hub demo`, `hub token`, `hub role`, `hub verify`, `hub settings`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from hub import __version__
from hub.app import RunningHub, start
from hub.auth import TOKEN_DAYS, normalise_name, open_login
from hub.demo import HOW_TO_SIGN_IN
from hub.settings import Settings
from storage import open_storage, ports
from storage.ports import Storage
from storage.records import Role, TwinspaceId
from storage.snapshots import verify

DESCRIPTION = "TwinSpace Hub: the place where twinned schools meet, write and keep what they made together."
EXAMPLES = """\
examples:
  hub demo                              try it: a hub with two schools, in a folder that is thrown away
  hub serve                             run a hub on http://localhost:8080, its data in ./data
  hub serve --host 0.0.0.0 --port 80    the same, for everybody in the network
  hub token teacher.es                  a token for scripts:
      curl -H "Authorization: Bearer $(hub token teacher.es)" http://localhost:8080/api/v1/twinspaces
  hub role pupil.es ID visitor          change somebody's role in a TwinSpace, also while the hub runs
  hub verify                            check every snapshot ever taken, bit by bit
  hub settings                          everything that can be set, e.g. HUB_DATA_DIR=/srv/hub hub serve
"""


def main(arguments: list[str] | None = None) -> None:
    options = vars(_parser().parse_args(arguments))
    command = options.pop("command")
    try:
        sys.exit(command(options))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"])
            print(f"hub: HUB_{name.upper()}: {problem['msg']}", file=sys.stderr)
        sys.exit(2)
    except (ports.StorageError, OSError) as error:
        print(f"hub: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hub", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"hub {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="run the hub until Ctrl-C", description="Run the hub until Ctrl-C.")
    _add_address(serve)
    _add_data_dir(serve)
    serve.add_argument("--demo", action="store_const", const=True, help="fill it with two schools to play with")
    serve.set_defaults(command=_serve)

    demo = commands.add_parser(
        "demo", help="try it out: a hub with two schools", description="Run a hub with two schools to play with."
    )
    _add_address(demo)
    demo.add_argument("--data-dir", type=Path, help="keep the data here; without it, it is thrown away at the end")
    demo.set_defaults(command=_demo)

    token = commands.add_parser(
        "token", help="print a token for scripts", description=f"Print a bearer token, good for {TOKEN_DAYS} days."
    )
    token.add_argument("user", metavar="USER", help="the name the user signs in with, e.g. teacher.es")
    _add_data_dir(token)
    token.set_defaults(command=_token)

    role = commands.add_parser(
        "role",
        help="change or take away somebody's role in a TwinSpace",
        description="Change or take away somebody's role. It acts on a running hub within a second.",
    )
    role.add_argument("user", metavar="USER", help="the name the user signs in with")
    role.add_argument("twinspace", metavar="TWINSPACE", help="the TwinSpace's id, as in its address")
    role.add_argument("role", metavar="ROLE", choices=[*get_args(Role), "none"], help="%(choices)s")
    _add_data_dir(role)
    role.set_defaults(command=_role)

    verify = commands.add_parser(
        "verify",
        help="check every snapshot",
        description="Walk every chain of snapshots. Ends with 1 and the path of the damaged file if a bit changed.",
    )
    _add_data_dir(verify)
    verify.set_defaults(command=_verify)

    settings = commands.add_parser("settings", help="list every setting", description="Every setting and its value.")
    settings.set_defaults(command=_settings)
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="TCP port (8080); 0 takes a free one")


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (./data)")


def _read_settings(options: dict[str, Any]) -> Settings:
    """The command line goes before the environment, the environment before the defaults."""
    given = {name: value for name, value in options.items() if name in Settings.model_fields and value is not None}
    return Settings(**given)


def _serve(options: dict[str, Any]) -> int:
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


def _demo(options: dict[str, Any]) -> int:
    options["demo"] = True
    if options["data_dir"] is not None:
        return _serve(options)
    with tempfile.TemporaryDirectory(prefix="twinspace-demo-") as folder:
        return _serve({**options, "data_dir": Path(folder)})


async def _run_until_stopped(settings: Settings) -> None:
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    hub = await start(settings)
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


def _token(options: dict[str, Any]) -> int:
    async def make() -> str:
        async with _Opened(_read_settings(options)) as storage:
            user = await _find_user(storage, options["user"])
            now_ms = time.time_ns() // 1_000_000
            _, secret = await open_login(storage, user, "token", days=TOKEN_DAYS, now_ms=now_ms)
            return secret

    print(asyncio.run(make()))
    return 0


def _role(options: dict[str, Any]) -> int:
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


def _verify(options: dict[str, Any]) -> int:
    async def walk() -> int:
        async with _Opened(_read_settings(options)) as storage:
            report = await verify(storage)
        for damage in report.damages:
            print(f"{damage.path}: {damage.reason}", file=sys.stderr)
        print(f"{report.snapshot_count} snapshots, {report.blob_count} blobs, {len(report.damages)} damaged")
        return 0 if report.is_intact else 1

    return asyncio.run(walk())


def _settings(options: dict[str, Any]) -> int:
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


async def _find_user(storage: Storage, name: str) -> Any:
    try:
        return await storage.users.find_user(normalise_name(name))
    except ports.NotFound:
        raise ports.NotFound(f"There is no user {name}.") from None


if __name__ == "__main__":
    main()
