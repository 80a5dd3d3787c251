"""What follows the name of the actor in the studio’s entries: “Ada chose a text”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

VERBS: Mapping[str, str | Promise] = {}
