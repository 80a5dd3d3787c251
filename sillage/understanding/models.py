"""Tables of understanding. A signal is unique per subject, enricher, version and content, so reading again is free."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HalfVectorField

from sillage.catalogue.models import Account
from sillage.governance.models import Workspace


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
