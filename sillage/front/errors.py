"""One translation from what Sillage raises to what a door shows: problem+json for the API, a page for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sillage.lib.errors import OutsideError, Refusal

GetResponse = Callable[[HttpRequest], HttpResponse]


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
    return JsonResponse(body, status=status, content_type="application/problem+json")


def problem_of(error: Refusal | OutsideError) -> JsonResponse:
    if isinstance(error, OutsideError):
        status = 502 if error.permanent else 503
        return problem("OutsideError", "The outside world failed", status, error.message, error.hint)
    place = getattr(error, "place", "")
    more = {"place": place} if place else {}
    return problem(error.code, error.title, error.status, error.message, error.hint, **more)


class RefusalMiddleware:
    """Show a Refusal raised by any view as what it is. Other exceptions crash loudly."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal | OutsideError):
            return None
        if request.path.startswith("/api/"):
            return problem_of(exception)
        status = problem_of(exception).status_code
        return render(request, "desk/refusal.html", {"refusal": exception, "status": status}, status=status)
