"""What follows the name of the actor in catalogue’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "catalogue.brand_added": _("added a brand to look for"),
    "catalogue.brand_changed": _("changed a brand"),
    "catalogue.brand_removed": _("removed a brand"),
    "catalogue.brands_imported": _("imported a file of brands"),
    "catalogue.connected": _("connected an account"),
    "catalogue.creator_forgotten": _("erased a creator"),
    "catalogue.fetch_failed": _("failed to fetch from a network"),
    "catalogue.fetched": _("fetched from a network"),
    "catalogue.imported": _("imported a file"),
    "catalogue.ingested": _("took in accounts and posts"),
    "catalogue.overdue_dropped": _("dropped what was not refreshed in time"),
    "catalogue.rectified": _("put right what a creator said is wrong"),
    "catalogue.refreshed": _("refreshed what was due"),
    "catalogue.sample_loaded": _("loaded the invented sample world"),
}
