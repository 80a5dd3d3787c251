"""A mail server over SMTP (RFC 5321), with TLS from the start (smtps://) or as soon as the server offers it (smtp://)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import errors

from sillage.adapters.mail.port import Envelope, MaybeSent
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

TIMEOUT_S = 30.0
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
HINT = Sentence("Check SILLAGE_MAIL_URL and SILLAGE_MAIL_FROM.")


class SmtpSender:
    """`url` is smtp(s)://user:password@host:port; `sender` is what stands in From, with or without a name.

    The password stands in no message. Each letter has a connection of its own, so that it may be called from anywhere.
    """

    def __init__(self, url: str, sender: str, *, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        name, address = parseaddr(sender)
        if parts.scheme not in PORTS or not parts.hostname or "@" not in address:
            raise OutsideError(
                Sentence("The mail server's address, or the sender's, cannot be read."), permanent=True, hint=HINT
            )
        self._host, self._port = parts.hostname, parts.port or PORTS[parts.scheme]
        self._is_tls = parts.scheme == "smtps"
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._from, self.address = sender if name else address, address
        self._timeout_s = timeout_s

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def send(self, envelope: Envelope) -> None:
        """Hand one letter over. Raises OutsideError, MaybeSent."""
        asyncio.run(self._send(self._message(envelope), envelope.to))

    def _message(self, envelope: Envelope) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        try:
            message["From"], message["To"], message["Subject"] = self._from, envelope.to, envelope.subject
            message["Date"], message["Message-ID"] = formatdate(usegmt=True), envelope.message_id
            if envelope.reply_to:
                message["Reply-To"] = envelope.reply_to
            message.set_content(envelope.text, cte="quoted-printable")
        except (ValueError, IndexError, MessageError) as error:  # a line break in a header, an address that is none
            raise OutsideError(
                Sentence("The letter cannot be written as an e-mail: %(error)s.", error=error), permanent=True
            ) from error
        return message

    async def _send(self, message: EmailMessage, to: str) -> None:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._is_tls,
            start_tls=None if not self._is_tls else False,
            timeout=self._timeout_s,
        )
        try:
            await self._handed_over(client, message, to)
        finally:
            client.close()

    async def _handed_over(self, client: aiosmtplib.SMTP, message: EmailMessage, to: str) -> None:
        try:
            await client.connect()
            await self._sign_in(client)
            await client.mail(self.address)
        except errors.SMTPResponseException as error:  # it refuses us, not the letter: somebody has to look
            raise self._refused(error, is_about_letter=False) from error
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise self._failure(Sentence("no answer (%(kind)s)", kind=type(error).__name__), permanent=False) from error
        try:
            await client.rcpt(to)
        except errors.SMTPResponseException as error:
            raise self._refused(error) from error
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise self._failure(Sentence("no answer (%(kind)s)", kind=type(error).__name__), permanent=False) from error
        await self._data(client, message)
        with suppress(errors.SMTPException, OSError, TimeoutError):  # it has the letter: how it parts does not matter
            await client.quit()

    async def _data(self, client: aiosmtplib.SMTP, message: EmailMessage) -> None:
        try:
            await client.data(message.as_bytes())
        except errors.SMTPResponseException as error:
            raise self._refused(error) from error
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise MaybeSent(
                Sentence("The mail server %(host)s broke off after it had the letter.", host=self._host)
            ) from error

    async def _sign_in(self, client: aiosmtplib.SMTP) -> None:
        if not self._user:
            return
        if not (client.get_transport_info("sslcontext") or self._host in LOOPBACK):
            raise self._failure(Sentence("it offers no TLS, and a password is not sent without it"), permanent=False)
        await client.login(self._user, self._password)

    def _refused(self, error: errors.SMTPResponseException, *, is_about_letter: bool = True) -> OutsideError:
        """RFC 5321, 4.2.1: 4yz may be tried again, 5yz not."""
        said = " ".join(str(error.message).split())
        said = said.replace(self._password, "[password]")[:200] if self._password else said[:200]
        return self._failure(f"{error.code} {said}", permanent=is_about_letter and error.code >= 500)

    def _failure(self, reason: str, *, permanent: bool) -> OutsideError:
        return OutsideError(
            Sentence("The mail server %(host)s did not take the letter: %(reason)s.", host=self._host, reason=reason),
            permanent=permanent,
            hint=HINT,
        )
