"""Forms of what creators get, of contracts and of budgets, in the shapes that actions take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.campaigns.contract_words import CATEGORIES, FIELDS, KINDS
from sillage.campaigns.engine.clauses import LANGUAGES, clause_book
from sillage.campaigns.engine.contract_terms import DAYS, LISTS, NUMBERS, TEXTS
from sillage.campaigns.forms import CURRENCIES, Money
from sillage.lib.errors import Refusal

LONG = ("brand_address", "creator_address", "agent_address", "payment_terms", "rights_uses", *LISTS)
EMAILS = ("brand_email", "creator_email", "agent_email")
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("brand", _("The brand"), TEXTS[:6]),
    ("creator", _("The creator"), TEXTS[6:11]),
    ("agent", _("The creator’s agent"), TEXTS[11:14]),
    ("missions", _("Missions"), ("missions", "publish_from", "publish_until", "online_days")),
    ("pay", _("Payment"), ("payment_terms",)),
    ("rights", _("Intellectual property"), ("rights_uses", "rights_territory", "rights_until")),
    (
        "exclusivity",
        _("Exclusivity"),
        ("exclusive_brands", "exclusive_categories", "exclusive_from", "exclusive_until"),
    ),
    ("more", _("Other terms"), ("special_terms", "law", "court")),
)
CLOSED = ("agent", "exclusivity", "more")  # groups that a first draft can do without
HELP: Mapping[str, Any] = {
    "missions": _("One per line: how many, in which format, on which network."),
    "payment_terms": _("When and how it is paid, such as: by transfer, thirty days after the invoice."),
    "rights_uses": _("Where the brand may show it, such as: its own social networks, without paid advertising."),
    "exclusive_brands": _("One per line."),
    "exclusive_categories": _("One per line, as the brands’ sectors are called."),
    "special_terms": _("One per line."),
    "law": _("Empty: French law. An audience in France asks for French law."),
}


def _currency(*, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES], required=required)


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def with_refusal(form: forms.Form, place: str, text: Any) -> None:
    """Put a refusal beside its field, or on top of the form."""
    form.add_error(place if place in form.fields else None, str(text))


class ConsiderationForm(forms.Form):
    """Something that a creator gets."""

    kind = forms.ChoiceField(label=pgettext_lazy("consideration", "What"), choices=list(KINDS.items()))
    text = forms.CharField(label=_("In words"), max_length=300)
    amount = Money(
        label=_("Worth before tax"), min_value=0, max_digits=12, decimal_places=2, required=False, localize=True
    )
    currency = _currency()
    percent = Money(label=_("Percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False)
    is_estimate = forms.BooleanField(label=_("The amount is an estimate, not a cap"), required=False)
    granted_on = _day(_("Counts on"))


class TermsForm(forms.Form):
    """A contract's terms. Nothing is required to keep a draft."""

    language = forms.ChoiceField(label=_("Language of the contract"), choices=[("fr", "Français"), ("en", "English")])

    def __init__(self, *args: Any, revision: int | None = None, left_out: Sequence[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for name in (*TEXTS, *LISTS):
            widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput()
            if name in EMAILS:
                widget = forms.EmailInput()
            self.fields[name] = forms.CharField(
                label=str(FIELDS[name]), required=False, widget=widget, help_text=HELP.get(name, "")
            )
        for name in DAYS:
            self.fields[name] = _day(str(FIELDS[name]))
        for name in NUMBERS:
            self.fields[name] = forms.IntegerField(label=str(FIELDS[name]), required=False, min_value=1, max_value=3650)
        optional = [(block.id, block.title) for block in clause_book(LANGUAGES[0]).optional]
        self.fields["keep"] = forms.MultipleChoiceField(
            label=_("Optional clauses"),
            choices=optional,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[name for name, _title in optional if name not in left_out],
        )
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=revision)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page puts them together; a group that says something is open."""
        return [
            {
                "name": name,
                "title": title,
                "fields": [self[field] for field in fields],
                "is_open": name not in CLOSED or any(self[f].value() or self[f].errors for f in fields),
            }
            for name, title, fields in GROUPS
        ]

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("keep", "revision") and value}

    def left_out(self) -> list[str]:
        choices = self.fields["keep"].choices  # type: ignore[attr-defined]  # the stubs know no choices
        return [name for name, _title in choices if name not in self.cleaned_data["keep"]]


class LineForm(forms.Form):
    """A line of a budget."""

    category = forms.ChoiceField(label=_("For"), choices=list(CATEGORIES.items()))
    label = forms.CharField(label=_("In words"), max_length=200)
    amount = Money(label=_("Amount before tax"), min_value=0, max_digits=12, decimal_places=2)
    currency = _currency()


class PaymentForm(forms.Form):
    """A payment that somebody else will approve."""

    collaboration = forms.TypedChoiceField(label=_("Creator"), coerce=int, empty_value=None, required=False)
    recipient = forms.CharField(label=_("To whom"), max_length=200)
    what = forms.CharField(label=_("For what"), max_length=300)
    category = forms.ChoiceField(label=_("Counts as"), choices=list(CATEGORIES.items()))
    net = Money(label=_("Amount before tax"), max_digits=12, decimal_places=2)
    currency = _currency()
    vat_rate = Money(
        label=_("VAT rate, in percent"),
        min_value=0,
        max_value=50,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Empty: none is charged."),
    )
    tax_note = forms.CharField(
        label=_("Note on tax"),
        max_length=300,
        required=False,
        help_text=_("Such as a reverse charge, or an exemption, in the words of the invoice."),
    )
    due_on = _day(_("Pay by"))
    is_beyond_meant = forms.BooleanField(label=_("It may pass the budget"), required=False)

    def __init__(self, *args: Any, creators: Sequence[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        none = [("", pgettext_lazy("creator", "none: a supplier"))]
        self.fields["collaboration"].choices = [*none, *creators]  # type: ignore[attr-defined]


class RateForm(forms.Form):
    """One rate, or a file of them."""

    base = forms.CharField(label=_("One unit of"), min_length=3, max_length=3, required=False)
    quote = forms.CharField(label=_("buys, in"), min_length=3, max_length=3, required=False)
    rate = forms.DecimalField(label=_("Rate"), max_digits=20, decimal_places=10, required=False)
    on = _day(pgettext_lazy("a day", "On"))
    source = forms.CharField(label=_("Source"), max_length=100, required=False)
    file = forms.FileField(label=_("Or a CSV file"), required=False)


def field_of(refusal: Refusal) -> str:
    return getattr(refusal, "place", "")
