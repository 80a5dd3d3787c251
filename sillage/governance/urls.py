"""Addresses of governance's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.governance.views import approvals, law, policies, webhooks, workspace

app_name = "governance"
urlpatterns = [
    path("ledger/", workspace.ledger, name="ledger"),
    path("ledger/verify/", workspace.verify_ledger, name="verify_ledger"),
    path("receipts/<slug:key>/", workspace.receipt, name="receipt"),
    path("law/", law.check_caption, name="law"),
    path("law/packs/", law.law_packs, name="law_packs"),
    path("law/packs/<slug:pack_id>/", law.law_pack, name="law_pack"),
    path("members/", workspace.members, name="members"),
    path("members/add/", workspace.add_member, name="add_member"),
    path("members/<int:member_id>/role/", workspace.change_role, name="change_role"),
    path("members/<int:member_id>/remove/", workspace.remove_member, name="remove_member"),
    path("tokens/", workspace.tokens, name="tokens"),
    path("tokens/issue/", workspace.issue_token, name="issue_token"),
    path("tokens/<int:token_id>/revoke/", workspace.revoke_token, name="revoke_token"),
    path("approvals/", approvals.inbox, name="approvals"),
    path("approvals/asked/", approvals.asked, name="approvals_asked"),
    path("approvals/all/", approvals.everything, name="approvals_all"),
    path("approvals/rules/", approvals.rules, name="approval_rules"),
    path("approvals/rules/add/", approvals.add_rule, name="add_approval_rule"),
    path("approvals/rules/<int:rule_id>/remove/", approvals.remove_rule, name="remove_approval_rule"),
    path("approvals/keys/", approvals.keys, name="signing_keys"),
    path("approvals/keys/rotate/", approvals.rotate_key, name="rotate_signing_key"),
    path("approvals/<int:request_id>/", approvals.approval, name="approval"),
    path("approvals/<int:request_id>/decide/", approvals.decide, name="decide_approval"),
    path("approvals/<int:request_id>/withdraw/", approvals.withdraw, name="withdraw_approval"),
    path("approvals/<int:request_id>/file/", approvals.file, name="approval_file"),
    path("policies/", policies.policies, name="policies"),
    path("policies/allow/", policies.allow, name="allow_policy"),
    path("policies/stop/", policies.stop, name="stop_policies"),
    path("policies/resume/", policies.resume, name="resume_policies"),
    path("policies/<int:policy_id>/end/", policies.end, name="end_policy"),
    path("policies/review/", policies.review, name="policy_review"),
    path("policies/uses/<int:use_id>/judge/", policies.judge, name="judge_use"),
    path("policies/uses/<int:use_id>/undo/", policies.undo, name="undo_use"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/add/", webhooks.add_webhook, name="add_webhook"),
    path("webhooks/<int:endpoint_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:endpoint_id>/change/", webhooks.change_webhook, name="change_webhook"),
    path("webhooks/<int:endpoint_id>/rotate/", webhooks.rotate_webhook, name="rotate_webhook"),
    path("webhooks/<int:endpoint_id>/pause/", webhooks.pause_webhook, name="pause_webhook"),
    path("webhooks/<int:endpoint_id>/resume/", webhooks.resume_webhook, name="resume_webhook"),
    path("webhooks/<int:endpoint_id>/remove/", webhooks.remove_webhook, name="remove_webhook"),
    path("webhooks/<int:endpoint_id>/ping/", webhooks.ping_webhook, name="ping_webhook"),
    path("webhooks/<int:endpoint_id>/replay/", webhooks.replay_webhook, name="replay_webhook"),
    path("webhooks/deliveries/<int:delivery_id>/redeliver/", webhooks.redeliver, name="redeliver"),
]
