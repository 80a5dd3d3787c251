"""Templates of pictures that come with Sillage: plain ones, to begin with."""

from __future__ import annotations

from importlib import resources

from sillage.lib.errors import NotFound

SHIPPED = ("story", "square", "landscape")


def shipped_template(name: str) -> bytes:
    """The file of a template that ships."""
    if name not in SHIPPED:
        raise NotFound(f"No template “{name[:40]}” ships.", f"There are {', '.join(SHIPPED)}.")
    return (resources.files("sillage.studio.picture_templates") / f"{name}.svg").read_bytes()
