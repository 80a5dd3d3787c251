"""What is said of a brand: made plain, and refused where posts could not be read with it or everything would be found.

`TOKEN` is how posts are taken apart when brands are looked for in them; the enricher `brands` uses the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sillage.governance.engine.sensitive import refusal_of, sorting_in
from sillage.lib.errors import Malformed, within
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded, without_controls

LONGEST = 100  # characters of a name, a handle, ...
MOST = 30  # aliases of one brand, and as many handles and hashtags
SHORTEST = 3  # letters of a name that is one Latin word: shorter ones are in every other post
LISTS = ("aliases", "handles", "hashtags")
# Words with dots inside and before them; a row of dots is read from its first dot only, so the time is linear.
TOKEN = re.compile(r"\w++(?:\.++\w++)*+|(?:[@#]\.*|(?<!\.)\.+)\w++(?:\.++\w++)*+")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
Sign = tuple[str, ...]  # a mention as it is read: the words of a name, or one with @ or #


class BrandMalformed(Malformed):
    """What is said of a brand cannot be kept, or could not be looked for in posts."""

    title = "Malformed brand"


class BrandSortsPeople(Malformed):
    """The words say what people are."""

    title = "Special category"


@dataclass(frozen=True, slots=True)
class BrandSaid:
    """A brand as people write it; `handles` without @, `hashtags` without #."""

    name: str
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    sector: str = ""

    @property
    def stamp(self) -> str:
        """What tells one state of a brand from another."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    def signs(self) -> Iterator[tuple[Sign, str]]:
        """Each mention that is looked for as it is read, and as it was written."""
        for name in (self.name, *self.aliases):
            yield tuple(TOKEN.findall(folded(name))), name
        for mark, listed in (("@", self.handles), ("#", self.hashtags)):
            for one in listed:
                yield (folded(f"{mark}{one}"),), f"{mark}{one}"

    def together_with(self, other: BrandSaid) -> BrandSaid:
        """This brand with what another line about it adds."""
        return plain_brand(
            BrandSaid(
                self.name,
                (*self.aliases, *other.aliases),
                (*self.handles, *other.handles),
                (*self.hashtags, *other.hashtags),
                self.sector or other.sector,
            )
        )


def plain_brand(said: BrandSaid) -> BrandSaid:
    """The brand with single spaces, without marks and repetitions. Raises BrandMalformed naming the field."""
    name = _plain(said.name)
    with within("name"):
        if not name:
            raise BrandMalformed(Sentence("A brand needs a name."), Sentence("Write it as posts do."))
        _check_name(name)
    aliases, handles, hashtags = (_each(field, getattr(said, field)) for field in LISTS)
    for field, listed, check in (
        ("aliases", aliases, _check_name),
        ("handles", handles, _check_handle),
        ("hashtags", hashtags, _check_hashtag),
    ):
        with within(field):
            if len(listed) > MOST:
                raise BrandMalformed(
                    Sentence(
                        "%(name)s has %(n)s of them, and a brand may have %(most)s.",
                        name=name,
                        n=len(listed),
                        most=MOST,
                    ),
                    Sentence("Keep those that posts use."),
                )
        for at, one in enumerate(listed):
            with within(field, at):
                check(one)
    aliases = tuple(alias for alias in aliases if folded(alias) != folded(name))
    sector = _plain(said.sector)
    with within("sector"):
        _check_length(sector)
    return BrandSaid(name, aliases, handles, hashtags, sector)


def key_given(key: str) -> str:
    """A key that somebody chose. Raises BrandMalformed."""
    if not _KEY.fullmatch(key):
        with within("key"):
            raise BrandMalformed(
                Sentence("“%(key)s” cannot be a key.", key=key[:LONGEST]),
                Sentence("Take up to 100 small letters, digits and hyphens."),
            )
    return key


def key_from(name: str) -> str:
    """The key of a name: the same whenever a brand of that name is added again."""
    key = _NOT_IN_KEY.sub("-", folded(name)).strip("-")
    return key or f"brand-{sha256(folded(name).encode()).hexdigest()[:8]}"


def _plain(text: str) -> str:
    return " ".join(without_controls(text).split())


def _each(field: str, given: Iterable[str]) -> tuple[str, ...]:
    mark = {"handles": "@", "hashtags": "#"}.get(field, "")
    plain = (_plain(one).removeprefix(mark) for one in given)
    found: dict[str, str] = {}
    for one in plain:
        if one:
            found.setdefault(folded(one), one)
    return tuple(found.values())


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise BrandMalformed(
            Sentence("“%(text)s…” is longer than %(longest)s characters.", text=text[:40], longest=LONGEST),
            Sentence("Write what posts write."),
        )


def _check_name(name: str) -> None:
    """A name or an alias."""
    _check_length(name)
    _refuse_people(name)
    words = TOKEN.findall(folded(name))
    if not words or any(word[0] in "@#" for word in words):
        raise BrandMalformed(
            Sentence("“%(name)s” could not be found in a post as a name.", name=name),
            Sentence("Write words; what begins with @ or # belongs to the handles or hashtags."),
        )
    if len(words) == 1 and len(words[0]) < SHORTEST and words[0].isascii():
        raise BrandMalformed(
            Sentence("“%(name)s” is too short: it would be found where no brand is meant.", name=name),
            Sentence("Write it with what it makes, such as “LG Electronics”; its handles and hashtags may be short."),
        )


def _check_handle(handle: str) -> None:
    _check_length(handle)
    _refuse_people(handle)
    if not TOKEN.fullmatch(folded(f"@{handle}")):
        raise BrandMalformed(
            Sentence("“%(handle)s” is no handle that could be found in a post.", handle=handle),
            Sentence("Write letters, digits, _ and dots between them, without address or hyphen."),
        )


def _check_hashtag(hashtag: str) -> None:
    _check_length(hashtag)
    _refuse_people(hashtag)
    if not TOKEN.fullmatch(folded(f"#{hashtag}")):
        raise BrandMalformed(
            Sentence("“%(hashtag)s” is no hashtag that could be found in a post.", hashtag=hashtag),
            Sentence("Write one word of letters, digits and _."),
        )


def _refuse_people(text: str) -> None:
    found = sorting_in(text)
    if found is not None:
        raise BrandSortsPeople(refusal_of(found), Sentence("A brand is a company or what it sells: name that."))
