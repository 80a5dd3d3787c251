"""The board of ideas with what members say of them, and palettes of colours."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.models import Campaign
from sillage.governance.models import Member, Workspace
from sillage.studio.engine.ideas import Column, Rule
from sillage.studio.models.interviews import Interview


class Idea(models.Model):
    """An idea on the board. A person's has `text` and `who`; a rule's has `rule`, what it is about, figures and refs.

    A quote has `text` and its `interview`, with `figures` saying where in it, and goes with that interview. What creators and
    commenters wrote is not copied: `refs` name posts and comments, which are read when it is shown.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="ideas")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="ideas")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, null=True, related_name="ideas")
    place = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Column], default=Column.RAW.value)
    placed_at = models.DateTimeField()
    text = models.CharField(max_length=500, blank=True)
    rule = models.CharField(max_length=20, blank=True, choices=[(r.value, r.value) for r in Rule])
    rule_version = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    figures = models.JSONField(default=dict)
    refs = models.JSONField(default=list)
    digest = models.CharField(
        max_length=64, blank=True
    )  # of what a rule found or an interview said: the same thing stands on the board once
    rewritten_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="rewritten_as")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="ideas")
    who = models.CharField(max_length=200)  # who wrote it, or put it on the board, as it was
    pinned_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "archived_at", "place", "-placed_at"], name="idea_by_place"),
            models.Index(fields=["campaign"], name="idea_by_campaign"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "campaign", "digest"],
                condition=models.Q(archived_at=None) & ~models.Q(digest=""),
                nulls_distinct=False,
                name="found_idea_once_on_the_board",
            ),
            models.CheckConstraint(
                condition=(models.Q(rule="") & ~models.Q(text="")) | (~models.Q(rule="") & models.Q(text="")),
                name="idea_is_a_persons_or_a_rules",
            ),
            models.CheckConstraint(
                condition=models.Q(interview=None) | models.Q(rule=""), name="quoted_idea_is_not_a_rules"
            ),
        ]

    @property
    def is_own(self) -> bool:
        """Whether a member said it in their own words: what a rule found and what somebody interviewed said is not."""
        return not self.rule and self.interview_id is None

    def __str__(self) -> str:
        return self.text or f"{self.rule} {self.subject}".strip()


class IdeaComment(models.Model):
    """What a member says of an idea. `answers` is the comment that began the exchange; it is settled with its answers."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="comments")
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answered")
    said = models.CharField(max_length=2_000)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="idea_comments")
    who = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_who = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["idea", "written_at"], name="idea_comment_by_age")]


class Palette(models.Model):
    """Colours taken from pictures. `source` says from which: the brand's, or those that a person said perform well."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="palettes")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="palettes")
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=12)  # brand | performing | drafts
    colours = models.JSONField()  # [{"code": "#rrggbb", "share": 0..1}], the most frequent first
    pictures = models.JSONField()  # [{"name", "sha256"}]: which ones; the files themselves are not kept here
    engine_version = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="palettes")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=models.Q(archived_at=None), name="one_palette_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
