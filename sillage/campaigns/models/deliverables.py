"""What creators deliver: what was asked, the drafts that came, what was said of them, and the posts that went out.

Drafts, their files, checks, verdicts, remarks and evidence are appended and never changed. What a machine found (LiveMatch as
suggested, DraftCheck) and what a person said (DraftVerdict, a match's confirmation) stand in fields of their own.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.campaigns.engine.deliverables import DeliverableState, Word
from sillage.campaigns.engine.matching import Standing
from sillage.campaigns.engine.watching import Seen
from sillage.campaigns.models.campaign import Campaign, Collaboration
from sillage.governance.models import Link, Member, Workspace
from sillage.lib.sentences import from_stored


class Deliverable(models.Model):
    """One thing that a creator makes. Without a collaboration it is a template of its campaign, which is only copied."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="deliverables")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deliverables")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, null=True, related_name="deliverables")
    template = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="copies")
    name = models.CharField(max_length=120)
    network = models.CharField(max_length=20)
    format = models.CharField(max_length=15)
    brief = models.TextField(blank=True)
    draft_due_on = models.DateField(null=True)
    publish_from = models.DateField(null=True)
    publish_until = models.DateField(null=True)
    say = ArrayField(models.CharField(max_length=300), default=list)
    never_say = ArrayField(models.CharField(max_length=300), default=list)
    code = models.CharField(max_length=60, blank=True)
    rights_where = models.CharField(max_length=200, blank=True)  # where the brand may use it
    rights_until = models.DateField(null=True)
    brand_mention = models.CharField(max_length=100, blank=True)  # how the brand is to be named
    consideration = models.CharField(max_length=12)  # as law packs name it
    language = models.CharField(max_length=3, blank=True)
    facts = models.JSONField(default=dict)  # for the law, by the names that packs ask for
    needs_client = models.BooleanField(default=False)  # the brand's client approves as well
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DeliverableState], default=DeliverableState.AWAITED.value
    )
    approved_version = models.PositiveIntegerField(null=True)  # the draft that may be published
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "template"], name="template_applied_once_per_collaboration"
            )
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "draft_due_on"], name="deliverable_by_state"),
            models.Index(fields=["collaboration"], name="deliverable_by_collaboration"),
            models.Index(fields=["workspace", "draft_due_on"], name="deliverable_by_due_day"),
            models.Index(fields=["workspace", "publish_from"], name="deliverable_by_publish_day"),
            models.Index(fields=["workspace", "rights_until"], name="deliverable_by_rights_day"),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """A version of what would be published. `digest` covers its title, text and files; `facts` is what its sender stated."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)  # to the team; not published
    note_said = models.JSONField(null=True)  # how to say one of ours in a reader's language (lib/sentences.py)
    facts = models.JSONField(default=dict)
    digest = models.BinaryField()
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="drafts_entered")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="drafts_sent")
    who = models.CharField(max_length=200)  # as it was then
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable", "number"], name="one_draft_per_number")]

    def __str__(self) -> str:
        return f"{self.deliverable} v{self.number}"

    @property
    def said(self) -> str:
        """The note, to be said in a reader's language where it is a sentence of ours."""
        return from_stored(self.note_said, self.note)


class DraftFile(models.Model):
    """A picture or film of a draft, as it is kept: adapters/blobs.py has the bytes under `sha256`."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)  # to show; never a path
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    removed = ArrayField(models.CharField(max_length=20), default=list)  # what the file told besides, and is gone
    sealed_sha256 = models.CharField(
        max_length=64, blank=True
    )  # the file as it came, sealed, where it proves its making
    says_machine_made = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="one_file_per_position")]

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class DraftCheck(models.Model):
    """What law packs and the campaign's own rules said of a draft, with the versions of the packs. Rules, not persons."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="checks")
    packs = models.CharField(max_length=200)
    findings = models.JSONField(default=list)  # law_kept.as_kept
    rules = models.JSONField(default=list)  # the campaign's: engine/campaign_rules.py
    verdict = models.CharField(max_length=10, blank=True)  # the worst; empty where nothing had anything to say
    checked_at = models.DateTimeField()


class DraftVerdict(models.Model):
    """What a person said of a draft: a member, or the client by a review link. An approval's proof is governance's row."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="verdicts")
    word = models.CharField(max_length=10, choices=[(w.value, w.value) for w in Word])
    reason = models.CharField(max_length=500, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="draft_verdicts")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="draft_verdicts")
    who = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "link"],
                condition=models.Q(word=Word.APPROVED.value),
                name="one_approval_per_review_link",
            )
        ]


class DraftThread(models.Model):
    """A discussion of some words of a draft (`starts`, `ends` in its text), of one of its files, or of the whole."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="threads")
    starts = models.PositiveIntegerField(null=True)
    ends = models.PositiveIntegerField(null=True)
    quote = models.TextField(blank=True)  # the words, as they were
    file = models.ForeignKey(DraftFile, on_delete=models.CASCADE, null=True, related_name="threads")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_who = models.CharField(max_length=200, blank=True)


class DraftRemark(models.Model):
    """A line of a thread. `side`: team, creator, client."""

    thread = models.ForeignKey(DraftThread, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    side = models.CharField(max_length=7)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="draft_remarks")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="draft_remarks")
    who = models.CharField(max_length=200)
    written_at = models.DateTimeField()


class LiveMatch(models.Model):
    """A post that may be a deliverable's: suggested with score and reasons, then confirmed or dismissed by a person.

    Only where the exact link was given is it confirmed without one: `is_by_link`, and nobody in `member`. A post is named
    by its keys, without a foreign key, as big tables ask.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="matches")
    account_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    url = models.CharField(max_length=2000, blank=True)
    published_at = models.DateTimeField()
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    standing = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Standing])
    is_by_link = models.BooleanField(default=False)
    suggested_at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="matches_decided")
    who = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "account_id", "post_id"], name="one_match_per_post"),
            models.UniqueConstraint(
                fields=["deliverable"],
                condition=models.Q(standing=Standing.CONFIRMED.value),
                name="one_live_post_per_deliverable",
            ),
        ]
        indexes = [models.Index(fields=["account_id", "post_id"], name="match_by_post")]


class LiveLink(models.Model):
    """The address of a post, given by the creator or a member, until the catalogue has it."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="live_links")
    url = models.CharField(max_length=2000)
    who = models.CharField(max_length=200)
    given_at = models.DateTimeField()


class LiveEvidence(models.Model):
    """A post as it was seen: its words or the network's raw answer, their hash, the time, and what the rules said.

    When the account is erased, or the network's terms ask for deletion, words and raw answer go (`erased_at`); the hashes,
    times, verdict and names of the rules stay.
    """

    match = models.ForeignKey(LiveMatch, on_delete=models.CASCADE, related_name="evidence")
    seen = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Seen])
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    paid_label = models.BooleanField(null=True)
    words_sha256 = models.CharField(max_length=64)  # of title, text and hashtags as the catalogue has them
    raw = models.BinaryField(null=True)  # zlib, as the catalogue keeps it
    raw_sha256 = models.CharField(max_length=64, blank=True)  # of what the network answered, unpacked
    raw_endpoint = models.CharField(max_length=300, blank=True)
    refresh_by = models.DateTimeField(null=True)  # a duty of the network's terms
    fetched_at = models.DateTimeField(null=True)  # when the catalogue had it from the network
    packs = models.CharField(max_length=200, blank=True)
    findings = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, blank=True)
    is_as_approved = models.BooleanField(null=True)  # null: nothing had been approved
    taken_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["match", "-taken_at"], name="evidence_by_time")]
