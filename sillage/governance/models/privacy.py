"""Data protection: who is responsible, what people were told, what they asked, and what their word changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sillage.governance.engine.privacy import CameBy, RequestKind, RequestState
from sillage.governance.models.links import Link
from sillage.governance.models.people import Member, Workspace


class Controller(models.Model):
    """Who is responsible for a workspace's processing (GDPR, articles 14(1) and 30(1)): its notices and its record say so."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="controller")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=500, blank=True)
    email = models.EmailField()
    representative = models.CharField(max_length=300, blank=True)  # in the Union, article 27
    officer = models.CharField(max_length=300, blank=True)  # data protection officer, and how to reach them
    interest = models.TextField(blank=True)  # the legitimate interest, in the controller's words
    recipients = models.TextField(blank=True)
    transfers = models.TextField(blank=True)  # out of the Union, and the safeguard
    security = models.TextField(blank=True)
    changed_at = models.DateTimeField()


class Notice(models.Model):
    """What somebody was told about their data, and what made that due sooner than a month after it was obtained."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="notices")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    contacted_at = models.DateTimeField(null=True)  # first contact
    shown_at = models.DateTimeField(null=True)  # first shown to somebody outside of the workspace
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    how = models.CharField(max_length=10, blank=True, choices=[(c.value, c.value) for c in CameBy])
    language = models.CharField(max_length=5, blank=True)
    text_version = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "subject_kind", "subject_id"], name="one_notice_per_subject")
        ]


class DataRequest(models.Model):
    """What somebody asks about their data, with its clock. `wanted` is exact where a machine can carry it out."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="data_requests")
    kind = models.CharField(max_length=15, choices=[(k.value, k.value) for k in RequestKind])
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in RequestState], default=RequestState.OPEN.value
    )
    requester = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)  # where the answer goes
    came_by = models.CharField(max_length=10, choices=[(c.value, c.value) for c in CameBy])
    text = models.TextField(blank=True)
    wanted = models.JSONField(default=dict)  # {"account": id, "field": "name", "value": "…"} for a rectification
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True)
    opened_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    identity_how = models.CharField(max_length=300, blank=True)  # how a person made sure who asks
    identity_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    identity_at = models.DateTimeField(null=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    extended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    closed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "state", "due_at"], name="data_request_by_clock"),
            models.Index(fields=["workspace", "subject_kind", "subject_id"], name="data_request_by_subject"),
        ]


class Restriction(models.Model):
    """While it stands a person's data is stored and nothing else: not profiled, not proposed, not contacted."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="restrictions")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=15, choices=[(k.value, k.value) for k in RequestKind])
    request = models.ForeignKey(DataRequest, on_delete=models.SET_NULL, null=True, related_name="restrictions")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "kind"],
                condition=models.Q(ended_at=None),
                name="one_restriction_of_a_kind",
            )
        ]
        indexes = [
            models.Index(
                fields=["subject_kind", "subject_id"], condition=models.Q(ended_at=None), name="standing_restriction"
            )
        ]


class Rectification(models.Model):
    """A value that a person put right: it stands against what a source says later."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rectifications")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    field = models.CharField(max_length=20)
    value = models.TextField(blank=True)
    request = models.ForeignKey(DataRequest, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "field"], name="one_rectification_per_field"
            )
        ]


class RetentionRun(models.Model):
    """One application of the retention rules, in portions. One that has no end was killed: the next goes on with it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="retention_runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rules_done = ArrayField(models.CharField(max_length=40), default=list)
    removed = models.JSONField(default=dict)  # {rule: rows}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(finished_at=None), name="one_retention_run_at_a_time"
            )
        ]
