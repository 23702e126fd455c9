"""Who are you: passwords, class cards and the secrets of logins. What you may do is `hub.access`.

Nothing stored can be turned back into a secret: passwords are argon2id hashes, login secrets SHA-256 (they are random,
256 bits), class card words an HMAC with a key that lies outside the database, which also encrypts second factors.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.class_keys import normalise, readings
from hub.context import NEVER
from hub.errors import NotSignedIn, TooMany, WrongSecret
from hub.rate_limits import TRIES_FORGOTTEN_AFTER_MS, SignInDelays, WrongTries
from storage import ports
from storage.folders import sync_folder
from storage.ports import Storage
from storage.records import Login, LoginId, LoginKind, SignInWay, User, UserId

Result = TypeVar("Result")

DAY_MS = 24 * 60 * 60 * 1000
TOKEN_DAYS = 365
SECRET_BYTES = 32
MAX_WAITING_HASHES = 100
"""Sign-ins that wait for a hashing thread. Two threads hash about 60 a second; more than this is told to come back."""

CARD_PAUSES_S = ((200, 2.0), (50, 1.0), (10, 0.2))
"""After so many wrong cards from one address in ten minutes, cards from there are tried one after the other, with this
pause before each. Nobody is locked out: of a class behind one address everybody gets in within a minute."""
WRONG_CARDS_IN_THE_HUB = 1_000
HUB_PAUSE_S = 0.2
"""While many addresses guess together, every card of the hub takes its turn: five a second."""
MAX_WAITING_CARDS = 100
MAX_ADDRESSES = 10_000


@dataclass(slots=True)
class _Lane:
    wrong: WrongTries = field(default_factory=WrongTries)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    last_at_ms: int = 0

    @asynccontextmanager
    async def slowly(self, pause_s: float) -> AsyncIterator[None]:
        """One after the other, a pause before each. Raise TooMany when too many wait already."""
        if pause_s == 0:
            yield
            return
        if self.waiting >= MAX_WAITING_CARDS:
            raise TooMany(retry_after_ms=10_000)
        self.waiting += 1
        try:
            async with self.turn:
                await asyncio.sleep(pause_s)
        finally:
            self.waiting -= 1
        yield


class CardTurns:
    """Slows down the trying of class cards, by address and in the whole hub."""

    def __init__(self) -> None:
        self._hub = _Lane()
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, address: str, now_ms: int) -> AsyncIterator[None]:
        """Try one card inside; WrongSecret that comes out of it is counted."""
        lane = self._lane(address, now_ms)
        wrong = lane.wrong.count(now_ms)
        pause_s = next((pause for limit, pause in CARD_PAUSES_S if wrong >= limit), 0.0)
        hub_pause_s = HUB_PAUSE_S if self._hub.wrong.count(now_ms) >= WRONG_CARDS_IN_THE_HUB else 0.0
        async with lane.slowly(pause_s), self._hub.slowly(hub_pause_s):
            try:
                yield
            except WrongSecret:
                lane.wrong.add(now_ms)
                self._hub.wrong.add(now_ms)
                raise

    def _lane(self, address: str, now_ms: int) -> _Lane:
        if address not in self._lanes and len(self._lanes) >= MAX_ADDRESSES:
            quiet_since_ms = now_ms - TRIES_FORGOTTEN_AFTER_MS
            self._lanes = {
                known: lane for known, lane in self._lanes.items() if lane.waiting or lane.last_at_ms > quiet_since_ms
            }
        lane = self._lanes.setdefault(address, _Lane())
        lane.last_at_ms = now_ms
        return lane


class Auth:
    """The part of signing in that has state: the hashing threads, the key of the class cards, the delays."""

    def __init__(self, class_card_key: bytes) -> None:
        self._class_card_key = class_card_key
        self._sealing = AESGCM(hmac.digest(class_card_key, b"second factors", hashlib.sha256))
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
        self._waiting = 0
        # Verified when the name is unknown, so that the answer takes as long as for a known one.
        self._nobody_hash = self._hasher.hash(secrets.token_hex(8))
        self._delays = SignInDelays()
        self._card_turns = CardTurns()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash_password(self, password: str) -> str:
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def sign_in_with_password(self, storage: Storage, name: str, password: str, now_ms: int) -> User:
        """Raise WrongSecret, the same and as slowly for an unknown name; TooMany while the name has to wait."""
        name = normalise_name(name)
        wait_ms = self._delays.wait_ms(name, now_ms)
        if wait_ms:
            seconds = -(-wait_ms // 1000)
            raise TooMany(
                f"There were several wrong tries for this name. Wait {seconds} seconds and try again.",
                field="name",
                retry_after_ms=wait_ms,
            )
        user, stored = await self._find(storage, name)
        fits = await self._in_thread(lambda: self._verify(stored or self._nobody_hash, password))
        if user is None or stored is None or not fits:
            self._delays.failed(name, now_ms)
            raise WrongSecret
        self._delays.succeeded(name)
        return user

    async def sign_in_with_class_card(self, storage: Storage, typed: str, now_ms: int, address: str = "") -> User:
        """Raise WrongSecret, slowly after many wrong tries from the same address; TooMany when too many wait there."""
        async with self._card_turns.turn(address, now_ms):
            literal, *others = [self._key_hash(reading) for reading in readings(typed)]
            try:
                return await storage.users.find_by_class_key(literal)
            except ports.NotFound:
                meant = await storage.users.find_by_class_keys(others) if others else []
            # Whoever types something between two pupils' cards is neither of them.
            if len(meant) != 1:
                raise WrongSecret
            return meant[0]

    @contextmanager
    def counting_codes(self, user_id: UserId, now_ms: int) -> Iterator[None]:
        """Try one code inside; WrongSecret that comes out of it is counted. Raise TooMany while one has to wait."""
        key = f"code of {user_id}"
        if wait_ms := self._delays.wait_ms(key, now_ms):
            raise TooMany(field="code", retry_after_ms=wait_ms)
        try:
            yield
        except WrongSecret:
            self._delays.failed(key, now_ms)
            raise
        self._delays.succeeded(key)

    def seal(self, secret: bytes, user_id: UserId) -> bytes:
        """Encrypt for the database (AES-GCM), bound to the user: a secret can't be put under another's name."""
        nonce = secrets.token_bytes(12)
        return nonce + self._sealing.encrypt(nonce, secret, user_id.encode())

    def unseal(self, sealed: bytes, user_id: UserId) -> bytes:
        """Raise InvalidTag when the key in the data folder is another one."""
        return self._sealing.decrypt(sealed[:12], sealed[12:], user_id.encode())

    def sign(self, said: str) -> str:
        """That the hub said it; for what is handed to people who hold a link."""
        return hmac.digest(self._class_card_key, b"said " + said.encode(), hashlib.sha256).hex()[:43]

    def has_signed(self, said: str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(said).encode(), signature.encode())

    def recovery_hash(self, code: str) -> bytes:
        return hmac.digest(self._class_card_key, b"recovery " + code.encode(), hashlib.sha256)

    def class_card_hash(self, key: str) -> bytes:
        return self._key_hash(normalise(key))

    def _key_hash(self, normalised: str) -> bytes:
        return hmac.digest(self._class_card_key, normalised.encode(), hashlib.sha256)

    async def _find(self, storage: Storage, name: str) -> tuple[User | None, str | None]:
        try:
            user = await storage.users.find_user(name)
        except ports.NotFound:
            return None, None
        return user, await storage.users.password_hash(user.id)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MAX_WAITING_HASHES:
            raise TooMany(retry_after_ms=2_000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def normalise_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()


def read_class_card_key(data_dir: Path) -> bytes:
    """The key in `data_dir/secret`, made at the first start, readable by the owner only."""
    path = data_dir / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f"secret.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        # link() refuses to replace: of two processes that start at once one key wins, for both.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    # Cards are printed with it and factors sealed: who was told so must find the same key after a power cut.
    sync_folder(data_dir)
    return path.read_bytes()


def hash_login_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def open_login(
    storage: Storage,
    user: User,
    kind: LoginKind,
    *,
    days: int,
    now_ms: int,
    way: SignInWay = "token",
    device: str = "",
    is_whole: bool = True,
    until_ms: int | None = None,
) -> tuple[Login, str]:
    """Store a new login and return it with its secret, which is never to be had again.

    Unless it is whole, it is good for giving the second factor alone. It ends at `until_ms` if that comes first.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    login = Login(
        id=LoginId(secrets.token_urlsafe(12)),
        user_id=user.id,
        kind=kind,
        secret_hash=hash_login_secret(secret),
        created_at_ms=now_ms,
        expires_at_ms=min(now_ms + days * DAY_MS, until_ms or NEVER),
        way=way,
        device=device,
        last_used_at_ms=now_ms,
        second_factor_at_ms=now_ms if is_whole else None,
    )
    await storage.logins.add(login)
    return login, secret


def is_half(login: Login) -> bool:
    """Whether the login still lacks the second factor that its account demands."""
    return login.kind == "browser" and login.way != "token" and login.second_factor_at_ms is None


async def access_login(storage: Storage, secret: str | None, now_ms: int) -> tuple[Login, User]:
    """Who holds this secret. Raise NotSignedIn for none, a wrong, an expired or a revoked one."""
    if not secret:
        raise NotSignedIn
    try:
        login = await storage.logins.find(hash_login_secret(secret))
    except ports.NotFound:
        raise NotSignedIn from None
    if login.revoked_at_ms is not None or login.expires_at_ms <= now_ms:
        raise NotSignedIn
    user = await storage.users.get_user(login.user_id)
    if user.state == "closed":
        raise NotSignedIn
    return login, user
