"""How Sillage reads the networks: one folder each, one four-method port (`port.py`), no database.

In: a target a person named, or a stored cursor. Out: `Fetched` portions to be stored in one transaction each, with the
cursor from which the next run goes on, so that a run may be killed at any moment (`walk.py`). Three words to know:
*target* (what the person typed), *cursor* (where a reading goes on; opaque and JSON-able), *set aside* (a record that
was not kept, and why). Only this folder and `adapters` open sockets.
"""

from __future__ import annotations

import pkgutil

from sillage.catalogue.connectors.port import Connector, TargetUnreadable
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import shortened

TARGET_LIMIT = 500
# By name and not by import: the AT Protocol SDK alone takes most of a second to load.
_CLASSES = {
    "bluesky": "sillage.catalogue.connectors.bluesky.connector:Bluesky",
    "rss": "sillage.catalogue.connectors.rss.connector:Feeds",
    "youtube": "sillage.catalogue.connectors.youtube.connector:YouTube",
}
# What reads a target before anything is asked of the network.
_TARGETS = {
    "bluesky": "sillage.catalogue.connectors.bluesky.parse:actor",
    "rss": "sillage.catalogue.connectors.rss.parse:feed_address",
    "youtube": "sillage.catalogue.connectors.youtube.parse:channel_filter",
}


class ConnectorUnknown(NotFound):
    """No connector reads this network."""


def connectors() -> tuple[str, ...]:
    """The networks that can be connected, in alphabetical order."""
    return tuple(sorted(_CLASSES))


def connector_class(network: str) -> type[Connector]:
    """The class that reads a network. Raises ConnectorUnknown."""
    if network not in _CLASSES:
        raise ConnectorUnknown(
            Sentence("There is no connector for “%(network)s”.", network=network),
            Sentence(
                "Networks that can be connected: %(connectors)s. Others come in through an import.",
                connectors=", ".join(connectors()),
            ),
        )
    found: type[Connector] = pkgutil.resolve_name(_CLASSES[network])
    return found


def check_target(network: str, target: str) -> None:
    """Refuse what names no account of the network, as `find` would. Raises ConnectorUnknown and TargetUnreadable."""
    connector_class(network)
    if len(target) > TARGET_LIMIT:
        raise TargetUnreadable(
            Sentence(
                "“%(target)s” has %(count)s characters.", target=shortened(target, 80), count=Grouped(len(target))
            ),
            Sentence("At most %(limit)s fit.", limit=TARGET_LIMIT),
        )
    pkgutil.resolve_name(_TARGETS[network])(target)


def open_connector(network: str, settings: ConnectorSettings, means: Means) -> Connector:
    """A connector ready to read. Raises ConnectorUnknown, or the network's own refusal (a missing key)."""
    return connector_class(network)(settings, means)
