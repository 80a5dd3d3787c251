"""Pictures with a name on them: templates and fonts, one picture with its preview, what files say of themselves."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.adapters.pictures import MOST_FONT
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions import pictures as actions
from sillage.studio.engine.digital_source import Elements
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.provenance import platform_fields
from sillage.studio.engine.shipped_templates import SHIPPED
from sillage.studio.engine.svg_reading import MOST_BYTES
from sillage.studio.models import PictureTemplate
from sillage.studio.queries import pictures as queries
from sillage.studio.queries.provenance import find_picture, history_of_picture, law_on
from sillage.studio.workers import Press

PREVIEW_WIDTH, THUMB_WIDTH = 540, 320


@require_GET
@page(Right.READ)
def pictures(request: Visit) -> HttpResponse:
    """Templates, fonts and batches of the workspace."""
    return _list(request)


def _list(request: Visit, status: int = 200, **more: Any) -> HttpResponse:
    workspace_id = request.workspace.pk
    context = {
        "tab": "pictures",
        "templates": queries.list_templates(workspace_id),
        "fonts": queries.list_fonts(workspace_id),
        "families": queries.font_shelf(workspace_id).families,
        "batches": queries.list_batches(workspace_id),
        "certificate": queries.certificate_in_use(workspace_id),
        "shipped": SHIPPED,
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "elements": [one for one in Elements if one is not Elements.NONE],
        **more,
    }
    return render(request, "studio/pictures.html", context, status=status)


def uploaded(request: Visit, field: str, most: int) -> tuple[bytes, str]:
    """(bytes, name) of the file that came with a form; one that is too large is not read whole."""
    file = request.FILES.get(field)
    if file is None:
        raise Malformed(Sentence("No file came."), Sentence("Choose a file first."), field)
    return file.read(most + 1), file.name or field


@require_POST
@page(Right.CAMPAIGN)
def add(request: Visit) -> HttpResponse:
    """An SVG becomes a template."""
    try:
        data, name = uploaded(request, "file", MOST_BYTES)
        made = actions.add_template(
            data=data,
            file_name=name,
            name=request.POST.get("name", ""),
            made_by=_made_by(request),
            elements=_elements(request),
            actor=request.actor,
            now=timezone.now(),
        )
    except Malformed as refusal:
        return _list(request, refusal.status, refused=refusal)
    return redirect("studio:picture", request.workspace.slug, made.pk)


def _made_by(request: Visit) -> MadeBy:
    if request.POST.get("drawn_by") != "model":
        return BY_A_PERSON
    return MadeBy(Origin.MODEL, request.POST.get("model", "").strip()[:100])


def _elements(request: Visit) -> Elements:
    said = request.POST.get("elements", "")
    return Elements(said) if said in set(Elements) else Elements.UNKNOWN


@require_POST
@page(Right.CAMPAIGN)
def copy(request: Visit) -> HttpResponse:
    """Begin with a template that ships."""
    made = actions.copy_shipped(shipped=request.POST.get("shipped", ""), actor=request.actor, now=timezone.now())
    return redirect("studio:picture", request.workspace.slug, made.pk)


@require_POST
@page(Right.CAMPAIGN)
def add_font(request: Visit) -> HttpResponse:
    """A font of the brand; that it may be used is the brand's word."""
    try:
        data, name = uploaded(request, "file", MOST_FONT)
        licence = request.POST.get("licence", "")
        font = actions.add_font(data=data, file_name=name, licence=licence, actor=request.actor, now=timezone.now())
    except (Malformed, actions.FontThere) as refusal:
        return _list(request, refusal.status, refused=refusal)
    messages.success(request, _("“%(family)s” is here: write its name as font-family.") % {"family": font.family})
    return redirect("studio:pictures", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def remove_font(request: Visit, font_id: int) -> HttpResponse:
    """Take a font out."""
    actions.remove_font(font_id=font_id, actor=request.actor, now=timezone.now())
    return redirect("studio:pictures", request.workspace.slug)


@require_POST
@page(Right.READ)
def trace(request: Visit) -> HttpResponse:
    """Where a file comes from, by its hash; the file is not kept."""
    file = request.FILES.get("file")
    sha256 = hashlib.sha256()
    for piece in file.chunks() if file else ():
        sha256.update(piece)
    try:
        found = find_picture(request.workspace.pk, sha256.hexdigest())
    except NotFound as refusal:
        return _list(request, refusal.status, untraced=refusal)
    history = history_of_picture(found)
    return _list(
        request,
        traced=found,
        history=history,
        fields=platform_fields(history),
        findings=law_on(history, (), timezone.localdate()),
    )


# -- one template ----------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def picture(request: Visit, template_id: int) -> HttpResponse:
    """A template with a form for its values and what a picture looks like with them."""
    return template_page(request, queries.get_template(request.workspace.pk, template_id))


def template_page(request: Visit, template: PictureTemplate, status: int = 200, **more: Any) -> HttpResponse:
    given = more.pop("given", {})
    statement = queries.statement_of(template)
    context = {
        "tab": "pictures",
        "template": template,
        "fields": [(v, given.get(v["name"], v["default"] or "")) for v in template.variables],
        "columns": ",".join(v["name"] for v in template.variables if v["kind"] == "text"),
        "made_by": MadeBy.of(template.made_by),
        "source": statement.source,
        "elements": [one for one in Elements if one is not Elements.NONE],
        "batches": queries.list_batches(request.workspace.pk, template.pk),
        "may_write": Right.CAMPAIGN in request.actor.rights and template.archived_at is None,
        **_seen(template, given),
        **more,
    }
    return render(request, "studio/picture.html", context, status=status)


def _seen(template: PictureTemplate, given: Mapping[str, str]) -> dict[str, Any]:
    """The preview with these values; a variable without one shows its own name. Never kept."""
    said = {v["name"]: given.get(v["name"]) or v["default"] or v["name"] for v in template.variables}
    try:
        press = Press(queries.order_of(template))
        png, drawn = press.preview(said, PREVIEW_WIDTH)
    except Malformed as refusal:
        return {"not_drawn": refusal}
    return {"preview": base64.b64encode(png).decode(), "remarks": drawn.remarks, "alt": press.alt(said)}


def _given(request: Visit, template: PictureTemplate) -> dict[str, str]:
    names = [v["name"] for v in template.variables]
    return {name: request.POST.get(f"value_{name}", "") for name in names}


@require_POST
@page(Right.READ)
def preview(request: Visit, template_id: int) -> HttpResponse:
    """The picture as it would be with what is typed. Values travel in the body: no address and no log holds a name."""
    template = queries.get_template(request.workspace.pk, template_id)
    given = _given(request, template)
    if not request.headers.get("HX-Request"):
        return template_page(request, template, given=given)
    context = {"template": template, **_seen(template, given)}
    return render(request, "studio/parts/picture_preview.html", context)


@require_POST
@page(Right.CAMPAIGN)
def export(request: Visit, template_id: int) -> HttpResponse:
    """The finished file, signed; it is not kept here."""
    template = queries.get_template(request.workspace.pk, template_id)
    given, as_svg = _given(request, template), request.POST.get("as") == "svg"
    try:
        made = actions.export_picture(
            template_id=template_id,
            values=given,
            as_svg=as_svg,
            words_by_model=bool(request.POST.get("words_by_model")),
            actor=request.actor,
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return template_page(request, template, refusal.status, given=given, refused=refusal)
    ending = "svg" if as_svg else "png"
    answer = HttpResponse(made.data, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="picture-{template_id}.{ending}"'
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@page(Right.READ)
def thumb(request: Visit, template_id: int) -> HttpResponse:
    """The template with the names of its variables on it."""
    template = queries.get_template(request.workspace.pk, template_id)
    said = {v["name"]: v["default"] or v["name"] for v in template.variables}
    png, _drawn = Press(queries.order_of(template)).preview(said, THUMB_WIDTH)
    answer = HttpResponse(png, content_type="image/png")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@require_POST
@page(Right.CAMPAIGN)
def alt(request: Visit, template_id: int) -> HttpResponse:
    """A person confirms the alt text."""
    template = queries.get_template(request.workspace.pk, template_id)
    said = request.POST.get("alt", "")
    try:
        actions.confirm_alt(
            template_id=template_id, alt=said, seen=_seen_version(request), actor=request.actor, now=timezone.now()
        )
    except (Malformed, actions.TemplateNewer) as refusal:
        return template_page(request, template, refusal.status, refused=refusal)
    messages.success(request, _("The alt text is confirmed."))
    return redirect("studio:picture", request.workspace.slug, template_id)


def _seen_version(request: Visit) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


@require_POST
@page(Right.CAMPAIGN)
def describe(request: Visit, template_id: int) -> HttpResponse:
    """Who drew it, and what the pictures in it are."""
    template = queries.get_template(request.workspace.pk, template_id)
    try:
        actions.describe_template(
            template_id=template_id,
            name=request.POST.get("name", ""),
            made_by=_made_by(request),
            elements=_elements(request),
            seen=_seen_version(request),
            actor=request.actor,
            now=timezone.now(),
        )
    except (Malformed, actions.TemplateNewer) as refusal:
        return template_page(request, template, refusal.status, refused=refusal)
    return redirect("studio:picture", request.workspace.slug, template_id)


@require_POST
@page(Right.CAMPAIGN)
def replace(request: Visit, template_id: int) -> HttpResponse:
    """Another drawing in its place."""
    template = queries.get_template(request.workspace.pk, template_id)
    try:
        data, name = uploaded(request, "file", MOST_BYTES)
        actions.replace_template(
            template_id=template_id,
            data=data,
            file_name=name,
            seen=_seen_version(request),
            actor=request.actor,
            now=timezone.now(),
        )
    except (Malformed, actions.TemplateNewer) as refusal:
        return template_page(request, template, refusal.status, refused=refusal)
    return redirect("studio:picture", request.workspace.slug, template_id)


@require_POST
@page(Right.CAMPAIGN)
def archive(request: Visit, template_id: int) -> HttpResponse:
    """Put a template away."""
    made = actions.archive_template(template_id=template_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(name)s” was put away.") % {"name": made.name})
    return redirect("studio:pictures", request.workspace.slug)
