"""Letters leave through a real mail server, or wait in the outbox."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from hub.errors import Unavailable
from hub.mail import CalendarPart, Letter, Outbox, Smtp, open_mailer

LETTER = Letter("ana@ies.example", "Zażółć gęślą jaźń", "Hola, ¿qué tal?\nhttps://hub.example/x#secret=1\n", "es")
SENDER = "TwinSpace Hub <hub@hub.example>"


class Mailbox(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(email.message_from_bytes(bytes(message), policy=email.policy.default))


def _accept(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    # Not handled: the server itself tells the client that the password is wrong.
    return AuthResult(success=(data.login, data.password) == (b"hub", b"p@ss"), handled=False)


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, int]]:
    box = Mailbox()

    def open_server() -> SMTP:
        return SMTP(box, authenticator=_accept, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(open_server, "127.0.0.1", 0)
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_a_letter_arrives_as_it_was_written(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    await Smtp(f"smtp://hub:p%40ss@127.0.0.1:{port}", SENDER).send(LETTER)
    (letter,) = box.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (LETTER.to, SENDER, LETTER.subject)
    assert letter.get_content() == LETTER.text
    assert letter["Content-Language"] == "es" and letter["Message-ID"].strip("<>").endswith("@hub.example")


async def test_a_server_that_refuses_or_is_not_there_is_said_plainly(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    with pytest.raises(Unavailable, match="mail"):
        await Smtp(f"smtp://hub:wrong@127.0.0.1:{port}", SENDER).send(LETTER)
    with pytest.raises(Unavailable, match="mail"):
        await Smtp("smtp://127.0.0.1:9", SENDER).send(LETTER)
    assert box.letters == []


async def test_without_a_server_letters_wait_in_files_for_the_owner_alone(tmp_path: Path) -> None:
    mailer = open_mailer("", SENDER, tmp_path)
    assert isinstance(mailer, Outbox)
    await mailer.send(LETTER)
    await mailer.send(LETTER)
    files = sorted((tmp_path / "outbox").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    letter = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert letter["Subject"] == LETTER.subject and letter.get_content() == LETTER.text


async def test_an_outbox_that_can_not_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        await open_mailer("", SENDER, tmp_path).send(LETTER)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_a_wrong_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HUB_SMTP_URL"):
        open_mailer(url, SENDER, tmp_path)


async def test_an_invitation_carries_the_calendar_and_the_way_out(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Cześć\r\nEND:VCALENDAR\r\n".encode()
    url = "https://hub.example/unsubscribe/secret"
    letter = replace(LETTER, calendar=CalendarPart("REQUEST", calendar), unsubscribe_url=url)
    await Smtp(f"smtp://hub:p%40ss@127.0.0.1:{port}", SENDER).send(letter)
    (came,) = box.letters
    assert came["List-Unsubscribe"] == f"<{url}>"
    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert came.get_body(("plain",)).get_content().replace("\r\n", "\n") == LETTER.text
    inline = next(part for part in came.walk() if part.get_content_type() == "text/calendar")
    assert inline.get_param("method") == "REQUEST" and inline.get_param("charset") == "utf-8"
    assert inline.get_payload(decode=True) == calendar
    (attached,) = came.iter_attachments()
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("invitation.ics", calendar)
