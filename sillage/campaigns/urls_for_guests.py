"""Addresses that a link opens, below `/l/<secret>/`: the creator's page and the client's."""

from __future__ import annotations

from django.urls import path

from sillage.campaigns.views import guest_contract, guest_drafts, guest_review

urlpatterns = [
    path("", guest_drafts.collaboration, name="creator_drafts"),
    path("deliverables/<int:deliverable_id>/drafts/", guest_drafts.send, name="creator_send"),
    path("deliverables/<int:deliverable_id>/live/", guest_drafts.give_link, name="creator_live"),
    path("drafts/<int:draft_id>/threads/", guest_drafts.open_thread, name="creator_thread"),
    path("threads/<int:thread_id>/", guest_drafts.answer_thread, name="creator_answer"),
    path("files/<int:file_id>/", guest_drafts.file, name="creator_file"),
    path("review/", guest_review.review, name="client_review"),
    path("review/<int:draft_id>/", guest_review.draft, name="client_draft"),
    path("review/<int:draft_id>/threads/", guest_review.open_thread, name="client_thread"),
    path("review/<int:draft_id>/threads/<int:thread_id>/", guest_review.answer_thread, name="client_answer"),
    path("review/<int:draft_id>/files/<int:file_id>/", guest_review.file, name="client_file"),
    path("contract/", guest_contract.creator_contract, name="creator_contract"),
    path("contract/pdf/", guest_contract.creator_contract_pdf, name="creator_contract_pdf"),
]
