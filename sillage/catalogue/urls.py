"""Addresses of the catalogue's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.catalogue import views

app_name = "catalogue"
urlpatterns = [path("coverage/", views.coverage, name="coverage")]
