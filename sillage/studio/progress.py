"""A call to a model as lines of JSON, one after the other while it goes on: what a page's script and a program read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse

from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Language, speak, spoken
from sillage.studio.actions.model_writing import Coming, Progress, Written

LINES = "application/x-ndjson"
STEP = 16  # characters by which the texts grow before they are told again


def line(kind: str, **more: Any) -> bytes:
    return (json.dumps({"kind": kind, **more}, ensure_ascii=False) + "\n").encode()


def lines(
    events: Iterator[Progress], ended: Callable[[Written], dict[str, Any]], language: Language | None = None
) -> Iterator[bytes]:
    """`texts` as they come, which nobody has checked; `waiting` about once a second; then `ended` or `failed`.

    When the reader goes, the server closes this and with it the call.
    """
    told = 0
    speak(language)
    try:
        for event in events:
            if isinstance(event, Written):
                yield line("ended", **ended(event))
            elif isinstance(event, Coming):
                n = sum(map(len, event.texts))
                if n >= told + STEP or n < told:
                    told = n
                    yield line("texts", texts=event.texts)
            else:
                yield line("waiting")
    except OutsideError as failed:
        yield line("failed", message=failed.message, hint=failed.hint)
    finally:
        speak(None)
        close = getattr(events, "close", None)
        if close is not None:
            close()


def streamed(events: Iterator[Progress], ended: Callable[[Written], dict[str, Any]]) -> HttpResponse:
    """The answer of a door; nothing on the way may hold it back."""
    response = StreamingHttpResponse(lines(events, ended, spoken()), content_type=LINES)
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return cast(HttpResponse, response)  # doors treat a streamed one alike
