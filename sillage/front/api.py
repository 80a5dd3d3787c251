"""The API, `/api/v1`: the rooms' endpoints put together, with one shape for every error.

Every endpoint names the right it asks for (`governance/api_access.py`); a caller is known before anything else is read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from sillage.campaigns.api import router as campaigns
from sillage.catalogue.api import router as catalogue
from sillage.desk.api import router as privacy
from sillage.discovery.api import router as discovery
from sillage.front.api_names import with_short_names
from sillage.front.api_requests import StrictParser, fitting, knowing
from sillage.front.errors import PROBLEM, problem, problem_of
from sillage.front.idempotency import keeping, once
from sillage.front.rate_limit import PerMinute, told
from sillage.governance.api import router as governance
from sillage.governance.api_access import Kept
from sillage.lib.errors import OutsideError, Refusal
from sillage.studio.api import router as studio
from sillage.understanding.api import router as understanding

DESCRIPTION = """\
All that the pages and the command line of Sillage can do.

* **Who calls.** Send `Authorization: Bearer sil_…`; make a token on the members page or with `sillage tokens issue`.
  `x-right` says which right an operation asks for: a token's scopes and its member's role must both give it.
* **Errors** are `application/problem+json`: type, title, status, detail (what is true), hint (what to do).
* **Lists** answer `{"items": […], "next_cursor": …}`; send the cursor back to go on. It is null at the end.
* **Writes** take an `Idempotency-Key`: the same request under the same key is done once and answered alike.
* **Rate**: `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds); too many are answered 429 with `Retry-After`.
* **Missing is null**, never 0. Ids of accounts and posts are strings: they have 63 bits. Times are UTC.
"""
WORKSPACE = {
    "name": "workspace",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "Its slug.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same request under the same key is done once.",
}


class Encoder(NinjaJSONEncoder):
    """Times keep their microseconds, so that whoever reads the ledger can recompute its hashes."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return super().default(value)


class Renderer(JSONRenderer):
    """JSON in plain UTF-8."""

    encoder_class = Encoder
    json_dumps_params = {"ensure_ascii": False, "allow_nan": False}


class Problem(Schema):
    """RFC 9457, with a hint. `place` says where in the input; `errors` lists all that was wrong with it."""

    type: str
    title: str
    status: int
    detail: str
    hint: str
    place: str | None = None
    errors: list[dict[str, str]] | None = None


class SillageAPI(NinjaAPI):
    """Django Ninja, with what all endpoints share written into the OpenAPI document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**more)
        document.update(with_short_names(document))
        parts = document["components"]
        parts["schemas"]["Problem"] = Problem.json_schema()
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
        for path in document["paths"].values():
            for method, operation in path.items():
                _complete(operation, is_write=method != "get")
        return document


def _complete(operation: dict[str, Any], *, is_write: bool) -> None:
    """Add to an operation's description what all of them share."""
    kept = operation.pop("x-answer-kept")
    operation["parameters"] = [WORKSPACE, *operation["parameters"]]
    if is_write and kept in (Kept.WITH_IT, Kept.AFTERWARDS):
        operation["parameters"].append(IDEMPOTENCY_KEY)
    operation["security"] = [{"token": []}, {"session": []}]
    operation["responses"]["default"] = {
        "description": "Refused, or failed",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


api = SillageAPI(
    title="Sillage",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=Renderer(),
    throttle=PerMinute(),
)
# The last one is the outermost.
api.add_decorator(once)
api.add_decorator(knowing)
api.add_decorator(keeping, mode="view")
api.add_decorator(fitting, mode="view")
api.add_decorator(told, mode="view")
for router in (governance, catalogue, understanding, discovery, campaigns, studio, privacy):
    api.add_router("/{workspace}", router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return problem_of(error)


@api.exception_handler(OutsideError)
def failed_outside(request: HttpRequest, error: OutsideError) -> HttpResponse:
    return problem_of(error)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the first field that is wrong, and lists all of them."""
    errors = [{"place": _place(e["loc"]), "message": e["msg"]} for e in error.errors]
    first = errors[0]
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return problem(
        "RequestMalformed",
        "Malformed request",
        422,
        f"{first['place']}: {first['message']}{more}.",
        "The API is described at /api/v1/openapi.json.",
        place=first["place"],
        errors=errors,
    )


def _place(loc: tuple[str | int, ...]) -> str:
    """Where it stands in the request: ("body", "given", "filters", "countries", 0) is body.filters.countries.0."""
    source, *names = loc
    return ".".join(str(part) for part in (source, *(names[1:] if source == "body" else names)))


@api.exception_handler(Throttled)
def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem(
        "TooManyRequests",
        "Too many requests",
        429,
        "This token, or this person, has made all the requests of this minute.",
        f"Ask again in {error.wait or 60} seconds; the header Retry-After says it too.",
    )


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Django Ninja wraps whatever reading the body raised."""
    if isinstance(error.__cause__, Refusal):
        return problem_of(error.__cause__)
    return problem("RequestUnreadable", "Unreadable request", error.status_code, f"{error.message}.", "")


@api.exception_handler(Exception)
def crashed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Whatever nobody anticipated crashes loudly."""
    raise error
