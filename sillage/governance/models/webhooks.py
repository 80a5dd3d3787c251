"""Programs outside that are told of ledger entries, and what they were sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.governance.engine.webhooks import DeliveryState
from sillage.governance.models.ledger import Entry
from sillage.governance.models.people import Member, Workspace


class Endpoint(models.Model):
    """An address that hears of some verbs. Its secrets are sealed; `leased_until` keeps two senders apart."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="endpoints")
    url = models.CharField(max_length=500)
    label = models.CharField(max_length=100)
    events = ArrayField(models.CharField(max_length=80))  # verbs, "room.*" or "*"
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True)  # every try since then failed
    held_until = models.DateTimeField(null=True)  # after a failure nothing is sent for a while
    leased_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "disabled_at"], name="endpoint_by_workspace")]

    def __str__(self) -> str:
        return self.label


class Delivery(models.Model):
    """One entry for one endpoint, or a ping (without entry). Its id is what the receiver knows it by."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="deliveries")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DeliveryState], default=DeliveryState.WAITING.value
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last try; null is no answer
    answer = models.CharField(max_length=500, blank=True)  # its first characters
    failure = models.CharField(max_length=300, blank=True)
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "entry"], name="one_delivery_per_entry")]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"],
                condition=models.Q(state=DeliveryState.WAITING.value),
                name="delivery_waiting",
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_by_age"),
        ]
