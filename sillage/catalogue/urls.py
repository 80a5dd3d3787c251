"""Addresses of the catalogue's pages, below a workspace."""

from __future__ import annotations

from django.urls import path

from sillage.catalogue.views import brands, coverage, imports

app_name = "catalogue"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("brands/", brands.brands, name="brands"),
    path("brands/from/file/", brands.bring_in, name="import_brands"),
    path("brands/<slug:key>/", brands.brand, name="brand"),
    path("brands/<slug:key>/remove/", brands.remove, name="remove_brand"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/rejects/", imports.rejects, name="rejects"),
    path("imports/examples/<slug:name>/", imports.example, name="example"),
]
