"""What the pages of data protection show: somebody's data over all rooms, and who awaits what."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sillage.campaigns.models import Collaboration
from sillage.campaigns.queries.creators import collaborations_of_creator
from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account, Creator
from sillage.desk.queries.portrait import NUMBERS, ThemeLine, theme_lines
from sillage.discovery.models import Candidate
from sillage.governance import queries as governance
from sillage.governance.engine.personal_data import Data
from sillage.governance.engine.privacy import RequestState, Urgency, urgency
from sillage.governance.engine.processing_record import Line
from sillage.governance.engine.retention import retention_rules
from sillage.governance.models import DataRequest, Link, Notice, Receipt, Restriction
from sillage.governance.queries import Held, Subject
from sillage.understanding import queries as understanding
from sillage.understanding.models import AccountSignal
from sillage.understanding.queries.account_sections import AuthenticitySection, authenticity_section

PLACES = 5


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A kind of data with how many rows hold it, and for how long."""

    line: Line
    rows: int

    @property
    def data(self) -> Data:
        return self.line.data

    @property
    def table(self) -> str:
        return self.line.table


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account with what machines derived from it."""

    account: Account
    authenticity: AuthenticitySection
    signals: Sequence[AccountSignal]
    themes: Sequence[ThemeLine]
    posts_read: int
    numbers: Sequence[tuple[str, Receipt]]


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a creator sees of themselves."""

    creator: Creator
    subject: Subject
    held: Sequence[HeldLine]
    accounts: Sequence[AccountSeen]
    places: Sequence[Candidate]
    requests: Sequence[DataRequest]
    restrictions: Sequence[Restriction]
    collaborations: Sequence[Collaboration]
    notice: Notice | None

    @property
    def is_restricted(self) -> bool:
        return any(r.ended_at is None for r in self.restrictions)


def get_own_data(workspace_id: int, creator_id: int) -> OwnData:
    """Raises NotFound for a creator who is gone, or another workspace's."""
    creator = catalogue.get_creator_by_id(workspace_id, creator_id)
    subject = governance.get_subject(workspace_id, "creator", creator_id)
    accounts = catalogue.list_accounts_of(creator)
    places = Candidate.objects.filter(account__in=accounts, rank__isnull=False)
    return OwnData(
        creator,
        subject,
        held_lines(governance.list_held(workspace_id, subject)),
        [_account_seen(workspace_id, account) for account in accounts],
        list(places.select_related("shortlist").order_by("-shortlist__computed_at")[:PLACES]),
        governance.list_data_requests_of(workspace_id, "creator", creator_id),
        governance.list_restrictions_of(workspace_id, "creator", creator_id),
        collaborations_of_creator(workspace_id, creator_id),
        governance.find_notice(workspace_id, "creator", creator_id),
    )


def held_lines(held: Sequence[Held]) -> list[HeldLine]:
    rules = {rule.id: rule for rule in retention_rules()}
    return [
        HeldLine(Line(found.table.name, data, rules.get(data.rule)), found.rows)
        for found in held
        for data in found.data
    ]


def _account_seen(workspace_id: int, account: Account) -> AccountSeen:
    profile = understanding.find_profile(account.pk)
    receipts: Mapping[str, Receipt] = governance.latest_receipts(workspace_id, "account", [str(account.pk)]).get(
        str(account.pk), {}
    )
    return AccountSeen(
        account,
        authenticity_section(account),
        list(AccountSignal.objects.filter(account=account).order_by("enricher")),
        theme_lines(profile)[:10] if profile else [],
        profile.posts_read if profile else 0,
        [(metric, receipts[metric]) for metric in NUMBERS if metric in receipts],
    )


@dataclass(frozen=True, slots=True)
class Clocked:
    """A request with how its clock stands, and whom it is about; None where they are erased."""

    request: DataRequest
    urgency: Urgency
    name: str | None


def clocked(workspace_id: int, requests: Sequence[DataRequest], now: datetime) -> list[Clocked]:
    ids = {int(r.subject_id) for r in requests if r.subject_kind == "creator"}
    names = dict(Creator.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", "name"))
    return [
        Clocked(
            request,
            urgency(request.due_at, now, is_done=request.state != RequestState.OPEN),
            names.get(int(request.subject_id)),
        )
        for request in requests
    ]


def creator_links(workspace_id: int, creator_id: int, now: datetime) -> list[tuple[Link, bool]]:
    """Links to a creator's own page, newest first, and whether each still opens."""
    links = governance.list_links_of(workspace_id, "creator", creator_id)
    return [(link, link.revoked_at is None and link.expires_at > now) for link in links]


def copy_as_zip(copied: Mapping[str, Any]) -> bytes:
    """The copy as an archive: one JSON file per table, and one with all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", as_json(copied))
        for name, table in copied["tables"].items():
            archive.writestr(f"tables/{name}.json", as_json(table))
    return buffer.getvalue()


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
