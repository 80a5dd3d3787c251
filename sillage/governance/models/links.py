"""Links for people without an account. Only the hash of a link's secret is kept."""

from __future__ import annotations

from django.db import models

from sillage.governance.engine.links import Purpose
from sillage.governance.models.people import Member, Workspace


class Link(models.Model):
    """Opens one thing (kind, id) to whoever holds it, until it expires or is revoked."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Purpose])
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    label = models.CharField(max_length=200)  # whom it is for, in a member's words
    digest = models.BinaryField(unique=True)
    opened_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "subject_kind", "subject_id"], name="link_by_subject")]
