"""A creator's link, opened by a member and shown once: every page that opens one shows the same."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sillage.campaigns.models import Collaboration
from sillage.governance import actions as governance
from sillage.governance.access import Visit
from sillage.governance.engine.links import Purpose


def creator_link_page(
    request: Visit, collaboration: Collaboration, *, leads_to: str, back: str, lives: timedelta
) -> HttpResponse:
    """Open a link of the collaboration to the guest page named `leads_to`, and show its address."""
    now = timezone.now()
    link, secret = governance.open_link(
        purpose=Purpose.COLLABORATION,
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        label=collaboration.name or collaboration.handle,
        expires_at=now + lives,
        actor=request.actor,
        now=now,
    )
    context = {
        "campaign": collaboration.campaign,
        "whom": collaboration.name,
        "address": request.build_absolute_uri(reverse(leads_to, args=[secret])),
        "until": link.expires_at,
        "back": back,
        "is_review": False,
    }
    return render(request, "campaigns/link_opened.html", context)
