"""Products that are sent to creators, and their stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from sillage.campaigns.engine.seeding import OPEN, ShipmentState
from sillage.campaigns.models import Product
from sillage.campaigns.queries.seeding import get_product
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence

LARGEST_STOCK = 10_000_000


class ProductMalformed(Malformed):
    """A product without a name, or with a value or a stock below zero. `place` is the field."""


class ReferenceTaken(Refusal):
    """Another product of the workspace has this reference."""


class StockMovedMeanwhile(Refusal):
    """Somebody else changed the stock since it was read."""


class ProductPromised(Refusal):
    """The product is on its way to somebody."""


@transaction.atomic
def add_product(
    *,
    name: str,
    reference: str,
    value: Decimal | None,
    currency: str,
    stock: int,
    actor: Actor,
    now: datetime,
) -> Product:
    """Let a product be sent. `value` is what one is worth before tax: it counts as a gift when it is sent."""
    require(actor, Right.CAMPAIGN)
    _refuse_malformed(name, reference, value, currency, stock)
    try:
        with transaction.atomic():
            product = Product.objects.create(
                workspace_id=actor.workspace_id,
                name=name.strip(),
                reference=reference.strip(),
                value=value,
                currency=currency.upper(),
                free=stock,
                added_at=now,
            )
    except IntegrityError as error:
        raise ReferenceTaken(
            Sentence("“%(reference)s” is the reference of another product.", reference=reference.strip()),
            Sentence("Use it, or give this one another reference."),
        ) from error
    governance.record(
        verb="campaigns.product_added",
        subject_kind="product",
        subject_id=product.pk,
        actor=actor,
        now=now,
        facts={"value": None if value is None else str(value), "currency": product.currency, "stock": stock},
    )
    return product


def _refuse_malformed(name: str, reference: str, value: Decimal | None, currency: str, stock: int) -> None:
    if not name.strip() or len(name.strip()) > 200:
        raise ProductMalformed(
            Sentence("A product needs a name of up to 200 characters."), Sentence("Name it."), "name"
        )
    if not reference.strip() or len(reference.strip()) > 80:
        raise ProductMalformed(
            Sentence("A product needs a reference of up to 80 characters."),
            Sentence("Use the brand's own (SKU)."),
            "reference",
        )
    if value is not None and not (value.is_finite() and 0 <= value < 10**8):
        raise ProductMalformed(
            Sentence("The value of one is no amount."), Sentence("Give it before tax, or leave it empty."), "value"
        )
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise ProductMalformed(
            Sentence("“%(currency)s” is no currency.", currency=currency),
            Sentence("Three letters, such as EUR."),
            "currency",
        )
    _refuse_stock(stock)


def _refuse_stock(stock: int) -> None:
    if not 0 <= stock <= LARGEST_STOCK:
        raise ProductMalformed(
            Sentence("%(stock)s is no stock.", stock=stock),
            Sentence("Between 0 and %(largest_stock)s.", largest_stock=Grouped(LARGEST_STOCK)),
            "stock",
        )


@transaction.atomic
def correct_stock(*, product_id: int, free: int, seen: int, reason: str, actor: Actor, now: datetime) -> Product:
    """Say how many units are free after a count or a delivery. `seen` is what the person saw before: if it moved, refused."""
    require(actor, Right.CAMPAIGN)
    _refuse_stock(free)
    product = get_product(actor.workspace_id, product_id, lock=True)
    if product.free != seen:
        raise StockMovedMeanwhile(
            Sentence(
                "%(free)s of “%(product)s” are free by now, not %(seen)s.",
                free=product.free,
                product=product.name,
                seen=seen,
            ),
            Sentence("Look again, then correct it."),
        )
    product.free = free
    product.save(update_fields=["free"])
    governance.record(
        verb="campaigns.stock_corrected",
        subject_kind="product",
        subject_id=product.pk,
        actor=actor,
        now=now,
        facts={"before": seen, "after": free, "reason": reason.strip()[:200]},
    )
    return product


@transaction.atomic
def archive_product(*, product_id: int, actor: Actor, now: datetime) -> Product:
    """Put a product away. What was sent of it stays."""
    require(actor, Right.CAMPAIGN)
    product = get_product(actor.workspace_id, product_id, lock=True)
    before_sent = [s.value for s in OPEN if s is not ShipmentState.SHIPPED]
    if product.shipments.filter(state__in=before_sent).exists():
        raise ProductPromised(
            Sentence("“%(product)s” is promised to somebody.", product=product.name),
            Sentence("Cancel or send these shipments first."),
        )
    product.archived_at = now
    product.save(update_fields=["archived_at"])
    governance.record(
        verb="campaigns.product_archived", subject_kind="product", subject_id=product.pk, actor=actor, now=now
    )
    return product
