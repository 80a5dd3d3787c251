"""The web application, for `sillage serve` or any WSGI server."""

from __future__ import annotations

import importlib
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from sillage.lib.collector import collector_paused
from sillage.lib.late import load_everything

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
with collector_paused():
    application = get_wsgi_application()
    importlib.import_module(settings.ROOT_URLCONF)
    load_everything()
