"""The forms of accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from rackside_server.accounts.actions import forget_failures, note_failure, too_many_failures
from rackside_server.accounts.models import HANDLE, HANDLE_CHARACTERS, Member


class SignUpForm(forms.Form):
    """Joining: a handle, a name, a password, and an address only if she wants to give one."""

    handle = forms.CharField(
        min_length=2,
        max_length=HANDLE_CHARACTERS,
        validators=[HANDLE],
        help_text="Others see it, and it stays: lower-case letters, digits and single hyphens.",
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(max_length=60, help_text="As you want to be called.")
    email = forms.EmailField(required=False, help_text="Optional, seen by nobody; it is how a lost password is reset.")
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )

    def clean_handle(self) -> str:
        """Insist that a handle is free."""
        handle = str(self.cleaned_data["handle"])
        if Member.objects.filter(handle=handle).exists():
            raise forms.ValidationError("This handle is taken. Choose another.")
        return handle

    def clean(self) -> dict[str, Any]:
        """Insist on a password that is not easily guessed."""
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned:
            member = Member(**{key: cleaned.get(key, "") for key in ("handle", "name", "email")})
            try:
                validate_password(cleaned["password"], member)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SignInForm(AuthenticationForm):
    """Signing in, with a pause after too many failures for one account from one address."""

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": "Handle and password do not match.",
        "inactive": "This account is closed.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Handle"

    def clean(self) -> dict[str, Any]:
        """Check the password, unless it is time to wait."""
        handle = str(self.cleaned_data.get("username", "")).strip().lower()[:HANDLE_CHARACTERS]
        address = self.request.META.get("REMOTE_ADDR") if self.request is not None else None
        if too_many_failures(handle, address):
            raise forms.ValidationError("Too many failed tries. Wait 15 minutes, then try again.")
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            note_failure(handle, address)
            raise
        forget_failures(handle, address)
        return cleaned
