"""The keys with which a workspace signs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sillage.governance.models.people import Workspace


class SigningKey(models.Model):
    """An Ed25519 key. The private half is sealed (engine/sealing.py); a retired key signs nothing more and still verifies."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="signing_keys")
    name = models.CharField(max_length=16)  # of the public half: engine/signing.py
    public = models.BinaryField()
    private_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], condition=Q(retired_at=None), name="one_key_signs"),
            models.UniqueConstraint(fields=["workspace", "name"], name="one_key_per_name"),
        ]
