"""A template, a batch and a picture that left: for tests that call every endpoint and open every page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.governance.engine.actors import Actor
from sillage.studio.actions.picture_batches import open_batch
from sillage.studio.actions.pictures import copy_shipped, export_picture

VALUES = {"first_name": "Léa", "message": "Bonjour"}


def people() -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", "first_name,message\nLéa,Bonjour\nZoë,\n".encode())


def drawing() -> SimpleUploadedFile:
    return SimpleUploadedFile("d.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"></svg>')


def picture_places(actor: Actor, now: datetime) -> dict[str, Any]:
    template = copy_shipped(shipped="square", actor=actor, now=now)
    made = export_picture(template_id=template.pk, values=VALUES, actor=actor, now=now)
    batch = open_batch(template_id=template.pk, table=people().read(), table_name="people.csv", actor=actor, now=now)
    return {"picture_template_id": template.pk, "picture_batch_id": batch.pk, "sha256": made.sha256}
