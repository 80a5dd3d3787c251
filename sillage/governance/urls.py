"""Addresses of governance's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.governance import law_views, views

app_name = "governance"
urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/verify/", views.verify_ledger, name="verify_ledger"),
    path("receipts/<slug:key>/", views.receipt, name="receipt"),
    path("law/", law_views.check_caption, name="law"),
    path("law/packs/", law_views.law_packs, name="law_packs"),
    path("members/", views.members, name="members"),
    path("members/add/", views.add_member, name="add_member"),
    path("members/<int:member_id>/role/", views.change_role, name="change_role"),
    path("members/<int:member_id>/remove/", views.remove_member, name="remove_member"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/issue/", views.issue_token, name="issue_token"),
    path("tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
]
