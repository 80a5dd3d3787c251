"""Addresses of discovery's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.discovery.views import briefs, deciding, learning, lists, shortlists

app_name = "discovery"
urlpatterns = [
    path("briefs/", briefs.briefs, name="briefs"),
    path("briefs/new/", briefs.new, name="new"),
    path("briefs/reading/", briefs.reading, name="reading"),
    path("briefs/<int:brief_id>/", shortlists.brief, name="brief"),
    path("briefs/<int:brief_id>/edit/", briefs.edit, name="edit"),
    path("briefs/<int:brief_id>/archive/", briefs.archive, name="archive"),
    path("briefs/<int:brief_id>/restore/", briefs.restore, name="restore"),
    path("briefs/<int:brief_id>/compute/", shortlists.compute, name="compute"),
    path("briefs/<int:brief_id>/weigh/", shortlists.weigh, name="weigh"),
    path("briefs/<int:brief_id>/choices/", learning.choices, name="choices"),
    path("briefs/<int:brief_id>/weights/accept/", learning.accept, name="accept_weights"),
    path("briefs/<int:brief_id>/weights/former/", learning.go_back, name="former_weights"),
    path("briefs/<int:brief_id>/why-not/", deciding.why_not, name="why_not"),
    path("briefs/<int:brief_id>/accounts/<int:account_id>/decide/", deciding.decide, name="decide"),
    path("shortlists/<int:shortlist_id>/", shortlists.shortlist, name="shortlist"),
    path("shortlists/<int:shortlist_id>/accounts/<int:account_id>/", shortlists.candidate, name="candidate"),
    path("shortlists/<int:shortlist_id>/decide/", deciding.decide_many, name="decide_many"),
    path("shortlists/<int:shortlist_id>/export/<slug:fmt>/", shortlists.export, name="export"),
    path("lookalikes/", lists.lookalikes, name="lookalikes"),
    path("lookalikes/<int:account_id>/", lists.lookalikes, name="lookalikes"),
    path("exclusions/", lists.exclusions, name="exclusions"),
    path("exclusions/add/", lists.exclude, name="exclude"),
    path("exclusions/remove/", lists.include, name="include"),
    path("exclusions/switch/", lists.switch_list, name="switch_list"),
    path("exclusions/drop/", lists.drop_list, name="drop_list"),
    path("saved-searches/", lists.searches, name="searches"),
    path("saved-searches/save/", lists.save_search, name="save_search"),
    path("saved-searches/rename/", lists.rename_search, name="rename_search"),
    path("saved-searches/drop/", lists.drop_search, name="drop_search"),
]
