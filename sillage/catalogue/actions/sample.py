"""Loading the invented sample world into a workspace that is marked as such."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.models import Brand
from sillage.catalogue.sample.brands import sample_brands
from sillage.catalogue.sample.world import sample_world
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence

SAMPLE_SLUG = "demo"


class NotASample(Refusal):
    """Invented creators do not belong among real ones."""


@transaction.atomic
def load_sample_world(*, seed: int, actor: Actor, now: datetime) -> int:
    """Store the invented creators and brands of a seed. Returns how many accounts came in.

    Raises NotASample in a workspace that is not marked as one.
    """
    require(actor, Right.CATALOGUE)
    if not Workspace.objects.get(pk=actor.workspace_id).is_sample:
        raise NotASample(
            Sentence("This workspace is for real creators."),
            Sentence("Load the sample world into a workspace of its own."),
        )
    Brand.objects.bulk_create(
        [
            Brand(
                workspace_id=actor.workspace_id,
                key=b.handle.replace(".", "-").replace("_", "-"),
                name=b.name,
                handles=[b.handle],
                hashtags=[b.hashtag],
                aliases=list(b.aliases),
                sector=b.sector,
            )
            for b in sample_brands()
        ],
        ignore_conflicts=True,
    )
    world = sample_world(seed=seed, now=now)
    ingest(workspace_id=actor.workspace_id, batch=world.batch, actor=actor, now=now)
    governance.record(
        verb="catalogue.sample_loaded",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"seed": seed, "accounts": len(world.batch.accounts)},
    )
    return len(world.batch.accounts)
