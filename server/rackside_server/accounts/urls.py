"""The addresses of accounts."""

from django.urls import path

from rackside_server.accounts import api, pages

urlpatterns = [
    path("api/about", api.about),
    path("api/token", api.token),
    path("sign-up/", pages.sign_up, name="sign_up"),
    path("sign-in/", pages.SignIn.as_view(), name="sign_in"),
    path("sign-out/", pages.SignOut.as_view(), name="sign_out"),
    path("password/", pages.ChangePassword.as_view(), name="change_password"),
    path("devices/", pages.devices, name="devices"),
    path("devices/<str:device>/revoke/", pages.revoke_device, name="revoke_device"),
    path("authorize", pages.authorize, name="authorize"),
]
