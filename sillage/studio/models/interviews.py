"""Interviews: sound or a transcript that came in, and each stage of its words with who made it, never overwritten."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.models import Campaign
from sillage.governance.models import Member, Workspace
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.models.briefs import StoredBrief

JOBS = ("", "waiting", "running", "failed")


class Interview(models.Model):
    """Who was asked, what they agreed to, and their sound: sealed, and gone a month after a transcript was confirmed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="interviews")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="interviews")
    creator_id = models.BigIntegerField(null=True)  # catalogue's; without a foreign key, as big tables ask
    title = models.CharField(max_length=200)
    person = models.CharField(max_length=200, blank=True)  # who is interviewed
    language = models.CharField(max_length=3)
    held_on = models.DateField(null=True)
    names = models.JSONField(default=dict)  # {"as the file calls them": {"name": str, "asks": bool}}
    # What the person agreed to: without it no sound is kept.
    consent_who = models.CharField(max_length=200, blank=True)
    consent_on = models.DateField(null=True)
    consent_for = models.CharField(max_length=500, blank=True)
    consent_kept_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="consents_kept")
    consent_kept_at = models.DateTimeField(null=True)
    audio_sha256 = models.CharField(max_length=64, blank=True)  # of the sealed file
    audio_type = models.CharField(max_length=20, blank=True)
    audio_size = models.BigIntegerField(null=True)  # bytes of the sound itself
    audio_came_at = models.DateTimeField(null=True)
    audio_gone_at = models.DateTimeField(null=True)
    job = models.CharField(max_length=8, blank=True, choices=[(j, j) for j in JOBS])  # transcription
    job_at = models.DateTimeField(null=True)  # when it was asked for, begun, or failed
    job_tries = models.PositiveSmallIntegerField(default=0)
    job_failure = models.CharField(max_length=300, blank=True)
    confirmed_number = models.PositiveIntegerField(null=True)  # the stage that a person confirmed
    confirmed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="interviews_confirmed")
    confirmed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="interviews_added")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="interview_by_age"),
            models.Index(fields=["workspace", "creator_id"], name="interview_by_creator"),
            models.Index(fields=["job", "job_at"], name="interview_by_job"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_audio(self) -> bool:
        """Whether its sound is kept here."""
        return bool(self.audio_sha256)


class InterviewStage(models.Model):
    """The words at one stage, never changed: `content` is a list of turns (engine/transcripts.py) or a summary's quotes.

    `actor` is who made it: a person, a rule with its version, or a model.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in StageKind])
    content = models.JSONField()
    of = models.PositiveIntegerField(null=True)  # the number of the stage that it was made from
    actor = models.CharField(max_length=10)  # person | rule | model
    actor_name = models.CharField(max_length=200)
    actor_version = models.CharField(max_length=100, blank=True)
    facts = models.JSONField(default=dict)  # the file's name and format, how many words went
    note = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="interview_stages")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interview", "number"], name="one_interview_stage_per_number")]

    def __str__(self) -> str:
        return f"{self.interview_id}/{self.number} {self.kind}"


class QuotedFact(models.Model):
    """A fact of a writing brief that an interview said. By `text` or `source` it is found again when the interview goes."""

    brief = models.ForeignKey(StoredBrief, on_delete=models.CASCADE, related_name="quoted_facts")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="quoted_facts")
    number = models.PositiveIntegerField()  # of the stage with the words
    turn = models.PositiveIntegerField()  # its place in that stage
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=500)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="quoted_facts")
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["brief"], name="quoted_fact_by_brief")]
