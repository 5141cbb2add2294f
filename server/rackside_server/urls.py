"""Which page is where. The doorbell is answered before Django: see `asgi`."""

from django.contrib import admin
from django.urls import include, path

from rackside_server.answers.api import answers
from rackside_server.feed.api import sync
from rackside_server.operating.pages import metrics, operating

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/sync", sync),
    path("api/answers", answers),
    path("metrics", metrics),
    path("operating/", operating, name="operating"),
    path("", include("rackside_server.accounts.urls")),
    path("", include("rackside_server.heartbeats.urls")),
    path("", include("rackside_server.web.urls")),
]
