"""Keeping what a brand has published before, so that originality is also measured against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sillage.catalogue import queries as catalogue
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.statements import digest_of
from sillage.understanding.models import ArchivedText


class BrandUnknown(NotFound):
    """The workspace has no brand of this key."""


@transaction.atomic
def archive_texts(*, brand_key: str, texts: Sequence[str], actor: Actor, now: datetime) -> int:
    """Add texts to a brand's archive; those that are there already stay as they are. Returns how many are new."""
    require(actor, Right.CATALOGUE)
    _refuse_unknown(actor.workspace_id, brand_key)
    rows = [
        ArchivedText(
            workspace_id=actor.workspace_id, brand_key=brand_key, text=text, text_hash=digest_of(text), added_at=now
        )
        for text in texts
    ]
    archive = ArchivedText.objects.filter(workspace_id=actor.workspace_id, brand_key=brand_key)
    before = archive.count()
    ArchivedText.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    added = archive.count() - before
    governance.record(
        verb="understanding.texts_archived",
        subject_kind="brand",
        subject_id=brand_key,
        actor=actor,
        now=now,
        facts={"given": len(rows), "added": added},
    )
    return added


@transaction.atomic
def empty_archive(*, brand_key: str, actor: Actor, now: datetime) -> int:
    """Remove all texts of a brand's archive. Returns how many there were."""
    require(actor, Right.CATALOGUE)
    removed = ArchivedText.objects.filter(workspace_id=actor.workspace_id, brand_key=brand_key).delete()[0]
    if not removed:
        raise NotFound(
            Sentence("The archive of “%(brand_key)s” is empty.", brand_key=brand_key),
            Sentence("See the page “Archives of brands”, or `sillage originality archives`."),
        )
    governance.record(
        verb="understanding.archive_emptied",
        subject_kind="brand",
        subject_id=brand_key,
        actor=actor,
        now=now,
        facts={"texts": removed},
    )
    return removed


def _refuse_unknown(workspace_id: int, brand_key: str) -> None:
    known = [brand.key for brand in catalogue.list_brands(workspace_id)]
    if brand_key not in known:
        some = ", ".join(known[:8]) if known else Sentence("none yet")
        raise BrandUnknown(
            Sentence("This workspace knows no brand “%(brand_key)s”.", brand_key=brand_key),
            Sentence("It knows: %(some)s.", some=some),
        )
