"""Where creators' own pages are on this site, for letters that carry a link to them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from sillage.campaigns.actions.releasing import Addresses

PAGES = ("creator_drafts", "desk:creator_self")  # the collaboration's, and the creator's own
PLACE = "SECRET-GOES-HERE"


def addresses_of(request: HttpRequest) -> Addresses:
    """The pages as whoever asks reaches the site."""
    return Addresses(*(_marked(request.build_absolute_uri(reverse(name, args=[PLACE]))) for name in PAGES))


def addresses_at(site: str) -> Addresses:
    """The pages of a site: https://sillage.example.org."""
    return Addresses(*(_marked(site.rstrip("/") + reverse(name, args=[PLACE])) for name in PAGES))


def _marked(address: str) -> str:
    """With {secret} in the place of the link's secret; an address that is built would write braces otherwise."""
    return address.replace(PLACE, "{secret}")
