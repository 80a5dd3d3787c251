"""The table of contents of the site."""

from __future__ import annotations

from django.urls import include, path

from sillage.front.api import api
from sillage.understanding.views.account_signals import public_contest

urlpatterns = [
    path("", include("sillage.desk.urls")),
    path("w/<slug:slug>/", include("sillage.understanding.urls")),
    path("w/<slug:slug>/", include("sillage.discovery.urls")),
    path("w/<slug:slug>/", include("sillage.catalogue.urls")),
    path("w/<slug:slug>/", include("sillage.governance.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("contest/<str:token>/", public_contest, name="contest"),
]
