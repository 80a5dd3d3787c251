"""Fonts and templates of pictures, what a person says of them, and a single picture that leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.adapters import blobs
from sillage.adapters.pictures import MOST_FONT, FontRefused, font_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.actions.picture_certificates import picture_certificate
from sillage.studio.engine.digital_source import Elements
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.picture_batch import Statement
from sillage.studio.engine.shipped_templates import shipped_template
from sillage.studio.engine.svg_reading import MOST_BYTES, SvgRefused, carries_credentials
from sillage.studio.engine.svg_template import Template, filled, read_template
from sillage.studio.models import BrandFont, Picture, PictureTemplate
from sillage.studio.queries.pictures import (
    content_of_template,
    font_shelf,
    get_font,
    get_template,
    order_of,
    signed_order,
)
from sillage.studio.workers import MadePicture, Press

MOST_ALT, MOST_NAME = 500, 120


class TemplateNewer(Refusal):
    """Somebody changed the template since this person opened it."""


class TemplateMalformed(Malformed):
    """A template has a name, and an alt text that names only its own variables."""

    title = "Malformed template"


class TemplateArchived(Refusal):
    """A template that was put away makes no pictures."""


class FontThere(Refusal):
    """The workspace has a font of this family, weight and slant."""


# -- fonts -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_font(*, data: bytes, file_name: str, licence: str, actor: Actor, now: datetime) -> BrandFont:
    """Take in a TTF or OTF of the brand. `licence` is the brand's word that it may be used so; nobody here checks it."""
    require(actor, Right.CAMPAIGN)
    name, said = _line(file_name, 120), _line(licence, 300)
    font = font_of(data, name)
    if not said:
        raise FontRefused(
            Sentence("Nothing says that the font may be used."), Sentence("Say under which licence you use it."), name
        )
    rows = BrandFont.objects.filter(workspace_id=actor.workspace_id, family__iexact=font.family)
    if rows.filter(weight=font.weight, is_slanted=font.is_slanted).exists():
        raise FontThere(
            Sentence("“%(family)s” is here in this weight.", family=font.family),
            Sentence("Take the other one out first."),
        )
    sha256, size = blobs.keep(actor.workspace_id, [data], limit=MOST_FONT)
    row = BrandFont.objects.create(
        workspace_id=actor.workspace_id,
        family=font.family,
        weight=font.weight,
        is_slanted=font.is_slanted,
        file_name=name,
        sha256=sha256,
        size=size,
        licence=said,
        member_id=actor.member_id,
        added_at=now,
    )
    governance.record(
        verb="studio.font_added",
        subject_kind="brand_font",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"family": font.family, "weight": font.weight, "sha256": sha256, "licence": said},
    )
    return row


@transaction.atomic
def remove_font(*, font_id: int, actor: Actor, now: datetime) -> None:
    """Take a font out. Templates that ask for it say so when a picture is made of them. The file stays kept."""
    require(actor, Right.CAMPAIGN)
    row = get_font(actor.workspace_id, font_id, lock=True)
    facts = {"family": row.family, "weight": row.weight, "sha256": row.sha256}
    row.delete()
    governance.record(
        verb="studio.font_removed", subject_kind="brand_font", subject_id=font_id, actor=actor, now=now, facts=facts
    )


# -- templates -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_template(
    *,
    data: bytes,
    file_name: str,
    actor: Actor,
    now: datetime,
    name: str = "",
    made_by: MadeBy = BY_A_PERSON,
    elements: Elements | None = None,
) -> PictureTemplate:
    """Take in an SVG as a template. `made_by` and `elements` are what the person says of who drew it and what is in it.

    Raises SvgRefused with file:line:column, also for a font that is not here.
    """
    require(actor, Right.CAMPAIGN)
    template = PictureTemplate(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now)
    template.made_by = made_by.kept()
    read = _take(template, data, _line(file_name, MOST_NAME) or "template.svg")
    template.name = _line(name, MOST_NAME) or read.name or template.file_name
    template.elements = _elements(read, elements).value
    template.changed_at = now
    template.save()
    governance.record(
        verb="studio.picture_template_added",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
        facts={"sha256": template.sha256, "drawn_by": made_by.origin.value, "elements": template.elements},
    )
    return template


@transaction.atomic
def copy_shipped(*, shipped: str, actor: Actor, now: datetime) -> PictureTemplate:
    """Begin with a template that ships."""
    by = MadeBy(Origin.PERSON, "Sillage")
    return add_template(data=shipped_template(shipped), file_name=f"{shipped}.svg", made_by=by, actor=actor, now=now)


@transaction.atomic
def replace_template(
    *, template_id: int, data: bytes, file_name: str, seen: int, actor: Actor, now: datetime
) -> PictureTemplate:
    """Another drawing in its place. Its alt text is proposed anew, to be confirmed; batches under way keep the old one."""
    require(actor, Right.CAMPAIGN)
    template = _to_change(actor, template_id, seen)
    read = _take(template, data, _line(file_name, MOST_NAME) or template.file_name)
    template.elements = _elements(read, Elements(template.elements)).value
    _change(template, now)
    governance.record(
        verb="studio.picture_template_replaced",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
        facts={"sha256": template.sha256, "version": template.version},
    )
    return template


@transaction.atomic
def describe_template(
    *, template_id: int, name: str, made_by: MadeBy, elements: Elements, seen: int, actor: Actor, now: datetime
) -> PictureTemplate:
    """Say what it is called, who drew it, and where the pictures in it come from. It decides what files say of themselves."""
    require(actor, Right.CAMPAIGN)
    template = _to_change(actor, template_id, seen)
    template.name = _line(name, MOST_NAME) or template.name
    template.made_by = made_by.kept()
    template.elements = _elements(content_of_template(template), elements).value
    _change(template, now)
    governance.record(
        verb="studio.picture_template_described",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
        facts={"drawn_by": made_by.origin.value, "model": made_by.name, "elements": template.elements},
    )
    return template


@transaction.atomic
def confirm_alt(*, template_id: int, alt: str, seen: int, actor: Actor, now: datetime) -> PictureTemplate:
    """Confirm the alt text, as it was proposed or in a person's own words; variables stand in it as {{ first_name }}."""
    require(actor, Right.CAMPAIGN)
    template = _to_change(actor, template_id, seen)
    said = _line(alt, MOST_ALT)
    if not said:
        raise TemplateMalformed(
            Sentence("The alt text is empty."), Sentence("Say what is seen, in one sentence."), "alt"
        )
    filled(said, {one["name"]: "x" for one in template.variables})
    template.alt, template.alt_confirmed_by_id, template.alt_confirmed_at = said, actor.member_id, now
    _change(template, now)
    governance.record(
        verb="studio.picture_alt_confirmed",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
        facts={"alt": said, "version": template.version},
    )
    return template


@transaction.atomic
def archive_template(*, template_id: int, actor: Actor, now: datetime) -> PictureTemplate:
    """Put a template away: nothing more is made of it, what was made keeps its history."""
    require(actor, Right.CAMPAIGN)
    template = get_template(actor.workspace_id, template_id, lock=True)
    template.archived_at = template.archived_at or now
    _change(template, now)
    governance.record(
        verb="studio.picture_template_archived",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
    )
    return template


def _to_change(actor: Actor, template_id: int, seen: int) -> PictureTemplate:
    template = to_make(get_template(actor.workspace_id, template_id, lock=True))
    if template.version != seen:
        raise TemplateNewer(
            Sentence("“%(template)s” was changed since you opened it.", template=template.name),
            Sentence("Load the page again."),
        )
    return template


def to_make(template: PictureTemplate) -> PictureTemplate:
    """The template, as part of what makes pictures of it or changes it. Raises TemplateArchived."""
    if template.archived_at is not None:
        raise TemplateArchived(
            Sentence("“%(template)s” was put away.", template=template.name), Sentence("Add it again to use it.")
        )
    return template


def _change(template: PictureTemplate, now: datetime) -> None:
    template.version += 1
    template.changed_at = now
    template.save()


def _take(template: PictureTemplate, data: bytes, file_name: str) -> Template:
    """Read, tried and kept: the row's fields of the file."""
    read = read_template(data, file_name)
    shelf = font_shelf(template.workspace_id)
    for face, place in read.faces:
        if shelf.find(face) is None:
            raise SvgRefused(
                Sentence("The font “%(families)s” is not here.", families=face.families[0] if face.families else ""),
                Sentence("Upload it first, or use one of %(families)s.", families=", ".join(shelf.families)),
                place,
            )
    template.sha256, _ = blobs.keep(template.workspace_id, [data], limit=MOST_BYTES)
    template.file_name, template.width, template.height = file_name, read.width, read.height
    template.variables = [{"name": v.name, "kind": v.kind, "default": v.default} for v in read.variables]
    template.left_out = list(read.left_out)
    template.has_credentials = carries_credentials(data) or any(one.has_credentials for one in read.pictures)
    template.alt, template.alt_confirmed_by, template.alt_confirmed_at = read.alt, None, None
    return read


def _elements(read: Template, said: Elements | None) -> Elements:
    """What a file says of itself stands over what a person says: a picture that a machine made is one."""
    if not read.pictures:
        return Elements.NONE
    if any(one.says_machine_made for one in read.pictures):
        return Elements.GENERATED
    return Elements.UNKNOWN if said in (None, Elements.NONE) else said


def _line(given: str, most: int) -> str:
    return " ".join(without_controls(given).split())[:most]


# -- one picture -----------------------------------------------------------------------------------------------------


@transaction.atomic
def export_picture(
    *,
    template_id: int,
    values: Mapping[str, str],
    actor: Actor,
    now: datetime,
    as_svg: bool = False,
    words_by_model: bool = False,
) -> MadePicture:
    """One finished picture, signed. Neither it nor the values are kept: the hash of the file is, with its history."""
    require(actor, Right.CAMPAIGN)
    template = to_make(get_template(actor.workspace_id, template_id))
    order = order_of(template, words_by_model=words_by_model)
    press = Press(signed_order(order, picture_certificate(actor.workspace_id, now)))
    made = press.as_svg(values) if as_svg else press(values)
    picture = picture_row(template, order.statement, made, actor.member_id, now)
    picture.save()
    governance.record(
        verb="studio.picture_exported",
        subject_kind="picture_template",
        subject_id=template.pk,
        actor=actor,
        now=now,
        facts=_told(made, order.statement),
    )
    return made


def picture_row(
    template: PictureTemplate, statement: Statement, made: MadePicture, member_id: int | None, now: datetime
) -> Picture:
    """What is kept of a picture that leaves, as part of exporting it or making a batch."""
    return Picture(
        workspace_id=template.workspace_id,
        template=template,
        sha256=made.sha256,
        template_sha256=template.sha256,
        media_type=made.media_type,
        source=statement.source,
        statement=statement.kept(),
        member_id=member_id,
        made_at=now,
    )


def _told(made: MadePicture, statement: Statement) -> dict[str, Any]:
    return {"sha256": made.sha256, "source": statement.source, "alt_confirmed": statement.alt_confirmed}
