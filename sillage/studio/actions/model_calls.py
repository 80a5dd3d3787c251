"""Calls to language models: reserved before the model is asked, settled after it; the limits, and the switch.

`reserve_summary` and `settle_summary` count the calls of understanding, which asks for summaries of topics.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from sillage.adapters.language_models import LanguageModelSettings, Used
from sillage.governance import actions as governance
from sillage.governance.actions.policies import hold_switch
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.governance.queries import policies_stopped
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import Decimals, Grouped, Sentence
from sillage.studio.engine.model_limits import AT_ONCE, Price, Spending, WriterLimits, beyond
from sillage.studio.models import ModelCall, WriterLimit
from sillage.studio.queries.model_calls import get_call, interrupted_calls, spending_of, writer_limits, writer_price
from sillage.understanding.actions.model_calls import CallEnded
from sillage.understanding.engine.model_calls import CallWanted, tokens_at_most
from sillage.understanding.queries.language_model import model_settings

REQUESTS = 2  # of a call at most: the question, and the answer asked for once more


class WriterMissing(Refusal):
    """No language model is set up."""


class WriterOff(Refusal):
    """A person switched the model off, for this workspace or with every policy."""


class WriterBusy(Refusal):
    """As many calls as the workspace allows were made in the last minute, or are under way."""

    status = 429


class WriterSpent(Refusal):
    """The call may need more than is left of what the workspace allows for the month."""


def reserve_call(
    *,
    workspace_id: int,
    member_id: int | None,
    wanted: CallWanted,
    now: datetime,
    brief_id: int | None = None,
    text_id: int | None = None,
) -> ModelCall:
    """Enter a call with the most that it may use, before the model is asked and as part of asking it.

    The workspace's row is held meanwhile: of two calls that only one fits, one is refused. A process that is killed leaves
    the row as it is: what it may have used stays counted.
    """
    chosen, price = _set_up(), writer_price()
    tokens_in, tokens_out = REQUESTS * (wanted.tokens_in + wanted.most_tokens), REQUESTS * wanted.most_tokens
    with transaction.atomic():
        _refuse_stopped(workspace_id)
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
        _refuse_beyond(workspace_id, tokens_in + tokens_out, price.of(tokens_in, tokens_out), price, now)
        return ModelCall.objects.create(
            workspace_id=workspace_id,
            member_id=member_id,
            brief_id=brief_id,
            text_id=text_id,
            purpose=wanted.purpose,
            model=chosen.model[:200],
            server=chosen.host[:200],
            prompt_version=wanted.prompt,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=price.of(tokens_in, tokens_out),
            currency=price.currency if price.is_known else "",
            left_out=wanted.left_out,
            asked_at=now,
        )


def _set_up() -> LanguageModelSettings:
    chosen = model_settings()
    if not chosen.is_complete:
        raise WriterMissing(
            Sentence("No language model is set up here."),
            Sentence("Set SILLAGE_LLM_URL and SILLAGE_LLM_MODEL, or use the variants, which need none."),
        )
    return chosen


def _refuse_stopped(workspace_id: int) -> None:
    hold_switch(workspace_id, alone=False)
    stopped = policies_stopped(workspace_id)
    if stopped is not None:
        raise WriterOff(
            Sentence(
                "%(person_name)s stopped every machine: %(reason)s.",
                person_name=stopped.person_name,
                reason=stopped.reason or Sentence("no reason given"),
            ),
            Sentence("Ask them; a manager lets the policies go on."),
        )


def _refuse_beyond(workspace_id: int, tokens: int, cost: Decimal | None, price: Price, now: datetime) -> None:
    limits, spending = writer_limits(workspace_id), spending_of(workspace_id, now)
    match beyond(limits, spending, tokens, cost):
        case "switch":
            raise WriterOff(
                Sentence("The model is switched off for this workspace."), Sentence("A manager can switch it on again.")
            )
        case "calls":
            raise WriterBusy(
                Sentence("%(last_minute)s calls were made in the last minute.", last_minute=spending.last_minute),
                Sentence("Wait a minute."),
            )
        case "at_once":
            raise WriterBusy(
                Sentence("%(at_once)s calls are under way.", at_once=AT_ONCE),
                Sentence("Wait until one has ended, or stop one."),
            )
        case "tokens" | "cost" as which:
            raise _spent(which, limits, spending, tokens, cost, price)


def _spent(
    which: str, limits: WriterLimits, spending: Spending, tokens: int, cost: Decimal | None, price: Price
) -> WriterSpent:
    said = (
        Sentence(
            "This month %(used)s of %(most)s tokens are used, and this call may need %(needed)s.",
            used=Grouped(spending.tokens),
            most=Grouped(limits.monthly_tokens or 0),
            needed=Grouped(tokens),
        )
        if which == "tokens"
        else Sentence(
            "This month %(used)s of %(most)s are used, and this call may need %(needed)s.",
            used=Decimals(spending.cost, 2),
            most=Money(limits.monthly_cost or Decimal(0), price.currency).written,
            needed=Decimals(cost or Decimal(0), 2),
        )
    )
    return WriterSpent(
        said,
        Sentence(
            "Ask for less, or have a manager raise the limit: under “Writers” in the studio, or with"
            " `sillage studio writer limit`."
        ),
    )


def settle_call(
    call: ModelCall, *, outcome: str, trouble: str, used: Used, characters_in: int, seconds: float, now: datetime
) -> list[int]:
    """Write down what a call used, as part of asking; and which calls before it have no end: their keys come back.

    The server's count where it gave one; otherwise Sillage's own, from above. What never reached a model costs nothing.
    """
    ModelCall.objects.select_for_update().get(pk=call.pk)
    call.is_estimated = used.tokens_in is None or used.tokens_out is None
    call.tokens_in, call.tokens_out = _tokens(used, characters_in)
    price = writer_price()
    call.cost = price.of(call.tokens_in, call.tokens_out)
    call.outcome, call.trouble = outcome, trouble
    call.seconds = round(seconds, 3)
    call.answered_at = now + timedelta(seconds=seconds)
    call.save()
    lost = list(interrupted_calls(call.workspace_id, now).values_list("pk", flat=True))
    ModelCall.objects.filter(pk__in=lost).update(outcome="interrupted")
    return lost


def _tokens(used: Used, characters_in: int) -> tuple[int, int]:
    if used.tokens_in is not None and used.tokens_out is not None:
        return used.tokens_in, used.tokens_out
    if not used.requests:
        return 0, 0
    return used.requests * tokens_at_most(characters_in), tokens_at_most(used.characters_out)


def call_facts(call: ModelCall) -> dict[str, Any]:
    """What the ledger is told of a call: no words."""
    return {
        "purpose": call.purpose,
        "model": call.model,
        "server": call.server,
        "prompt": call.prompt_version,
        "tokens_in": call.tokens_in,
        "tokens_out": call.tokens_out,
        "estimated": call.is_estimated,
        "cost": None if call.cost is None else str(call.cost),
        "currency": call.currency,
        "outcome": call.outcome,
        "trouble": call.trouble,
        "kept": call.kept,
        "dropped": call.dropped,
    }


def reserve_summary(*, workspace_id: int, member_id: int | None, wanted: CallWanted, now: datetime) -> int:
    """The id of a reserved call for a summary of topics, as part of mapping them."""
    return reserve_call(workspace_id=workspace_id, member_id=member_id, wanted=wanted, now=now).pk


@transaction.atomic
def settle_summary(*, call_id: int, wanted: CallWanted, ended: CallEnded, actor: Actor, now: datetime) -> ModelCall:
    """Write down what a call for a summary of topics used, and how it ended. The summary stands in the topic map."""
    call = get_call(actor.workspace_id, call_id)
    call.kept, call.dropped = ended.kept, dict(ended.dropped)
    lost = settle_call(
        call,
        outcome=ended.outcome,
        trouble=ended.trouble,
        used=ended.used,
        characters_in=wanted.characters_in,
        seconds=ended.seconds,
        now=now,
    )
    governance.record(
        verb="studio.model_asked",
        subject_kind="model_call",
        subject_id=call.pk,
        actor=actor,
        now=now,
        facts={**call_facts(call), "interrupted": lost},
    )
    return call


# -- limits ----------------------------------------------------------------------------------------------------------


class LimitMalformed(Malformed):
    """A limit means nothing, or cannot be kept."""

    title = "Malformed limit"


@transaction.atomic
def set_writer_limits(*, limits: WriterLimits, actor: Actor, now: datetime) -> WriterLimit:
    """Say what the model may cost the workspace per month, and how often it may be asked."""
    require(actor, Right.APPROVE)
    _refuse_odd(limits)
    kept = _put(limits, actor, now)
    governance.record(
        verb="studio.writer_limits_set",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={
            "on": limits.is_on,
            "monthly_cost": None if limits.monthly_cost is None else str(limits.monthly_cost),
            "monthly_tokens": limits.monthly_tokens,
            "calls_per_minute": limits.calls_per_minute,
        },
    )
    return kept


def _refuse_odd(limits: WriterLimits) -> None:
    if not 1 <= limits.calls_per_minute <= 600:
        raise LimitMalformed(
            Sentence("Calls per minute are out of range."), Sentence("Give 1 to 600."), "calls_per_minute"
        )
    if limits.monthly_tokens is not None and not 0 <= limits.monthly_tokens <= 2_000_000_000:
        raise LimitMalformed(
            Sentence("Tokens per month are out of range."), Sentence("Give 0 to 2,000,000,000."), "monthly_tokens"
        )
    if limits.monthly_cost is None:
        return
    if not 0 <= limits.monthly_cost < 10_000_000:
        raise LimitMalformed(
            Sentence("The cost per month is out of range."), Sentence("Give 0 to 9,999,999."), "monthly_cost"
        )
    if not writer_price().is_known:
        raise LimitMalformed(
            Sentence("Nobody said what the model costs, so its cost cannot be limited."),
            Sentence("Set SILLAGE_LLM_PRICE_IN and SILLAGE_LLM_PRICE_OUT, or limit the tokens."),
            "monthly_cost",
        )


def _put(limits: WriterLimits, actor: Actor, now: datetime) -> WriterLimit:
    kept, _made = WriterLimit.objects.update_or_create(
        workspace_id=actor.workspace_id,
        defaults={
            "is_on": limits.is_on,
            "monthly_cost": limits.monthly_cost,
            "monthly_tokens": limits.monthly_tokens,
            "calls_per_minute": limits.calls_per_minute,
            "changed_by_id": actor.member_id,
            "changed_at": now,
        },
    )
    return kept


@transaction.atomic
def switch_writer(*, is_on: bool, actor: Actor, now: datetime) -> WriterLimit:
    """Switch the model off, which whoever runs campaigns may; or on again, which needs the right to approve.

    Calls under way end by themselves, within their time.
    """
    require(actor, Right.APPROVE if is_on else Right.CAMPAIGN)
    limits = writer_limits(actor.workspace_id)
    kept = _put(WriterLimits(is_on, limits.monthly_cost, limits.monthly_tokens, limits.calls_per_minute), actor, now)
    governance.record(
        verb="studio.writer_switched",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"on": is_on},
    )
    return kept
