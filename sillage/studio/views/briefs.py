"""Writing briefs: the list, one, its form, and what a person does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.studio.actions import briefs as actions
from sillage.studio.actions.runs import NothingPossible, make_run
from sillage.studio.engine.brief import as_toml
from sillage.studio.engine.ideas import LONGEST_IDEA
from sillage.studio.engine.making import unknown_in
from sillage.studio.engine.variants import FragmentsMissing, variant_kinds
from sillage.studio.gallery_words import KINDS
from sillage.studio.models import StoredBrief, Text
from sillage.studio.queries import briefs as queries
from sillage.studio.queries.interview_quotes import quoted_in
from sillage.studio.queries.runs import list_runs
from sillage.studio.queries.words import accepted_words
from sillage.studio.views.brief_form import ROWS_MORE, as_given, brief_given, form_context, refusal_told

SIZES = (100, 1_000, 10_000)


@require_GET
@page(Right.READ)
def briefs(request: Visit) -> HttpResponse:
    """`?state=` open or archived; `words`, `kind` and `campaign` narrow."""
    asked = {name: request.GET.get(name, "")[:200].strip() for name in ("words", "kind", "campaign", "state")}
    state = asked["state"] if asked["state"] in queries.STATES else "open"
    campaign = asked["campaign"]
    found = queries.list_briefs(
        request.workspace.pk,
        state=state,
        words=asked["words"],
        kind=asked["kind"] if asked["kind"] in KINDS else "",
        campaign_id=int(campaign) if campaign.isdecimal() and len(campaign) < 19 else None,
        cursor=request.GET.get("cursor"),
    )
    context = {
        "tab": "briefs",
        "state": state,
        "asked": asked,
        "is_narrowed": any(asked[name] for name in ("words", "kind", "campaign")),
        "briefs": found.items,
        "counts": queries.count_briefs(request.workspace.pk),
        "kinds": KINDS.items(),
        "next_url": _page_url(request, found.next_cursor) if found.next_cursor else "",
        "first_url": _page_url(request, "") if request.GET.get("cursor") else "",
    }
    return render(request, "studio/briefs.html", context)


def _page_url(request: Visit, cursor: str) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"?{query.urlencode()}"


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def new(request: Visit) -> HttpResponse:
    """`?campaign=` takes over what the campaign says; `?from=` the words of another brief; `?idea_text=` an idea's."""
    if request.method != "POST":
        return _form(request, _begun(request))
    given = brief_given(request.POST)
    if "more_rows" in request.POST:
        return _form(request, given, rows=len(given["facts"]) + ROWS_MORE + 1)
    try:
        made = actions.write_brief(given=given, actor=request.actor, now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, given, wrong=refusal)
    return redirect("studio:brief", request.workspace.slug, made.pk)


def _begun(request: Visit) -> dict[str, Any]:
    """What a new brief starts with."""
    campaign, source = (request.GET.get(name, "") for name in ("campaign", "from"))
    idea = request.GET.get("idea_text", "").strip()[:LONGEST_IDEA]
    if source.isdecimal() and len(source) < 19:
        given = as_given(queries.get_brief(request.workspace.pk, int(source)))
        return {**given, "title": "", "idea": ""}
    if campaign.isdecimal() and len(campaign) < 19:
        proposed = queries.proposed_for(request.workspace.pk, int(campaign))
        return {**proposed, "campaign_id": int(campaign), "idea": idea}
    return {"idea": idea}


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def edit(request: Visit, brief_id: int) -> HttpResponse:
    found = queries.get_brief(request.workspace.pk, brief_id)
    if request.method != "POST":
        return _form(request, as_given(found), found)
    given = brief_given(request.POST)
    if "more_rows" in request.POST:
        return _form(request, given, found, rows=len(given["facts"]) + ROWS_MORE + 1)
    seen = request.POST.get("version", "")
    try:
        actions.change_brief(
            brief_id=found.pk,
            given=given,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
            actor=request.actor,
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, given, found, wrong=refusal)
    messages.success(request, _("The brief is saved."))
    return redirect("studio:brief", request.workspace.slug, found.pk)


def _form(
    request: Visit,
    given: dict[str, Any],
    brief: StoredBrief | None = None,
    *,
    rows: int = 0,
    wrong: Refusal | None = None,
) -> HttpResponse:
    context = {
        "tab": "briefs",
        "brief": brief,
        "wrong": refusal_told(wrong) if wrong else None,
        "seen": request.POST.get("version") or (brief.version if brief else ""),
        **form_context(request.workspace.pk, given, rows),
    }
    return render(request, "studio/brief_form.html", context, status=wrong.status if wrong else 200)


# -- one brief -------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def brief(request: Visit, brief_id: int) -> HttpResponse:
    return _shown(request, queries.get_brief(request.workspace.pk, brief_id))


def _shown(request: Visit, found: StoredBrief, wrong: Refusal | None = None) -> HttpResponse:
    said = queries.content_of(found)
    texts = Text.objects.filter(brief=found, archived_at=None).order_by("-changed_at")[:10]
    made = wrong.made if isinstance(wrong, NothingPossible) else None
    context = {
        "tab": "briefs",
        "brief": found,
        "said": said,
        "facts": list(zip(said.facts, quoted_in(found, said), strict=True)),
        "unknown": unknown_in(said, accepted_words(request.workspace.pk, said.language)),
        "runs": list_runs(request.workspace.pk, brief_id=found.pk, limit=10).items,
        "texts": texts,
        "sizes": SIZES,
        "gives_variants": found.kind in {kind.value for kind in variant_kinds(found.language)},
        "wrong": refusal_told(wrong) if wrong and made is None else None,
        "nothing": {**made.parts_left_out, **made.left_out} if made else {},
    }
    return render(request, "studio/brief.html", context, status=wrong.status if wrong else 200)


@require_GET
@page(Right.READ)
def brief_file(request: Visit, brief_id: int) -> HttpResponse:
    """The brief as TOML, which `sillage studio brief new` and `studio variants` read."""
    found = queries.get_brief(request.workspace.pk, brief_id)
    answer = HttpResponse(as_toml(queries.content_of(found)), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="brief-{found.pk}.toml"'
    return answer


@require_POST
@page(Right.CAMPAIGN)
def make_variants(request: Visit, brief_id: int) -> HttpResponse:
    """Thousands of variants, in a second or two; then their gallery."""
    found = queries.get_brief(request.workspace.pk, brief_id)
    typed, seed = request.POST.get("n", ""), request.POST.get("seed", "")
    try:
        run = make_run(
            brief_id=found.pk,
            wanted=int(typed) if typed.isdecimal() and len(typed) < 7 else SIZES[-1],
            seed=int(seed) if seed.isdecimal() and len(seed) < 10 else 7,
            actor=request.actor,
            now=timezone.now(),
        )
    except (NothingPossible, FragmentsMissing) as refusal:
        return _shown(request, found, refusal)
    return redirect("studio:run", request.workspace.slug, run.pk)


@require_POST
@page(Right.CAMPAIGN)
def duplicate(request: Visit, brief_id: int) -> HttpResponse:
    source = queries.get_brief(request.workspace.pk, brief_id)
    title = request.POST.get("title", "").strip() or _("%(name)s (copy)") % {"name": source.title[:180]}
    made = actions.duplicate_brief(brief_id=source.pk, title=title, actor=request.actor, now=timezone.now())
    messages.success(request, _("The copy is open."))
    return redirect("studio:edit_brief", request.workspace.slug, made.pk)


@require_POST
@page(Right.CAMPAIGN)
def archive(request: Visit, brief_id: int) -> HttpResponse:
    found = actions.archive_brief(brief_id=brief_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(name)s” is put away.") % {"name": found.title})
    return redirect("studio:briefs", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def restore(request: Visit, brief_id: int) -> HttpResponse:
    found = actions.restore_brief(brief_id=brief_id, actor=request.actor, now=timezone.now())
    return redirect("studio:brief", request.workspace.slug, found.pk)
