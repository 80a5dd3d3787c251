"""A brand's voices: the texts that they are trained on, each version of what was learnt, and a person's word on it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.governance.models import Member, Workspace


class Voice(models.Model):
    """How a brand writes in one language. `wishes` are a person's: they win over what was measured."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="voices")
    name = models.CharField(max_length=100)
    brand = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=3)
    wishes = models.JSONField(default=dict)  # {trait: {"usual": float, "spread": float}}
    banned = ArrayField(models.CharField(max_length=100), default=list)
    note = models.TextField(blank=True)
    promoted = models.PositiveIntegerField(null=True)  # the number of the version in use
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="voices_opened")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_voice_per_name")]

    def __str__(self) -> str:
        return self.name


class VoiceText(models.Model):
    """A text that the brand approved, or refused. `is_example` ones are shown to writers; a person chooses them."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="training_texts")
    text = models.TextField()
    digest = models.BinaryField()
    source = models.CharField(max_length=10)  # pasted | file | post | choice
    post_id = models.BigIntegerField(null=True)  # catalogue's; without a foreign key, as big tables ask
    is_example = models.BooleanField(default=False)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="voice_texts")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "digest"], name="voice_text_once")]


class VoiceVersion(models.Model):
    """What was learnt from the texts as they were: means, spreads, words, weights; `scores` say how it was tested."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    engine_version = models.CharField(max_length=40)
    n_texts = models.PositiveIntegerField()
    n_choices = models.PositiveIntegerField(default=0)
    learnt = models.JSONField()
    profile = models.BinaryField()  # the sparse and dense profiles, compressed
    scores = models.JSONField(default=dict)  # before and after, on choices held back
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="voice_versions")
    made_at = models.DateTimeField()
    promoted_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="voices_promoted")
    promoted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="one_voice_version_per_number")]
