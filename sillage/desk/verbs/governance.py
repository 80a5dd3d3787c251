"""What follows the name of the actor in governance’s entries: “Ada opened a brief”."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "governance.approval_asked": _("asked for an approval"),
    "governance.approval_decided": _("said yes or no to an act"),
    "governance.approval_reviewed": _("said yes or no through a review link"),
    "governance.approval_rule_added": _("added a rule of approval"),
    "governance.approval_rule_removed": _("removed a rule of approval"),
    "governance.approval_withdrawn": _("withdrew a request for approval"),
    "governance.controller_named": _("wrote down who is responsible for the data"),
    "governance.data_request_answered": _("answered a request about data"),
    "governance.data_request_extended": _("took more time for a request about data"),
    "governance.data_request_opened": _("opened a request about data"),
    "governance.data_request_refused": _("refused a request about data"),
    "governance.identity_checked": _("checked who asks about their data"),
    "governance.link_opened": _("opened a link for somebody without an account"),
    "governance.link_revoked": _("revoked a link"),
    "governance.member_added": _("let a person in"),
    "governance.member_removed": _("ended a membership"),
    "governance.notice_given": _("told a creator that their data is held"),
    "governance.password_set": _("gave a member a new password"),
    "governance.policies_resumed": _("let the policies of machines go on"),
    "governance.policies_stopped": _("stopped every policy of machines"),
    "governance.policy_allowed": _("allowed machines to act by themselves"),
    "governance.policy_ended": _("ended a policy"),
    "governance.policy_use_judged": _("looked at what a machine did"),
    "governance.policy_use_undone": _("undid what a machine did"),
    "governance.restriction_lifted": _("lifted a restriction"),
    "governance.retained": _("removed what was kept long enough"),
    "governance.role_changed": _("changed a role"),
    "governance.signing_key_rotated": _("replaced the key that signs"),
    "governance.token_issued": _("issued a token"),
    "governance.token_revoked": _("revoked a token"),
    "governance.webhook_added": _("added a webhook"),
    "governance.webhook_changed": _("changed a webhook"),
    "governance.webhook_disabled": _("disabled a webhook that failed too long"),
    "governance.webhook_paused": _("paused a webhook"),
    "governance.webhook_pinged": _("tested a webhook"),
    "governance.webhook_redelivered": _("had a delivery sent again"),
    "governance.webhook_removed": _("removed a webhook"),
    "governance.webhook_replayed": _("had entries sent to a webhook again"),
    "governance.webhook_resumed": _("resumed a webhook"),
    "governance.webhook_rotated": _("gave a webhook a new secret"),
    "governance.workspace_opened": _("opened the workspace"),
}
