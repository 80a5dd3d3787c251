"""What follows the name of the actor in campaigns’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

VERBS: Mapping[str, str | Promise] = {}
