"""Remarks and human checks as plain data: what the API answers and the command line prints."""

from __future__ import annotations

from typing import Any

from sillage.studio.engine.remarks import Remark
from sillage.studio.models import HumanCheck

_REMARK = ("kind", "rule", "start", "end", "words")
_CHECK = ("text_id", "number", "flag", "words", "reason", "made_by", "asked_of_id", "asked_by_id", "asked_at", "answer")
_ANSWER = ("answer_reason", "answered_by_id", "answered_at")


def remark_told(remark: Remark) -> dict[str, Any]:
    """`why` by language of the reader, where a rule of grammar says it."""
    why = {name: remark.about[key] for name, key in (("en", "why"), ("fr", "why_fr")) if key in remark.about}
    told = {name: getattr(remark, name) for name in _REMARK}
    return {**told, "fixes": list(remark.fixes), "soft": "soft" in remark.about, "why": why}


def check_told(check: HumanCheck) -> dict[str, Any]:
    return {"id": check.pk, **{name: getattr(check, name) for name in (*_CHECK, *_ANSWER)}}
