"""Tables of understanding. A signal is unique per subject, enricher, version and content, so reading again is free."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HalfVectorField

from sillage.catalogue.models import Account
from sillage.governance.models import Member, Workspace
from sillage.lib.sentences import from_stored
from sillage.understanding.engine.readings import OPEN, ReadingState


class Signal(models.Model):
    """What an enricher found in a post: a value, how sure it is, and what it saw. Never a fact, never a decision."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="signals")
    id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    enricher = models.CharField(max_length=30)
    version = models.CharField(max_length=40)
    content_hash = models.BigIntegerField()
    value = models.JSONField()
    confidence = models.FloatField()  # 0..1
    evidence = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "enricher", "post_id"], name="signal_by_enricher")]


class CommentSignal(models.Model):
    """What an enricher found in a comment. `content_hash` is of the comment's text as it was read."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="comment_signals")
    id = models.BigIntegerField()
    comment_id = models.BigIntegerField()
    enricher = models.CharField(max_length=30)
    version = models.CharField(max_length=40)
    content_hash = models.BigIntegerField()
    value = models.JSONField()
    confidence = models.FloatField()  # 0..1
    evidence = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "enricher", "comment_id"], name="comment_signal_by_enricher")]


class AccountSignal(models.Model):
    """What was found about an account as a whole (authenticity, originality, expected results): the newest of each.

    `content_hash` is of everything it was made from.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="account_signals")
    enricher = models.CharField(max_length=30)
    version = models.CharField(max_length=40)
    content_hash = models.BigIntegerField()
    value = models.JSONField()
    confidence = models.FloatField()  # 0..1
    evidence = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "enricher"], name="one_account_signal_per_enricher")]


class Correction(models.Model):
    """What a person says in place of a machine: a labelled example. The newest of a member about a thing counts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="corrections")
    enricher = models.CharField(max_length=30)  # "themes", "tone", "tag:slow-cosmetics"...
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="corrections")
    subject_kind = models.CharField(max_length=10, choices=[(k, k) for k in ("post", "comment", "account")])
    subject_id = models.BigIntegerField()
    content_hash = models.BigIntegerField(null=True)  # of what the person read
    value = models.JSONField()
    machine_value = models.JSONField(null=True)  # what the machine had said; null when it had said nothing
    machine_version = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="corrections")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "enricher", "-made_at"], name="correction_by_enricher"),
            models.Index(fields=["account", "subject_kind", "subject_id"], name="correction_by_subject"),
        ]


class Head(models.Model):
    """A classifier learnt in a workspace. It reads in shadow until a person promotes it; one per enricher is current."""

    STATES = ("shadow", "current", "retired", "refused")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="heads")
    enricher = models.CharField(max_length=30)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES])
    body = models.BinaryField()
    examples = models.IntegerField()  # it was trained on
    figures = models.JSONField(default=dict)  # measured on held-back corrections and gold sets
    differences = models.JSONField(default=list)  # where it and the current one say different things
    trained_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="decided_heads")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "enricher", "version"], name="one_head_version"),
            models.UniqueConstraint(
                fields=["workspace", "enricher"], condition=models.Q(state="current"), name="one_current_head"
            ),
        ]


class Tag(models.Model):
    """A workspace's own label for posts, learnt from its examples (corrections of the enricher `tag:KEY`)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tags")
    key = models.SlugField(max_length=24)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_tag_per_key")]

    def __str__(self) -> str:
        return self.name


class TaxonomyNode(models.Model):
    """A category of an imported taxonomy, e.g. “Content Taxonomy” 3.1 of the IAB."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="taxonomy_nodes")
    taxonomy = models.SlugField(max_length=40)
    version = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    parent_code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    path = ArrayField(models.CharField(max_length=200))  # names from the top, its own included

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "taxonomy", "version", "code"], name="one_taxonomy_code")
        ]


class TaxonomyLink(models.Model):
    """A category of one version in terms of another: published by the taxonomy's makers, or proposed by Sillage."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="taxonomy_links")
    taxonomy = models.SlugField(max_length=40)
    from_version = models.CharField(max_length=10)
    from_code = models.CharField(max_length=40)
    to_version = models.CharField(max_length=10)
    to_code = models.CharField(max_length=40)
    is_published = models.BooleanField()
    confidence = models.FloatField()  # 1 when published

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "taxonomy", "from_version", "from_code", "to_version", "to_code"],
                name="one_taxonomy_link",
            )
        ]


class TopicMap(models.Model):
    """What a set of posts or comments talks about, as it was found once. `scope` says which set."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="topic_maps")
    name = models.CharField(max_length=200)
    scope = models.JSONField()
    version = models.CharField(max_length=40)
    texts = models.IntegerField()
    result = models.JSONField()
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-made_at"], name="topic_map_by_time")]


class Contest(models.Model):
    """What a creator, or somebody for them, says against an account signal. Shown beside it, never in its place."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contests")
    enricher = models.CharField(max_length=30)
    version = models.CharField(max_length=40)
    signal_value = models.JSONField()  # as it was when contested
    text = models.TextField()
    stated_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    answered_at = models.DateTimeField(null=True)


class ArchivedText(models.Model):
    """What a brand has published before: originality is also measured against it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="archived_texts")
    brand_key = models.SlugField(max_length=100)
    text = models.TextField()
    text_hash = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "brand_key", "text_hash"], name="one_archived_text")
        ]


class PostVector(models.Model):
    """The dense vector of a post, of the embedder named on it."""

    pk = models.CompositePrimaryKey("account_id", "post_id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="post_vectors")
    post_id = models.BigIntegerField()
    version = models.CharField(max_length=60)
    content_hash = models.BigIntegerField()
    vector = HalfVectorField()


class FittedModel(models.Model):
    """A model fitted on a workspace's own corpus (`lexical`, `projection`), versioned by the hash of what it learnt."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="fitted_models")
    name = models.CharField(max_length=30)
    version = models.CharField(max_length=60)
    n = models.IntegerField()  # posts it was fitted on
    body = models.BinaryField()
    fitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "version"], name="one_fitted_model_version")
        ]


class Profile(models.Model):
    """An account's editorial profile, made from the signals of its posts. Shares are 0..1 and weighted by recency."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    digest = models.CharField(max_length=64)  # of everything it was made from
    themes = models.JSONField(default=dict)  # {theme id: share}
    themes_by_month = models.JSONField(default=dict)  # {"2026-03": {theme id: posts}}
    languages = models.JSONField(default=dict)  # {language: share}
    formats = models.JSONField(default=dict)  # {format: share}
    rhythm = models.JSONField(default=dict)
    brands = models.JSONField(default=list)
    engagement_by_theme = models.JSONField(default=list)
    centroids = models.BinaryField(null=True)  # float32, (k, dimensions), unit rows
    centroid_weights = ArrayField(models.FloatField(), default=list)
    lexical_indices = models.BinaryField(null=True)  # int32, of the lexical model's columns
    lexical_values = models.BinaryField(null=True)  # float32, unit norm
    lexical_version = models.CharField(max_length=60, blank=True)
    dense_version = models.CharField(max_length=60, blank=True)
    versions = models.JSONField(default=dict)  # of the enrichers whose signals it was made from
    posts_read = models.IntegerField(default=0)
    made_at = models.DateTimeField()


class CatalogueReading(models.Model):
    """What came into a workspace is brought up to date by a worker. At most one per workspace waits or runs."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="readings")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReadingState])
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="readings")
    asked_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)  # it was asked for while it ran: more may have come in behind it
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=20, blank=True)  # of engine.readings.STEPS
    step_done = models.IntegerField(null=True)
    step_total = models.IntegerField(null=True)
    posts = models.IntegerField(null=True)  # read; known when it is done
    breaks = models.SmallIntegerField(default=0)  # how often its worker ended in the middle
    reason = models.TextField(blank=True)  # why it failed, in English
    reason_said = models.JSONField(null=True)  # the sentence itself, for other languages

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(state__in=[s.value for s in OPEN]), name="one_open_reading"
            )
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="reading_newest")]

    @property
    def why(self) -> str:
        return from_stored(self.reason_said, self.reason)
