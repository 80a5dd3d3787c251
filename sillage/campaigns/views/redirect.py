"""The redirector: whoever follows a tracked link is counted in its hour and sent on. Nothing about them is kept."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sillage.campaigns.actions.tracked_links import follow_link
from sillage.campaigns.engine.tracking import CODE_ALPHABET, CODE_LENGTH, country_of, referrer_of, visitor_of

_CODE = re.compile(rf"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """`/r/<code>`: 302 to the target that was fixed when the link was made. Unknown and ended links lead nowhere."""
    target = _counted(request, code) if _CODE.fullmatch(code) else None
    response: HttpResponse
    if target is None:  # plain text: a page would set a cookie
        response = HttpResponseNotFound(
            _("This link leads nowhere any more."), content_type="text/plain; charset=utf-8"
        )
    else:
        response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"  # every visit comes by, none is remembered
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _counted(request: HttpRequest, code: str) -> str | None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    trusted = settings.SILLAGE.country_header.lower()
    return follow_link(
        code=code,
        visitor=visitor_of(request.method or "", headers),
        country=country_of(headers.get(trusted, "")) if trusted else "",
        referrer=referrer_of(headers.get("referer", "")),
        now=timezone.now(),
    )
