"""Approvals in the reader's language: acts, fields of an act, where a request stands."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

ACTS: Mapping[str, str | Promise] = {
    "campaigns.client_review": _("Have the client approve a draft"),
    "campaigns.invite": _("Invite a creator"),
    "campaigns.confirm_live": _("Confirm a live post by its words"),
    "campaigns.pay": _("Have a payment made"),
    "campaigns.publish": _("Publish a deliverable"),
    "campaigns.remove": _("Have a post removed"),
    "campaigns.send": _("Send a product"),
    "campaigns.sign": _("Sign a contract"),
    "studio.release": _("Let a text go out"),
}
FIELDS: Mapping[str, str | Promise] = {
    "address_from": _("Where the address comes from"),
    "amount": _("Amount"),
    "beyond_budget": _("Beyond the budget"),
    "body": pgettext_lazy("of a letter", "Words"),
    "campaign": _("Campaign"),
    "caption": _("Caption"),
    "channel": pgettext_lazy("of a letter", "How it is sent"),
    "contract": _("Contract"),
    "deliverable": _("Deliverable"),
    "digest": _("Hash of the words"),
    "due_on": pgettext_lazy("of a payment", "Due on"),
    "files": _("Files"),
    "format": _("Format"),
    "grants": _("It grants"),
    "kind": _("Kind"),
    "language": _("Language"),
    "law": _("What rules say"),
    "letters": _("Letters"),
    "made_by": _("Who made the words"),
    "media_type": _("Kind of file"),
    "message": _("Message"),
    "name": _("Name"),
    "net": _("Before tax"),
    "network": _("Network"),
    "notice": pgettext_lazy("of a letter", "Notice"),
    "pdf_sha256": _("Hash of the PDF"),
    "recipients": _("It reaches"),
    "sha256": _("Hash"),
    "subject": pgettext_lazy("of a message", "Subject"),
    "tax_note": _("Note on tax"),
    "text": pgettext_lazy("format", "Text"),
    "text_sha256": _("Hash of the text"),
    "title": _("Title"),
    "to": pgettext_lazy("of a letter", "To"),
    "vat": _("VAT"),
    "vat_rate": _("VAT rate"),
    "version": _("Version"),
    "what": _("For"),
}
STANDINGS: Mapping[str, str | Promise] = {
    "waiting": pgettext_lazy("approval", "waits"),
    "approved": pgettext_lazy("approval", "approved"),
    "refused": pgettext_lazy("approval", "refused"),
    "expired": pgettext_lazy("approval", "expired"),
    "withdrawn": pgettext_lazy("approval", "withdrawn"),
    "used": pgettext_lazy("approval", "approved and done"),
}
BADGES: Mapping[str, str] = {"waiting": "warning", "approved": "good", "used": "good", "refused": "bad"}


@register.filter
def act_name(verb: str) -> str:
    """`{{ asked.verb|act_name }}`: “Sign a contract”; the verb itself where this version has no words for it."""
    return str(ACTS.get(verb, verb))


@register.filter
def act_field(path: str) -> str:
    """`{{ field|act_field }}`: the name of a line of an act, each step of its path in words where there are some."""
    return " › ".join(str(FIELDS.get(step, step.replace("_", " "))) for step in path.split("."))


def field_named(said: str) -> str:
    """The field of an act that goes by these words in the reader's language; what was said where none does."""
    return next((field for field, words in FIELDS.items() if str(words).casefold() == said.casefold()), said)


@register.filter
def standing_name(standing: str) -> str:
    return str(STANDINGS[str(standing)])


@register.filter
def standing_badge(standing: str) -> str:
    """The colour of a badge: good, warning, bad, or none."""
    return BADGES.get(str(standing), "")


@register.filter
def verdict_name(verdict: str) -> str:
    """`{{ word.verdict|verdict_name }}`: “approved”, “refused”."""
    return str(STANDINGS[verdict])


@register.filter
def scope_lines(scope: Mapping[str, list[object]]) -> list[tuple[str, list[object]]]:
    """`{% for field, values in policy.scope|scope_lines %}`"""
    return sorted(scope.items())


@register.simple_tag
def acts() -> list[tuple[str, str]]:
    """`{% acts as known %}`: the acts that rules can name, with their words."""
    return [(verb, str(name)) for verb, name in ACTS.items()]
