"""What a campaign plans to spend, what is asked for and was paid, and the rates between currencies."""

from __future__ import annotations

from django.db import models

from sillage.campaigns.engine.budget import Category
from sillage.campaigns.models.campaign import Campaign, Collaboration
from sillage.governance.models import Member, Workspace

CATEGORIES = [(c.value, c.value) for c in Category]


class ExchangeRate(models.Model):
    """One unit of `base` buys `rate` of `quote` on a day, as `source` published it. A correction is a newer row."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="exchange_rates")
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    on = models.DateField()
    source = models.CharField(max_length=100)
    entered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "base", "quote", "-on"], name="rate_by_day")]


class BudgetLine(models.Model):
    """An amount planned for something, before tax."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="budget_lines")
    category = models.CharField(max_length=12, choices=CATEGORIES)
    label = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    in_budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    rates = models.JSONField(default=list)
    planned_on = models.DateField()
    entered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "withdrawn_at"], name="line_standing")]


class Payment(models.Model):
    """A payment that was asked for. Sillage moves no money: a person pays elsewhere and confirms it here."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="payments")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="payments")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.SET_NULL, null=True, related_name="payments")
    category = models.CharField(max_length=12, choices=CATEGORIES)
    recipient = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    net = models.DecimalField(max_digits=12, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent; null: none is charged
    vat = models.DecimalField(max_digits=12, decimal_places=2)
    gross = models.DecimalField(max_digits=12, decimal_places=2)
    tax_note = models.CharField(max_length=300, blank=True)  # such as a reverse charge
    currency = models.CharField(max_length=3)
    in_budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # net, in the campaign's currency
    rates = models.JSONField(default=list)
    beyond = models.CharField(max_length=40, blank=True)  # by how much it passes the budget
    law = models.JSONField(default=list)  # rules that spoke against it when it was asked for
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="payments_asked")
    asked_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)  # as the invoice says
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=100, blank=True)  # of the transfer
    confirmed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="payments_confirmed")
    confirmed_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    approval_id = models.BigIntegerField(null=True)  # the request that was used

    class Meta:
        indexes = [models.Index(fields=["campaign", "-asked_at"], name="payment_by_age")]
