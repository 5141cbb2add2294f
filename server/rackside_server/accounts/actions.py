"""What is done with members and devices: check, write, publish, in one transaction. The only writer of these rows."""

import secrets
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.db.models import F, Q

from rackside_protocol import accounts as wire
from rackside_protocol.standing import personal_channel
from rackside_server.accounts import tokens
from rackside_server.accounts.documents import device_document
from rackside_server.accounts.models import HANDLE, AuthorizationCode, Device, FailedSignIn, Member
from rackside_server.accounts.signals import member_changed, member_joined, member_seen
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import announcing, publish, withdraw

SEEN_EVERY_MS: Final = 60 * 60 * 1_000
"""How exactly a device's last sight is known: each time it is noted is a change in its member's feed."""
UNNAMED_DEVICE: Final = "Console"
OWNER: Final = "owner"
OWNER_NAME: Final = "You"
OWN_DEVICE: Final = "This machine"
DEVICE_NAME_CHARACTERS: Final = 80
FAILURES_ALLOWED: Final = 5
FAILURES_FORGOTTEN_MS: Final = 15 * 60 * 1_000


def join(handle: str, password: str | None = None, **profile: object) -> Member:
    """Make a member, and let the features above welcome her; without a password she cannot sign in with one."""
    with announcing():
        member = Member.objects.create_user(handle, password, **profile)
        member_joined.send(Member, member=member)
    return member


def appoint(handle: str, password: str, name: str) -> Member:
    """Make a member of the staff who may do everything in the admin, or raise one that exists.

    Raises:
        ValidationError: the handle or the password will not do.
    """
    handle = handle.strip().lower()
    HANDLE(handle)
    validate_password(password, Member(handle=handle, name=name))
    with announcing():
        member = Member.objects.filter(handle=handle).first() or join(handle, name=name)
        member.is_staff = member.is_superuser = True
        member.set_password(password)
        member.save()
        member_changed.send(Member, member=member)
    return member


def open_device(member: Member, name: str, platform: str = "") -> tuple[Device, str]:
    """Sign a console in; return its device and the token, which is not kept."""
    token = tokens.new_token()
    with announcing():
        device = Device.objects.create(
            member=member,
            token_sha256=tokens.hashed(token),
            name=_one_line(name) or UNNAMED_DEVICE,
            platform=_one_line(platform),
        )
        publish(device_document(device), personal_channel(member.pk))
    return device, token


def own_device() -> tuple[Device, str]:
    """Sign the owner of an embedded server in, with a new token for the one device she has here."""
    with announcing():
        owner = Member.objects.filter(handle=OWNER).first() or join(OWNER, name=OWNER_NAME, is_staff=True)
        device = Device.objects.select_related("member").filter(member=owner, name=OWN_DEVICE, revoked_ms=0).first()
        if device is None:
            return open_device(owner, OWN_DEVICE)
        token = tokens.new_token()
        device.token_sha256 = tokens.hashed(token)
        device.save(update_fields=["token_sha256"])
    return device, token


def note_seen(device: Device) -> None:
    """Note that a device was here, once an hour."""
    now = now_ms()
    if abs(now - device.seen_ms) < SEEN_EVERY_MS:  # a clock that was ahead must not silence it for a year
        return
    with announcing():
        if Device.objects.filter(pk=device.pk, revoked_ms=0).update(seen_ms=now):
            device.seen_ms = now
            publish(device_document(device), personal_channel(device.member_id))
            member_seen.send(Member, member=device.member)


@handles(wire.RevokeDevice)
def revoke_device(member: Member, action: wire.RevokeDevice) -> None:
    """Sign one of one's own devices out; its token is refused from its next request on."""
    device = Device.objects.filter(pk=action.device, member=member).first()
    if device is None:
        raise Refused("gone", "You have no such device.")
    if not device.revoked_ms:
        Device.objects.filter(pk=device.pk).update(revoked_ms=now_ms())
        withdraw(device.pk, personal_channel(member.pk))


def issue_code(member: Member, challenge: str, redirect_uri: str) -> str:
    """Make the code that a browser takes to the console, for one use within two minutes."""
    code, now = secrets.token_urlsafe(tokens.TOKEN_BYTES), now_ms()
    AuthorizationCode.objects.filter(expires_ms__lt=now).delete()
    AuthorizationCode.objects.create(
        code_sha256=tokens.hashed(code),
        member=member,
        challenge=challenge,
        redirect_uri=redirect_uri,
        expires_ms=now + tokens.CODE_LIFETIME_MS,
    )
    return code


def redeem_code(request: wire.TokenRequest) -> wire.Token:
    """Exchange a code for a device's token. A code that is tried once is used up, whatever comes of it.

    Raises:
        Refused: the code is unknown, used, too old, or not this console's.
    """
    found = AuthorizationCode.objects.select_related("member").filter(code_sha256=tokens.hashed(request.code)).first()
    # Only one of two that come at once deletes the row.
    if found is None or not AuthorizationCode.objects.filter(pk=found.pk).delete()[0]:
        raise Refused("invalid_grant", "This code is unknown or was used already. Sign in again.")
    if not 0 <= found.expires_ms - now_ms() <= tokens.CODE_LIFETIME_MS or not found.member.is_active:
        raise Refused("invalid_grant", "This code is too old. Sign in again.")
    if request.redirect_uri != found.redirect_uri or not tokens.proves(request.code_verifier, found.challenge):
        raise Refused("invalid_grant", "This code was made for another console. Sign in again.")
    device, token = open_device(found.member, request.device_name, request.platform)
    return wire.Token(access_token=token, member=found.member.pk, device=device.pk, handle=found.member.handle)


def too_many_failures(handle: str, address: str | None) -> bool:
    """Say whether signing in to an account from an address has to wait."""
    failed = FailedSignIn.objects.filter(_recent(now_ms()), handle=handle, address=address)
    return failed.filter(count__gte=FAILURES_ALLOWED).exists()


def note_failure(handle: str, address: str | None) -> None:
    """Count a failed try to sign in; a count that is old begins anew."""
    now = now_ms()
    FailedSignIn.objects.exclude(_recent(now)).delete()
    FailedSignIn.objects.get_or_create(handle=handle, address=address, defaults={"since_ms": now})
    FailedSignIn.objects.filter(handle=handle, address=address).update(count=F("count") + 1)


def forget_failures(handle: str, address: str | None) -> None:
    """Begin anew after a sign-in that worked."""
    FailedSignIn.objects.filter(handle=handle, address=address).delete()


def forget_expired() -> int:
    """Forget codes that nobody can redeem and failures that bind nobody any more; return how many."""
    now = now_ms()
    codes, _ = AuthorizationCode.objects.filter(expires_ms__lt=now).delete()
    failures, _ = FailedSignIn.objects.exclude(_recent(now)).delete()
    return codes + failures


def _recent(now: int) -> Q:
    """Return which failures still bind: not the old ones, and not those that a clock which was ahead has dated."""
    return Q(since_ms__gt=now - FAILURES_FORGOTTEN_MS, since_ms__lte=now)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:DEVICE_NAME_CHARACTERS]
