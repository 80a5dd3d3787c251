"""A creator's data protection, for members: the notice, the link to their own page, what they asked, what is stored."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.rectifying import wanted_of
from sillage.desk.queries.privacy import as_json, clocked, copy_as_zip, creator_links, held_lines
from sillage.desk.views.privacy import NoSuchChoice, asked_of, request_url
from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.notice import LANGUAGES
from sillage.governance.engine.privacy import CameBy, RequestKind, notice_due, urgency
from sillage.lib.sentences import Sentence

LINK_DAYS = (30, 90, 365)


@require_GET
@page(Right.READ)
def creator_privacy(request: Visit, creator_id: int) -> HttpResponse:
    return render(request, "desk/creator_privacy.html", _context(request, creator_id))


def _context(request: Visit, creator_id: int, address: str = "") -> dict[str, Any]:
    """`address` is that of a link just opened: it stands in this answer and in the notice's text, and nowhere else."""
    here, now = request.workspace.pk, timezone.now()
    creator = catalogue.get_creator_by_id(here, creator_id)
    subject = queries.get_subject(here, "creator", creator_id)
    notice = queries.find_notice(here, "creator", creator_id)
    due = notice_due(subject.obtained_at, notice.contacted_at if notice else None, notice.shown_at if notice else None)
    is_told = notice is not None and notice.sent_at is not None
    texts = {}
    if queries.find_controller(here) is not None:
        texts = {code: queries.written_notice(subject, here, code, address) for code in LANGUAGES}
    return {
        "creator": creator,
        "subject": subject,
        "accounts": catalogue.list_accounts_of(creator),
        "notice": notice,
        "notice_due_at": due,
        "notice_urgency": urgency(due, now, is_done=is_told).value,
        "notice_texts": texts,
        "links": creator_links(here, creator_id, now),
        "address": address,
        "days": LINK_DAYS,
        "requests": clocked(here, queries.list_data_requests_of(here, "creator", creator_id), now),
        "is_restricted": queries.is_restricted(here, "creator", creator_id),
        "held": held_lines(queries.list_held(here, subject)),
        "kinds": [kind.value for kind in RequestKind],
        "ways": [way.value for way in CameBy if way is not CameBy.LINK],
        "may_link": Right.CAMPAIGN in request.actor.rights,
        "may_answer": Right.ERASE in request.actor.rights,
        "language": get_language() or "en",
        "today": now.date(),
    }


@never_cache
@require_POST
@page(Right.CAMPAIGN)
def open_creator_link(request: Visit, creator_id: int) -> HttpResponse:
    """Open the creator's own page to them, and show the link, this once."""
    now = timezone.now()
    creator = catalogue.get_creator_by_id(request.workspace.pk, creator_id)
    days = request.POST.get("days", "")
    if days not in {str(d) for d in LINK_DAYS}:
        raise NoSuchChoice(
            Sentence("“%(days)s” is not a number of days to choose from.", days=days),
            Sentence("Choose one of the list."),
        )
    _link, secret = actions.open_link(
        purpose=Purpose.CREATOR,
        subject_kind="creator",
        subject_id=creator.pk,
        label=request.POST.get("label", "").strip() or creator.name or creator.key,
        expires_at=now + timedelta(days=int(days)),
        actor=request.actor,
        now=now,
    )
    address = request.build_absolute_uri(reverse("desk:creator_self", args=[secret]))
    return render(request, "desk/creator_privacy.html", _context(request, creator_id, address))


@require_POST
@page(Right.CAMPAIGN)
def revoke_creator_link(request: Visit, creator_id: int, link_id: int) -> HttpResponse:
    link = queries.get_link_of(request.workspace.pk, "creator", creator_id, link_id)
    actions.revoke_link(link_id=link.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("desk:creator_privacy", request.workspace.slug, creator_id)


@require_POST
@page(Right.CAMPAIGN)
def give_notice(request: Visit, creator_id: int) -> HttpResponse:
    """Write down that the creator was told."""
    try:
        how = CameBy(request.POST.get("how", ""))
    except ValueError as error:
        raise NoSuchChoice(Sentence("The form's choice is not known."), Sentence("Choose one of the list.")) from error
    actions.give_notice(
        subject_kind="creator",
        subject_id=creator_id,
        how=how,
        language=request.POST.get("language", "fr"),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Written down: they were told."))
    return redirect("desk:creator_privacy", request.workspace.slug, creator_id)


@require_POST
@page(Right.ERASE)
def open_data_request(request: Visit, creator_id: int) -> HttpResponse:
    """A member writes down what a creator asked by letter, message or mouth."""
    catalogue.get_creator_by_id(request.workspace.pk, creator_id)
    wanted = _wanted(request)
    asked = asked_of(request.POST, creator_id, wanted=wanted, received_at=_received(request))
    made = actions.open_data_request(asked=asked, actor=request.actor, now=timezone.now())
    messages.success(request, _("The clock runs: answer within a month."))
    return redirect(request_url(request, made.pk))


def _wanted(request: Visit) -> dict[str, Any]:
    if request.POST.get("kind") != RequestKind.RECTIFICATION or not request.POST.get("field"):
        return {}
    return wanted_of({name: request.POST.get(name, "") for name in ("account", "field", "value")})


def _received(request: Visit) -> datetime | None:
    given = request.POST.get("received_on", "")
    if not given:
        return None
    try:
        day = parse_date(given)
    except ValueError:
        day = None
    if day is None:
        raise NoSuchChoice(Sentence("“%(given)s” is not a day.", given=given), Sentence("Write it as 2026-06-15."))
    at = timezone.make_aware(datetime.combine(day, time(12)))
    return min(at, timezone.now()) if day == timezone.now().date() else at


@require_GET
@page(Right.ERASE)
def creator_copy(request: Visit, creator_id: int, form: str) -> HttpResponse:
    """Everything that is stored about a creator, to answer a request with."""
    subject = queries.get_subject(request.workspace.pk, "creator", creator_id)
    return copy_response(queries.copy_of(request.workspace.pk, subject, timezone.now()), creator_id, form)


def copy_response(copied: dict[str, Any], creator_id: int, form: str) -> HttpResponse:
    """A copy as a download: `form` is json or zip."""
    if form == "zip":
        response = HttpResponse(copy_as_zip(copied), content_type="application/zip")
    else:
        response = HttpResponse(as_json(copied), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="data-{creator_id}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
