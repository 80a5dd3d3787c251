"""Addresses with the words that web analytics count by (utm_*)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sillage.campaigns.engine.campaign import UTM


def tracked_address(address: str, utm: Mapping[str, str], content: str = "") -> str:
    """The address with its utm words; `content` stands in for utm_content. Other parts of the address stay as they are.

    Words that the address has already under the same name are replaced.
    """
    said = {**utm, **({"content": content} if content else {})}
    if not address or not said:
        return address
    parts = urlsplit(address)
    own = {f"utm_{name}": said[name] for name in UTM if said.get(name)}
    kept = [(name, word) for name, word in parse_qsl(parts.query, keep_blank_values=True) if name not in own]
    return urlunsplit(parts._replace(query=urlencode([*kept, *own.items()])))
