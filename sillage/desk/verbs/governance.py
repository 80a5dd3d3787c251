"""What follows the name of the actor in governance’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "governance.approval_asked": _("asked for an approval"),
    "governance.approval_decided": _("said yes or no to an act"),
    "governance.link_opened": _("opened a link for somebody without an account"),
    "governance.link_revoked": _("revoked a link"),
    "governance.member_added": _("let a person in"),
    "governance.member_removed": _("ended a membership"),
    "governance.password_set": _("gave a member a new password"),
    "governance.role_changed": _("changed a role"),
    "governance.token_issued": _("issued a token"),
    "governance.token_revoked": _("revoked a token"),
    "governance.workspace_opened": _("opened the workspace"),
}
