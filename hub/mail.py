"""Sends letters: through the operator's mail server, or, where none is set, into a folder of files to look at."""

from __future__ import annotations

import asyncio
import os
import secrets
import smtplib
import ssl
import time
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from hub.errors import Unavailable

TIMEOUT_S = 15
LONG_LINES = policy.default.clone(max_line_length=500)
"""RFC 5322 allows 998: an address in List-Unsubscribe must not be broken or encoded to fit a shorter line."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP message (RFC 6047): mail programs offer to put it into the reader's calendar."""

    method: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str
    language: str
    calendar: CalendarPart | None = None
    unsubscribe_url: str = ""
    """Where one POST ends such letters (RFC 8058); empty for those that are sent on request."""


class Mailer(Protocol):
    async def send(self, letter: Letter) -> None:
        """Return once somebody else has it. Raise Unavailable; then it was not sent, as far as one can know."""
        ...


class Outbox:
    """Every letter as a file, named by its time: for development, and for hubs that have no mail server yet."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        try:
            await asyncio.to_thread(self._write, bytes(_message(letter, self._sender)))
        except OSError as error:
            raise Unavailable from error

    def _write(self, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        draft = self._folder / f"{name}.draft"
        # Letters hold links that open accounts: for the operator's eyes alone.
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        draft.rename(self._folder / f"{name}.eml")


class Smtp:
    """A mail server by URL: `smtp://` uses TLS where the server offers it, `smtps://` from the start."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("HUB_SMTP_URL has to look like smtp://user:password@mail.example:587")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        try:
            await asyncio.to_thread(self._send, _message(letter, self._sender))
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("The mail could not be sent. Try again in some minutes.") from error

    def _send(self, message: EmailMessage) -> None:
        trust = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=trust)
            if self._tls
            else smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        ) as server:
            server.ehlo()
            if not self._tls and server.has_extn("starttls"):
                server.starttls(context=trust)
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)


def open_mailer(smtp_url: str, sender: str, data_dir: Path) -> Mailer:
    """Raise ValueError for a URL that can't be one."""
    return Smtp(smtp_url, sender) if smtp_url else Outbox(data_dir / "outbox", sender)


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=LONG_LINES)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("<> ") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.calendar is not None:
        part = letter.calendar
        message.add_alternative(part.data, "text", "calendar", cte="base64")
        calendar = list(message.iter_parts())[-1]
        calendar.set_param("charset", "utf-8")
        calendar.set_param("method", part.method)
        message.add_attachment(part.data, "application", "ics", filename="invitation.ics")
    # Afterwards: set_content drops every Content- header there was.
    message["Content-Language"] = letter.language
    return message
