"""Templates of pictures that come with Sillage: plain ones, to begin with."""

from __future__ import annotations

from importlib import resources

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

SHIPPED = ("story", "square", "landscape")


def shipped_template(name: str) -> bytes:
    """The file of a template that ships."""
    if name not in SHIPPED:
        raise NotFound(
            Sentence("No template “%(name)s” ships.", name=name[:40]),
            Sentence("There are %(shipped)s.", shipped=", ".join(SHIPPED)),
        )
    return (resources.files("sillage.studio.picture_templates") / f"{name}.svg").read_bytes()
