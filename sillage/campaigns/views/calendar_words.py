"""Dates in people's words, on a page and in a calendar program."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from sillage.campaigns.engine.calendar import Dated, DateKind

Text = str | Promise

KINDS: Mapping[DateKind, Text] = {
    DateKind.CAMPAIGN_START: pgettext_lazy("date", "Campaign begins"),
    DateKind.CAMPAIGN_END: pgettext_lazy("date", "Campaign ends"),
    DateKind.DRAFT_DUE: pgettext_lazy("date", "Draft due"),
    DateKind.PUBLISH: pgettext_lazy("date", "To be published"),
    DateKind.RIGHTS_END: pgettext_lazy("date", "Rights end"),
    DateKind.EXCLUSIVITY_END: pgettext_lazy("date", "Exclusivity ends"),
    DateKind.REMINDER: pgettext_lazy("date", "Reminder"),
    DateKind.PARCEL_SENT: pgettext_lazy("date", "Parcel sent"),
    DateKind.PAYMENT_DUE: pgettext_lazy("date", "Payment due"),
    DateKind.PAID: pgettext_lazy("date", "Paid"),
    DateKind.CODE_START: pgettext_lazy("date", "Code begins"),
    DateKind.CODE_END: pgettext_lazy("date", "Code ends"),
    DateKind.APPROVAL_EXPIRY: pgettext_lazy("date", "Approval runs out"),
    DateKind.REQUEST_DUE: pgettext_lazy("date", "Answer due"),
}
ACTS: Mapping[str, Text] = {
    "campaigns.invite": pgettext_lazy("act", "invitation"),
    "campaigns.sign": pgettext_lazy("act", "signature"),
    "campaigns.pay": pgettext_lazy("act", "payment"),
    "campaigns.publish": pgettext_lazy("act", "publication"),
    "campaigns.client_review": pgettext_lazy("act", "the client’s approval"),
    "studio.release": pgettext_lazy("act", "text"),
}
TONES: Mapping[DateKind, str] = {
    DateKind.DRAFT_DUE: "due",
    DateKind.REMINDER: "due",
    DateKind.REQUEST_DUE: "due",
    DateKind.APPROVAL_EXPIRY: "due",
    DateKind.PUBLISH: "live",
    DateKind.RIGHTS_END: "end",
    DateKind.EXCLUSIVITY_END: "end",
    DateKind.CAMPAIGN_END: "end",
    DateKind.CODE_END: "end",
}


def named(dated: Dated) -> str:
    """What the date is of, in words: a creator and a deliverable, a kind of approval."""
    if dated.kind is DateKind.APPROVAL_EXPIRY:
        return str(ACTS.get(dated.name, dated.name))
    if dated.kind is DateKind.REQUEST_DUE:
        return _("request %(number)s about data") % {"number": dated.name}
    return dated.name


def summary(dated: Dated) -> str:
    """One line for a calendar program: no free text, no amount."""
    said = _("%(kind)s: %(name)s") % {"kind": KINDS[dated.kind], "name": named(dated)}
    return f"{said} ({dated.campaign})" if dated.campaign and dated.campaign != dated.name else said
