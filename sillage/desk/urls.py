"""Addresses of the pages that show several rooms."""

from __future__ import annotations

from django.urls import path

from sillage.desk.views import compare, creator, creator_privacy, creator_self, creators, home, privacy

app_name = "desk"
urlpatterns = [
    path("", home.start, name="start"),
    path("switch/", home.switch, name="switch"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path("w/<slug:slug>/", home.home, name="home"),
    path("w/<slug:slug>/creators/", creators.creators, name="creators"),
    path("w/<slug:slug>/creators/export/<slug:fmt>/", creators.export, name="export_creators"),
    path("w/<slug:slug>/creators/<int:creator_id>/", creator.creator, name="creator"),
    path("w/<slug:slug>/creators/<int:creator_id>/forget/", creator.forget, name="forget"),
    path("w/<slug:slug>/creators/<int:creator_id>/privacy/", creator_privacy.creator_privacy, name="creator_privacy"),
    path(
        "w/<slug:slug>/creators/<int:creator_id>/privacy/link/",
        creator_privacy.open_creator_link,
        name="open_creator_link",
    ),
    path(
        "w/<slug:slug>/creators/<int:creator_id>/privacy/links/<int:link_id>/revoke/",
        creator_privacy.revoke_creator_link,
        name="revoke_creator_link",
    ),
    path("w/<slug:slug>/creators/<int:creator_id>/privacy/told/", creator_privacy.give_notice, name="give_notice"),
    path(
        "w/<slug:slug>/creators/<int:creator_id>/privacy/ask/",
        creator_privacy.open_data_request,
        name="open_data_request",
    ),
    path(
        "w/<slug:slug>/creators/<int:creator_id>/privacy/data.<str:form>",
        creator_privacy.creator_copy,
        name="creator_copy",
    ),
    path("w/<slug:slug>/privacy/", privacy.privacy, name="privacy"),
    path("w/<slug:slug>/privacy/controller/", privacy.name_controller, name="name_controller"),
    path("w/<slug:slug>/privacy/retain/", privacy.retain, name="retain"),
    path("w/<slug:slug>/privacy/record/", privacy.record, name="privacy_record"),
    path("w/<slug:slug>/privacy/requests/<int:request_id>/", privacy.data_request, name="data_request"),
    path("l/<str:secret>/data/", creator_self.creator_self, name="creator_self"),
    path("l/<str:secret>/data/ask/", creator_self.ask, name="creator_self_ask"),
    path(
        "l/<str:secret>/data/accounts/<int:account_id>/contest/",
        creator_self.contest_score,
        name="creator_self_contest",
    ),
    path("l/<str:secret>/data/everything.<str:form>", creator_self.own_copy, name="creator_self_copy"),
    path("w/<slug:slug>/accounts/<int:account_id>/", creator.account, name="account"),
    path("w/<slug:slug>/accounts/<int:account_id>/exclude/", creator.exclude, name="exclude"),
    path("w/<slug:slug>/accounts/<int:account_id>/themes.svg", creator.themes_picture, name="themes_picture"),
    path("w/<slug:slug>/searches/save/", creators.save_search, name="save_search"),
    path("w/<slug:slug>/searches/drop/", creators.drop_search, name="drop_search"),
    path("w/<slug:slug>/compare/", compare.compare, name="compare"),
]
