"""Sillage's own names in people's words: ledger verbs, metrics, warnings, formats, roles, countries.

The desk knows every room, so the tables stand here once; a test compares them with what the rooms use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.desk.verbs import VERBS as VERBS
from sillage.understanding.engine.themes import theme_set

Text = str | Promise

METRICS: Mapping[str, Text] = {
    "account.engagement_by_followers": _("Engagement by followers"),
    "account.engagement_by_views": _("Engagement by views"),
    "account.engagement_percentile": _("Peers with lower engagement"),
    "account.follower_growth_90d": _("Follower growth over 90 days"),
    "account.followers": _("Followers"),
    "account.median_likes": _("Median likes per post"),
    "account.median_views": _("Median views per post"),
    "account.posts_per_week": _("Posts per week"),
    "account.sponsored_share": _("Commercial posts"),
    "shortlist.affinity": _("Affinity"),
    "collaboration.clicks": _("Clicks"),
    "collaboration.machine_clicks": _("Clicks of machines"),
    "collaboration.orders": _("Orders"),
    "collaboration.revenue": _("Revenue"),
    "collaboration.revenue_per_order": _("Revenue per order"),
}

MEASURES: Mapping[str, Text] = {
    "comments": _("Comments"),
    "dislikes": _("Dislikes"),
    "followers": _("Followers"),
    "following": _("Following"),
    "likes": _("Likes"),
    "posts": _("Posts"),
    "reach": _("Reach"),
    "saves": _("Saves"),
    "shares": _("Shares"),
    "views": _("Views"),
}

FORMATS: Mapping[str, Text] = {
    "article": _("Article"),
    "audio": _("Audio"),
    "carousel": _("Carousel"),
    "image": _("Image"),
    "live": _("Live"),
    "short_video": _("Short video"),
    "story": pgettext_lazy("format", "Story"),
    "text": pgettext_lazy("format", "Text"),
    "video": _("Video"),
}

ROLES: Mapping[str, Text] = {
    "owner": _("Owner"),
    "manager": _("Manager"),
    "analyst": _("Analyst"),
    "reader": _("Reader"),
}

RIGHTS: Mapping[str, Text] = {
    "read": _("see the workspace"),
    "brief": _("write briefs, shortlists and searches"),
    "catalogue": _("import, connect and enrich"),
    "campaign": _("run campaigns and ask for approvals"),
    "approve": _("approve what leaves the house"),
    "erase": _("erase a person"),
    "admin": _("manage members and tokens"),
    "link": _("what a signed link opens"),
}

SUBJECTS: Mapping[str, Text] = {
    "approval_rule": _("rule of approval"),
    "account": _("account"),
    "approval": _("approval"),
    "campaign": _("campaign"),
    "collaboration": _("collaboration"),
    "brand": _("brand"),
    "model_call": _("call to the language model"),
    "picture_certificate": _("certificate for pictures"),
    "picture_batch": _("batch of pictures"),
    "picture_template": _("template of pictures"),
    "brand_font": _("font"),
    "brief": _("brief"),
    "comment": _("comment"),
    "connection": _("connection"),
    "contract": _("contract"),
    "creator": _("creator"),
    "data_request": _("request about data"),
    "deliverable": _("deliverable"),
    "exclusion_list": _("exclusion list"),
    "head": _("learnt model"),
    "idea": _("idea"),
    "import": _("import"),
    "link": _("link"),
    "member": _("member"),
    "interview": _("interview"),
    "network": _("network"),
    "palette": _("palette"),
    "payment": _("payment"),
    "policy": _("policy"),
    "policy_use": _("use of a policy"),
    "post": _("post"),
    "saved_search": _("saved search"),
    "signing_key": _("signing key"),
    "tag": _("tag"),
    "taxonomy": _("taxonomy"),
    "text": _("text"),
    "token": _("token"),
    "topic_map": _("topic map"),
    "voice": _("voice"),
    "webhook": _("webhook"),
    "workspace": _("workspace"),
    "product": _("product"),
    "promo_code": _("promo code"),
    "shipment": _("parcel"),
    "tracked_link": _("tracked link"),
    "variant_run": _("run of variants"),
    "writing_brief": _("writing brief"),
}

REMOVED: Mapping[str, Text] = {
    "idea": _("ideas"),
    "interview": _("interviews"),
    "account": _("accounts"),
    "accountsignal": _("signals about accounts"),
    "candidate": _("places in shortlists"),
    "card": _("search cards"),
    "collaboration": _("collaborations"),
    "comment": _("comments"),
    "commentsignal": _("signals in comments"),
    "connection": _("connections"),
    "contest": _("statements of creators"),
    "correction": _("corrections"),
    "creator": _("creators"),
    "decision": _("pins and dismissals"),
    "exclusion_list_entry": _("places on exclusion lists"),
    "note": _("notes"),
    "link": _("links"),
    "notice": _("notices"),
    "invitation": _("invitations"),
    "liveevidence": _("words of live posts"),
    "observation": _("observations"),
    "post": _("posts"),
    "postvector": _("vectors"),
    "profile": _("profiles"),
    "rawanswer": _("raw answers of networks"),
    "receipt": _("receipts"),
    "reminder": _("reminders"),
    "rectification": _("rectifications"),
    "restriction": _("restrictions"),
    "signal": _("signals"),
    "topicmap": _("topic maps"),
    "voicetext": _("texts of voices"),
    "promocode": _("words of promo codes"),
    "quotedfact": _("facts quoted from interviews"),
    "variantrun": _("runs of variants"),
    "writingbrief": _("writing briefs"),
    "shippingaddress": _("addresses"),
}


@dataclass(frozen=True, slots=True)
class Warning:
    """A reason to look twice: its name, and what it is and is not."""

    name: Text
    meaning: Text


WARNINGS: Mapping[str, Warning] = {
    "follower_jump": Warning(
        _("A jump in followers"),
        _(
            "Followers grew by half or more within five weeks. A post that went far, a press article or bought"
            " followers can all do this: look at what was published then."
        ),
    ),
    "low_engagement_for_size": Warning(
        _("Low engagement for its size"),
        _(
            "Among the lowest two in a hundred of its network and size. Hidden likes, a long pause or a silent audience"
            " can all do this: look at the posts."
        ),
    ),
}


def named(table: Mapping[str, Text], key: str) -> str:
    """The words for a key; the key itself where a newer room uses one that is not known yet."""
    return str(table.get(key, key))


def theme_name(theme: str) -> str:
    """A theme in the reader's language; its id where this version does not know it any more."""
    known = theme_set()
    return known.name(theme, (get_language() or "en")[:2]) if theme in known.index else theme


def language_name(code: str) -> str:
    """An ISO 639 code as the reader calls the language; the code itself where Django has no name for it."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name[:1].upper() + name[1:]


def country_name(code: str) -> str:
    """An ISO 3166-1 alpha-2 code as the reader calls the country; the code itself where it is not in the table."""
    names = _countries().get(code)
    if names is None:
        return code
    return names[1] if (get_language() or "en").startswith("fr") else names[0]


@cache
def _countries() -> Mapping[str, list[str]]:
    text = resources.files("sillage.desk").joinpath("country_names.toml").read_text(encoding="utf8")
    table: Mapping[str, list[str]] = tomllib.loads(text)
    return table
