"""The API of accounts as a whole: authenticity, expected results, originality, what is said against them, archives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.catalogue import queries as catalogue
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Rows, exact, rows
from sillage.lib.errors import NotFound
from sillage.understanding.actions import archiving, contesting
from sillage.understanding.actions.marking_minors import clear_minor
from sillage.understanding.engine.archive_file import MOST_TEXTS
from sillage.understanding.engine.statements import Statement
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_signals import find_account_signal, list_contests
from sillage.understanding.queries.originality import list_archive
from sillage.understanding.told import told

router = Router(tags=["understanding"])

Judgement = Literal["authenticity", "expected", "originality"]


class AccountSignalMissing(NotFound):
    """Nothing of this kind has been found about the account yet."""


class EvidenceShape(Schema):
    """`fits` is false for a sign that does not fit, null where it could not be asked; `text` says it in words."""

    id: str
    part: str | None
    fits: bool | None
    numbers: dict[str, Any]
    text: str


class AccountSignalShape(Schema):
    """What was found about an account as a whole. Never a fact; `confidence` is 0..1."""

    account_id: BigId
    enricher: Judgement
    version: str
    value: dict[str, Any]
    confidence: float
    evidence: list[EvidenceShape]
    made_at: datetime
    contests: int


class ContestShape(Schema):
    """What somebody says against a signal; `signal_value` is what it was then."""

    id: int
    enricher: str
    version: str
    signal_value: Any
    text: str
    stated_by: str
    made_at: datetime
    answer: str
    answered_at: datetime | None


class ContestGiven(Given):
    enricher: Literal["authenticity", "originality"] = "authenticity"
    text: Annotated[str, Field(min_length=1, max_length=contesting.MOST_TEXT)]
    stated_by: Annotated[str, Field(min_length=1, max_length=contesting.MOST_NAME)]


class AnswerGiven(Given):
    answer: Annotated[str, Field(min_length=1, max_length=contesting.MOST_TEXT)]


class ArchiveGiven(Given):
    brand: str
    texts: Annotated[list[str], Field(min_length=1, max_length=MOST_TEXTS)]


class AddedShape(Schema):
    added: int


class ArchiveShape(Schema):
    brand: str
    texts: int


@router.get("/accounts/{key}/signals/{enricher}", **allowed(Right.READ), response=AccountSignalShape)
def get_account_signal(request: Call, key: str, enricher: Judgement) -> dict[str, Any]:
    """Whether an account's numbers fit together, what its next post may come to, or how original its posts are."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    signal = find_account_signal(account.pk, enricher)
    if signal is None:
        raise AccountSignalMissing(f"Nothing is known of the {enricher} of {account}.", "Run `enrich` first.")
    return {
        "account_id": account.pk,
        "enricher": enricher,
        "version": signal.version,
        "value": exact(signal.value),
        "confidence": signal.confidence,
        "evidence": [
            {"part": None, **exact(line), "text": told(Statement.from_json(line))} for line in signal.evidence
        ],
        "made_at": signal.made_at,
        "contests": len(list_contests(account.pk, enricher)),
    }


class AdultGiven(Given):
    """How you know that the account is an adult's."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


@router.post("/accounts/{key}/adult", **allowed(Right.ERASE), response={204: None})
def say_adult(request: Call, key: str, given: AdultGiven) -> None:
    """Say that an account is an adult's though its biography reads like a minor's."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    clear_minor(account_id=account.pk, reason=given.reason, actor=request.auth, now=timezone.now())


@router.get("/accounts/{key}/contests", **allowed(Right.READ), response=Rows[ContestShape])
def list_account_contests(request: Call, key: str) -> dict[str, Any]:
    """What was said against what was found about an account, newest first."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    return rows(list_contests(account.pk))


@router.post("/accounts/{key}/contests", **allowed(Right.BRIEF), response=ContestShape)
def contest_account(request: Call, key: str, given: ContestGiven) -> Contest:
    """Keep what a creator says against a signal. It is shown beside it, never in its place."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    return contesting.contest(
        account_id=account.pk,
        enricher=given.enricher,
        text=given.text,
        stated_by=given.stated_by,
        actor=request.auth,
        now=timezone.now(),
    )


@router.post("/contests/{contest_id}/answer", **allowed(Right.BRIEF), response=ContestShape)
def answer_contest(request: Call, contest_id: int, given: AnswerGiven) -> Contest:
    """Answer what was said, once."""
    return contesting.answer_contest(contest_id=contest_id, answer=given.answer, actor=request.auth, now=timezone.now())


@router.get("/archives", **allowed(Right.READ), response=Rows[ArchiveShape])
def list_archives(request: Call) -> dict[str, Any]:
    """How many texts each brand's archive holds."""
    return rows({"brand": key, "texts": n} for key, n in list_archive(request.auth.workspace_id))


@router.post("/archives", **allowed(Right.CATALOGUE), response=AddedShape)
def add_to_archive(request: Call, given: ArchiveGiven) -> dict[str, int]:
    """Add texts that a brand published; those that are there already stay as they are."""
    texts = [clean for text in given.texts if (clean := text.strip())]
    added = archiving.archive_texts(brand_key=given.brand, texts=texts, actor=request.auth, now=timezone.now())
    return {"added": added}
