"""Reading a contest link: of which account it speaks, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.lib.errors import NotFound, Refusal
from sillage.understanding.queries.account_signals import AUTHENTICITY, ORIGINALITY

CONTESTABLE = (AUTHENTICITY, ORIGINALITY)
SALT = "sillage.understanding.contest"


class ContestLinkBroken(NotFound):
    """The link was not made here, or was changed on its way."""


class ContestLinkExpired(Refusal):
    """The link was made here and has run out."""

    status = 410
    title = "Link expired"


@dataclass(frozen=True, slots=True)
class ContestLink:
    account: Account
    workspace_id: int
    until: datetime


def get_contest_link(token: str, now: datetime) -> ContestLink:
    """Raises ContestLinkBroken or ContestLinkExpired; an account that is gone is not found."""
    try:
        given = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise ContestLinkBroken("This link is not valid.", "Ask whoever sent it for a new one.") from error
    until = datetime.fromtimestamp(given["until"], tz=UTC)
    if until <= now:
        raise ContestLinkExpired("This link has expired.", "Ask whoever sent it for a new one.")
    account = catalogue.list_accounts(given["workspace"], [given["account"]]).get(given["account"])
    if account is None:
        raise ContestLinkBroken("What this link is about does not exist any more.", "There is nothing left to contest.")
    return ContestLink(account, given["workspace"], until)
