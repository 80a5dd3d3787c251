"""What was done and what proves a number. The ledger refuses update and delete in the database itself (migration 0002)."""

from __future__ import annotations

from django.db import models

from sillage.governance.engine.actors import ActorKind
from sillage.governance.models.people import Workspace


class Entry(models.Model):
    """One line of a workspace's ledger. `hash` covers every field and the hash before it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="ledger")
    number = models.BigIntegerField()  # 1, 2, 3 ... within the workspace, without gaps
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ActorKind])
    actor_name = models.CharField(max_length=200)
    actor_version = models.CharField(max_length=100, blank=True)
    member_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="ledger_numbers_are_unique"),
        ]
        indexes = [
            models.Index(fields=["workspace", "subject_kind", "subject_id"], name="ledger_by_subject"),
            models.Index(fields=["workspace", "verb", "number"], name="ledger_by_verb"),
        ]


class Receipt(models.Model):
    """What proves one number: formula and version, inputs, source class, n, time and hash (`lib/receipts.py`)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="receipts")
    key = models.CharField(max_length=32)  # first characters of the hash: what people type
    metric = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    value = models.FloatField(null=True)  # null is "-": inputs were missing
    inputs = models.JSONField()
    source_class = models.CharField(max_length=15)
    n = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    code_version = models.CharField(max_length=40)
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_receipt_per_key")]
        indexes = [
            models.Index(
                fields=["workspace", "subject_kind", "subject_id", "metric", "-computed_at"],
                name="receipt_by_subject",
            )
        ]


class IdempotencyKey(models.Model):
    """An answer already given to a write of the API, so that a repeat gives the same answer and changes nothing."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    request_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_answer_per_idempotency_key")]
