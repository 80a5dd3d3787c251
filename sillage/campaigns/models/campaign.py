"""A campaign, its collaborations, and what people did and said about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.campaigns.engine.pipeline import Stage
from sillage.catalogue.models import Account
from sillage.discovery.models import Brief
from sillage.governance.models import Member, Workspace

ERASED = "erased creator"  # stands for a name; pages say it in the reader's language


class Campaign(models.Model):
    """What a brand wants from creators, where and until when. A template is a campaign that is only copied."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(max_length=200)
    objective = models.CharField(max_length=300)  # considerations add up per creator, brand, year and objective
    brand = models.CharField(max_length=100)
    brand_key = models.SlugField(max_length=100)
    text = models.TextField(blank=True)  # what creators are told
    countries = ArrayField(models.CharField(max_length=2), default=list)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="EUR")
    brief = models.ForeignKey(Brief, on_delete=models.SET_NULL, null=True, related_name="campaigns")
    hashtags = ArrayField(models.CharField(max_length=100), default=list)
    mentions = ArrayField(models.CharField(max_length=100), default=list)
    codes = ArrayField(models.CharField(max_length=100), default=list)  # that every creator may give
    landing_url = models.URLField(max_length=500, blank=True)
    utm = models.JSONField(default=dict)  # {"source": ..., "medium": ..., "campaign": ...}
    competitors = ArrayField(models.CharField(max_length=100), default=list)  # brand keys
    law_packs = ArrayField(models.CharField(max_length=20), default=list)  # ids of packs that apply
    is_template = models.BooleanField(default=False)
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "archived_at", "-created_at"], name="campaign_by_age"),
            models.Index(fields=["workspace", "brand_key"], name="campaign_by_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Collaboration(models.Model):
    """One creator in one campaign. Names are as they were when it began: they outlive the account in the catalogue."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="collaborations")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="collaborations")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="collaborations")
    creator_id = models.BigIntegerField(null=True)  # catalogue's; without a foreign key, as big tables ask
    name = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    network = models.CharField(max_length=20)
    stage = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in Stage], default=Stage.SHORTLISTED.value
    )
    stage_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    owner = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="collaborations_owned")
    shortlisted_from = models.BigIntegerField(null=True)  # the shortlist that it came from
    closed_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "account"], name="one_collaboration_per_account")]
        indexes = [
            models.Index(fields=["campaign", "stage", "-stage_since"], name="collaboration_by_stage"),
            models.Index(fields=["workspace", "creator_id"], name="collaboration_by_creator"),
            models.Index(fields=["owner", "stage"], name="collaboration_by_owner"),
        ]

    @property
    def is_erased(self) -> bool:
        """The creator was erased: nothing names them any more, but what a contract must keep."""
        return self.creator_id is None

    def __str__(self) -> str:
        return self.name


class Move(models.Model):
    """A collaboration went from one stage to another. Appended."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="moves")
    from_stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    who = models.CharField(max_length=200)  # the actor's name, as it was
    reason = models.CharField(max_length=300, blank=True)
    moved_at = models.DateTimeField()
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["collaboration", "-moved_at"], name="move_by_time")]

    @property
    def person(self) -> str:
        """Who moved it, by name where they are still a member."""
        return str(self.member.person) if self.member else self.who


class Note(models.Model):
    """What a member wrote about a collaboration, and whom they mentioned."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    mentioned = models.ManyToManyField(Member, related_name="mentioned_in")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="notes_written")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["collaboration", "-written_at"], name="note_by_time")]


class Reminder(models.Model):
    """Something that a member has to do by a day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reminders")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, null=True, related_name="reminders")
    text = models.CharField(max_length=300)
    due_on = models.DateField()
    for_member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="reminders")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["for_member", "done_at", "due_on"], name="reminder_by_day"),
            models.Index(fields=["campaign", "done_at", "due_on"], name="reminder_by_campaign"),
        ]
