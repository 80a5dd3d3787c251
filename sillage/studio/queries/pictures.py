"""Reading templates, fonts and batches of pictures. Those of another workspace are not found."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from sillage import __version__
from sillage.adapters import blobs
from sillage.adapters.credentials import Certificate
from sillage.adapters.pictures import FontFile, FontShelf
from sillage.campaigns.engine.sealed_files import opened_pieces
from sillage.governance.queries.keys import sealing_key
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.digital_source import Elements, source_of_picture
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.picture_batch import FIXED, Statement, manifest
from sillage.studio.engine.svg_template import Template, read_template
from sillage.studio.engine.text_fitting import runs
from sillage.studio.models import BrandFont, PictureBatch, PictureCertificate, PicturePart, PictureTemplate
from sillage.studio.workers import Order

SEALED_VALUES, SEALED_KEY = "picture values", "picture certificate"
PART_LIST = "part.json"


def get_template(workspace_id: int, template_id: int, *, lock: bool = False) -> PictureTemplate:
    """A template; `lock` holds its row until the transaction ends."""
    rows = PictureTemplate.objects.filter(workspace_id=workspace_id, pk=template_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("alt_confirmed_by__person")
    found = rows.first()
    if found is None:
        raise NotFound(
            Sentence("No picture template %(template_id)s in this workspace.", template_id=template_id),
            Sentence("See the pictures in the studio, or `sillage studio picture templates`."),
        )
    return found


def list_templates(workspace_id: int, *, archived: bool = False) -> list[PictureTemplate]:
    """The last changed first."""
    rows = PictureTemplate.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived)
    return list(rows.order_by("-changed_at", "-pk")[:200])


def list_fonts(workspace_id: int) -> list[BrandFont]:
    rows = BrandFont.objects.filter(workspace_id=workspace_id).select_related("member__person")
    return list(rows.order_by("family", "weight", "is_slanted"))


def get_font(workspace_id: int, font_id: int, *, lock: bool = False) -> BrandFont:
    rows = BrandFont.objects.filter(workspace_id=workspace_id, pk=font_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No font %(font_id)s in this workspace.", font_id=font_id),
            Sentence("See the page of pictures for those there are."),
        )
    return found


def font_files(workspace_id: int) -> tuple[FontFile, ...]:
    """The brand's fonts as files on the disk."""
    return tuple(
        FontFile(blobs.path_of(workspace_id, font.sha256), font.family, font.weight, font.is_slanted)
        for font in list_fonts(workspace_id)
    )


def font_shelf(workspace_id: int) -> FontShelf:
    """The brand's fonts and those that ship."""
    return FontShelf(font_files(workspace_id), runs)


def file_of(template: PictureTemplate) -> bytes:
    """The SVG as it came."""
    return blobs.read(template.workspace_id, template.sha256)


def content_of_template(template: PictureTemplate) -> Template:
    return read_template(file_of(template), template.file_name)


def statement_of(template: PictureTemplate, *, words_by_model: bool = False) -> Statement:
    """What is true of pictures that are made of it now."""
    made_by = MadeBy.of(template.made_by)
    source = source_of_picture(
        drawn_by_model=made_by.origin is Origin.MODEL,
        elements=Elements(template.elements),
        has_variables=bool(template.variables),
        words_by_model=words_by_model,
    )
    return Statement(
        template=template.name,
        version=template.version,
        source=source.value,
        made_by=made_by.kept(),
        elements=template.elements,
        alt=template.alt,
        alt_confirmed=template.alt_confirmed_at is not None,
        words_by_model=words_by_model,
    )


def order_of(template: PictureTemplate, *, words_by_model: bool = False) -> Order:
    """All that a preview is made of; with a certificate, pictures."""
    return Order(
        svg=file_of(template),
        file_name=template.file_name,
        fonts=font_files(template.workspace_id),
        statement=statement_of(template, words_by_model=words_by_model),
        version=__version__,
    )


def certificate_in_use(workspace_id: int) -> PictureCertificate | None:
    return PictureCertificate.objects.filter(workspace_id=workspace_id, retired_at=None).first()


def signed_order(order: Order, certificate: Certificate) -> Order:
    return replace(order, certificate=certificate)


# -- batches ---------------------------------------------------------------------------------------------------------


def get_batch(workspace_id: int, batch_id: int, *, lock: bool = False) -> PictureBatch:
    rows = PictureBatch.objects.filter(workspace_id=workspace_id, pk=batch_id)
    found = (rows.select_for_update() if lock else rows.select_related("template", "member__person")).first()
    if found is None:
        raise NotFound(
            Sentence("No batch of pictures %(batch_id)s in this workspace.", batch_id=batch_id),
            Sentence("It may have been erased: batches are kept for a month at most."),
        )
    return found


def list_batches(workspace_id: int, template_id: int | None = None) -> list[PictureBatch]:
    """The newest first."""
    rows = PictureBatch.objects.filter(workspace_id=workspace_id).select_related("template")
    rows = rows.filter(template_id=template_id) if template_id is not None else rows
    return list(rows.order_by("-made_at", "-pk")[:100])


def rows_of_batch(batch: PictureBatch) -> list[dict[str, str]]:
    """The sealed table, one dict per picture. Raises NotFound where it was not needed any more."""
    key = sealing_key(batch.workspace_id, SEALED_VALUES)
    with blobs.opened(batch.workspace_id, batch.values_sha256) as file:
        found: list[dict[str, str]] = json.loads(b"".join(opened_pieces(key, file)))
    return found


def pictures_of(batch: PictureBatch) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(row, file, sha256, alt, remarks; the PNG) of what is made so far, in the order of the table."""
    for part in PicturePart.objects.filter(batch=batch).order_by("starts"):
        with blobs.opened(batch.workspace_id, part.sha256) as file, zipfile.ZipFile(file) as archive:
            for told in json.loads(archive.read(PART_LIST)):
                yield told, archive.read(told["file"])


def batch_as_zip(batch: PictureBatch) -> IO[bytes]:
    """Every picture that is made and manifest.json in one file without a name, which is gone when it is closed."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for told, data in pictures_of(batch):
            archive.writestr(zipfile.ZipInfo(told["file"], FIXED), data)
            listed.append(told)
        said = manifest(Statement.of(batch.statement), listed, batch.faults)
        archive.writestr(zipfile.ZipInfo("manifest.json", FIXED), said)
    made.seek(0)
    return made
