"""Made-up secrets of every kind, by seed: no address, key or name here is anybody's."""

import base64
import random
import string
import uuid
from collections.abc import Callable
from typing import Final

NAMES: Final = ("heimdall", "galadriel", "kestrel", "moorhen", "buchfink", "tatooine", "rubicon", "zugspitze")
"""What this machine, its people and networks are called, known to the console."""

_USERS = (
    "kberg", "kim.berg", "mlindqvist", "o.brien", "jdoe2", "aysegul", "t_nakamura", "svc-backup", "lena", "deploy-acme",
    "hgruber", "m.de.vries", "xiaoli", "pkowalski", "anna-lena", "rjones", "bwayne", "f.lopez", "chmiel", "dvogt",
)  # fmt: skip
_FIRST = ("Kim", "Maja", "Oliver", "Ayşe", "Tomoko", "Lena", "Pavel", "Xiao", "Anneliese", "Rui")
_LAST = ("Berg", "Lindqvist", "Gruber", "Nakamura", "Kowalski", "Vogt", "Lopez", "Jansen", "Moreau", "Schäfer")
_COMPANIES = ("acme", "globex", "initech", "umbrella", "hooli", "vandelay", "wonka", "tyrell", "nordwind", "kupferdach")
_ROLES = (
    "web",
    "db",
    "app",
    "mail",
    "dc",
    "filer",
    "nas",
    "proxy",
    "esx",
    "k8s-worker",
    "build",
    "vpn",
    "srv",
    "backup",
)
_ENDINGS = (
    "example.com", "corp.local", "ad.acme.de", "internal", "prod.globex.io", "lan", "intra.hooli.co.uk",
    "initech.systems", "dc1.umbrella.gmbh", "xn--mnchen-3ya.de",
    "cluster.nordwind.cloud", "home.arpa", "wonka.museum", "vandelay.swiss",
)  # fmt: skip
_WORDS = [
    "sommer",
    "winter",
    "Berlin",
    "correct",
    "horse",
    "battery",
    "staple",
    "hunter",
    "dragon",
    "letmein",
    "Passw0rd",
    "geheim",
    "qwertz",
    "monkey",
]


def text(r: random.Random, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """Return characters by chance."""
    return "".join(r.choice(alphabet) for _ in range(length))


def hexa(r: random.Random, length: int) -> str:
    """Return hexadecimal digits, small or capital, of which some are letters and some are not."""
    made = text(r, length - 2, "0123456789abcdef") + r.choice("abcdef") + r.choice("0123456789")
    return made.upper() if r.random() < 0.3 else made


def user(r: random.Random) -> str:
    return r.choice(_USERS)


def person(r: random.Random) -> str:
    return f"{r.choice(_FIRST)} {r.choice(_LAST)}"


def company(r: random.Random) -> str:
    return r.choice(_COMPANIES)


def host(r: random.Random) -> str:
    """Return a single label: a role with a number, or, in one of three, a word that only its place tells."""
    if r.random() < 0.33:
        return r.choice(("asgard", "pinguin", "thunderbolt", "sunflower", "ratatoskr", "bluebox", "orion"))
    made = f"{r.choice(_ROLES)}{r.choice(('-', ''))}{r.choice((f'{r.randrange(1, 30):02}', str(r.randrange(1, 99))))}"
    return made.upper() if r.random() < 0.15 else made


def numbered(r: random.Random) -> str:
    """Return a single label that its shape tells, wherever it stands."""
    return f"{r.choice(_ROLES)}-{r.randrange(1, 30):02}"


def fqdn(r: random.Random) -> str:
    return f"{r.choice(_ROLES)}{r.choice(('-', ''))}{r.randrange(1, 30):02}.{r.choice(_ENDINGS)}"


def ipv4(r: random.Random) -> str:
    return r.choice(("10.{}.{}.{}", "192.168.{1}.{2}", "172.16.{}.{}", "203.0.113.{}", "198.51.100.{}")).format(
        r.randrange(1, 255), r.randrange(1, 255), r.randrange(2, 254)
    )


def ipv6(r: random.Random) -> str:
    groups = [f"{r.randrange(0x1000, 0xFFFF):x}" for _ in range(8)]
    short = [f"{r.randrange(1, 0xFFFF):x}" for _ in range(8)]
    forms = (
        "2001:db8:" + ":".join(groups[:6]),
        "2001:0db8:0000:0000:0000:" + ":".join(groups[:3]),
        f"2001:db8::{short[0]}:{groups[1]}",
        f"fe80::{short[0]}:{hexa(r, 2).lower()}ff:fe{hexa(r, 2).lower()}:{groups[2]}",
        f"fd{hexa(r, 2).lower()}:{groups[0]}:{groups[1]}::{short[2]}",
        f"::ffff:{ipv4(r)}",
        f"64:ff9b::{ipv4(r)}",
        f"fe80::{groups[3]}:{groups[4]}%eth0",
        f"{groups[5]}::{groups[6]}",
        "2001:db8:" + ":".join(groups[:3]) + "::",
    )
    made = r.choice(forms)
    return made.upper() if r.random() < 0.1 and "%" not in made else made


def mac(r: random.Random) -> str:
    digits = hexa(r, 12)
    pairs = [digits[i : i + 2] for i in range(0, 12, 2)]
    fours = [digits[i : i + 4] for i in range(0, 12, 4)]
    forms = (":".join(pairs), "-".join(pairs), ".".join(fours), "-".join(fours), f"{digits[:6]}-{digits[6:]}", digits)
    return r.choice(forms)


def a_uuid(r: random.Random) -> str:
    made = str(uuid.UUID(int=r.getrandbits(128), version=4))
    return r.choice((made, made.upper(), f"{{{made}}}", made.replace("-", "")))


def sid(r: random.Random) -> str:
    return (
        f"S-1-5-21-{r.randrange(10**9, 4 * 10**9)}-{r.randrange(10**9)}-{r.randrange(10**9)}-{r.randrange(500, 9999)}"
    )


def serial(r: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    forms = (
        f"S{r.randrange(1, 9)}{text(r, 3, upper)}NX0{r.choice('KMNRTW')}{r.randrange(10**5, 10**6)}",
        f"WD-WCC{r.randrange(1, 9)}{r.choice(string.ascii_uppercase)}{r.randrange(10**6, 10**7)}",
        f"{r.randrange(1, 9)}C{r.choice(string.ascii_uppercase)}{r.randrange(1000, 9999)}{text(r, 3, upper)}",
        f"PF{r.randrange(1, 9)}{text(r, 5, upper)}",
        f"Z{text(r, 3, upper)}{r.randrange(10, 99)}{text(r, 2, upper)}",
        str(r.randrange(10**7, 10**9)),
    )
    return r.choice(forms)


def wwn(r: random.Random) -> str:
    digits = "5000" + hexa(r, 12).lower()
    return r.choice((f"0x{digits}", ":".join(digits[i : i + 2] for i in range(0, 16, 2)), f"naa.{digits}"))


def imei(r: random.Random) -> str:
    body = "35" + text(r, 12, string.digits)
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 else int(d) for i, d in enumerate(body))
    return body + str(-total % 10)


def email(r: random.Random) -> str:
    local = user(r) + r.choice(("", "+ops", ".it", "_x"))
    at = r.choice(("example.com", "mail.acme.de", "globex.co.uk", "münchen-it.de", "hooli.systems"))
    return r.choice((f"{local}@{at}", f'"{person(r)}"@{at}', f"{local}@{at}".upper()))


def password(r: random.Random) -> str:
    forms = (
        r.choice(_WORDS) + str(r.randrange(1000, 9999)) + r.choice("!?#$%"),
        text(r, r.randrange(8, 24)),
        text(r, 12, string.ascii_letters + string.digits + "!#$%*+.:_-"),
        base64.b64encode(text(r, r.randrange(6, 15)).encode()).decode(),
        r.choice(_WORDS) + r.choice("-_.") + r.choice(_WORDS),
    )
    return r.choice(forms).lstrip("-!#$%*+.:_")


def token(r: random.Random) -> str:
    safe = string.ascii_letters + string.digits + "_-"
    forms = (
        "ghp_" + text(r, 36), "github_pat_" + text(r, 22) + "_" + text(r, 59), "glpat-" + text(r, 20, safe),
        "xoxb-" + text(r, 12, string.digits) + "-" + text(r, 24), "sk_live_" + text(r, 24), "npm_" + text(r, 36),
        "pypi-AgEIcHlwaS5vcmc" + text(r, 60, safe), "hf_" + text(r, 34), "sk-proj-" + text(r, 48, safe),
        "AKIA" + text(r, 16, string.ascii_uppercase + string.digits), "AIza" + text(r, 35, safe), text(r, 40),
        "ya29." + text(r, 60, safe), "hvs." + text(r, 24), base64.b64encode(r.randbytes(30)).decode(), hexa(r, 40),
    )  # fmt: skip
    return r.choice(forms)


def jwt(r: random.Random) -> str:
    head, body = (base64.urlsafe_b64encode(each).decode().rstrip("=") for each in (b'{"alg":"HS256"}', r.randbytes(40)))
    return f"{head}.{body}.{text(r, 43, string.ascii_letters + string.digits + '_-')}"


def pem(r: random.Random) -> str:
    kind = r.choice(
        ("RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "EC PRIVATE KEY")
    )
    body = [base64.b64encode(r.randbytes(48)).decode() for _ in range(4)] + [base64.b64encode(r.randbytes(20)).decode()]
    lines = [f"-----BEGIN {kind}-----", *body, f"-----END {kind}-----"]
    first, last = r.choice(((0, 7), (0, 4), (2, 7), (1, 6)))
    return "\n".join(lines[first:last])


def licence(r: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    return "-".join(text(r, 4, upper) + r.choice(string.digits) for _ in range(5))


def bitlocker(r: random.Random) -> str:
    return "-".join(f"{r.randrange(10**6):06}" for _ in range(8))


def ssid(r: random.Random) -> str:
    return r.choice(
        (
            f"{r.choice(_LAST)}s WLAN",
            f"{company(r)}-guest",
            f"FRITZ!Box {r.randrange(1000, 9999)} QX",
            "Café Sonnenblume",
        )
    )


def own(r: random.Random) -> str:
    return r.choice(NAMES)


def session(r: random.Random) -> str:
    return r.choice((text(r, 26, string.ascii_lowercase + string.digits), hexa(r, 32), text(r, 22)))


VALUES: Final[dict[str, Callable[[random.Random], str]]] = {
    "user": user, "person": person, "company": company, "host": host, "numbered": numbered, "fqdn": fqdn, "ipv4": ipv4,
    "ipv6": ipv6, "mac": mac, "uuid": a_uuid, "sid": sid, "serial": serial, "wwn": wwn, "imei": imei, "email": email,
    "password": password, "token": token, "jwt": jwt, "pem": pem, "licence": licence, "bitlocker": bitlocker,
    "ssid": ssid, "own": own, "session": session,
}  # fmt: skip
