"""The pages of the public web."""

from django.urls import include, path

from rackside_server.web import feeds, pages, people

urlpatterns = [
    path("", pages.front, name="front"),
    path("search/", pages.search, name="search"),
    path("robots.txt", pages.robots),
    path("favicon.ico", pages.favicon),
    path("sitemap.xml", pages.sitemap_index, name="sitemap"),
    path("sitemap-<int:page>.xml", pages.sitemap, name="sitemap_page"),
    path("feed/", feeds.Newest(), name="feed"),
    path("ask/", pages.choose_group, name="ask"),
    path("people/", people.members, name="people"),
    path("people/<slug:handle>/", people.member, name="member"),
    path("groups/<slug:slug>/", pages.group, name="group"),
    path("groups/<slug:slug>/follow/", pages.follow, name="follow"),
    path("groups/<slug:slug>/feed/", feeds.OfGroup(), name="group_feed"),
    path("", include("rackside_server.threads.urls")),
    path("", include("rackside_server.ideas.urls")),
]
