"""Promo codes: made for creators, brought in from a shop's list, ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef

from sillage.campaigns.actions.shipments import refuse_at_rest
from sillage.campaigns.engine.codes import Discount, Validity, codes_for, skeleton
from sillage.campaigns.models import Collaboration, PromoCode
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.reading_sales import CodeRow, Reading, read_codes
from sillage.catalogue.reading import Reject
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


@transaction.atomic
def make_codes(
    *,
    campaign_id: int,
    discount: Discount,
    validity: Validity,
    actor: Actor,
    now: datetime,
    collaboration_ids: Collection[int] | None = None,
) -> list[PromoCode]:
    """A code for each collaboration of a campaign (or for those named) that has none, made from the handle.

    No live code of the workspace looks like another: one that is taken gets a letter more.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    refuse_at_rest(campaign)
    _lock_codes(actor.workspace_id)
    without = _without_code(campaign.pk, collaboration_ids)
    taken = _live_skeletons(actor.workspace_id)
    made = []
    for collaboration in without:
        code = next(c for c in codes_for(collaboration.handle, discount) if skeleton(c) not in taken)
        taken.add(skeleton(code))
        made.append(_row(collaboration, code, discount, validity, now))
    rows = PromoCode.objects.bulk_create(made)
    governance.record(
        verb="campaigns.codes_made",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"codes": len(rows), "discount": discount.kind.value},
    )
    return rows


def _without_code(campaign_id: int, wanted: Collection[int] | None) -> list[Collaboration]:
    rows = Collaboration.objects.filter(campaign_id=campaign_id).exclude(stage="closed")
    if wanted is not None:
        rows = rows.filter(pk__in=wanted)
        missing = set(wanted) - set(rows.values_list("pk", flat=True))
        if missing:
            raise NotFound(
                Sentence("No open collaboration %(missing)s in this campaign.", missing=min(missing)),
                Sentence("Look at the campaign's pipeline."),
            )
    live = PromoCode.objects.filter(collaboration=OuterRef("pk"), ended_at=None)
    return list(rows.exclude(Exists(live)).order_by("name", "pk"))


def _live_skeletons(workspace_id: int) -> set[str]:
    return set(PromoCode.objects.filter(workspace_id=workspace_id, ended_at=None).values_list("skeleton", flat=True))


def _row(collaboration: Collaboration, code: str, discount: Discount, validity: Validity, now: datetime) -> PromoCode:
    return PromoCode(
        workspace_id=collaboration.workspace_id,
        collaboration=collaboration,
        code=code,
        skeleton=skeleton(code),
        discount_kind=discount.kind.value,
        discount_value=discount.value,
        discount_currency=discount.currency,
        starts_on=validity.starts_on,
        ends_on=validity.ends_on,
        made_at=now,
    )


def _lock_codes(workspace_id: int) -> None:
    """One maker of codes at a time in a workspace."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)


@dataclass(frozen=True, slots=True)
class CodesImported:
    """What came in, or with `is_dry_run` would; `known` were there already, for the same creator."""

    rows: int
    new: int
    known: int
    rejects: tuple[Reject, ...]
    is_dry_run: bool


@transaction.atomic
def import_codes(
    *,
    campaign_id: int,
    path: Path,
    separator: str,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
) -> CodesImported:
    """Bring in a shop's codes from a CSV with the columns code and handle, and optionally network, discount, starts_on,
    ends_on. A row that is refused is set aside with its place; the rest comes in."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    refuse_at_rest(campaign)
    _lock_codes(actor.workspace_id)
    coming = _Coming(list(campaign.collaborations.all()), _live_codes(actor.workspace_id), now)
    reading = read_codes(path, separator)
    made = list(coming.rows(reading))
    if dry_run:
        return CodesImported(reading.rows, len(made), coming.known, tuple(reading.rejects), True)
    PromoCode.objects.bulk_create(made, batch_size=1000)
    governance.record(
        verb="campaigns.codes_imported",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"rows": reading.rows, "new": len(made), "known": coming.known, "refused": len(reading.rejects)},
    )
    return CodesImported(reading.rows, len(made), coming.known, tuple(reading.rejects), False)


def _live_codes(workspace_id: int) -> dict[str, tuple[str, int]]:
    rows = PromoCode.objects.filter(workspace_id=workspace_id, ended_at=None)
    return {row.skeleton: (row.code, row.collaboration_id) for row in rows}


class _Coming:
    """The rows of a file of codes, held against what there is."""

    def __init__(
        self, collaborations: Sequence[Collaboration], live: dict[str, tuple[str, int]], now: datetime
    ) -> None:
        self.by_handle: dict[str, list[Collaboration]] = {}
        for collaboration in collaborations:
            self.by_handle.setdefault(_plain(collaboration.handle), []).append(collaboration)
        self.live, self.now, self.known = live, now, 0

    def rows(self, reading: Reading[CodeRow]) -> Iterator[PromoCode]:
        for place, row in reading:
            theirs = [c for c in self.by_handle.get(_plain(row.handle), []) if row.network in ("", c.network)]
            if len(theirs) != 1:
                reading.refuse(place, "handle", _not_one(row.handle, is_several=bool(theirs)))
                continue
            code, owner = self.live.get(skeleton(row.code), ("", 0))
            if (code, owner) == (row.code, theirs[0].pk):
                self.known += 1
            elif code:
                reading.refuse(place, "code", _taken(row.code, code))
            else:
                self.live[skeleton(row.code)] = (row.code, theirs[0].pk)
                yield _row(theirs[0], row.code, row.discount, row.validity, self.now)


def _not_one(handle: str, *, is_several: bool) -> Sentence:
    if is_several:
        return Sentence("“%(handle)s” stands on several networks: name one", handle=handle)
    return Sentence("“%(handle)s” is nobody of this campaign", handle=handle)


def _taken(given: str, code: str) -> Sentence:
    if given == code:
        return Sentence("“%(code)s” is another creator's code", code=given)
    return Sentence("“%(code)s” looks like the code “%(other)s”", code=given, other=code)


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()


@transaction.atomic
def end_code(*, code_id: int, actor: Actor, now: datetime) -> PromoCode:
    """End a code: later orders with it are nobody's, and its word may be given again. The shop has to end it too."""
    require(actor, Right.CAMPAIGN)
    row = (
        PromoCode.objects.select_for_update().filter(workspace_id=actor.workspace_id, pk=code_id, ended_at=None).first()
    )
    if row is None:
        raise NotFound(
            Sentence("No live code %(code_id)s in this workspace.", code_id=code_id),
            Sentence("It may have been ended already."),
        )
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    governance.record(verb="campaigns.code_ended", subject_kind="promo_code", subject_id=row.pk, actor=actor, now=now)
    return row
