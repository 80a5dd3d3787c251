"""Batches of pictures: a table comes in, its page draws portion after portion while it is open, one file goes out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.studio.actions import picture_batches as actions
from sillage.studio.engine.picture_batch import MOST_TABLE, PORTION, Statement
from sillage.studio.models import PictureBatch
from sillage.studio.queries.pictures import batch_as_zip, get_batch, get_template
from sillage.studio.views.pictures import template_page, uploaded

FAULTS_SHOWN = 50


@require_POST
@page(Right.CAMPAIGN)
def open_batch(request: Visit, template_id: int) -> HttpResponse:
    """A table with a column per variable."""
    template = get_template(request.workspace.pk, template_id)
    try:
        data, name = uploaded(request, "table", MOST_TABLE)
        batch = actions.open_batch(
            template_id=template_id,
            table=data,
            table_name=name,
            words_by_model=bool(request.POST.get("words_by_model")),
            actor=request.actor,
            now=timezone.now(),
        )
    except Malformed as refusal:
        return template_page(request, template, refusal.status, refused=refusal)
    return redirect("studio:picture_batch", request.workspace.slug, batch.pk)


@require_GET
@page(Right.READ)
def batch(request: Visit, batch_id: int) -> HttpResponse:
    """How far it is, which rows gave no picture and why."""
    found = get_batch(request.workspace.pk, batch_id)
    return render(request, "studio/picture_batch.html", _context(request, found))


def _context(request: Visit, found: PictureBatch) -> dict[str, Any]:
    return {
        "tab": "pictures",
        "batch": found,
        "statement": Statement.of(found.statement),
        "made": found.done - found.failed,
        "faults": found.faults[:FAULTS_SHOWN],
        "more_faults": max(0, found.failed - FAULTS_SHOWN),
        "cut": sum(one["kind"] == "cut" for one in found.remarks),
        "letters": sum(one["kind"] == "letters" for one in found.remarks),
        "may_write": Right.CAMPAIGN in request.actor.rights,
    }


@require_POST
@page(Right.CAMPAIGN)
def make(request: Visit, batch_id: int) -> HttpResponse:
    """Draw the next portion."""
    made = actions.make_batch(batch_id=batch_id, most=PORTION, actor=request.actor, now=timezone.now())
    if not request.headers.get("HX-Request"):
        return redirect("studio:picture_batch", request.workspace.slug, batch_id)
    return render(request, "studio/parts/picture_progress.html", _context(request, made))


@require_GET
@page(Right.READ)
def download(request: Visit, batch_id: int) -> HttpResponse:
    """All pictures that are made, with their manifest, in one ZIP."""
    found = get_batch(request.workspace.pk, batch_id)
    answer = FileResponse(batch_as_zip(found), as_attachment=True, filename=f"pictures-{found.pk}.zip")
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, answer)  # doors treat a streamed one alike


@require_POST
@page(Right.CAMPAIGN)
def erase(request: Visit, batch_id: int) -> HttpResponse:
    """Erase its pictures now."""
    actions.erase_batch(batch_id=batch_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The pictures and their table are erased."))
    return redirect("studio:pictures", request.workspace.slug)
