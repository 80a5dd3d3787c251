"""The campaign's form: what a person types and ticks, in the shape that actions take."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.engine.campaign import LONGEST_TEXT, UTM
from sillage.campaigns.models import Campaign
from sillage.governance.engine.law_reading import law_book

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD")
FIRST_COUNTRIES = ("FR", "BE", "CH", "LU", "DE", "ES", "IT", "GB", "US", "CA")
LISTS = ("hashtags", "mentions", "codes", "competitors")
UTM_SHOWN = ("source", "medium", "campaign")


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class Money(forms.DecimalField):
    """An amount as it is written in the reader's language: 12 000,50 or 12,000.50."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        if not isinstance(value, str):
            return super().to_python(value)
        compact = re.sub(r"[\s\u00a0\u202f'’]", "", value)
        is_french = (get_language() or "").startswith("fr")
        return super().to_python(compact.replace(",", "." if is_french else ""))


class Words(forms.CharField):
    """Words with commas or spaces between them, as a list. `splits_at` is a pattern."""

    def __init__(self, *, splits_at: str = r"[,;\n]+", **more: Any) -> None:
        self.splits_at = splits_at
        super().__init__(required=False, max_length=2000, **more)

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in re.split(self.splits_at, super().clean(value)) if word.strip()]


class CampaignForm(forms.Form):
    """Everything of a campaign. What is left empty is not known."""

    name = forms.CharField(label=_("Name"), max_length=200)
    brand = forms.CharField(
        label=_("Brand"), max_length=100, widget=forms.TextInput(attrs={"list": "brands", "autocomplete": "off"})
    )
    objective = forms.CharField(
        label=_("Objective"),
        max_length=300,
        help_text=_("What it should bring about. What a creator gets is added up per brand, year and objective."),
    )
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False)
    starts_on = _day(_("From"))
    ends_on = _day(pgettext_lazy("date", "Until"))
    budget = Money(label=_("Budget"), min_value=0, max_digits=12, decimal_places=2, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES], initial=CURRENCIES[0])
    text = forms.CharField(
        label=_("What creators are told"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The idea, what to say, what not to say. Deliverables can add to it."),
    )
    hashtags = Words(label=_("Hashtags"), splits_at=r"[,;\s]+")
    mentions = Words(label=_("Accounts to mention"), splits_at=r"[,;\s]+")
    codes = Words(label=_("Codes that everybody may give"), splits_at=r"[,;\s]+")
    landing_url = forms.URLField(
        label=_("Page that links lead to"), max_length=500, required=False, assume_scheme="https"
    )
    utm_source = forms.CharField(label="utm_source", max_length=100, required=False)
    utm_medium = forms.CharField(label="utm_medium", max_length=100, required=False)
    utm_campaign = forms.CharField(label="utm_campaign", max_length=100, required=False)
    competitors = Words(
        label=_("Competitors"),
        help_text=_(
            "Brands, with commas between them. Creators whose recent paid posts name one are shown as a conflict."
        ),
    )
    law_packs = forms.MultipleChoiceField(label=_("Law packs"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["countries"].choices = [(code, code) for code in countries()]  # type: ignore[attr-defined]
        self.fields["law_packs"].choices = [(pack, pack) for pack in law_book().packs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The campaign ends before it starts."))
        return said

    def given(self) -> dict[str, Any]:
        """In the shape that actions take: the utm words put together."""
        said = dict(self.cleaned_data)
        said["utm"] = {name: said.pop(f"utm_{name}") for name in UTM_SHOWN}
        return said


def countries() -> tuple[str, ...]:
    """Countries to choose from: those whose law is known here, and the neighbours, the most frequent first."""
    return (*FIRST_COUNTRIES, *sorted(set(law_book().countries) - set(FIRST_COUNTRIES)))


def data_of(campaign: Campaign) -> dict[str, Any]:
    """A campaign as its form shows it."""
    plain = ("name", "brand", "objective", "countries", "starts_on", "ends_on", "currency", "text", "landing_url")
    return {
        **{name: getattr(campaign, name) for name in (*plain, "law_packs")},
        "budget": campaign.budget,
        "hashtags": " ".join(f"#{word}" for word in campaign.hashtags),
        "mentions": " ".join(f"@{word}" for word in campaign.mentions),
        "codes": " ".join(campaign.codes),
        "competitors": ", ".join(campaign.competitors),
        **{f"utm_{name}": campaign.utm.get(name, "") for name in UTM},
    }
