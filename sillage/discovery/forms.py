"""The brief's form: what a person types and ticks, in the shape that discovery's actions take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.catalogue.engine.records import FORMATS, NETWORKS
from sillage.discovery.engine.brief import LONGEST_TEXT

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD")
SHARES = ("0.1", "0.25", "0.5")
_MULTIPLES = {"": 1, "k": 1_000, "m": 1_000_000}
_PEOPLE = re.compile(r"(\d+(?:\.\d+)?)([km]?)")


def _plain(value: str) -> str:
    """A number as a person of this language types it, with a point for its decimals and nothing else."""
    compact = re.sub(r"[\s\u00a0\u202f'’]", "", value)
    return compact.replace(",", ".") if (get_language() or "").startswith("fr") else compact.replace(",", "")


class Followers(forms.CharField):
    """A number of people, or None: 5000, 5 000, 5k, 1.2M."""

    default_error_messages = {"invalid": _("Write a number of people, such as 5000, 5k or 1.2M.")}

    def clean(self, value: Any) -> int | None:
        said = _plain(str(value or "")).lower()
        if not said:
            return None
        found = _PEOPLE.fullmatch(said)
        if found is None or len(said) > 15:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(Decimal(found[1]) * _MULTIPLES[found[2]])


class Amount(forms.DecimalField):
    """An amount of money as it is written in the reader's language."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        return super().to_python(_plain(value) if isinstance(value, str) else value)


class BriefForm(forms.Form):
    """Everything of a brief but its chips, which `editing.py` reads."""

    text = forms.CharField(
        label=_("The brief, in your own words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"class": "brief-text", "rows": 6}),
        error_messages={"required": _("Say in plain words what the creators should talk about.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Taken from the text if you leave it empty."),
    )
    networks = forms.MultipleChoiceField(choices=[(n, n) for n in NETWORKS], required=False)
    min_followers = Followers(label=_("At least"), required=False)
    max_followers = Followers(label=_("At most"), required=False)
    formats = forms.MultipleChoiceField(choices=[(f, f) for f in FORMATS], required=False)
    active_since = forms.DateField(
        label=_("Posted since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    max_sponsored_share = forms.ChoiceField(
        label=_("Commercial posts"), choices=[("", ""), *((s, s) for s in SHARES)], required=False
    )
    no_warnings = forms.BooleanField(label=_("Nothing to look at twice"), required=False)
    only_authenticated = forms.BooleanField(label=_("With measured numbers"), required=False)
    budget = Amount(label=_("Budget"), min_value=0, max_digits=12, decimal_places=2, required=False)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(c, c) for c in CURRENCIES], required=False, initial=CURRENCIES[0]
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=pgettext_lazy("date", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The campaign ends before it starts."))
        return said

    def value_of(self, name: str) -> Any:
        """What is known of a field, whether or not the rest of the form can be read."""
        cleaned: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        return cleaned.get(name)
