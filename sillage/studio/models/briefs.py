"""Writing briefs, and what was made from them by the thousand."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.models import Campaign
from sillage.governance.models import Member, Workspace
from sillage.studio.engine.brief import Kind
from sillage.studio.models.voices import Voice


class StoredBrief(models.Model):
    """A writing brief as it was last saved. `content` holds the fields of engine/brief.py: WritingBrief."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="writing_briefs")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="writing_briefs")
    voice = models.ForeignKey(Voice, on_delete=models.SET_NULL, null=True, related_name="writing_briefs")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    language = models.CharField(max_length=3)
    content = models.JSONField()
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="writing_briefs")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "archived_at", "-changed_at"], name="writing_brief_by_age"),
            models.Index(fields=["campaign"], name="writing_brief_by_campaign"),
        ]

    def __str__(self) -> str:
        return self.title


class VariantRun(models.Model):
    """Variants of one version of a brief. `options` are the texts of each slot, `places` (variants, slots) which stand in each.

    Ten thousand variants are some hundred kilobytes so. `content` is the brief as it was then.
    """

    brief = models.ForeignKey(StoredBrief, on_delete=models.CASCADE, related_name="runs")
    brief_version = models.PositiveIntegerField()
    content = models.JSONField()
    seed = models.IntegerField()
    wanted = models.PositiveIntegerField()
    made = models.PositiveIntegerField()
    possible = models.PositiveBigIntegerField()
    left_out = models.JSONField(default=dict)  # {reason: how many}
    options = models.JSONField()  # per slot: [{"id", "family", "tones", "fact", "text"}]
    frame = models.JSONField(default=list)  # what stands before and behind every text
    places = models.BinaryField()  # int16, little endian
    fits = models.BinaryField()  # float32 per variant
    shown = models.JSONField(default=list)  # rows of the gallery, the best first
    most_alike = models.FloatField(default=0)
    made_by = models.JSONField()  # engine/origins.py: MadeBy
    seconds = models.FloatField()
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="variant_runs")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["brief", "-made_at"], name="variant_run_by_age")]


class VariantMark(models.Model):
    """What a person said of one variant of a run: a favourite, more like this, less like that, not this one."""

    run = models.ForeignKey(VariantRun, on_delete=models.CASCADE, related_name="marks")
    row = models.PositiveIntegerField()
    word = models.CharField(max_length=10)  # favourite | more | less | no
    reason = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="variant_marks")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row", "word"], name="variant_marked_once_per_word")]
