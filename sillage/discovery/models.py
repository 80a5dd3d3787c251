"""Tables of discovery. A shortlist is kept as it was computed; a person's pin or dismissal is a Decision beside it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.catalogue.models import Account
from sillage.governance.models import Member, Workspace


class Brief(models.Model):
    """What is looked for. `reading` is what the machine understood of `text`; a person may change it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="briefs")
    title = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=3)
    themes = models.JSONField(default=dict)  # {theme id: weight 0..1}
    unwanted_themes = ArrayField(models.CharField(max_length=40), default=list)
    terms = ArrayField(models.CharField(max_length=100), default=list)
    unwanted_terms = ArrayField(models.CharField(max_length=100), default=list)
    brands = ArrayField(models.CharField(max_length=100), default=list)  # brand keys that fit
    filters = models.JSONField(default=dict)  # CardFilters as JSON
    weights = models.JSONField(default=dict)  # {reason: weight}
    former_weights = models.JSONField(
        default=dict
    )  # those before the last change by sliders or a suggestion; {} if none
    diversity = models.FloatField(default=0.0)  # 0 pure affinity .. 1 as different as possible (MMR)
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="EUR")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    reading = models.JSONField(default=dict)  # what was understood where in the text, for the page
    is_edited = models.BooleanField(default=False)  # a person changed the reading
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Shortlist(models.Model):
    """One computation of a brief: its weights, its versions, and how many accounts were considered."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="shortlists")
    weights = models.JSONField()
    diversity = models.FloatField()
    versions = models.JSONField()  # themes, lexical, dense, score
    considered = models.IntegerField()  # accounts that passed the filters
    pool = models.IntegerField()  # of those, scored in full
    limit = models.IntegerField()
    exposure = models.JSONField(default=dict)  # by size, country, language: here and under reach ranking
    computed_at = models.DateTimeField()


class Candidate(models.Model):
    """An account of the pool. `rank` is null below the shortlist's limit; `parts` lets sliders re-rank at once."""

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="candidates")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="candidacies")
    rank = models.IntegerField(null=True)
    score = models.FloatField()  # points, 0..100: the sum of its reasons
    parts = models.JSONField()  # {reason: 0..1 or null}
    reasons = models.JSONField(default=list)  # for ranked ones: points, detail and evidence posts
    receipt_key = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shortlist", "account"], name="one_candidacy_per_shortlist")]
        indexes = [models.Index(fields=["shortlist", "rank"], name="candidate_by_rank")]


class Decision(models.Model):
    """A person pinned or dismissed an account for a brief, and why. Appended; the newest one counts."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="decisions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("pinned", "dismissed", "withdrawn")])
    reason = models.CharField(max_length=500, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    shortlist = models.ForeignKey(Shortlist, on_delete=models.SET_NULL, null=True)
    parts = models.JSONField(default=dict)  # the candidate's parts at that time: what teaches the weights
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["brief", "account", "-decided_at"], name="decision_by_account")]


class ExclusionList(models.Model):
    """Accounts that no shortlist of the workspace shows while the list is on."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="exclusion_lists")
    name = models.CharField(max_length=200)
    account_ids = ArrayField(models.BigIntegerField(), default=list)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_exclusion_list_per_name")]


class SavedSearch(models.Model):
    """Filters and words with a name, to come back to."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=200)
    filters = models.JSONField()
    words = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_saved_search_per_name")]
