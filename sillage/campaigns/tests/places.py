"""Things of deliverables for tests that call every endpoint and open every page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.deliverables import add_deliverable
from sillage.campaigns.actions.threads import open_thread
from sillage.campaigns.models import LiveMatch
from sillage.campaigns.tests.conftest import GIVEN as CAMPAIGN
from sillage.campaigns.tests.delivering import GIVEN, asked, creator_link, drafted, review_link
from sillage.catalogue.models import Account, Post
from sillage.governance.engine.actors import Actor


def deliverable_places(actor: Actor, now: datetime) -> dict[str, Any]:
    """A campaign with a template and a collaboration of Mona's, whose draft is in review, discussed, and perhaps out."""
    mona = Account.objects.get(workspace_id=actor.workspace_id, handle="mona")
    campaign = open_campaign(given=CAMPAIGN, actor=actor, now=now)
    (collaboration,) = add_collaborations(campaign_id=campaign.pk, accounts=[mona.pk], actor=actor, now=now)
    template = add_deliverable(campaign_id=campaign.pk, given=GIVEN, actor=actor, now=now)
    deliverable = asked(collaboration, actor, now)
    draft = drafted(deliverable, actor, now)
    post = Post.objects.filter(account=mona).order_by("id")[0]
    return {
        "campaign_id": campaign.pk,
        "collaboration_id": collaboration.pk,
        "template_id": template.pk,
        "deliverable_id": deliverable.pk,
        "draft_id": draft.pk,
        "creator_secret": creator_link(collaboration, actor, now)[1],
        "review_secret": review_link(collaboration, actor, now)[1],
        "thread_id": open_thread(draft_id=draft.pk, text="Why?", actor=actor, now=now).pk,
        "match_id": LiveMatch.objects.create(
            deliverable=deliverable,
            account_id=mona.pk,
            post_id=post.id,
            published_at=post.published_at,
            score=0.5,
            standing="suggested",
            suggested_at=now,
        ).pk,
    }
