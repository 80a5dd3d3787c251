"""One translation from what Sillage raises to what a door shows: problem+json for the API, a page for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, pgettext

from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.sentences import Language, speak

GetResponse = Callable[[HttpRequest], HttpResponse]
PROBLEM = "application/problem+json"


def problem(kind: str, title: str, status: int, detail: str, hint: str = "", **more: Any) -> JsonResponse:
    """RFC 9457 problem details, with Sillage's own `hint`."""
    body = {
        "type": f"urn:sillage:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "hint": hint,
        **more,
    }
    return JsonResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})


def problem_of(error: Refusal | OutsideError) -> JsonResponse:
    if isinstance(error, OutsideError):
        status = 502 if error.permanent else 503
        response = problem("OutsideError", "The outside world failed", status, error.message, error.hint)
        if error.retry_after is not None:
            response["Retry-After"] = str(max(1, round(error.retry_after)))
        return response
    place = getattr(error, "place", "")
    more = {"place": place} if place else {}
    return problem(error.code, error.title, error.status, error.message, error.hint, **more)


_HINTS = {
    404: "The API is described at /api/v1/openapi.json.",
    405: "The API is described at /api/v1/openapi.json.",
    500: "Nothing was kept. The server's log says more; please report it.",
}


def problem_of_page(request: HttpRequest, page: HttpResponse) -> JsonResponse:
    """What Django answers by itself (no such address, wrong method, a crash), in the API's shape."""
    status = HTTPStatus(page.status_code)
    details = {404: f"There is nothing at {request.path}.", 405: f"{request.method} is not possible at {request.path}."}
    kind = "".join(word.title() for word in status.phrase.replace("-", " ").split())
    hint = _HINTS.get(status.value, "")
    response = problem(kind, status.phrase, status.value, details.get(status.value, f"{status.description}."), hint)
    if page.has_header("Allow"):
        response["Allow"] = page["Allow"]
    return response


def _number(value: Decimal | float, decimals: int) -> str:
    # Django cuts decimals off; rounding comes first. Pages set thousands apart by a narrow space where others take a wide.
    rounded = Decimal(f"{value:.{decimals}f}")
    written = formats.number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return written.replace("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")


def _day(day: date) -> str:
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return formats.date_format(day, "DATE_FORMAT")


def _code() -> str:
    return (get_language() or "en")[:2]


READERS = Language(gettext, pgettext, _number, _day, _code)


class RefusalMiddleware:
    """Show a Refusal raised by any view as what it is, on pages in the reader's language, to programs in English.

    Other exceptions crash loudly.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        speak(None if is_api else READERS)
        try:
            response = self.get_response(request)
        finally:
            speak(None)  # the thread goes on to other things
        is_page = response.status_code >= 400 and response.get("Content-Type") != PROBLEM
        return problem_of_page(request, response) if is_page and is_api else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal | OutsideError):
            return None
        if request.path.startswith("/api/"):
            return problem_of(exception)
        status = problem_of(exception).status_code
        return render(request, "desk/refusal.html", {"refusal": exception, "status": status}, status=status)
