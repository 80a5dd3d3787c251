"""How the reading of what came in stands: a part that pages of lower rooms show too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance.models import Workspace
from sillage.lib.sentences import told
from sillage.understanding.engine.readings import STEPS, Standing
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries.readings import find_reading, has_unread, standing_of

register = template.Library()

STEP_WORDS: Mapping[str, str | Promise] = {
    "posts": _("Reading posts"),
    "comments": _("Reading comments"),
    "models": _("Learning the words of this catalogue"),
    "profiles": _("Making profiles and cards"),
    "authenticity": _("Looking whether numbers fit together"),
    "originality": _("Comparing what accounts published"),
    "expected": _("Working out what next posts may come to"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A workspace's newest reading, None where there was none; whether something waits to be read that nobody asked for."""

    reading: CatalogueReading | None
    standing: Standing | None
    is_unread: bool

    @property
    def goes_on(self) -> bool:
        """It will stand otherwise in a moment."""
        return self.standing not in (None, Standing.DONE, Standing.FAILED)

    @property
    def state(self) -> str:
        """For templates: done, failed, running, waiting, unattended, broken_off; empty where there was none."""
        return self.standing.name.lower() if self.standing else ""

    @property
    def why(self) -> str:
        """Why it failed."""
        return told(self.reading.why) if self.reading else ""

    @property
    def step(self) -> str | Promise:
        return STEP_WORDS.get(self.reading.step, "") if self.reading else ""

    @property
    def place(self) -> int:
        """Of the step among all, from 1; 0 before the first."""
        return STEPS.index(self.reading.step) + 1 if self.reading and self.reading.step in STEPS else 0

    @property
    def steps(self) -> int:
        return len(STEPS)


@register.simple_tag
def reading_of(workspace: Workspace) -> Shown:
    """`{% reading_of workspace as shown %}`: what `understanding/parts/reading.html` shows."""
    reading = find_reading(workspace.pk)
    found = standing_of(reading) if reading else None
    is_over = found in (None, Standing.DONE, Standing.FAILED)
    return Shown(reading, found, is_over and has_unread(workspace.pk))
