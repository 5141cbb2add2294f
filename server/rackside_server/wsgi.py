"""The WSGI application: every page and endpoint but the doorbell."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rackside_server.settings")

application = get_wsgi_application()
