"""What a request of the API must be like before an endpoint sees it: small, JSON, storable, without unknown names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import unwrap
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja.operation import Operation
from ninja.parser import Parser

from sillage.lib.errors import Malformed, Refusal

MOST_BYTES = 1024 * 1024  # of a JSON body
MOST_UPLOADED = 21 * 1024 * 1024  # of a form with a file


class BodyTooLarge(Refusal):
    """The body is larger than the endpoint takes."""

    status = 413
    title = "Body too large"


class NotJson(Refusal):
    """The body is something else than JSON."""

    status = 415
    title = "Not JSON"


class JsonMalformed(Malformed):
    """The body cannot be read as JSON. `place` is body:line:column."""

    title = "Malformed JSON"


class TextUnstorable(Malformed):
    """A text holds a character that no database keeps."""

    title = "Malformed text"


class ParameterUnknown(Malformed):
    """The query string names a parameter that the endpoint does not have."""

    title = "Unknown parameter"


def fitting(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around an operation: refuse a body that is too large before it is read; nobody on the way may keep the answer."""
    operation: Operation = unwrap(run).__self__
    takes_files = any(model.__ninja_param_source__ == "file" for model in operation.models)
    most = MOST_UPLOADED if takes_files else MOST_BYTES
    hint = "Import larger files on the server: `sillage import FILE --mapping NAME`." if takes_files else ""

    @wraps(run)
    def answered(request: HttpRequest, **path: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        size = int(length) if length.isdecimal() else 0
        if size > most:
            raise BodyTooLarge(
                f"The body has {size / 1e6:.1f} MB; up to {most / 1e6:.0f} MB are taken here.",
                hint or "Send less at a time.",
            )
        _refuse_unstorable(path.values(), "path")
        response = run(request, **path)
        response["Cache-Control"] = "no-store"
        return response

    return answered


def knowing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Around an endpoint: refuse query parameters that it does not have, instead of leaving them out silently."""
    operation: Operation = endpoint._ninja_operation  # type: ignore[attr-defined]
    known = sorted(
        {
            name
            for model in operation.models
            if model.__ninja_param_source__ == "query"
            for name in getattr(model, "__ninja_flatten_map__", {})
        }
    )

    @wraps(endpoint)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name in request.GET:
            if name not in known:
                raise ParameterUnknown(
                    f"There is no parameter “{name}” here.",
                    f"Parameters are {', '.join(known)}." if known else "This endpoint has no parameters.",
                )
        return endpoint(request, *args, **kwargs)

    return answered


class StrictParser(Parser):
    """Reads JSON and nothing else. Raises NotJson, JsonMalformed, TextUnstorable."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise NotJson(
                f"The body is {request.content_type or 'of no type'}.", "Send Content-Type: application/json."
            )
        try:
            data = json.loads(request.body, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            place = f"body:{error.lineno}:{error.colno}"
            raise JsonMalformed(f"The body is not JSON: {error.msg}.", "Check it there.", place) from error
        except UnicodeDecodeError as error:
            raise JsonMalformed("The body is not in UTF-8.", "Encode it in UTF-8.", "body") from error
        except RecursionError as error:
            raise JsonMalformed(
                "The body is nested too deeply.", "Send what the endpoint describes.", "body"
            ) from error
        except ValueError as error:
            said = f"The body holds a number that cannot be read: {error}."
            raise JsonMalformed(said, "Write it shorter.", "body") from error
        _refuse_unstorable(_texts(data), "body")
        return data

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        _refuse_unstorable((v for _, values in data.lists() for v in values), "query string or form")
        return super().parse_querydict(data, list_fields, request)


def _no_number(name: str) -> NoReturn:
    raise JsonMalformed(f"The body holds {name}, which is not a number in JSON.", "Write null for missing.", "body")


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield name
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _refuse_unstorable(values: Iterable[Any], where: str) -> None:
    for value in values:
        if isinstance(value, str) and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
            raise TextUnstorable(
                f"A text of the {where} holds a NUL or half a character, which cannot be kept.", "Take it out.", where
            )
