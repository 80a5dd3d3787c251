"""What follows the name of the actor in understanding’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "understanding.accounts_withheld": _("took away what may not be derived"),
    "understanding.archive_emptied": _("emptied a brand’s archive"),
    "understanding.authenticity_measured": _("looked at whether accounts’ numbers fit together"),
    "understanding.comments_read": _("read comments"),
    "understanding.contest_answered": _("answered a statement"),
    "understanding.corrected": _("corrected a machine"),
    "understanding.correction_withdrawn": _("took back a correction"),
    "understanding.engagement_ranked": _("compared engagement among peers"),
    "understanding.enriched": _("read posts"),
    "understanding.head_compared": _("compared a candidate model"),
    "understanding.head_promoted": _("promoted a model"),
    "understanding.head_refused": _("refused a candidate model"),
    "understanding.head_rolled_back": _("rolled a model back"),
    "understanding.head_trained": _("trained a candidate model"),
    "understanding.minor_cleared": _("said that an account is an adult’s"),
    "understanding.minors_marked": _("marked accounts of minors"),
    "understanding.models_fitted": _("fitted the word models"),
    "understanding.originality_measured": _("compared what accounts published"),
    "understanding.profiles_made": _("brought profiles up to date"),
    "understanding.reading_asked": _("asked for what came in to be read"),
    "understanding.reading_ended": _("read what came in"),
    "understanding.reading_failed": _("could not read all that came in"),
    "understanding.results_expected": _("expected results of next posts"),
    "understanding.signal_contested": _("kept a statement against a signal"),
    "understanding.tag_archived": _("archived or restored a tag"),
    "understanding.tag_created": _("created a tag"),
    "understanding.tag_renamed": _("renamed a tag"),
    "understanding.tagged": _("tagged posts"),
    "understanding.taxonomy_imported": _("imported a taxonomy"),
    "understanding.taxonomy_linked": _("took in a published cross-walk"),
    "understanding.taxonomy_links_proposed": _("proposed links between taxonomies"),
    "understanding.texts_archived": _("added texts to a brand’s archive"),
    "understanding.topic_map_dropped": _("removed a topic map"),
    "understanding.topics_mapped": _("mapped topics"),
}
