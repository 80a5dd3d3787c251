"""Tracked links: where they may lead, and what a visit to one leaves behind.

A visit leaves one more in a count of its hour. Nothing about the visitor is kept: no address, no user agent, no cookie,
no identifier; so a click is a request, not a person, and the same person twice is two.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawleruseragents import is_crawler

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

LONGEST = 2000
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
CODE_LENGTH = 8
_INTERNAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "test", "invalid", "example", "onion")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class TargetRefused(Malformed):
    """An address to which no link of ours may lead."""


class Visitor(StrEnum):
    """Who seems to have followed a link. A guess from one request, never kept with anything that names somebody."""

    PERSON = "person"
    MACHINE = "machine"


def safe_target(url: str) -> str:
    """The address with its host in ASCII, or TargetRefused: https, a public name, no user, no other port.

    Names are not looked up: what a name leads to is its owner's to say, and the visitor's browser goes there, not the
    server.
    """
    hint = Sentence("Give a whole address of the shop, such as https://shop.example.com/page.")
    if len(url) > LONGEST or re.search(r"[\x00-\x20\\\x7f]", url):
        raise TargetRefused(Sentence("The address is too long, or has spaces or backslashes."), hint)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise TargetRefused(Sentence("This is no address."), hint) from error
    if parts.scheme != "https":
        raise TargetRefused(Sentence("“%(url)s” does not begin with https://.", url=url[:80]), hint)
    if parts.username is not None or parts.password is not None or port not in (None, 443):
        raise TargetRefused(
            Sentence("“%(host)s” comes with a user name or a port.", host=host), Sentence("Leave both out.")
        )
    if not _is_public_name(host):
        raise TargetRefused(
            Sentence("“%(host)s” is no public name of a site.", host=host),
            Sentence("Numbers, localhost and internal names are refused."),
        )
    return urlunsplit(("https", host, parts.path or "/", parts.query, parts.fragment))


def _is_public_name(host: str) -> bool:
    labels = host.split(".")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        named = all(_HOST.fullmatch(label) for label in labels)
        # A last label with a digit first is a number in some browsers' eyes: 127.1, 0x7f.1
        return named and len(labels) > 1 and not labels[-1][:1].isdigit() and labels[-1] not in _INTERNAL
    return False


def with_utm(url: str, *, source: str, medium: str, campaign: str, content: str) -> str:
    """The address with its UTM parameters; those that stand there already stay."""
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    known = {name for name, _ in given}
    utm = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign, "utm_content": content}
    added = [(name, value) for name, value in utm.items() if value and name not in known]
    return urlunsplit(parts._replace(query=urlencode([*given, *added])))


# -- who it was --------------------------------------------------------------------------------------------------------

_READ_AGENT = 500  # characters
_ANNOUNCED = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def visitor_of(method: str, headers: Mapping[str, str]) -> Visitor:
    """A person, or probably a machine. `headers` by lower-case name. What cannot be told is taken for a person.

    Machines: requests without a body asked for (HEAD), what a browser fetches ahead or inside another page, programs
    that do not call themselves a browser, that give an address for complaints, or that stand in the list of crawlers.
    """
    agent = headers.get("user-agent", "")[:_READ_AGENT]
    ahead = any(re.search(r"prefetch|prerender|preview", headers.get(name, ""), re.IGNORECASE) for name in _ANNOUNCED)
    inside = headers.get("sec-fetch-dest", "document") != "document"
    unlike_a_browser = not agent.startswith(("Mozilla/", "Opera/")) or "+http" in agent or "+mailto" in agent
    if method != "GET" or ahead or inside or unlike_a_browser or is_crawler(agent):
        return Visitor.MACHINE
    return Visitor.PERSON


# -- where it came from ------------------------------------------------------------------------------------------------


class Referrer(StrEnum):
    """The kind of page that a visit came from: never which page."""

    NONE = "none"  # not said: most apps say nothing
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    FACEBOOK = "facebook"
    X = "x"
    SNAPCHAT = "snapchat"
    PINTEREST = "pinterest"
    TWITCH = "twitch"
    BLUESKY = "bluesky"
    MESSAGES = "messages"
    SEARCH = "search"
    OTHER = "other"


_R = Referrer
_REFERRERS = {
    "instagram.com": _R.INSTAGRAM,
    "tiktok.com": _R.TIKTOK,
    "youtube.com": _R.YOUTUBE,
    "youtu.be": _R.YOUTUBE,
    "facebook.com": _R.FACEBOOK,
    "messenger.com": _R.MESSAGES,
    "x.com": _R.X,
    "twitter.com": _R.X,
    "t.co": _R.X,
    "snapchat.com": _R.SNAPCHAT,
    "pinterest.com": _R.PINTEREST,
    "pinterest.fr": _R.PINTEREST,
    "twitch.tv": _R.TWITCH,
    "bsky.app": _R.BLUESKY,
    "whatsapp.com": _R.MESSAGES,
    "telegram.org": _R.MESSAGES,
    "t.me": _R.MESSAGES,
    "bing.com": _R.SEARCH,
    "duckduckgo.com": _R.SEARCH,
    "ecosia.org": _R.SEARCH,
    "qwant.com": _R.SEARCH,
    "yahoo.com": _R.SEARCH,
}


def referrer_of(header: str) -> Referrer:
    """The kind of site in a Referer header."""
    if not header:
        return Referrer.NONE
    try:
        host = urlsplit(header[:LONGEST]).hostname or ""
    except ValueError:
        return Referrer.OTHER
    labels = host.lower().rstrip(".").split(".")
    if "google" in labels[-3:-1] and len(labels[-2]) in (2, 3, 6):  # google.fr, google.co.uk; not com.google.android
        return Referrer.SEARCH
    endings = (".".join(labels[at:]) for at in range(len(labels)))
    return next((_REFERRERS[ending] for ending in endings if ending in _REFERRERS), Referrer.OTHER)


def country_of(header: str) -> str:
    """The country that a trusted proxy gives, or nothing: XX and T1 are no countries."""
    code = header.strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) and code != "XX" else ""
