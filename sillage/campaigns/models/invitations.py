"""First contacts: letters, and plans of many letters that are approved together."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.engine.invitations import AddressFrom, Channel, Formality, InvitationState
from sillage.campaigns.models.campaign import Campaign, Collaboration
from sillage.governance.models import Link, Member, Workspace
from sillage.lib.sentences import from_stored


class InvitationPlan(models.Model):
    """Letters that were written together and are approved together."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitation_plans")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitation_plans")
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField()


class Invitation(models.Model):
    """A letter to one creator. From its release on its words stand sealed, with the creator's own links, until it was sent."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="invitations")
    plan = models.ForeignKey(InvitationPlan, on_delete=models.SET_NULL, null=True, related_name="invitations")
    channel = models.CharField(max_length=7, choices=[(c.value, c.value) for c in Channel])
    language = models.CharField(max_length=2)
    formality = models.CharField(max_length=4, choices=[(r.value, r.value) for r in Formality])
    address = models.CharField(max_length=254, blank=True)
    address_from = models.CharField(max_length=9, blank=True, choices=[(a.value, a.value) for a in AddressFrom])
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    notice = models.TextField()
    assembled_from = models.CharField(max_length=40)  # the letter and its version
    written_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="invitations_written")
    edited_at = models.DateTimeField(null=True)  # null: as it was assembled
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in InvitationState], default=InvitationState.DRAFT.value
    )
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    approval_id = models.BigIntegerField(null=True)  # the request that was used
    released_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="invitations_released")
    released_name = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)
    sealed_text = models.BinaryField(null=True)
    links = models.ManyToManyField(Link, related_name="invitations")
    message_id = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    failure_said = models.JSONField(null=True)  # how to say it in a reader's language (lib/sentences.py)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=models.Q(
                    state__in=[
                        s.value for s in (InvitationState.DRAFT, InvitationState.RELEASED, InvitationState.SENDING)
                    ]
                ),
                name="one_open_invitation",
            )
        ]
        indexes = [
            models.Index(fields=["collaboration", "-created_at"], name="invitation_by_age"),
            models.Index(fields=["workspace", "state"], name="invitation_by_state"),
        ]

    @property
    def why_unsent(self) -> str:
        """The failure, to be said in a reader's language where it is a sentence of ours."""
        return from_stored(self.failure_said, self.failure)
