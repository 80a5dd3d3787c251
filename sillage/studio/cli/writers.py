"""`sillage studio write`, `calls` and `writer`: the language model, asked from a terminal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.studio.actions import model_calls, model_writing
from sillage.studio.engine.model_limits import WriterLimits
from sillage.studio.engine.prompting import MOST_TEXTS
from sillage.studio.models import ModelCall
from sillage.studio.queries.model_calls import list_calls, outcome_of, writer_standing


class _Amount(click.ParamType[Decimal]):
    """Money as it is written: 25 or 25.50."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            self.fail(f"“{value}” is not an amount", param, ctx)
        if not amount.is_finite() or amount.as_tuple().exponent < -2:  # type: ignore[operator]
            self.fail(f"“{value}” is not an amount in hundredths", param, ctx)
        return amount


AMOUNT = _Amount()
PIECES = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)


@click.command("write")
@click.option("--brief", "brief_id", type=int, required=True, help="A kept writing brief.")
@click.option("--n", default=3, show_default=True, type=click.IntRange(1, MOST_TEXTS), help="How many texts.")
@click.option(
    "--material", type=PIECES, help="Strangers' words to answer to, an empty line between two; “-” reads stdin."
)
@operator
@json_option
def write(actor: Actor, brief_id: int, n: int, material: Path | None, as_json: bool) -> None:
    """Have the language model write texts of a brief. What passes the checks is begun in the studio. Ctrl-C stops it."""
    said = _pieces(material)
    events = model_writing.stream_texts(brief_id=brief_id, n=n, material=said, actor=actor, now=timezone.now())
    ended = None
    try:
        for event in events:
            ended = event
    finally:
        events.close()  # type: ignore[attr-defined]  # Ctrl-C ends the call too, and what it used is counted
    assert isinstance(ended, model_writing.Written)
    _show(ended, as_json)


def _pieces(path: Path | None) -> list[str]:
    if path is None:
        return []
    with click.open_file(str(path), encoding="utf8", errors="replace") as opened:
        return [piece for piece in opened.read().split("\n\n") if piece.strip()]


def _show(ended: model_writing.Written, as_json: bool) -> None:
    dropped = [{"text": one.text, "why": one.why.value, "blame": list(one.blame)} for one in ended.checked.dropped]
    if as_json:
        texts = [{"id": text.pk, "text": text.body} for text in ended.texts]
        return show_json({"call": _told(ended.call), "texts": texts, "dropped": dropped})
    for text in ended.texts:
        out().print(f"{text.pk}: {text.body}\n", markup=False)
    for one in dropped:
        say(f"Dropped ({one['why']}{': ' + ', '.join(one['blame']) if one['blame'] else ''}): {one['text'][:100]}")
    call = ended.call
    cost = "cost not known" if call.cost is None else f"{call.cost} {call.currency}"
    return say(
        f"{len(ended.texts)} of {len(ended.checked.kept) + len(dropped)} texts passed, by the model {call.model} at"
        f" {call.server}: {call.tokens_in:,} + {call.tokens_out:,} tokens{', at most' if call.is_estimated else ''}, {cost}."
    )


def _told(call: ModelCall) -> dict[str, Any]:
    plain = ("purpose", "model", "server", "prompt_version", "tokens_in", "tokens_out", "is_estimated", "currency")
    return {
        "id": call.pk,
        **{name: getattr(call, name) for name in plain},
        "cost": None if call.cost is None else str(call.cost),
        "seconds": call.seconds,
        "outcome": outcome_of(call, timezone.now()),
        "trouble": call.trouble,
        "dropped": call.dropped,
        "asked_at": call.asked_at.isoformat(),
    }


@click.command("calls")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 200))
@operator
@json_option
def calls(actor: Actor, limit: int, as_json: bool) -> None:
    """Calls to the language model with what they cost, the newest first."""
    told = [_told(call) for call in list_calls(actor.workspace_id, limit=limit).items]
    if as_json:
        return show_json(told)
    columns = ("id", "for", "model", "end", "tokens in", "tokens out", "cost", "at (UTC)")
    rows = [
        (
            one["id"],
            one["purpose"],
            one["model"],
            " ".join(filter(None, (one["outcome"], one["trouble"]))),
            one["tokens_in"],
            one["tokens_out"],
            one["cost"],
            one["asked_at"][:16],
        )
        for one in told
    ]
    return show_table("", columns, rows, right=("id", "tokens in", "tokens out", "cost"))


@click.group("writer")
def writer() -> None:
    """Which language model there is, and what it may cost."""


@writer.command("show")
@operator
@json_option
def writer_show(actor: Actor, as_json: bool) -> None:
    """Which model there is, where words go, what was used this month."""
    standing = writer_standing(actor.workspace_id, timezone.now())
    chosen, limits, spending = standing.chosen, standing.limits, standing.spending
    told = {
        "model": chosen.model if chosen.is_complete else None,
        "server": chosen.host if chosen.is_complete else None,
        "leaves_machine": chosen.leaves_machine if chosen.is_complete else None,
        "may_write": standing.may_write,
        "tokens_this_month": spending.tokens,
        "monthly_tokens": limits.monthly_tokens,
        "cost_this_month": str(spending.cost) if standing.price.is_known else None,
        "monthly_cost": None if limits.monthly_cost is None else str(limits.monthly_cost),
        "calls_per_minute": limits.calls_per_minute,
        "currency": standing.price.currency,
    }
    if as_json:
        return show_json(told)
    if not chosen.is_complete:
        say("No language model is set up: Sillage assembles texts from human-written fragments, and says so.")
    return show_table("", ("what", "value"), list(told.items()))


@writer.command("limit")
@click.option("--monthly-cost", type=AMOUNT, help="In the currency of the prices; none: no limit.")
@click.option("--monthly-tokens", type=click.IntRange(0), help="None: no limit.")
@click.option("--calls-per-minute", type=click.IntRange(1, 600), required=True)
@operator
def writer_limit(actor: Actor, monthly_cost: Decimal | None, monthly_tokens: int | None, calls_per_minute: int) -> None:
    """Say what the model may cost this workspace. What is not given has no limit."""
    limits = WriterLimits(
        is_on=writer_standing(actor.workspace_id, timezone.now()).limits.is_on,
        monthly_cost=monthly_cost,
        monthly_tokens=monthly_tokens,
        calls_per_minute=calls_per_minute,
    )
    model_calls.set_writer_limits(limits=limits, actor=actor, now=timezone.now())
    say("The limits are kept.")


@writer.command("off")
@operator
def writer_off(actor: Actor) -> None:
    """Switch the model off for this workspace."""
    model_calls.switch_writer(is_on=False, actor=actor, now=timezone.now())
    say("The model is switched off.")


@writer.command("on")
@operator
def writer_on(actor: Actor) -> None:
    """Switch the model on again."""
    model_calls.switch_writer(is_on=True, actor=actor, now=timezone.now())
    say("The model is switched on.")
