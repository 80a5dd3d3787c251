"""Approvals: what would be done, and who said yes or no to exactly that."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.governance.engine.acts import Verdict
from sillage.governance.models.links import Link
from sillage.governance.models.people import Member, Workspace


class ApprovalRequest(models.Model):
    """An act that awaits people's word. `digest` binds it (engine/acts.py); it is used once or never."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="approval_requests")
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    summary = models.CharField(max_length=300)
    content = models.JSONField()
    recipients = ArrayField(models.CharField(max_length=300), default=list)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    digest = models.BinaryField()
    needed = models.PositiveSmallIntegerField(default=1)  # people who must say yes
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="approvals_asked")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "subject_kind", "subject_id", "verb"], name="request_by_subject"),
            models.Index(fields=["workspace", "used_at", "-asked_at"], name="request_waiting"),
        ]


class Approval(models.Model):
    """One person's word on a request: a member's, or that of whoever holds a review link."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="approvals")
    verdict = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verdict])
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="approvals_given")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="approvals_given")
    person_name = models.CharField(max_length=200)  # as it was then: the row outlives the membership
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "member"], name="one_word_per_member")]
