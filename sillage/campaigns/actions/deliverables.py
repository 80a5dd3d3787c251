"""What creators are to make: asked for one by one, or copied from the campaign's templates to many collaborations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.campaigns.engine.deliverables import STATE_WORDS, DeliverableSaid, DeliverableState, deliverable_said
from sillage.campaigns.models import Campaign, Collaboration, Deliverable
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

MOST_OF_ONE = 100  # deliverables of one collaboration
_COPIED = (*DeliverableSaid.__slots__,)


class DeliverableChanged(Refusal):
    """Somebody else changed the deliverable in the meantime."""


class DeliverableApproved(Refusal):
    """What was approved is not changed under the feet of those who approved it."""


class DeliverableHasDrafts(Refusal):
    """A deliverable of which drafts came is not dropped: they are evidence."""


class CampaignTakesNoWork(Refusal):
    """A campaign that is put away takes no new work."""


@transaction.atomic
def add_deliverable(
    *,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    collaboration_id: int | None = None,
    campaign_id: int | None = None,
) -> Deliverable:
    """Ask a collaboration for something; with a campaign instead, make a template. Raises DeliverableMalformed."""
    require(actor, Right.CAMPAIGN)
    collaboration = _collaboration(actor, collaboration_id)
    campaign = collaboration.campaign if collaboration else get_campaign(actor.workspace_id, campaign_id or 0)
    _refuse_at_rest(campaign)
    said = deliverable_said(given, law_book().categories)
    deliverable = Deliverable(
        workspace_id=actor.workspace_id, campaign=campaign, collaboration=collaboration, created_at=now
    )
    _fill(deliverable, said, now)
    governance.record(
        verb="campaigns.deliverable_added",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={
            "campaign": campaign.pk,
            "collaboration": collaboration.pk if collaboration else None,
            "network": deliverable.network,
            "format": deliverable.format,
        },
    )
    return deliverable


def _collaboration(actor: Actor, collaboration_id: int | None) -> Collaboration | None:
    return None if collaboration_id is None else get_collaboration(actor.workspace_id, collaboration_id)


def _refuse_at_rest(campaign: Campaign) -> None:
    if campaign.archived_at is not None:
        raise CampaignTakesNoWork(
            Sentence("“%(campaign)s” is put away.", campaign=campaign.name), Sentence("Bring the campaign back first.")
        )


def _fill(deliverable: Deliverable, said: DeliverableSaid, now: datetime) -> None:
    for field in _COPIED:
        value = getattr(said, field)
        setattr(deliverable, field, list(value) if isinstance(value, tuple) else value)
    deliverable.changed_at = now
    deliverable.save()


@transaction.atomic
def change_deliverable(
    *, deliverable_id: int, given: Mapping[str, Any], version: int, actor: Actor, now: datetime
) -> Deliverable:
    """Change what is asked for; `version` is the one that was read. Approved ones stay as they were approved."""
    require(actor, Right.CAMPAIGN)
    deliverable = get_deliverable(actor.workspace_id, deliverable_id, lock=True)
    if deliverable.version != version:
        raise DeliverableChanged(
            Sentence("“%(deliverable)s” was changed by somebody else meanwhile.", deliverable=deliverable.name),
            Sentence("Load it again and repeat your change."),
        )
    refuse_approved(deliverable)
    said = deliverable_said(given, law_book().categories)
    deliverable.version += 1
    _fill(deliverable, said, now)
    governance.record(
        verb="campaigns.deliverable_changed",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"version": deliverable.version},
    )
    return deliverable


def refuse_approved(deliverable: Deliverable) -> None:
    """Refuse to change what an approval rests on."""
    if deliverable.state in (DeliverableState.APPROVED, DeliverableState.LIVE):
        raise DeliverableApproved(
            Sentence(
                "“%(deliverable)s” is %(deliverable_state)s: it stays as it was approved.",
                deliverable=deliverable.name,
                deliverable_state=STATE_WORDS[DeliverableState(deliverable.state)],
            ),
            Sentence("Ask for changes to its draft first."),
        )


@transaction.atomic
def drop_deliverable(*, deliverable_id: int, actor: Actor, now: datetime) -> None:
    """Take back what was asked for, as long as no draft of it came."""
    require(actor, Right.CAMPAIGN)
    deliverable = get_deliverable(actor.workspace_id, deliverable_id, lock=True)
    if deliverable.drafts.exists():
        raise DeliverableHasDrafts(
            Sentence("Drafts of “%(deliverable)s” have come: they are kept.", deliverable=deliverable.name),
            Sentence("Refuse its draft instead."),
        )
    deliverable.delete()
    governance.record(
        verb="campaigns.deliverable_dropped",
        subject_kind="deliverable",
        subject_id=deliverable_id,
        actor=actor,
        now=now,
        facts={"name": deliverable.name},
    )


@transaction.atomic
def apply_templates(
    *, campaign_id: int, template_ids: Sequence[int], collaboration_ids: Sequence[int], actor: Actor, now: datetime
) -> int:
    """Copy templates to collaborations of their campaign. Those that have a copy already keep it. Returns how many are new."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    _refuse_at_rest(campaign)
    templates = list(campaign.deliverables.filter(collaboration=None, pk__in=template_ids))
    targets = list(campaign.collaborations.filter(pk__in=collaboration_ids))
    if len(templates) < len(set(template_ids)) or len(targets) < len(set(collaboration_ids)):
        raise NotFound(
            Sentence("Some of these templates or collaborations are not of “%(campaign)s”.", campaign=campaign.name),
            Sentence("Load the page and choose again."),
        )
    there = set(
        Deliverable.objects.filter(template__in=templates, collaboration__in=targets).values_list(
            "collaboration_id", "template_id"
        )
    )
    copies = [_copy(t, c, now) for c in targets for t in templates if (c.pk, t.pk) not in there]
    Deliverable.objects.bulk_create(copies, batch_size=500)
    governance.record(
        verb="campaigns.deliverables_applied",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"templates": sorted(t.pk for t in templates), "collaborations": len(targets), "new": len(copies)},
    )
    return len(copies)


def _copy(template: Deliverable, collaboration: Collaboration, now: datetime) -> Deliverable:
    fields = {field: getattr(template, field) for field in _COPIED}
    return Deliverable(
        **fields,
        workspace_id=template.workspace_id,
        campaign_id=template.campaign_id,
        collaboration=collaboration,
        template=template,
        created_at=now,
        changed_at=now,
    )
