"""Policies: what a machine may do by itself, each use of that, and the switch that stops all of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sillage.governance.engine.actors import ActorKind
from sillage.governance.models.people import Member, Workspace
from sillage.governance.models.signing import SigningKey


class Policy(models.Model):
    """A person's approval, in advance, of acts of one verb within scope and limits. `statement` is what was signed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="policies")
    verb = models.CharField(max_length=80)
    scope = models.JSONField(
        default=dict
    )  # {field: [values]}: what it may touch; a field that is not named may be anything
    threshold = models.DecimalField(max_digits=5, decimal_places=4, null=True)  # least confidence, 0 to 1
    per_day = models.PositiveIntegerField()
    amount_per_day = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    sample_percent = models.PositiveSmallIntegerField()  # of uses that a person looks at
    allowed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="policies_allowed")
    person_name = models.CharField(max_length=200)  # as it was then
    reason = models.CharField(max_length=500)
    allowed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="policies")
    statement = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "verb", "expires_at"], name="policy_by_verb")]
        constraints = [
            models.CheckConstraint(condition=Q(sample_percent__lte=100), name="a_sample_is_at_most_all"),
            models.CheckConstraint(
                condition=Q(amount_per_day=None) | ~Q(currency=""), name="a_policys_amount_has_a_currency"
            ),
        ]


class PolicySwitch(models.Model):
    """A person stopped every policy of the workspace, or let them go on. The newest row counts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="policy_switches")
    is_stopped = models.BooleanField()
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    person_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()


class PolicyUse(models.Model):
    """A machine acted within a policy. `undo` is what the verb's own undo needs; `verdict` is a person's, of a sampled use."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="policy_uses")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="uses")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    about = models.JSONField()  # what it touched, in the fields that scopes name
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    machine_kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ActorKind])
    machine_name = models.CharField(max_length=200)
    machine_version = models.CharField(max_length=100, blank=True)
    used_at = models.DateTimeField()
    used_on = models.DateField()  # in UTC: the day that limits count
    undo = models.JSONField(default=dict)
    is_sampled = models.BooleanField()
    verdict = models.CharField(max_length=10, blank=True, choices=[("right", "right"), ("wrong", "wrong")])
    judged_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="uses_judged")
    judged_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    undone_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="uses_undone")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["policy", "used_on"], name="use_by_day"),
            models.Index(fields=["workspace", "-used_at"], name="use_by_age"),
            models.Index(
                fields=["workspace", "used_at"], name="use_to_review", condition=Q(is_sampled=True, judged_at=None)
            ),
        ]
