"""The table of contents of the site."""

from __future__ import annotations

from django.urls import include, path

from sillage.campaigns.views.calendar import calendar_feed_page
from sillage.campaigns.views.conversions_hook import conversions_hook
from sillage.campaigns.views.guest_address import creator_address
from sillage.campaigns.views.redirect import follow
from sillage.front.api import api

urlpatterns = [
    path("", include("sillage.desk.urls")),
    path("w/<slug:slug>/", include("sillage.understanding.urls")),
    path("w/<slug:slug>/", include("sillage.campaigns.urls")),
    path("w/<slug:slug>/", include("sillage.studio.urls")),
    path("w/<slug:slug>/", include("sillage.discovery.urls")),
    path("w/<slug:slug>/", include("sillage.catalogue.urls")),
    path("w/<slug:slug>/", include("sillage.governance.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/<slug:slug>/conversions/hook", conversions_hook, name="conversions_hook"),
    path("api/v1/", api.urls),
    path("r/<str:code>", follow, name="follow"),
    path("l/<str:secret>/", include("sillage.campaigns.urls_for_guests")),
    path("l/<str:secret>/address/", creator_address, name="creator_address"),
    path("l/<str:secret>/calendar.ics", calendar_feed_page, name="calendar_feed"),
]
