"""Approvals: what would be done, who said yes or no to exactly that, and who may."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sillage.governance.engine.actors import Role
from sillage.governance.engine.acts import Verdict
from sillage.governance.models.links import Link
from sillage.governance.models.people import Member, Workspace
from sillage.governance.models.signing import SigningKey
from sillage.lib.sentences import from_stored


class ApprovalRequest(models.Model):
    """An act that awaits people's word. `digest` binds it (engine/acts.py); it is used once or never.

    Who holds a review link on (`review_kind`, `review_id`) may say yes or no too; members only where these are empty.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="approval_requests")
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    summary = models.CharField(max_length=300)  # in English: it is signed
    summary_said = models.JSONField(null=True)  # how to say it elsewhere (lib/sentences.py); None: as it stands
    content = models.JSONField()
    recipients = ArrayField(models.CharField(max_length=300), default=list)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    digest = models.BinaryField()
    needed = models.PositiveSmallIntegerField(default=1)  # people who must say yes
    review_kind = models.CharField(max_length=40, blank=True)
    review_id = models.CharField(max_length=80, blank=True)
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="approvals_asked")
    asked_by_name = models.CharField(max_length=200)  # as it was then: it is signed
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # its words were a person's who was erased; the digest stays

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "subject_kind", "subject_id", "verb"], name="request_by_subject"),
            models.Index(fields=["workspace", "-asked_at"], name="request_by_age"),
            models.Index(
                fields=["workspace", "expires_at"],
                name="request_open",
                condition=Q(used_at=None, withdrawn_at=None),
            ),
        ]

    @property
    def said(self) -> str:
        """The summary, to be said in a reader's language where it is a sentence of ours."""
        return from_stored(self.summary_said, self.summary)


class Approval(models.Model):
    """One person's word on a request: a member's, or that of whoever holds a review link.

    `statement` is what the workspace's key signed (engine/approval_file.py): the row can be proved without the row.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="approvals")
    verdict = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verdict])
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="approvals_given")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="approvals_given")
    by = models.CharField(max_length=40)  # "member 12", "link 3": outlives both
    person_name = models.CharField(max_length=200)  # as it was then: the row outlives the membership
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="approvals")
    statement = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "by"], name="one_word_per_person"),
            models.CheckConstraint(
                condition=Q(member=None) | Q(link=None), name="a_word_is_a_members_or_a_link_holders"
            ),
        ]


class ApprovalRule(models.Model):
    """Who may approve what in a workspace (engine/approval_rules.py). Changed by removing and adding."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="approval_rules")
    verb = models.CharField(max_length=80, blank=True)  # empty is every verb
    roles = ArrayField(models.CharField(max_length=10, choices=[(r.value, r.value) for r in Role]), default=list)
    members = ArrayField(models.BigIntegerField(), default=list)  # one who left is named still: the rule must not widen
    up_to = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    two_from = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    always_two = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(currency="") | Q(up_to=None, two_from=None), name="a_limit_has_a_currency"
            ),
        ]
