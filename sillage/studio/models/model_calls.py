"""Calls to language models: each with what it cost, and how much of that a workspace allows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sillage.governance.models import Member, Workspace
from sillage.studio.models.briefs import StoredBrief
from sillage.studio.models.texts import Text

OUTCOMES = ("answered", "failed", "stopped", "interrupted")  # none yet: under way


class ModelCall(models.Model):
    """One call. Its row stands before the model is asked, with the most that it may use; then with what it used.

    `is_estimated`: tokens and cost are bounded from above by Sillage's own count, as the server gave none. `proposal` holds
    the texts that a person may take, until they did or did not; the words that were sent are nowhere.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="model_calls")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="model_calls")
    brief = models.ForeignKey(StoredBrief, on_delete=models.SET_NULL, null=True, related_name="model_calls")
    text = models.ForeignKey(Text, on_delete=models.SET_NULL, null=True, related_name="model_calls")
    purpose = models.CharField(max_length=10)  # engine/prompting.py: Purpose
    model = models.CharField(max_length=200)
    server = models.CharField(max_length=200)
    prompt_version = models.CharField(max_length=40)
    tokens_in = models.PositiveIntegerField()
    tokens_out = models.PositiveIntegerField()
    is_estimated = models.BooleanField(default=True)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)  # none: nobody said what the model costs
    currency = models.CharField(max_length=3, blank=True)
    seconds = models.FloatField(null=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(o, o) for o in OUTCOMES])
    trouble = models.CharField(max_length=20, blank=True)  # adapters/language_models: Trouble
    kept = models.PositiveSmallIntegerField(default=0)  # texts that passed the checks
    dropped = models.JSONField(default=dict)  # {reason: how many texts}
    left_out = models.PositiveSmallIntegerField(default=0)  # pieces of material that were not sent
    proposal = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decided = models.CharField(max_length=10, blank=True)  # inserted | discarded, for a proposal

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-asked_at"], name="model_call_by_age"),
            models.Index(fields=["workspace"], name="model_call_under_way", condition=Q(outcome="")),
            models.Index(fields=["text", "-asked_at"], name="model_call_by_text"),
        ]


class WriterLimit(models.Model):
    """What a workspace allows its model: without a row, the limits of engine/model_limits.py."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="writer_limit")
    is_on = models.BooleanField(default=True)
    monthly_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    monthly_tokens = models.PositiveIntegerField(null=True)
    calls_per_minute = models.PositiveSmallIntegerField()
    changed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="writer_limits_changed")
    changed_at = models.DateTimeField()
