"""Texts that are being written: every version with who made it, what was said of it, and what became of it."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.models import Campaign, Deliverable
from sillage.governance.models import Member, Workspace
from sillage.studio.models.briefs import StoredBrief, VariantRun
from sillage.studio.models.voices import Voice

STATES = ("writing", "chosen", "approved", "refused", "handed_over")


class Text(models.Model):
    """One text on its way from a first version to a person's choice. `body` is the working copy, saved as it is typed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="texts")
    brief = models.ForeignKey(StoredBrief, on_delete=models.SET_NULL, null=True, related_name="texts")
    voice = models.ForeignKey(Voice, on_delete=models.SET_NULL, null=True, related_name="texts")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="texts")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.SET_NULL, null=True, related_name="texts"
    )  # handed to
    run = models.ForeignKey(VariantRun, on_delete=models.SET_NULL, null=True, related_name="texts")
    row = models.PositiveIntegerField(null=True)  # of the run, where it began as a variant
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="writing")
    body = models.TextField(blank=True)
    saved_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="texts_saved")
    version = models.PositiveIntegerField(default=1)  # raised by every save: who saves over a newer one is told
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="texts_begun")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "archived_at", "-changed_at"], name="text_by_age"),
            models.Index(fields=["brief", "-changed_at"], name="text_by_brief"),
            models.Index(fields=["voice", "state"], name="text_by_voice"),
        ]

    def __str__(self) -> str:
        return self.title


class TextVersion(models.Model):
    """A version that was kept, never changed: the first one as a person, a template or a model made it, then each kept edit."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    digest = models.BinaryField()  # SHA-256 of the body
    made_by = models.JSONField()  # engine/origins.py: MadeBy
    edited_from = models.PositiveIntegerField(null=True)  # the number of the version that it was edited from
    note = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="text_versions")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="one_text_version_per_number")]


class TextComment(models.Model):
    """What a member says of exact words of a version, or of all of it."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()  # of the version
    starts = models.PositiveIntegerField(null=True)
    ends = models.PositiveIntegerField(null=True)
    quote = models.CharField(max_length=500, blank=True)
    said = models.CharField(max_length=2_000)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="text_comments")
    who = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_who = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["text", "written_at"], name="text_comment_by_age")]


class Choice(models.Model):
    """What a person decided about a machine's proposal. `proposed` and `final` are a training pair of the voice.

    Chosen: `final` is what the person made of it. Refused: `final` is empty and `reason` says why.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="text_choices")
    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="choices")
    voice = models.ForeignKey(Voice, on_delete=models.SET_NULL, null=True, related_name="choices")
    word = models.CharField(max_length=8, choices=[("chosen", "chosen"), ("refused", "refused")])
    number = models.PositiveIntegerField()  # of the version that was decided on
    made_by = models.JSONField()  # who made the proposal
    proposed = models.TextField()
    final = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)
    distance = models.JSONField(default=dict)  # engine/edits.py: how far the person went from the proposal, per trait
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="text_choices")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["voice", "decided_at"], name="text_choice_by_voice")]


class HumanCheck(models.Model):
    """What a machine found that a person should judge: empathy, humour, irony, a reference, a date. Put to a named person."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="human_checks")
    number = models.PositiveIntegerField()  # of the version
    flag = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300)
    made_by = models.CharField(max_length=100)  # the rule and its version, or the person who asks
    asked_of = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="human_checks")
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="human_checks_asked")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, blank=True)  # fine | change
    answer_reason = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="human_checks_answered")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number", "flag", "words"], name="human_check_asked_once")
        ]
        indexes = [models.Index(fields=["asked_of", "answered_at"], name="human_check_by_person")]


class FlagJudge(models.Model):
    """Who is proposed first to judge a flag. The row goes with the membership: then whoever judged last is proposed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="flag_judges")
    flag = models.CharField(max_length=20)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="flags_judged")
    named_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="judges_named")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "flag"], name="one_judge_per_flag")]
