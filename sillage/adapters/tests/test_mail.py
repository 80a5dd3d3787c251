"""Handing letters to real SMTP servers on this machine: willing, busy, refusing, silent and broken ones."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default as readable
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from sillage.adapters.mail import Envelope, MaybeSent, SmtpSender
from sillage.lib.errors import OutsideError

LETTER = Envelope(
    to="mona@example.org",
    subject="Été : une proposition – « compost » " + "très " * 30 + "bien",
    text="Bonjour Mona,\n.\nUn point seul, et des accents : ça, œuf, 🌿.\n" + "long " * 400,
    message_id="<abc123@sillage.example>",
    reply_to="ada@example.org",
)
FROM = "Terre Vive <bonjour@sillage.example>"


class Box:
    """A mailbox that answers the script at RCPT and after DATA, and keeps what came."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK", wait: threading.Event | None = None) -> None:
        self.rcpt, self.data, self.wait = rcpt, data, wait
        self.came: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.came.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.data


@contextmanager
def mailbox(box: Box, **more: Any) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def test_a_letter_arrives_whole_with_its_headers():
    box = Box()
    with mailbox(box) as url:
        SmtpSender(url, FROM).send(LETTER)

    ((sender, recipients, content),) = box.came
    found = message_from_bytes(content, policy=readable)
    assert (sender, recipients) == ("bonjour@sillage.example", ["mona@example.org"])
    assert (found["Subject"], found["From"], found["To"]) == (LETTER.subject, FROM, "mona@example.org")
    assert (found["Message-ID"], found["Reply-To"]) == ("<abc123@sillage.example>", "ada@example.org")
    assert found.get_content().replace("\r\n", "\n").strip() == LETTER.text.strip()
    assert found["Date"] and found.get_content_type() == "text/plain"
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Hello\r\nBcc: everybody@example.org"},
        {"subject": "Hello\nBcc: everybody@example.org"},
        {"to": "mona@example.org\r\nBcc: everybody@example.org"},
        {"reply_to": "ada@example.org\nBcc: everybody@example.org"},
        {"message_id": "<a@b>\nBcc: everybody@example.org"},
    ],
)
def test_no_header_is_slipped_into_another(wrong):
    box = Box()
    letter = Envelope(**{"to": "m@example.org", "subject": "s", "text": "t", "message_id": "<a@b>"} | wrong)
    with mailbox(box) as url, pytest.raises(OutsideError) as refused:
        SmtpSender(url, FROM).send(letter)

    assert refused.value.permanent and box.came == []


@pytest.mark.parametrize(
    ("box", "permanent"),
    [
        (Box(rcpt="550 no such mailbox"), True),
        (Box(rcpt="450 greylisted"), False),
        (Box(data="554 spam"), True),
        (Box(data="451 try later"), False),
    ],
)
def test_the_code_says_whether_to_try_again(box, permanent):
    with mailbox(box) as url, pytest.raises(OutsideError) as refused:
        SmtpSender(url, FROM).send(LETTER)

    assert refused.value.permanent is permanent and not isinstance(refused.value, MaybeSent)
    assert (box.rcpt if not box.rcpt.startswith("250") else box.data) in refused.value.message


def test_nobody_there_may_be_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OutsideError) as failed:
        SmtpSender(f"smtp://127.0.0.1:{port}", FROM).send(LETTER)

    assert not failed.value.permanent and not isinstance(failed.value, MaybeSent)


@contextmanager
def talking(*lines: bytes, hang: bool = False) -> Iterator[str]:
    """A server that says these lines, one per line that it hears, then breaks off or says nothing more."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as heard:
            for line in lines:
                connection.sendall(line)
                if line.startswith(b"354"):
                    while heard.readline() not in (b".\r\n", b""):
                        pass
                elif line is not lines[-1]:
                    heard.readline()
            if hang:
                over.wait(5)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    over.set()
    thread.join(5)
    listening.close()


UNTIL_DATA = (b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n")


def test_a_server_that_says_nothing_is_left_in_time_and_may_be_tried_again():
    with talking(b"220 hello\r\n", hang=True) as url, pytest.raises(OutsideError) as failed:
        SmtpSender(url, FROM, timeout_s=0.3).send(LETTER)

    assert not failed.value.permanent and not isinstance(failed.value, MaybeSent)


def test_a_server_that_breaks_off_before_it_has_the_letter_may_be_tried_again():
    with talking(b"220 hello\r\n", b"250 hello\r\n") as url, pytest.raises(OutsideError) as failed:
        SmtpSender(url, FROM, timeout_s=2).send(LETTER)

    assert not failed.value.permanent and not isinstance(failed.value, MaybeSent)


@pytest.mark.parametrize("hang", [True, False])
def test_a_server_that_had_the_letter_and_says_nothing_may_have_sent_it(hang):
    with talking(*UNTIL_DATA, b"354 go on\r\n", hang=hang) as url, pytest.raises(MaybeSent) as failed:
        SmtpSender(url, FROM, timeout_s=0.5).send(LETTER)

    assert failed.value.permanent and "broke off" in failed.value.message


def test_one_that_took_the_letter_may_leave_without_a_word():
    with talking(*UNTIL_DATA, b"354 go on\r\n", b"250 taken\r\n") as url:
        SmtpSender(url, FROM, timeout_s=0.5).send(LETTER)


class Door:
    """Asks for a password."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, bytes]] = []

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.heard.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_is_given_and_stands_in_no_message():
    door, box = Door(), Box()
    given = {"authenticator": door, "auth_require_tls": False, "auth_required": True}
    with mailbox(box, **given) as url:
        SmtpSender(url.replace("smtp://", "smtp://ada:p%40ss%2Fword@"), FROM).send(LETTER)
        with pytest.raises(OutsideError) as refused:
            SmtpSender(url.replace("smtp://", "smtp://ada:wr0ng@"), FROM).send(LETTER)

    assert len(box.came) == 1 and door.heard[0] == (b"ada", b"p@ss/word")
    assert not refused.value.permanent and "wr0ng" not in refused.value.message + refused.value.hint


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://", "mail.example.org", "smtp:///x"])
def test_an_address_that_is_no_mail_server_s_is_refused(url):
    with pytest.raises(OutsideError):
        SmtpSender(url, FROM)
    with pytest.raises(OutsideError):
        SmtpSender("smtp://127.0.0.1", "nobody")
