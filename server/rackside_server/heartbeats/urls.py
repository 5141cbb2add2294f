"""The addresses of heartbeats."""

from django.urls import path

from rackside_server.heartbeats import pages

urlpatterns = [
    path("beat/<str:token>", pages.beat),
    path("beat/<str:token>/", pages.beat),
    path("beat/<str:token>/<str:said>", pages.beat),
]
