"""Addresses of governance's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.governance.views import law, workspace

app_name = "governance"
urlpatterns = [
    path("ledger/", workspace.ledger, name="ledger"),
    path("ledger/verify/", workspace.verify_ledger, name="verify_ledger"),
    path("receipts/<slug:key>/", workspace.receipt, name="receipt"),
    path("law/", law.check_caption, name="law"),
    path("law/packs/", law.law_packs, name="law_packs"),
    path("members/", workspace.members, name="members"),
    path("members/add/", workspace.add_member, name="add_member"),
    path("members/<int:member_id>/role/", workspace.change_role, name="change_role"),
    path("members/<int:member_id>/remove/", workspace.remove_member, name="remove_member"),
    path("tokens/", workspace.tokens, name="tokens"),
    path("tokens/issue/", workspace.issue_token, name="issue_token"),
    path("tokens/<int:token_id>/revoke/", workspace.revoke_token, name="revoke_token"),
]
