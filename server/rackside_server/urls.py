"""Which page is where."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *([path("", include("rackside_server.web.urls"))] if find_spec("rackside_server.web.urls") else []),
]
