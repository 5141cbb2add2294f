"""The addresses of ideas."""

from django.urls import path

from rackside_server.ideas import pages

urlpatterns = [
    path("ideas/", pages.ideas, name="ideas"),
    path("ideas/propose/", pages.propose, name="propose"),
    path("ideas/<str:idea>/", pages.idea, name="idea"),
    path("ideas/<str:idea>/vote/", pages.vote, name="vote_idea"),
    path("ideas/<str:idea>/comment/", pages.comment, name="comment_idea"),
]
