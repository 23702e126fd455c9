"""A private PostgreSQL and a private Redis, started once for the tests that ask for them, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

START_TIMEOUT_S = 120


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program(name: str, package: str) -> str:
    """Where the program is; fails the test, with the package to install, when it is nowhere."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, newest_first), None)
    if found is None:
        pytest.fail(f"These tests need {name}: install the package {package} (apt-get install {package}).")
    return found


def _postgres_user() -> str | None:
    """PostgreSQL refuses to run as root; its package brings a user for it."""
    return "postgres" if os.geteuid() == 0 else None


def _wait_for_port(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"{process.args!r} did not start:\n{output.read_text()}")


class Service:
    """A server process of our own that a test may stop, pause and start again."""

    def __init__(self, command: list[str], port: int, output: Path, *, user: str | None = None) -> None:
        self.port = port
        self._user = user
        self._command = command
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._output.open("ab") as output:
            # A session of its own: a Ctrl-C meant for pytest ends the tests first, then the fixture ends this.
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self._user,
                group=self._user,
                cwd=self._output.parent,
            )
        _wait_for_port(self.port, self._process, self._output)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self.resume()
            self._process.send_signal(how)
            self._process.wait(START_TIMEOUT_S)
            self._process = None

    def pause(self) -> None:
        self._signal_family(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_family(signal.SIGCONT)

    def _signal_family(self, number: signal.Signals) -> None:
        """PostgreSQL's children have sessions of their own, so a signal to the group would not reach them."""
        assert self._process is not None
        family = [self._process.pid]
        for pid in family:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                family += map(int, task.read_text().split())
        for pid in family:
            os.kill(pid, number)


@dataclass(frozen=True)
class Postgres:
    service: Service

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.service.port}/postgres"

    def new_database(self, template: str = "template1") -> str:
        """The URL of a copy of the database `template`, to which nobody may be connected; without one it is empty."""
        name = f"hub_{secrets.token_hex(8)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://postgres@127.0.0.1:{self.service.port}/{name}"

    def wait_until_ready(self) -> None:
        """The port answers before the server has recovered from a crash."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                return self.run("SELECT 1")
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def run(self, statement: str) -> None:
        psql = [_program("psql", "postgresql"), "--quiet", "--no-psqlrc", self.admin_url, "--command", statement]
        subprocess.run(psql, check=True, capture_output=True, timeout=START_TIMEOUT_S)


def start_postgres(folder: Path, *, fsync: bool) -> Service:
    """Without `fsync` it loses what the machine loses; a killed server loses nothing either way."""
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    user = _postgres_user()
    initdb = [_program("initdb", "postgresql"), "--pgdata", str(data), "--auth=trust", "--username=postgres"]
    subprocess.run(
        [*initdb, "--encoding=UTF8", "--no-locale", "--no-sync"],
        check=True,
        capture_output=True,
        timeout=START_TIMEOUT_S,
        cwd=folder,
        user=user,
        group=user,
    )
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "on" if fsync else "off",
    }
    options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    command = [_program("postgres", "postgresql"), "-D", str(data), *options]
    service = Service(command, port, folder / "postgres.log", user=user)
    service.start()
    return service


def start_redis(folder: Path) -> Service:
    port = _free_port()
    command = [_program("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    service = Service([*command, "--save", "", "--dir", str(folder)], port, folder / "redis.log")
    service.start()
    return service


@pytest.fixture(scope="session")
def services_folder() -> Iterator[Path]:
    # Not pytest's own folder, into which the user postgres may not look.
    with tempfile.TemporaryDirectory(prefix="hub-services-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(services_folder: Path) -> Iterator[Postgres]:
    folder = services_folder / "postgres"
    folder.mkdir()
    # A database for each test: dropping one syncs everything, which takes seconds on a busy disk.
    service = start_postgres(folder, fsync=False)
    server = Postgres(service)
    server.wait_until_ready()
    yield server
    service.stop(signal.SIGQUIT)  # Nobody needs its data any more.


@pytest.fixture
def own_postgres(services_folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL that the test may hurt."""
    folder = Path(tempfile.mkdtemp(dir=services_folder))
    os.chmod(folder, 0o755)
    server = Postgres(start_postgres(folder, fsync=True))
    server.wait_until_ready()
    yield server
    server.service.stop(signal.SIGQUIT)


@pytest.fixture(scope="session")
def redis_server(services_folder: Path) -> Iterator[Service]:
    folder = services_folder / "redis"
    folder.mkdir()
    service = start_redis(folder)
    yield service
    service.stop()


@pytest.fixture
def redis_url(redis_server: Service) -> str:
    return f"redis://127.0.0.1:{redis_server.port}/0"
