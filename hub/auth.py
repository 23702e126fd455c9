"""Who are you: passwords, class cards and the secrets of logins. What you may do is `hub.access`.

Nothing stored can be turned back into a secret: passwords are argon2id hashes, login secrets SHA-256 (they are random,
256 bits), class card words an HMAC with a key that lies outside the database.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hub.errors import NotSignedIn, TooMany, WrongSecret
from hub.rate_limits import SignInDelays, WrongTries
from storage import ports
from storage.ports import Storage
from storage.records import Login, LoginId, LoginKind, User

Result = TypeVar("Result")

DAY_MS = 24 * 60 * 60 * 1000
TOKEN_DAYS = 365
SECRET_BYTES = 32
MAX_WAITING_HASHES = 100
"""Sign-ins that wait for a hashing thread. Two threads hash about 60 a second; more than this is told to come back."""

CLASS_WORDS = tuple(files("hub").joinpath("class_words.txt").read_text("utf-8").split())
WORDS_PER_CARD = 3
WRONG_CARDS_BEFORE_SLOW_LANE = 100
SLOW_LANE_PAUSE_S = 0.2
"""While somebody guesses, class cards are tried one after the other, five a second: a class gets in in seconds."""


class Auth:
    """The part of signing in that has state: the hashing threads, the key of the class cards, the delays."""

    def __init__(self, class_card_key: bytes) -> None:
        self._class_card_key = class_card_key
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
        self._waiting = 0
        # Verified when the name is unknown, so that the answer takes as long as for a known one.
        self._nobody_hash = self._hasher.hash(secrets.token_hex(8))
        self._delays = SignInDelays()
        self._wrong_cards = WrongTries()
        self._slow_lane = asyncio.Lock()

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

    async def sign_in_with_class_card(self, storage: Storage, words: str, now_ms: int) -> User:
        """Raise WrongSecret. After many wrong cards in the whole hub, every card takes its turn in the slow lane."""
        if self._wrong_cards.count(now_ms) >= WRONG_CARDS_BEFORE_SLOW_LANE:
            async with self._slow_lane:
                await asyncio.sleep(SLOW_LANE_PAUSE_S)
        try:
            return await storage.users.find_by_class_key(self.class_card_hash(words))
        except ports.NotFound:
            self._wrong_cards.add(now_ms)
            raise WrongSecret from None

    def class_card_hash(self, words: str) -> bytes:
        return hmac.digest(self._class_card_key, normalise_class_words(words).encode(), hashlib.sha256)

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


def normalise_class_words(words: str) -> str:
    """Forgive what children and phones do: case, accents, spaces, hyphens, dots between the words."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def new_class_words() -> str:
    return "-".join(secrets.choice(CLASS_WORDS) for _ in range(WORDS_PER_CARD))


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
    return path.read_bytes()


def hash_login_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def open_login(storage: Storage, user: User, kind: LoginKind, *, days: int, now_ms: int) -> tuple[Login, str]:
    """Store a new login and return it with its secret, which is never to be had again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    login = Login(
        id=LoginId(secrets.token_urlsafe(12)),
        user_id=user.id,
        kind=kind,
        secret_hash=hash_login_secret(secret),
        created_at_ms=now_ms,
        expires_at_ms=now_ms + days * DAY_MS,
    )
    await storage.logins.add(login)
    return login, secret


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
    return login, await storage.users.get_user(login.user_id)
