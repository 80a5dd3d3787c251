"""Addresses of the pages that show several rooms."""

from __future__ import annotations

from django.urls import path

from sillage.desk.views import compare, creator, creators, home

app_name = "desk"
urlpatterns = [
    path("", home.start, name="start"),
    path("switch/", home.switch, name="switch"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path("w/<slug:slug>/", home.home, name="home"),
    path("w/<slug:slug>/creators/", creators.creators, name="creators"),
    path("w/<slug:slug>/creators/<int:creator_id>/", creator.creator, name="creator"),
    path("w/<slug:slug>/creators/<int:creator_id>/forget/", creator.forget, name="forget"),
    path("w/<slug:slug>/accounts/<int:account_id>/", creator.account, name="account"),
    path("w/<slug:slug>/accounts/<int:account_id>/exclude/", creator.exclude, name="exclude"),
    path("w/<slug:slug>/accounts/<int:account_id>/themes.svg", creator.themes_picture, name="themes_picture"),
    path("w/<slug:slug>/searches/save/", creators.save_search, name="save_search"),
    path("w/<slug:slug>/searches/drop/", creators.drop_search, name="drop_search"),
    path("w/<slug:slug>/compare/", compare.compare, name="compare"),
]
