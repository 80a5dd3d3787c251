"""Words of parcels and their states."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.reading_sales import COLUMN_WORDS
from sillage.lib.sentences import told

register = template.Library()

STATES = {
    "to_confirm": _("to confirm"),
    "address_asked": _("address asked"),
    "ready": _("ready to send"),
    "shipped": _("sent"),
    "delivered": _("delivered"),
    "returned": _("came back"),
    "lost": _("lost"),
    "cancelled": _("cancelled"),
}
MOVES = {
    "address_asked": _("Ask for the address again"),
    "ready": _("Ready to send"),
    "delivered": _("Delivered"),
    "returned": _("Came back"),
    "lost": _("Lost"),
    "cancelled": _("Cancel"),
}
TONES = {"ready": "warning", "delivered": "good", "lost": "bad", "returned": "bad"}


@register.filter
def state_name(state: str) -> str:
    """`{{ shipment.state|state_name }}`: “ready to send”."""
    return str(STATES.get(state, state))


@register.filter
def move_word(state: str) -> str:
    """`{{ to|move_word }}`: what a button says that moves a parcel there."""
    return str(MOVES.get(state, state))


@register.filter
def state_badge(state: str) -> str:
    """`badge{{ shipment.state|state_badge }}`: the badge's tone."""
    return f" badge--{TONES[state]}" if state in TONES else ""


@register.filter
def sale_column(name: str) -> str:
    """`{{ reject.field|sale_column }}`: a column of a list of codes or of orders; others as the file calls them."""
    return told(COLUMN_WORDS.get(name, name))
