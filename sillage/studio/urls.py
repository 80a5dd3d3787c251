"""Addresses of the studio's pages, below a workspace."""

from __future__ import annotations

from django.urls import URLPattern, path

from sillage.studio.views import home

app_name = "studio"
urlpatterns: list[URLPattern] = [
    path("studio/", home.studio, name="studio"),
]
