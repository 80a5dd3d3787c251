"""What follows the name of the actor in discovery’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "discovery.account_dismissed": _("dismissed an account for a brief"),
    "discovery.account_pinned": _("pinned an account for a brief"),
    "discovery.account_withdrawn": _("took back a decision about an account"),
    "discovery.accounts_decided": _("decided about several accounts for a brief"),
    "discovery.accounts_excluded": _("put accounts on an exclusion list"),
    "discovery.accounts_included_again": _("took accounts off an exclusion list"),
    "discovery.brief_archived": _("archived a brief"),
    "discovery.brief_changed": _("changed a brief"),
    "discovery.brief_opened": _("opened a brief"),
    "discovery.brief_restored": _("brought a brief back"),
    "discovery.brief_weighed": _("changed the weights of a brief"),
    "discovery.list_dropped": _("removed an exclusion list"),
    "discovery.search_dropped": _("removed a saved search"),
    "discovery.search_renamed": _("renamed a saved search"),
    "discovery.search_saved": _("saved a search"),
    "discovery.shortlisted": _("computed a shortlist"),
}
