"""The port: one letter to one person, handed to a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter in plain text. `message_id` has its angle brackets; `reply_to` may be empty."""

    to: str
    subject: str
    text: str
    message_id: str
    reply_to: str = ""


class MaybeSent(OutsideError):
    """The server had the whole letter and did not say what became of it: it may have gone out. Never repeat it unasked."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True, hint=Sentence("Find out whether it arrived, then settle it by hand."))


class MailSender(Protocol):
    """Raises OutsideError: permanent when the server refused for good (5xx), not so when it may take it later (4xx)."""

    def send(self, envelope: Envelope) -> None: ...
