"""Nouns of accounts: a member, her devices, the codes with which a console signs in, and failed tries."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from rackside_protocol.ids import new_id
from rackside_server.feed.clock import now_ms

HANDLE = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Lower-case letters and digits, parted by single hyphens.")
HANDLE_CHARACTERS = 40
HIGHEST_TRUST_LEVEL = 4


class MemberManager(BaseUserManager["Member"]):
    """Makes members."""

    def create_user(self, handle: str, password: str | None = None, **fields: Any) -> "Member":  # noqa: ANN401 - fields of the model
        """Make a member; without a password, one who cannot sign in with any."""
        member = self.model(handle=handle, **{"name": handle, **fields})
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, handle: str, password: str | None = None, **fields: Any) -> "Member":  # noqa: ANN401 - as above
        """Make a member of the staff who may do everything in the admin."""
        return self.create_user(handle, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Member":
        """Find who signs in: handles are lower case, however they are typed."""
        return self.get(handle=(username or "").strip().lower())


class Member(AbstractBaseUser, PermissionsMixin):
    """A member: her public profile, and what she signs in with."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    handle = models.CharField(unique=True, max_length=HANDLE_CHARACTERS, validators=[HANDLE])
    name = models.CharField(max_length=60)
    headline = models.CharField(max_length=80, blank=True)
    bio = models.TextField(max_length=2_000, blank=True)
    topics = models.JSONField(default=list, blank=True)
    email = models.EmailField(blank=True)
    trust_level = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(HIGHEST_TRUST_LEVEL)])
    vendor = models.CharField(max_length=40, blank=True, help_text="The slug of the vendor she works for.")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_ms = models.BigIntegerField(default=now_ms, editable=False)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.handle


class Device(models.Model):
    """A console that a member is signed in on. The token itself is known to the console only."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="devices")
    token_sha256 = models.CharField(unique=True, max_length=64)
    name = models.CharField(max_length=80)
    platform = models.CharField(max_length=80, blank=True)
    created_ms = models.BigIntegerField(default=now_ms)
    seen_ms = models.BigIntegerField(default=now_ms)
    revoked_ms = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} of {self.member}"

    @property
    def seen_at(self) -> datetime:
        """When it was last here, to the hour."""
        return datetime.fromtimestamp(self.seen_ms / 1_000, UTC)


class AuthorizationCode(models.Model):
    """What a browser hands to a console, to be exchanged once for a device's token (RFC 6749 §4.1)."""

    code_sha256 = models.CharField(primary_key=True, max_length=64)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    challenge = models.CharField(max_length=43)
    redirect_uri = models.CharField(max_length=200)
    expires_ms = models.BigIntegerField()

    def __str__(self) -> str:
        return f"code of {self.member}"


class FailedSignIn(models.Model):
    """How often signing in to one account from one address failed since a moment."""

    handle = models.CharField(max_length=HANDLE_CHARACTERS)
    address = models.GenericIPAddressField(null=True)
    count = models.PositiveIntegerField(default=0)
    since_ms = models.BigIntegerField(default=now_ms)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handle", "address"], name="failed_sign_in_once")]

    def __str__(self) -> str:
        return f"{self.count} for {self.handle} from {self.address}"
