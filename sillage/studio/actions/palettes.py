"""Palettes of colours, taken from pictures and kept with the workspace. The pictures themselves are not kept here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from sillage.adapters import blobs
from sillage.campaigns.models import Campaign, DraftFile
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.palette import VERSION, Colour, palette_of
from sillage.studio.engine.picture_pixels import Pixels, pixels_of, together
from sillage.studio.models import Palette
from sillage.studio.queries.ideas import get_palette

MOST_PICTURES = 30
BRAND, PERFORMING, DRAFTS = "brand", "performing", "drafts"
SOURCES = (BRAND, PERFORMING, DRAFTS)


class PaletteMalformed(Malformed):
    """A palette has a name, a source and pictures."""


class PaletteThere(Refusal):
    """Another palette has this name."""


class NoPicturesYet(Refusal):
    """The campaign has no draft with a picture."""


@transaction.atomic
def make_palette(
    *,
    name: str,
    source: str,
    files: Sequence[tuple[str, bytes]],
    actor: Actor,
    now: datetime,
    campaign_id: int | None = None,
) -> Palette:
    """Take the colours of pictures: (name, bytes) pairs; for the source “drafts” those of the campaign's newest drafts.

    Raises PaletteMalformed, FileRefused, NoPicturesYet, PaletteThere.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id) if campaign_id is not None else None
    said = _name(name)
    given = _of_drafts(actor.workspace_id, campaign) if source == DRAFTS else list(files)
    colours = colours_of(_checked(source, given))
    palette = Palette(
        workspace_id=actor.workspace_id,
        campaign=campaign,
        name=said,
        source=source,
        colours=[{"code": colour.code, "share": round(colour.share, 4)} for colour in colours],
        pictures=[{"name": n[:100], "sha256": hashlib.sha256(data).hexdigest()} for n, data in given],
        engine_version=VERSION,
        member_id=actor.member_id,
        made_at=now,
    )
    _save(palette)
    governance.record(
        verb="studio.palette_made",
        subject_kind="palette",
        subject_id=palette.pk,
        actor=actor,
        now=now,
        facts={"source": source, "pictures": len(given), "colours": len(colours)},
    )
    return palette


def _save(palette: Palette) -> None:
    try:
        with transaction.atomic():
            palette.save()
    except IntegrityError as error:
        raise PaletteThere(
            Sentence("There is a palette “%(palette)s” already.", palette=palette.name),
            Sentence("Give this one another name."),
        ) from error


def _name(name: str) -> str:
    said = " ".join(without_controls(name).split())
    if not 0 < len(said) <= 100:
        raise PaletteMalformed(
            Sentence("The palette has no name, or a long one."), Sentence("Give 1 to 100 characters."), place="name"
        )
    return said


def _checked(source: str, files: Sequence[tuple[str, bytes]]) -> list[Pixels]:
    if source not in SOURCES:
        raise PaletteMalformed(
            Sentence("“%(source)s” is no source.", source=source[:40]),
            Sentence("Choose one of %(sources)s.", sources=", ".join(SOURCES)),
            place="source",
        )
    if not 0 < len(files) <= MOST_PICTURES:
        raise PaletteMalformed(
            Sentence("%(files_count)s pictures came.", files_count=len(files)),
            Sentence("Choose 1 to %(most_pictures)s pictures.", most_pictures=MOST_PICTURES),
            place="pictures",
        )
    return [pixels_of(data, name) for name, data in files]


def colours_of(pictures: Sequence[Pixels]) -> list[Colour]:
    """The colours of all pictures together, as part of making a palette. Raises PaletteMalformed where nothing is opaque."""
    colours = palette_of(together(pictures))
    if not colours:
        raise PaletteMalformed(
            Sentence("The pictures are see-through."), Sentence("Choose pictures with a ground."), place="pictures"
        )
    return colours


def _of_drafts(workspace_id: int, campaign: Campaign | None) -> list[tuple[str, bytes]]:
    """The pictures of the campaign's newest drafts."""
    if campaign is None:
        raise PaletteMalformed(
            Sentence("Whose drafts are meant was not said."), Sentence("Choose a campaign."), place="campaign"
        )
    rows = DraftFile.objects.filter(draft__deliverable__campaign=campaign, media_type__startswith="image/")
    found = [(row.name, blobs.read(workspace_id, row.sha256)) for row in rows.order_by("-draft_id")[:MOST_PICTURES]]
    if not found:
        raise NoPicturesYet(
            Sentence("“%(campaign)s” has no draft with a picture.", campaign=campaign.name),
            Sentence("Upload pictures, or wait for the first draft."),
        )
    return found


@transaction.atomic
def put_away_palette(*, palette_id: int, actor: Actor, now: datetime) -> Palette:
    """Take a palette off the page; its name is free again."""
    require(actor, Right.CAMPAIGN)
    palette = get_palette(actor.workspace_id, palette_id, lock=True)
    palette.archived_at = now
    palette.save(update_fields=["archived_at"])
    governance.record(
        verb="studio.palette_put_away", subject_kind="palette", subject_id=palette.pk, actor=actor, now=now
    )
    return palette
