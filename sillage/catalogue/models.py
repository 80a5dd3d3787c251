"""Tables of the catalogue.

Ids of accounts, posts and comments are derived (`engine/keys.py`). Big tables are keyed by (account_id, id), so that they can
be distributed by account; observations only grow and are partitioned by year (migration 0002).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HalfVectorField

from sillage.catalogue.engine.records import FORMATS, NETWORKS, Measure, SourceClass
from sillage.governance.models import Workspace

CARD_DIMENSIONS = 384


class Creator(models.Model):
    """A person, a couple, a studio: whoever stands behind one or several accounts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="creators")
    key = models.CharField(max_length=200)  # given by the source, else network:network_id
    name = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_creator_per_key")]

    def __str__(self) -> str:
        return self.name or self.key


class Account(models.Model):
    """A creator on one network."""

    id = models.BigIntegerField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="accounts")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="accounts")
    network = models.CharField(max_length=20, choices=[(n, n) for n in NETWORKS])
    network_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    name = models.CharField(max_length=300, blank=True)
    bio = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)
    country = models.CharField(max_length=2, null=True)  # as declared; missing is null
    languages = ArrayField(models.CharField(max_length=3), default=list)  # as declared
    created_at = models.DateTimeField(null=True)  # on the network
    first_seen_at = models.DateTimeField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "network", "handle"], name="account_by_handle"),
            models.Index(fields=["creator"], name="account_by_creator"),
        ]

    @property
    def key(self) -> str:
        return f"{self.network}:{self.network_id}"

    def __str__(self) -> str:
        return f"{self.network}:{self.handle}"


class Post(models.Model):
    """Something an account published. `content_hash` tells enrichers whether they have read it already."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    id = models.BigIntegerField()
    network_id = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    hashtags = ArrayField(models.CharField(max_length=300), default=list)
    format = models.CharField(max_length=15, null=True, choices=[(f, f) for f in FORMATS])
    url = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=3, null=True)  # as declared by the network
    paid_label = models.BooleanField(null=True)
    duration_s = models.FloatField(null=True)
    content_hash = models.BigIntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-published_at"], name="post_by_account_and_time")]


class Comment(models.Model):
    """What somebody wrote under a post. The author is a keyed hash: commenters are not the catalogue's subject."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="comments")
    id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    network_id = models.CharField(max_length=300)
    author_hash = models.BinaryField(null=True)
    text = models.TextField()
    reply_to_network_id = models.CharField(max_length=300, null=True)
    likes = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "post_id"], name="comment_by_post")]


class Observation(models.Model):
    """A measured number at a time. Appended, never overwritten. `post_id` 0 is the account itself."""

    pk = models.CompositePrimaryKey("account_id", "observed_at", "id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="observations")
    id = models.BigIntegerField()
    post_id = models.BigIntegerField(default=0)
    measure = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Measure])
    value = models.BigIntegerField()
    api_field = models.CharField(max_length=100)
    source_class = models.CharField(max_length=15, choices=[(c.value, c.value) for c in SourceClass])
    observed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "post_id", "measure", "-observed_at"], name="observation_by_subject")
        ]


class RawAnswer(models.Model):
    """What a network answered, compressed (zlib), so that it can be parsed again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="raw_answers")
    network = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=300)
    body = models.BinaryField()
    fetched_at = models.DateTimeField()
    refresh_by = models.DateTimeField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-fetched_at"], name="raw_answer_by_account")]


class Tombstone(models.Model):
    """A forgotten account: only a keyed hash of it, so that no import brings it back."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    key_hash = models.BinaryField()
    forgotten_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key_hash"], name="one_tombstone_per_account")]


class Import(models.Model):
    """One run of one file through one mapping. `rows_done` is where a resumed run goes on."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=500)
    file_digest = models.CharField(max_length=64)
    mapping_name = models.CharField(max_length=200)
    mapping_digest = models.CharField(max_length=64)
    rows_done = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    rejects_path = models.CharField(max_length=1000, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "file_digest", "mapping_digest"], name="one_import_per_file_and_mapping"
            )
        ]


class Connection(models.Model):
    """What a connector fetches and how far it got. The token, if any, is named here and kept in the settings."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="connections")
    network = models.CharField(max_length=20)
    target = models.CharField(max_length=500)  # handle, channel id or feed address
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True)
    cursor = models.JSONField(default=dict)
    last_error = models.TextField(blank=True)
    is_paused = models.BooleanField(default=False)  # a permanent error; a person resumes it
    fetched_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "target"], name="one_connection_per_target")
        ]


class QuotaDay(models.Model):
    """Units of a network's daily quota already promised, counted before the call."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    network = models.CharField(max_length=20)
    day = models.DateField()  # in the network's own reset zone
    units = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "network", "day"], name="one_quota_row_per_day")]


class Card(models.Model):
    """One narrow row per account with every filter, the affinity vector and the words: all that search reads.

    Written by `understanding` when it has read an account. Numbers are null where nothing was measured.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="card")
    workspace_id = models.IntegerField()
    creator_id = models.BigIntegerField()
    network = models.CharField(max_length=20)
    country = models.CharField(max_length=2, null=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)  # as written, most used first
    followers = models.BigIntegerField(null=True)
    engagement_rate = models.FloatField(null=True)  # median per post, by followers or views (see metric)
    engagement_percentile = models.FloatField(null=True)  # among accounts of its network and size, 0..1
    posts_per_week = models.FloatField(null=True)
    posts_read = models.IntegerField(default=0)
    last_post_on = models.DateField(null=True)
    sponsored_share = models.FloatField(null=True)  # of posts with a commercial marker
    warnings = ArrayField(models.CharField(max_length=40), default=list)  # e.g. follower_jump
    themes = ArrayField(models.CharField(max_length=40), default=list)  # those above the floor, strongest first
    brands = ArrayField(models.CharField(max_length=100), default=list)
    formats = ArrayField(models.CharField(max_length=15), default=list)
    has_authenticated = models.BooleanField(default=False)
    vector = HalfVectorField(dimensions=CARD_DIMENSIONS, null=True)
    words = SearchVectorField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_card"


class Brand(models.Model):
    """A brand whose mentions are looked for: by handle, by hashtag and by name or alias."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="brands")
    key = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    handles = ArrayField(models.CharField(max_length=100), default=list)  # without '@'
    hashtags = ArrayField(models.CharField(max_length=100), default=list)  # without '#'
    aliases = ArrayField(models.CharField(max_length=200), default=list)
    sector = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_brand_per_key")]

    def __str__(self) -> str:
        return self.name
