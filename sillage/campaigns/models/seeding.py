"""Products, shipments to creators, and their addresses: kept apart and sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.models.campaign import Collaboration
from sillage.campaigns.models.contracts import Consideration
from sillage.governance.models import Member, Workspace


class Product(models.Model):
    """Something that is sent to creators. `free` units can be promised, `reserved` ones are promised and not sent yet."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=80)  # the brand's own
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True)  # of one, before tax; null: not known
    currency = models.CharField(max_length=3, default="EUR")
    free = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    added_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "reference"], name="one_product_per_reference"),
            models.CheckConstraint(condition=Q(free__gte=0) & Q(reserved__gte=0), name="stock_never_below_zero"),
        ]

    def __str__(self) -> str:
        return self.name


class Shipment(models.Model):
    """Units of a product for one collaboration, from the promise to the creator's hands. What was given keeps its value."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="shipments")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="shipments")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="shipments")
    quantity = models.PositiveSmallIntegerField()
    choice = models.CharField(max_length=200, blank=True)  # size, colour
    state = models.CharField(
        max_length=13, choices=[(s.value, s.value) for s in ShipmentState], default=ShipmentState.TO_CONFIRM.value
    )
    state_since = models.DateTimeField()
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    consideration = models.ForeignKey(Consideration, on_delete=models.SET_NULL, null=True, related_name="shipments")
    counts_elsewhere = models.BooleanField(default=False)  # the consideration was entered by hand, not by the sending
    promised_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    promised_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_of_something")]
        indexes = [
            models.Index(fields=["collaboration", "-promised_at"], name="shipment_by_collaboration"),
            models.Index(fields=["workspace", "state", "state_since"], name="shipment_by_state"),
        ]


class ShippingAddress(models.Model):
    """Where a creator wants parcels of one collaboration: sealed (engine/postal.py), read by whoever ships, then deleted."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    collaboration = models.OneToOneField(Collaboration, on_delete=models.CASCADE, related_name="shipping_address")
    sealed = models.BinaryField()
    given_at = models.DateTimeField()


class PromoCode(models.Model):
    """A code that a creator says and a buyer types. No two live ones of a workspace look alike."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="promo_codes")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="promo_codes")
    code = models.CharField(max_length=30)  # in capitals
    skeleton = models.CharField(max_length=30)  # engine/codes.py
    discount_kind = models.CharField(max_length=10)
    discount_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    discount_currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "skeleton"], condition=Q(ended_at=None), name="no_two_live_codes_look_alike"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="code_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "code"], name="promo_code_by_code"),
        ]

    def __str__(self) -> str:
        return self.code


class TrackedLink(models.Model):
    """A short address that leads to one target, fixed when it was made, and counts who follows it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tracked_links")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="tracked_links")
    code = models.CharField(max_length=16, unique=True)
    target = models.URLField(max_length=3000)  # with its UTM parameters
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class ClickCount(models.Model):
    """How often a link was followed in one hour, per kind of visitor, country and kind of page. Nothing about anybody."""

    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="clicks")
    hour = models.DateTimeField()
    visitor = models.CharField(max_length=7)
    country = models.CharField(max_length=2, blank=True)  # from a trusted proxy's header, if one is set
    referrer = models.CharField(max_length=12)
    clicks = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "hour", "visitor", "country", "referrer"], name="one_click_count_per_hour"
            )
        ]


class Conversion(models.Model):
    """An order or a refund that a shop reported and that a collaboration is credited with. Its id is a keyed hash."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="conversions")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="conversions")
    kind = models.CharField(max_length=6)
    event = models.BinaryField()  # the same event twice is one
    order_key = models.BinaryField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    ordered_at = models.DateTimeField()
    credited_by = models.CharField(max_length=5)  # code, link, order
    code = models.ForeignKey(PromoCode, on_delete=models.SET_NULL, null=True, related_name="conversions")
    link = models.ForeignKey(TrackedLink, on_delete=models.SET_NULL, null=True, related_name="conversions")
    source = models.CharField(max_length=7)  # file, webhook
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "event"], name="one_conversion_per_event")]
        indexes = [
            models.Index(fields=["collaboration", "currency", "kind"], name="conversion_by_collaboration"),
            models.Index(fields=["workspace", "order_key"], name="conversion_by_order"),
        ]


class ShopFeed(models.Model):
    """How a workspace hears of orders: the sealed secrets with which its shop signs, and when it was heard last."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="shop_feed")
    sealed = models.BinaryField(null=True)  # the secret that counts
    sealed_before = models.BinaryField(null=True)  # the one before it, valid until it is ended
    secret_made_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # the last order that came in, credited or not
