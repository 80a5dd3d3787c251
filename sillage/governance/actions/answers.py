"""Answers of the API that are kept under an Idempotency-Key, and let go."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from sillage.governance.models import IdempotencyKey
from sillage.lib.errors import Refusal


def forget_answers(workspace_id: int, names: Iterable[str]) -> dict[str, int]:
    """Remove kept answers of the API that mention any of these names, as part of an erasure."""
    spelled = {json.dumps(name, ensure_ascii=is_ascii)[1:-1] for name in names for is_ascii in (True, False)}
    mentions = Q(pk__in=[])
    for form in sorted(spelled):
        mentions |= Q(body__icontains=form)
    answers = IdempotencyKey.objects.filter(workspace_id=workspace_id).filter(mentions)
    return {"answer": answers.delete()[0]}


ANSWERS_KEPT = timedelta(days=7)


class KeyReused(Refusal):
    """The same Idempotency-Key came with another request."""

    status = 422


def keep_answer(*, workspace_id: int, key: str, request_digest: bytes, status: int, body: str, now: datetime) -> None:
    """Remember the API's answer to a write, as part of that write and in its transaction; older ones are let go."""
    IdempotencyKey.objects.filter(workspace_id=workspace_id, created_at__lt=now - ANSWERS_KEPT).delete()
    IdempotencyKey.objects.create(
        workspace_id=workspace_id,
        key=key,
        request_digest=request_digest,
        status=status,
        body=body,
        created_at=now,
    )
