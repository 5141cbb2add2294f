"""The addresses of threads."""

from django.urls import path

from rackside_server.threads import pages

urlpatterns = [
    path("groups/<slug:slug>/ask/", pages.ask, name="ask_in"),
    path("threads/<str:thread>/", pages.thread, name="thread"),
    path("threads/<str:thread>/reply/", pages.reply, name="reply"),
    path("threads/<str:thread>/vote/", pages.vote, name="vote_helpful"),
    path("threads/<str:thread>/accept/", pages.accept, name="accept"),
    path("threads/<str:thread>/me-too/", pages.me_too, name="me_too"),
    path("threads/<str:thread>/delete/", pages.delete, name="delete"),
    path("edit/<str:item>/", pages.edit, name="edit"),
]
