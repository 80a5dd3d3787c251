"""Statements about accounts in people's words: what an id and its numbers say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from sillage.understanding.engine.statements import Number, Statement
from sillage.understanding.engine.themes import theme_set

Text = str | Promise

_SHARES = frozenset({"share", "percentile", "spread"})

STATEMENTS: Mapping[str, Text] = {
    "pattern.unknown": gettext_lazy("How many accounts it follows, and how much it published, is not known."),
    "pattern.follows_many": gettext_lazy(
        "It follows %(following)s accounts and has %(followers)s followers. Following many is a way to be followed back."
    ),
    "pattern.follows_few": gettext_lazy(
        "It follows %(following)s accounts and has %(followers)s followers: nothing unusual."
    ),
    "pattern.few_posts": gettext_lazy("It published only %(posts)s posts, and has %(followers)s followers."),
    "pattern.posts_fit": gettext_lazy("It published %(posts)s posts and has %(followers)s followers: nothing unusual."),
    "engagement.unknown": gettext_lazy("Too few posts with known likes and comments, or too few comparable accounts."),
    "engagement.low": gettext_lazy(
        "A post usually gets %(measured)s likes and comments; accounts of its network and size get about %(expected)s."
        " %(percentile)s of %(others)s comparable accounts get less."
    ),
    "engagement.high": gettext_lazy(
        "A post usually gets %(measured)s likes and comments; accounts of its network and size get about %(expected)s."
        " That is unusually many. Being loved looks the same."
    ),
    "engagement.fits": gettext_lazy(
        "A post usually gets %(measured)s likes and comments; accounts of its network and size get about %(expected)s: it"
        " fits. %(percentile)s of %(others)s comparable accounts get less."
    ),
    "growth.unknown": gettext_lazy("Followers were counted too few times to see how they grew."),
    "growth.jump": gettext_lazy(
        "Followers went from %(before)s to %(after)s within %(days)s days, until %(on)s: far more than is usual for this"
        " account."
    ),
    "growth.attention": gettext_lazy("A post that many people saw came just before. That can explain new followers."),
    "growth.drop": gettext_lazy(
        "Followers fell from %(before)s to %(after)s within %(days)s days, until %(on)s. It looks like this when a network"
        " removes false accounts, and also when people leave by themselves."
    ),
    "growth.fits": gettext_lazy("Followers were counted %(counts)s times over %(days)s days: no jump, no drop."),
    "bursts.unknown": gettext_lazy("Too few posts with known likes and comments to see how they vary."),
    "bursts.even": gettext_lazy(
        "Likes and comments of %(posts)s posts hardly differ, typically by %(spread)s. What people do is less even."
    ),
    "bursts.step": gettext_lazy(
        "From %(on)s on the usual number of likes and comments went from %(before)s to %(after)s. An account that is"
        " discovered looks the same."
    ),
    "bursts.fit": gettext_lazy("Likes and comments of %(posts)s posts vary as what people do varies."),
    "comments.unknown": gettext_lazy("Fewer than 20 comments are known."),
    "comments.repeated": gettext_lazy(
        "Two comments picked at random say the same words %(share)s of the time (%(n)s comments read)."
    ),
    "comments.generic": gettext_lazy("%(share)s of %(n)s comments are praise that would fit any post."),
    "comments.regulars": gettext_lazy(
        "%(share)s of the comments are by people who comment under half of the posts or more (%(authors)s people,"
        " %(posts)s posts). Loyal friends do that too."
    ),
    "comments.foreign": gettext_lazy(
        "%(share)s of %(n)s comments are in languages that the account does not write. An international audience does"
        " that too."
    ),
    "comments.fit": gettext_lazy("%(n)s comments under %(posts)s posts: varied words, varied people."),
    "originality.unknown": gettext_lazy("No post is long enough to be compared."),
    "originality.none": gettext_lazy("None of %(read)s posts says what somebody published before."),
    "originality.others": gettext_lazy(
        "%(posts)s of %(read)s posts say nearly the same as an earlier post of somebody else (%(accounts)s accounts)."
    ),
    "originality.own": gettext_lazy(
        "%(posts)s of %(read)s posts say nearly the same as an earlier post of this creator."
    ),
    "originality.archive": gettext_lazy("%(posts)s posts say nearly the same as a text in the archive of: %(brands)s."),
    "originality.followed": gettext_lazy(
        "Others published nearly the same as %(posts)s of its posts, later (%(accounts)s accounts)."
    ),
    "originality.few_others": gettext_lazy(
        "Too few other accounts write about “%(theme)s” in %(language)s to say how unlike them this one is."
    ),
    "originality.far": gettext_lazy(
        "Its language is far from that of its theme, “%(theme)s” in %(language)s: %(percentile)s of %(others)s other"
        " accounts lie nearer to it."
    ),
    "originality.near": gettext_lazy(
        "It speaks as its theme does, “%(theme)s” in %(language)s: only %(percentile)s of %(others)s other accounts lie"
        " nearer to it."
    ),
    "originality.between": gettext_lazy(
        "In its theme, “%(theme)s” in %(language)s, %(percentile)s of %(others)s other accounts lie nearer to the usual"
        " language."
    ),
    "expected.history": gettext_lazy(
        "Made from %(posts)s posts of this account; the interval from the errors on %(calibrated)s later posts of all"
        " accounts."
    ),
    "expected.no_history": gettext_lazy(
        "%(posts)s posts with a number old enough are known; %(needed)s are needed before anything is expected."
    ),
    "expected.few_rows": gettext_lazy(
        "The workspace has %(rows)s posts with such numbers; %(needed)s are needed to learn from."
    ),
}

PARTS: Mapping[str, Text] = {
    "pattern": gettext_lazy("Followers, following, posts"),
    "engagement": gettext_lazy("Engagement for its size"),
    "growth": gettext_lazy("Growth of followers"),
    "bursts": gettext_lazy("Likes and comments over time"),
    "comments": gettext_lazy("Comments"),
}


def told(statement: Statement) -> str:
    """The sentence of a statement, in the language of the page; an id that has none tells itself."""
    text = STATEMENTS.get(statement.id)
    if text is None:
        return statement.id
    return str(text) % {name: _written(name, value) for name, value in statement.numbers.items()}


def part_name(name: str) -> str:
    return str(PARTS.get(name, name))


def _written(name: str, value: Number) -> str:
    if value is None:
        return "-"
    if name == "on":
        return formats.date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    if name == "theme":
        return theme_name(str(value))
    if name == "language":
        return language_name(str(value))
    if isinstance(value, str):
        return value
    if name in _SHARES:
        return _("%(number)s%%") % {"number": _number(100 * value)}
    return _number(value)


def _number(value: float) -> str:
    decimals = 1 if 0 < abs(value) < 10 and value != round(value) else 0
    written = formats.number_format(round(value, decimals), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return written.replace("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")


def theme_name(theme: str) -> str:
    return theme_set().name(theme, (get_language() or "en")[:2])


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
