"""The web application, for `sillage serve` or any WSGI server."""

from __future__ import annotations

import importlib
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from sillage.lib.late import load_everything, undisturbed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
with undisturbed():
    application = get_wsgi_application()
    importlib.import_module(settings.ROOT_URLCONF)
    load_everything()
