"""`Idempotency-Key` on writes: the same request under the same key is done once, and its answer is given again.

The answer is kept in the write's own transaction, so that there is never one without the other. A write that commits
in portions (an import, a fetch, a reading of posts) keeps its answer afterwards; it changes nothing when it is done
again. A refused request changed nothing and keeps nothing, so its key can be used again. Keys belong to a workspace.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from inspect import unwrap
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.operation import Operation

from sillage.governance import actions, queries
from sillage.governance.actions import KeyReused
from sillage.governance.api_access import Call, Kept
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

LONGEST_KEY = 200

Run = Callable[..., HttpResponse]


class KeyMalformed(Malformed):
    """The key cannot be kept."""

    title = "Malformed Idempotency-Key"


class KeyNotTaken(Malformed):
    """This answer holds a secret and is never kept."""

    title = "Idempotency-Key not taken"


class StillRunning(Refusal):
    """The first request with this key has not ended."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A write that is being done under a key for the first time."""

    workspace_id: int
    key: str
    digest: bytes

    @property
    def name(self) -> str:
        return f"{self.workspace_id}:{self.key}"


@dataclass(slots=True)
class _Write:
    """One run of an operation: what `once` found out, and what lasts until the answer is kept."""

    until_answered: ExitStack
    pending: _Pending | None = None


def kept_by(operation: Operation) -> Kept:
    """When an operation's answer is kept, as its room says."""
    return Kept((operation.openapi_extra or {}).get("x-answer-kept", Kept.NEEDLESS))


def once(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Around an endpoint, when the caller is known and the request has been read: give the answer that is kept."""

    @wraps(endpoint)
    def answered(request: Call, *args: Any, **kwargs: Any) -> Any:
        if "Idempotency-Key" not in request.headers:
            return endpoint(request, *args, **kwargs)
        kept = kept_by(endpoint._ninja_operation)  # type: ignore[attr-defined]
        if request.method == "GET" or kept is Kept.NEEDLESS:
            return endpoint(request, *args, **kwargs)
        if kept is Kept.NEVER:
            raise KeyNotTaken(
                Sentence("This answer holds a secret, so it is never kept to be given again."),
                Sentence("Leave out the Idempotency-Key."),
            )
        write: _Write = request.write  # type: ignore[attr-defined]
        pending = _Pending(request.auth.workspace_id, _key(request), _digest(request))
        if kept is Kept.WITH_IT:
            write.until_answered.enter_context(transaction.atomic())
            _wait_for(pending)
        else:
            _hold(pending)
            write.until_answered.callback(_let_go, pending)
        replayed = _replayed(pending)
        if replayed is None:
            write.pending = pending
            return endpoint(request, *args, **kwargs)
        return replayed

    return answered


def keeping(run: Run) -> Run:
    """Around an operation: keep the answer to a write that `once` let through, then end its transaction."""
    kept = kept_by(unwrap(run).__self__)

    @wraps(run)
    def answered(request: HttpRequest, **path: Any) -> HttpResponse:
        with ExitStack() as until_answered:
            write = _Write(until_answered)
            request.write = write  # type: ignore[attr-defined]
            response = run(request, **path)
            if write.pending is not None and response.status_code < 400:
                _keep(write.pending, response)
            elif write.pending is not None and kept is Kept.WITH_IT:
                transaction.set_rollback(True)
        return response

    return answered


def _keep(pending: _Pending, response: HttpResponse) -> None:
    actions.keep_answer(
        workspace_id=pending.workspace_id,
        key=pending.key,
        request_digest=pending.digest,
        status=response.status_code,
        body=response.content.decode(),
        now=timezone.now(),
    )


def _replayed(pending: _Pending) -> HttpResponse | None:
    found = queries.find_answer(pending.workspace_id, pending.key)
    if found is None:
        return None
    if not hmac.compare_digest(bytes(found.request_digest), pending.digest):
        raise KeyReused(
            Sentence("The Idempotency-Key “%(pending)s” came before with another request.", pending=pending.key),
            Sentence("Make a new key for each request."),
        )
    response = HttpResponse(found.body, status=found.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response


def _key(request: HttpRequest) -> str:
    key = request.headers["Idempotency-Key"].strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise KeyMalformed(
            Sentence(
                "The Idempotency-Key has %(key_count)s characters, or some that cannot be kept.", key_count=len(key)
            ),
            Sentence("Send up to %(longest_key)s printable ASCII characters, such as a UUID.", longest_key=LONGEST_KEY),
        )
    return key


def _digest(request: Call) -> bytes:
    """Keyed, because a body may hold a password. The caller is part of it: an answer is given to whoever it was for."""
    made = hmac.new(settings.SECRET_KEY.encode(), b"sillage.idempotency", hashlib.sha256)
    for name in (str(request.auth.member_id), request.method or "", request.get_full_path()):
        made.update(f"{name}\n".encode())
    for part in _content(request):
        made.update(part)
    return made.digest()


def _content(request: HttpRequest) -> Iterator[bytes]:
    """The body; of a form with files their names and contents, whatever boundary separated them."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, file in sorted(request.FILES.items()):
        assert isinstance(file, UploadedFile)
        yield repr((name, file.name, file.size)).encode()
        yield from file.chunks()
        file.seek(0)


_LOCK = "hashtextextended(%s, 2)"


def _wait_for(pending: _Pending) -> None:
    """Let an equal request that came first end; what it kept is seen then. Lasts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})", [pending.name])


def _hold(pending: _Pending) -> None:
    """Be the only one to do this request, for as long as it takes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_LOCK})", [pending.name])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise StillRunning(
            Sentence("The first request with this Idempotency-Key is still running."), Sentence("Ask again in a while.")
        )


def _let_go(pending: _Pending) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_unlock({_LOCK})", [pending.name])
