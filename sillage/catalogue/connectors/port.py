"""The port: the four questions every network answers, and the shape of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.engine.records import Batch
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence

Cursor = dict[str, Any]  # JSON-able; {} is the beginning; only the connector that wrote it reads it

REFRESH_WITHIN: dict[str, timedelta] = {
    "youtube": timedelta(days=30),  # API policy: what is stored is refreshed or deleted within 30 days
}
HANDLES_PASS_ON = frozenset({"bluesky", "youtube"})  # who had a handle may lose it, and somebody else take it
NUMBERS_UNDER_DUTY: dict[str, str] = {"youtube": "statistics."}  # how the API calls them; imported ones are not meant


def refresh_by(network: str, fetched_at: datetime) -> datetime | None:
    """Until when what was fetched from a network must be fetched again or deleted. None: no such duty."""
    within = REFRESH_WITHIN.get(network)
    return fetched_at + within if within else None


UNREACHED = Sentence("Look whether this machine reaches the Internet, and try again; what was fetched before stays.")


class TargetUnreadable(Malformed):
    """What was typed names no account on this network."""


class AccountUnknown(NotFound):
    """The network has no such account, or no longer."""


class AccountNotPublic(Refusal):
    """The account asks not to be read by those who are not signed in."""


class CredentialMissing(Refusal):
    """The network wants a key that is not in the settings."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that was not kept, and why in one sentence."""

    network_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """One portion: to be stored in one transaction together with `cursor`, from which the reading goes on.

    `is_last` ends this reading; its cursor then begins the next one, which stops where this one began.
    `gone` are ids of posts that the network no longer has: they are to be deleted here too. `whole_thread` is the id of
    the post whose comments are all in the batch: others that are here are gone.
    """

    batch: Batch
    cursor: Cursor = field(default_factory=dict)
    is_last: bool = True
    set_aside: tuple[SetAside, ...] = ()
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    whole_thread: str = ""


@dataclass(frozen=True, slots=True)
class Confirming:
    """How many posts that a visit did not meet it asks for again, and how their ids begin: others came from a file."""

    per_visit: int
    ids_begin: str  # "{account}" stands for the account's id


class Connector(Protocol):
    """One network. Ids are the network's own.

    All methods raise OutsideError (permanent or not, with `retry_after` in seconds where known), AccountUnknown when
    the account is not or no longer there, and AccountNotPublic when it may not be read. Nothing is kept between calls
    but the pace and the connection, so any call can follow any other.
    """

    network: ClassVar[str]
    revisit_after: ClassVar[timedelta]  # how long to leave an account alone after a finished reading
    confirming: ClassVar[Confirming | None]  # where lists of posts do not tell which ones were deleted

    def __init__(self, settings: ConnectorSettings, means: Means) -> None: ...

    def find(self, target: str) -> Fetched:
        """The account a person named, its numbers, the cursor with which `posts` begins. Raises TargetUnreadable."""

    def posts(self, account_id: str, cursor: Cursor) -> Fetched:
        """The next portion of posts, newest first, with their numbers."""

    def comments(self, account_id: str, post_id: str, cursor: Cursor) -> Fetched:
        """The next portion of comments under a post, without raw answers: those name people who are not our subject."""

    def refresh(self, account_id: str, post_ids: Sequence[str]) -> Fetched:
        """The account and up to 50 of its posts read again: new numbers, and what is gone."""
