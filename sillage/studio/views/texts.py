"""The writing page: the words at the left, what is known of them at the right; saved as they are typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.word_diff import word_diff
from sillage.studio.actions import texts as actions
from sillage.studio.actions.comments import comment_text, settle_comment
from sillage.studio.engine.brief import LANGUAGES, Kind
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy
from sillage.studio.engine.remarks import applied
from sillage.studio.models import Text
from sillage.studio.queries.briefs import get_brief, list_briefs
from sillage.studio.queries.choices import choices_of, open_checks, origins_of, requests_of, standings_of
from sillage.studio.queries.handing import deliverables_for
from sillage.studio.queries.text_checks import Checked, check_words
from sillage.studio.queries.texts import get_text, get_version, newest_version, versions_of
from sillage.studio.views.panels import PANELS, panel_named

NUMBERS = 10**9


@require_GET
@page(Right.READ)
def text(request: Visit, text_id: int) -> HttpResponse:
    """`?panel=` the side panel that is open; without a script each is a page of its own."""
    return render(request, "studio/text.html", context_of(request, get_text(request.workspace.pk, text_id)))


def context_of(request: Visit, found: Text, *, body: str | None = None, **more: Any) -> dict[str, Any]:
    """What the page shows. `body`: words that were sent and could not be kept stand there, not the saved ones."""
    now = timezone.now()
    words = found.body if body is None else body
    version = newest_version(found)
    wanted = request.GET.get("panel", "")
    panel = next((one for one in PANELS if one.subject == wanted), None)
    checked = check_words(found, words, timezone.localdate())
    return {
        "text": found,
        "body": words,
        "version": version,
        "origins": origins_of(version),
        "is_kept": version.body == words,
        "brief": checked.brief,
        "panels": PANELS,
        "panel": panel,
        "panel_html": panel.written(request, found, words, now) if panel else "",
        "may_write": Right.CAMPAIGN in request.actor.rights and found.archived_at is None,
        "may_archive": Right.CAMPAIGN in request.actor.rights,
        "may_approve": Right.APPROVE in request.actor.rights,
        "choices": choices_of(found),
        "requests": requests_of(found, now)[:3],
        "standing": standings_of(found.workspace_id, [found], now).get(found.pk),
        "waiting": open_checks(version),
        "deliverables": deliverables_for(found) if found.state in ("chosen", "approved") else [],
        "now": now,
        **findings_of(checked),
        **more,
    }


def findings_of(checked: Checked) -> dict[str, Any]:
    """What the part studio/parts/text_findings.html shows."""
    return {"checked": checked, "remarks": list(enumerate(checked.remarks)), "fit": checked.fit}


def wants_json(request: Visit) -> bool:
    """A script asks: it shows what happened by itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def seen_of(request: Visit) -> int:
    """The `version` of the text that the words were typed over."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and int(given) < NUMBERS else 0


def body_of(request: Visit) -> str:
    """The words as typed: a browser sends line ends as CR LF."""
    return request.POST.get("body", "").replace("\r\n", "\n")


def _saved(found: Text, number: int | None = None) -> JsonResponse:
    at = time_format(timezone.localtime(found.changed_at), "TIME_FORMAT")
    return JsonResponse({"version": found.version, "saved_at": at, "kept": number, "state": found.state})


def conflicting(request: Visit, found: Text, body: str, refusal: Refusal) -> HttpResponse:
    """Both texts, side by side, and what can be done: nothing of either is lost."""
    conflict = {"conflict": word_diff(found.body, body), "theirs": found, "refusal": refusal}
    if wants_json(request):
        html = render_to_string("studio/parts/text_conflict.html", {**conflict, "body": body}, request)
        return JsonResponse({"version": found.version, "html": html, "message": refusal.message}, status=409)
    context = context_of(request, found, body=body, **conflict)
    return render(request, "studio/text.html", context, status=refusal.status)


def refused(request: Visit, found: Text, body: str, refusal: Refusal) -> HttpResponse:
    """The page again, with the words that were sent and the reason."""
    if wants_json(request):
        return JsonResponse({"message": refusal.message, "hint": refusal.hint}, status=refusal.status)
    context = context_of(request, found, body=body, refused=refusal)
    return render(request, "studio/text.html", context, status=refusal.status)


# -- saving and keeping ----------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def save(request: Visit, text_id: int) -> HttpResponse:
    """The working copy, as it is typed; by the button too, where no script runs."""
    found, body = get_text(request.workspace.pk, text_id), body_of(request)
    try:
        found = actions.save_words(
            text_id=text_id, body=body, seen=seen_of(request), actor=request.actor, now=timezone.now()
        )
    except actions.TextNewer as refusal:
        return conflicting(request, get_text(request.workspace.pk, text_id), body, refusal)
    except (actions.TextMalformed, actions.TextArchived) as refusal:
        return refused(request, found, body, refusal)
    return _saved(found) if wants_json(request) else redirect(address_of(request, text_id))


@require_POST
@page(Right.CAMPAIGN)
def keep(request: Visit, text_id: int) -> HttpResponse:
    """Keep the words as a version. `how`: "aside" leaves the working copy alone; "over" goes over a newer one, kept too."""
    body, how, now = body_of(request), request.POST.get("how", ""), timezone.now()
    found = get_text(request.workspace.pk, text_id)
    note = request.POST.get("note", "")
    try:
        if how == "aside":
            version = actions.keep_aside(text_id=text_id, body=body, actor=request.actor, now=now, note=note)
        else:
            over = request.POST.get("over", "")
            seen = int(over) if how == "over" and over.isdecimal() else seen_of(request)
            version = actions.keep_version(
                text_id=text_id, body=body, made_by=BY_A_PERSON, seen=seen, actor=request.actor, now=now, note=note
            )
    except actions.TextNewer as refusal:
        return conflicting(request, get_text(request.workspace.pk, text_id), body, refusal)
    except actions.VersionUnchanged as refusal:
        if how == "aside":
            return _saved(found) if wants_json(request) else redirect(address_of(request, text_id))
        return refused(request, found, body, refusal)
    except (actions.TextMalformed, actions.TextArchived) as refusal:
        return refused(request, found, body, refusal)
    if wants_json(request):
        return _saved(get_text(request.workspace.pk, text_id), version.number)
    messages.success(request, _("Version %(n)s is kept.") % {"n": version.number})
    return redirect(address_of(request, text_id))


def address_of(request: Visit, text_id: int, panel: str = "") -> str:
    address = reverse("studio:text", args=[request.workspace.slug, text_id])
    return f"{address}?panel={panel}#panel" if panel else address


# -- what is said of the words ---------------------------------------------------------------------------------------


@require_POST
@page(Right.READ)
def check(request: Visit, text_id: int) -> HttpResponse:
    """Remarks, law and voice of the words as typed. Nothing is stored."""
    return findings_shown(request, get_text(request.workspace.pk, text_id), body_of(request))


def findings_shown(request: Visit, found: Text, typed: str) -> HttpResponse:
    """The part of the page that says what machines remark on the words as typed."""
    body = actions.clean_body(typed)
    checked = check_words(found, body, timezone.localdate())
    may_write = Right.CAMPAIGN in request.actor.rights and found.archived_at is None
    context = {"text": found, "body": body, "brief": checked.brief, "may_write": may_write, **findings_of(checked)}
    return render(request, "studio/parts/text_findings.html", context)


@require_POST
@page(Right.CAMPAIGN)
def fix(request: Visit, text_id: int) -> HttpResponse:
    """Make one fix of one remark, where no script does: `fix` is the remark's place in the list and the fix's."""
    found, body = get_text(request.workspace.pk, text_id), body_of(request)
    wanted = request.POST.get("fix", "").split("-")
    remarks = check_words(found, body, timezone.localdate()).remarks
    try:
        remark = remarks[int(wanted[0])]
        body = applied(body, remark, remark.fixes[int(wanted[1])])
    except (IndexError, ValueError) as error:
        raise NotFound(
            Sentence("This fix does not fit the words any more."), Sentence("Load the page again.")
        ) from error
    try:
        actions.save_words(text_id=text_id, body=body, seen=seen_of(request), actor=request.actor, now=timezone.now())
    except actions.TextNewer as refusal:
        return conflicting(request, get_text(request.workspace.pk, text_id), body, refusal)
    return redirect(address_of(request, text_id))


@require_POST
@page(Right.READ)
def panel(request: Visit, text_id: int, subject: str) -> HttpResponse:
    """One side panel, for the words as typed."""
    found = get_text(request.workspace.pk, text_id)
    body = actions.clean_body(body_of(request)) if "body" in request.POST else found.body
    return HttpResponse(panel_named(subject).written(request, found, body, timezone.now()))


@require_POST
@page(Right.CAMPAIGN)
def comment(request: Visit, text_id: int) -> HttpResponse:
    """Say something of marked words, of all of it, or below another comment."""
    starts, answers = request.POST.get("starts", ""), request.POST.get("answers", "")
    comment_text(
        text_id=text_id,
        said=request.POST.get("said", ""),
        quote=request.POST.get("quote", ""),
        starts=int(starts) if starts.isdecimal() else None,
        answers=int(answers) if answers.isdecimal() else None,
        actor=request.actor,
        now=timezone.now(),
    )
    return _panel_or_page(request, text_id, "comments")


@require_POST
@page(Right.CAMPAIGN)
def settle(request: Visit, text_id: int, comment_id: int) -> HttpResponse:
    """Settle a comment, or open it again."""
    settle_comment(
        text_id=text_id,
        comment_id=comment_id,
        is_settled=request.POST.get("settle", "yes") == "yes",
        actor=request.actor,
        now=timezone.now(),
    )
    return _panel_or_page(request, text_id, "comments")


def _panel_or_page(request: Visit, text_id: int, subject: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        found = get_text(request.workspace.pk, text_id)
        body = body_of(request) if "body" in request.POST else found.body
        return HttpResponse(panel_named(subject).written(request, found, body, timezone.now()))
    return redirect(address_of(request, text_id, subject))


# -- versions --------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def compare(request: Visit, text_id: int) -> HttpResponse:
    """Two versions, word by word: `?a=` the older, `?b=` the newer; by default the first and the newest."""
    found = get_text(request.workspace.pk, text_id)
    versions = versions_of(found)
    given = {name: request.GET.get(name, "") for name in ("a", "b")}
    numbers = [
        int(value) if value.isdecimal() and int(value) < NUMBERS else fallback
        for value, fallback in ((given["a"], versions[-1].number), (given["b"], versions[0].number))
    ]
    before, after = (get_version(found, number) for number in numbers)
    context = {
        "text": found,
        "versions": versions,
        "before": before,
        "after": after,
        "makers": [MadeBy.of(before.made_by), MadeBy.of(after.made_by)],
        "changes": word_diff(before.body, after.body),
        "may_write": Right.CAMPAIGN in request.actor.rights and found.archived_at is None,
    }
    return render(request, "studio/text_compare.html", context)


@require_POST
@page(Right.CAMPAIGN)
def restore(request: Visit, text_id: int, number: int) -> HttpResponse:
    """An old version's words become the newest version."""
    kept = actions.restore_version(
        text_id=text_id, number=number, seen=seen_of(request), actor=request.actor, now=timezone.now()
    )
    messages.success(
        request, _("Version %(old)s stands there again, as version %(n)s.") % {"old": number, "n": kept.number}
    )
    return redirect(address_of(request, text_id))


@require_POST
@page(Right.CAMPAIGN)
def rename(request: Visit, text_id: int) -> HttpResponse:
    actions.rename_text(text_id=text_id, title=request.POST.get("title", ""), actor=request.actor, now=timezone.now())
    return redirect(address_of(request, text_id))


@require_POST
@page(Right.CAMPAIGN)
def archive(request: Visit, text_id: int) -> HttpResponse:
    """Put a text away, or take it back."""
    is_archived = request.POST.get("archived", "yes") == "yes"
    actions.archive_text(text_id=text_id, is_archived=is_archived, actor=request.actor, now=timezone.now())
    messages.success(request, _("The text is put away.") if is_archived else _("The text is back."))
    return redirect("studio:studio", request.workspace.slug) if is_archived else redirect(address_of(request, text_id))


# -- a new one -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def new(request: Visit) -> HttpResponse:
    """An empty page, for a brief or without one (`?brief=`)."""
    given = request.POST if request.method == "POST" else request.GET
    brief_id = given.get("brief", "")
    brief = get_brief(request.workspace.pk, int(brief_id)) if brief_id.isdecimal() else None
    context = {
        "tab": "texts",
        "briefs": list_briefs(request.workspace.pk, limit=100).items,
        "brief": brief,
        "kinds": [kind.value for kind in Kind],
        "languages": LANGUAGES,
        "given": given,
    }
    if request.method != "POST":
        return render(request, "studio/text_new.html", context)
    try:
        made = actions.start_text(
            title=given.get("title", "") or (brief.title if brief else ""),
            kind=given.get("kind", "") or (brief.kind if brief else ""),
            language=given.get("language", "") or (brief.language if brief else ""),
            body="",
            made_by=BY_A_PERSON,
            brief_id=brief.pk if brief else None,
            actor=request.actor,
            now=timezone.now(),
        )
    except actions.TextMalformed as refusal:
        return render(request, "studio/text_new.html", {**context, "refused": refusal}, status=refusal.status)
    return redirect(address_of(request, made.pk))
