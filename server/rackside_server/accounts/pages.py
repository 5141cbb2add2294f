"""The pages of accounts: joining, signing in and out, devices, and letting a console in."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rackside_protocol.accounts import CLIENT_ID, RevokeDevice
from rackside_protocol.ids import new_id
from rackside_server.accounts.actions import issue_code, join
from rackside_server.accounts.forms import SignInForm, SignUpForm
from rackside_server.accounts.models import Device, Member
from rackside_server.accounts.tokens import is_challenge, is_loopback
from rackside_server.feed.handlers import carry_out

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
STATE_CHARACTERS: Final = 512


class SignIn(LoginView):
    """Signing in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Signing out."""


class ChangePassword(PasswordChangeView):
    """Changing the password; other browsers are signed out by it, consoles are not."""

    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("devices")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Join the community."""
    if not settings.CONFIGURATION.sign_up_open:
        return render(request, "accounts/sign_up_closed.html", status=HTTPStatus.FORBIDDEN)
    form = SignUpForm(request.POST or None)
    if form.is_valid():
        try:
            login(request, _join(form.cleaned_data), backend=BACKEND)
        except IntegrityError:
            form.add_error("handle", "This handle was taken just now. Choose another.")
        else:
            return redirect(_next(request))
    return render(request, "accounts/sign_up.html", {"form": form, "next": _next(request)})


@login_required
@never_cache
def devices(request: HttpRequest) -> HttpResponse:
    """List the consoles that a member is signed in on."""
    found = Device.objects.filter(member=_member(request), revoked_ms=0).order_by("-seen_ms")
    return render(request, "accounts/devices.html", {"devices": found})


@login_required
@require_POST
def revoke_device(request: HttpRequest, device: str) -> HttpResponse:
    """Sign a console out."""
    outcome = carry_out(_member(request), RevokeDevice(id=new_id(), device=device))
    messages.info(request, outcome.message or "The console is signed out.")
    return redirect("devices")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask the member whether to let a console in; her yes sends a code to it (RFC 6749 §4.1.1, RFC 7636 §4.3)."""
    query = request.GET
    wrong = _wrong_request(query)
    if wrong:
        return render(request, "accounts/authorize_wrong.html", {"wrong": wrong}, status=HTTPStatus.BAD_REQUEST)
    if request.method == "GET":
        return render(request, "accounts/authorize.html", {"name": query.get("device_name", "")[:80]})
    if request.POST.get("answer") != "allow":
        return _back(query, error="access_denied", error_description="The sign-in was declined in the browser.")
    return _back(query, code=issue_code(_member(request), query["code_challenge"], query["redirect_uri"]))


def _join(data: dict[str, Any]) -> Member:
    return join(data["handle"], data["password"], name=data["name"], email=data["email"])


def _wrong_request(query: QueryDict) -> str:
    """Say what is wrong with a request to let a console in; empty when nothing is."""
    if query.get("response_type") != "code" or query.get("client_id") != CLIENT_ID:
        return "It does not come from a Rackside console."
    if not is_loopback(query.get("redirect_uri", "")):
        return "It wants to send you to another place than your own machine."
    if query.get("code_challenge_method") != "S256" or not is_challenge(query.get("code_challenge", "")):
        return "It lacks the proof that keeps others from using it."
    if len(query.get("state", "")) > STATE_CHARACTERS:
        return "It is too long."
    return ""


def _back(query: QueryDict, **answer: str) -> HttpResponse:
    """Send the browser to the console. The redirect address was checked."""
    target = f"{query['redirect_uri']}?{urlencode({**answer, 'state': query.get('state', '')})}"
    return HttpResponseRedirect(target, headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


def _next(request: HttpRequest) -> str:
    """Return where to go on, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


def _member(request: HttpRequest) -> Member:
    if not isinstance(request.user, Member):
        raise TypeError("login_required lets members in only")
    return request.user
