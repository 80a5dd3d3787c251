"""Tags of the studio's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Name of the tab, address, label: in the order in which work goes on. A page that is not there has no tab.
TABS = (
    ("texts", "studio:studio", _("Texts")),
    ("briefs", "studio:briefs", _("Writing briefs")),
    ("voices", "studio:voices", _("Voices")),
    ("ideas", "studio:ideas", _("Ideas")),
    ("pictures", "studio:pictures", _("Pictures")),
    ("interviews", "studio:interviews", _("Interviews")),
    ("writers", "studio:writers", _("Writers")),
)


@register.simple_tag(takes_context=True)
def studio_tabs(context: template.Context, current: str) -> list[dict[str, Any]]:
    """`{% studio_tabs tab as tabs %}`: the pages of the studio, for desk/parts/tabs.html."""
    slug = context["workspace"].slug
    found = []
    for name, url_name, label in TABS:
        try:
            href = reverse(url_name, args=[slug])
        except NoReverseMatch:
            continue
        found.append({"label": label, "href": href, "is_current": name == current, "count": None})
    return found
