"""Reading what the language model is, what it may cost a workspace, and what its calls have cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from sillage.adapters.language_models import LanguageModelSettings
from sillage.governance.models import PolicySwitch
from sillage.governance.queries import policies_stopped
from sillage.lib.errors import NotFound
from sillage.lib.paging import Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.model_limits import GRACE, Price, Spending, WriterLimits, month_of
from sillage.studio.models import ModelCall, Text, WriterLimit
from sillage.understanding.queries.language_model import model_settings


@dataclass(frozen=True, slots=True)
class WriterStanding:
    """What the page of writers shows. `chosen` is incomplete where no model is set up."""

    chosen: LanguageModelSettings
    price: Price
    limits: WriterLimits
    spending: Spending
    stopped: PolicySwitch | None

    @property
    def may_write(self) -> bool:
        return self.chosen.is_complete and self.limits.is_on and self.stopped is None


def writer_price() -> Price:
    chosen = settings.SILLAGE
    return Price(chosen.llm_price_in, chosen.llm_price_out, chosen.llm_currency)


def writer_limits(workspace_id: int) -> WriterLimits:
    """What a workspace allows; the limits that every workspace has where nobody set others."""
    found = WriterLimit.objects.filter(workspace_id=workspace_id).first()
    if found is None:
        return WriterLimits()
    return WriterLimits(found.is_on, found.monthly_cost, found.monthly_tokens, found.calls_per_minute)


def _given_up(now: datetime) -> datetime:
    """Calls that began before this and have no end were interrupted: the process that made them is gone."""
    return now - timedelta(seconds=model_settings().longest_s) - GRACE


def interrupted_calls(workspace_id: int, now: datetime) -> QuerySet[ModelCall]:
    return ModelCall.objects.filter(workspace_id=workspace_id, outcome="", asked_at__lt=_given_up(now))


def spending_of(workspace_id: int, now: datetime) -> Spending:
    """What a workspace used. A call that is under way or was interrupted counts with the most that it may use."""
    calls = ModelCall.objects.filter(workspace_id=workspace_id)
    recent = Q(asked_at__gt=now - timedelta(minutes=1))
    counted = calls.aggregate(
        last_minute=Count("pk", filter=recent),
        under_way=Count("pk", filter=Q(outcome="", asked_at__gte=_given_up(now))),
    )
    month = calls.filter(asked_at__gte=month_of(now)).aggregate(
        tokens_in=Sum("tokens_in"), tokens_out=Sum("tokens_out"), cost=Sum("cost")
    )
    return Spending(
        tokens=(month["tokens_in"] or 0) + (month["tokens_out"] or 0),
        cost=month["cost"] or Decimal(0),
        last_minute=counted["last_minute"],
        under_way=counted["under_way"],
    )


def writer_standing(workspace_id: int, now: datetime) -> WriterStanding:
    return WriterStanding(
        chosen=model_settings(),
        price=writer_price(),
        limits=writer_limits(workspace_id),
        spending=spending_of(workspace_id, now),
        stopped=policies_stopped(workspace_id),
    )


def outcome_of(call: ModelCall, now: datetime) -> str:
    """How a call ended, as it stands now: `under_way` while it may still end."""
    if call.outcome:
        return call.outcome
    return "interrupted" if call.asked_at < _given_up(now) else "under_way"


def list_calls(workspace_id: int, *, cursor: str | None = None, limit: int = 30) -> Page[ModelCall]:
    """Calls, the newest first."""
    calls = ModelCall.objects.filter(workspace_id=workspace_id)
    if cursor:
        calls = calls.filter(pk__lt=key_of(cursor, 1)[0])
    rows = list(calls.select_related("member__person", "brief", "text").order_by("-pk")[: limit + 1])
    return Page(rows[:limit], cursor_of([rows[limit - 1].pk]) if len(rows) > limit else None)


def get_call(workspace_id: int, call_id: int, *, lock: bool = False) -> ModelCall:
    calls = ModelCall.objects.filter(workspace_id=workspace_id, pk=call_id)
    found = (calls.select_for_update() if lock else calls).first()
    if found is None:
        raise NotFound(
            Sentence("No call %(call_id)s to a model in this workspace.", call_id=call_id),
            Sentence("See “Writers” in the studio, or `sillage studio calls`."),
        )
    return found


def find_proposal(text: Text) -> ModelCall | None:
    """The newest proposal for a text that nobody has decided on."""
    calls = ModelCall.objects.filter(workspace_id=text.workspace_id, text=text, outcome="answered", decided="")
    newest = calls.exclude(proposal=[]).order_by("-pk").first()
    return newest
