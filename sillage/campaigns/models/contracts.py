"""What a creator gets, the contract about it, and its signatures. Sent versions, signatures and voids never change: the
database itself refuses (migration 0003)."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.models.campaign import Collaboration
from sillage.governance.models import Member, Workspace


class Consideration(models.Model):
    """Something a creator gets. Values are before tax (HT). A change is a withdrawal and a new row."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="considerations")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    text = models.CharField(max_length=300)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # a percentage's cap or estimate
    currency = models.CharField(max_length=3)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # of sales
    is_estimate = models.BooleanField(default=False)
    granted_on = models.DateField()  # its year is the one in which it counts
    euros = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # null: no value or no rate
    in_budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # in the campaign's currency
    rates = models.JSONField(default=list)  # the rates used: base, quote, rate, on, source
    entered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="considerations_entered")
    entered_name = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["collaboration", "withdrawn_at"], name="consideration_standing")]


class Contract(models.Model):
    """A collaboration's contract, through its versions."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="contracts")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="contracts")
    created_at = models.DateTimeField()


class ContractVersion(models.Model):
    """The words of a contract. A draft changes with each keeping (`revision`); once sent, nothing of it does."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=2)
    terms = models.JSONField()  # what a person filled in
    left_out = models.JSONField(default=list)  # optional blocks that were not wanted
    parts = models.JSONField()  # the text: engine/contract_text.py
    text_sha256 = models.CharField(max_length=64)
    elements = models.JSONField(default=list)  # what of the law's content it says in full
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # of all it grants; null: not known
    currency = models.CharField(max_length=3)
    rights_until = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.BigIntegerField(null=True)  # a member's id, without a key: the row must not change
    drafted_name = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    read_by = models.CharField(max_length=200, blank=True)  # who answers for the text
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="one_contract_version_per_number")]


class Exclusivity(models.Model):
    """For whom a creator may not work under a version of a contract: a brand, or every brand of a category."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="exclusivities")
    kind = models.CharField(max_length=8, choices=[("brand", "brand"), ("category", "category")])
    key = models.CharField(max_length=100)  # folded
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()


class Signature(models.Model):
    """A party's word under one version: name, time and the hashes of what was read. `digest` covers all of it."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=7, choices=[("creator", "creator"), ("brand", "brand")])
    name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    pdf_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    member_id = models.BigIntegerField(null=True)
    link_id = models.BigIntegerField(null=True)
    approval_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "party"], name="one_signature_per_party")]


class ContractVoid(models.Model):
    """A contract ended before its time, by a row of its own."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField(max_length=500)
    member_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    voided_at = models.DateTimeField()
