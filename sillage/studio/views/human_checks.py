"""Human checks: those that await a person's word, those that others were asked, and the answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.queries import list_members
from sillage.studio.actions import human_checks as actions
from sillage.studio.actions import judging
from sillage.studio.engine.human_flags import FLAGS
from sillage.studio.queries.human_checks import answered, awaiting, awaiting_others, last_judges, named_judges
from sillage.studio.queries.texts import get_text
from sillage.studio.views.panels import panel_named
from sillage.studio.views.texts import address_of, body_of

SHOWN = 50


@require_GET
@page(Right.READ)
def human_checks(request: Visit) -> HttpResponse:
    """The reader's own first."""
    workspace_id, member_id = request.workspace.pk, request.actor.member_id
    named, last = named_judges(workspace_id), last_judges(workspace_id, FLAGS)
    context = {
        "tab": "texts",
        "mine": awaiting(workspace_id, member_id)[:SHOWN],
        "others": awaiting_others(workspace_id, member_id)[:SHOWN],
        "answered": answered(workspace_id)[:SHOWN],
        "may_approve": Right.APPROVE in request.actor.rights,
        "judges": [(flag, named.get(flag), last.get(flag)) for flag in FLAGS],
        "members": list_members(workspace_id),
    }
    return render(request, "studio/human_checks.html", context)


@require_POST
@page(Right.APPROVE)
def name_judge(request: Visit) -> HttpResponse:
    """`flag`, and the `member` who is proposed first for it; none: whoever judged last."""
    member = request.POST.get("member", "")
    try:
        judging.name_judge(
            flag=request.POST.get("flag", ""),
            member_id=int(member) if member.isdecimal() and len(member) < 19 else None,
            actor=request.actor,
            now=timezone.now(),
        )
        messages.success(request, _("Who is proposed first is kept."))
    except judging.JudgeSo as refusal:
        messages.info(request, refusal.message)
    return redirect("studio:human_checks", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def ask(request: Visit, text_id: int) -> HttpResponse:
    """Put words to a member: `member`, `flag`, `words` (none: all of the text), `reason`, `made_by` where a rule found it."""
    member = request.POST.get("member", "")
    check = actions.ask_person(
        text_id=text_id,
        member_id=int(member) if member.isdecimal() else 0,
        flag=request.POST.get("flag", ""),
        words=request.POST.get("words", ""),
        reason=request.POST.get("reason", ""),
        made_by=request.POST.get("made_by", "") or request.actor.name,
        actor=request.actor,
        now=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        found = get_text(request.workspace.pk, text_id)
        body = body_of(request) if "body" in request.POST else found.body
        return HttpResponse(panel_named("checks").written(request, found, body, timezone.now()))
    messages.success(request, _("%(who)s was asked.") % {"who": check.asked_of.person if check.asked_of else "-"})
    return redirect(address_of(request, text_id, "checks"))


@require_POST
@page(Right.READ)
def answer(request: Visit, check_id: int) -> HttpResponse:
    """`answer`: fine or change; `reason`: what should change."""
    check = actions.answer_check(
        check_id=check_id,
        answer=request.POST.get("answer", ""),
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Your answer on “%(title)s” is kept.") % {"title": check.text.title})
    return redirect("studio:human_checks", request.workspace.slug)
