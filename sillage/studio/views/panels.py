"""The side panels of the writing page, a part per subject: what is known of the words as they are typed, beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance.access import Visit
from sillage.governance.engine.actors import Actor, Right
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.models import Text
from sillage.studio.queries.panel_brief import panel_brief
from sillage.studio.queries.panel_checks import panel_checks
from sillage.studio.queries.panel_comments import panel_comments
from sillage.studio.queries.panel_history import panel_history
from sillage.studio.queries.panel_model import panel_model
from sillage.studio.queries.panel_originality import panel_originality
from sillage.studio.queries.panel_versions import panel_versions
from sillage.studio.queries.panel_voice import panel_voice


@dataclass(frozen=True, slots=True)
class Panel:
    """`context` is queries/panel_<subject>.py: panel_<subject>; the template is studio/parts/panel_<subject>.html."""

    subject: str
    label: str | Promise
    context: Callable[[Text, str, Actor, datetime], dict[str, Any]]

    def written(self, request: Visit, text: Text, body: str, now: datetime) -> str:
        """The part, for the words as they stand on the page. It knows `text`, `body`, `now` and `may_write` besides its own."""
        given = {
            "text": text,
            "body": body,
            "now": now,
            "may_write": Right.CAMPAIGN in request.actor.rights and text.archived_at is None,
            **self.context(text, body, request.actor, now),
        }
        return render_to_string(f"studio/parts/panel_{self.subject}.html", given, request)


# In the order of their keys, Alt+2 and on; Alt+1 is what the machines remark, which is always there.
PANELS: tuple[Panel, ...] = (
    Panel("brief", _("Brief"), panel_brief),
    Panel("voice", _("Voice"), panel_voice),
    Panel("comments", _("Comments"), panel_comments),
    Panel("checks", _("Human checks"), panel_checks),
    Panel("originality", _("Originality"), panel_originality),
    Panel("versions", _("Versions"), panel_versions),
    Panel("model", _("Model"), panel_model),
    Panel("history", _("History"), panel_history),
)


def panel_named(subject: str) -> Panel:
    found = next((panel for panel in PANELS if panel.subject == subject), None)
    if found is None:
        raise NotFound(
            Sentence("The writing page has no panel “%(subject)s”.", subject=subject[:40]),
            Sentence("Load the page again."),
        )
    return found
