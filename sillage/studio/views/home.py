"""Where the studio begins: the texts that are being written, by where they stand, and what awaits the reader's word."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.queries import list_awaiting
from sillage.studio.engine.text_states import TextState
from sillage.studio.queries.briefs import count_briefs
from sillage.studio.queries.choices import RELEASE, standings_of
from sillage.studio.queries.texts import count_texts, list_checks_of, list_texts

AWAY = "archived"


@require_GET
@page(Right.READ)
def studio(request: Visit) -> HttpResponse:
    """`?state=` one state or what was put away; `?words=` what to look for; `?cursor=` where the list goes on."""
    now, workspace_id = timezone.now(), request.workspace.pk
    state, words = request.GET.get("state", ""), request.GET.get("words", "").strip()[:200]
    counts = count_texts(workspace_id)
    state = state if state in counts else ""
    cursor = request.GET.get("cursor")
    found = list_texts(
        workspace_id, state="" if state == AWAY else state, words=words, archived=state == AWAY, cursor=cursor
    )
    total = sum(counts.values()) - counts[AWAY]
    filters = [("", total), *((one.value, counts[one.value]) for one in TextState), (AWAY, counts[AWAY])]
    standings = standings_of(workspace_id, (line.text for line in found.items), now)
    context = {
        "tab": "texts",
        "lines": [(line, standings.get(line.text.pk)) for line in found.items],
        "filters": [
            {
                "state": name,
                "count": n,
                "href": "?" + urlencode({"state": name, "words": words}),
                "is_current": name == state,
            }
            for name, n in filters
            if n or name in ("", state)
        ],
        "words": words,
        "state": state,
        "is_empty": not total and not counts[AWAY],
        "next_url": "?" + urlencode({"state": state, "words": words, "cursor": found.next_cursor})
        if found.next_cursor
        else "",
        "first_url": "?" + urlencode({"state": state, "words": words}) if cursor else "",
        "my_checks": list_checks_of(workspace_id, request.actor.member_id),
        "my_approvals": [one for one in list_awaiting(request.actor, now) if one.verb == RELEASE],
        "n_briefs": count_briefs(workspace_id)["open"],
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "now": now,
    }
    return render(request, "studio/studio.html", context)
