"""The services of the lab, each as Debian packages it, with a configuration of its own in a folder of its own."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.lab.network import SERVER, SERVER_ADDRESS, run, within
from tests.postgres.cluster import binaries

EXPIRES_IN_DAYS: Final = 5
PROGRAMS: Final = ("nginx", "sshd", "snmpd", "prometheus-node-exporter")
NGINX: Final = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{ access_log off; server {{
  listen {address}:443 ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
  location / {{ return 200 "Basket"; }}
}} }}
"""
SSHD: Final = "Port 22\nListenAddress {address}\nHostKey {folder}/ssh_key\nPidFile {folder}/sshd.pid\n"
SNMPD: Final = "agentaddress udp:{address}:161\nrocommunity public\nsysName lab\n"


def missing() -> list[str]:
    """Return which programs are not installed here, in the words of their packages."""
    found = [name for name in ("ip", "tc", *PROGRAMS) if _path(name) is None]
    return found + ([] if binaries() else ["postgresql"])


def certificate(folder: Path) -> Path:
    """Make a certificate for the server that expires soon; return it, as what it has to be trusted by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=80))
        .not_valid_after(now + timedelta(days=EXPIRES_IN_DAYS, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(SERVER_ADDRESS))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return folder / "cert.pem"


class Services:
    """Starts and stops them by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: Mapping[str, Callable[[], list[str]]] = {
            "nginx": self._nginx,
            "postgresql": self._postgresql,
            "sshd": self._sshd,
            "exporter": lambda: [
                str(_path("prometheus-node-exporter")),
                f"--web.listen-address={SERVER_ADDRESS}:9100",
            ],
            "snmpd": self._snmpd,
        }

    def names(self) -> list[str]:
        """Return all of them."""
        return list(self._commands)

    def start(self, name: str) -> None:
        """Start a service within the server's namespace."""
        with (self._folder / f"{name}.out").open("ab") as out:
            command = within(SERVER, *self._commands[name]())
            self._running[name] = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)

    def stop(self, name: str) -> None:
        """Stop a service, as its administrator would."""
        running = self._running.pop(name)
        running.terminate()
        running.wait(30)

    def stop_all(self) -> None:
        """Stop every service that runs."""
        for name in list(self._running):
            self.stop(name)

    def _nginx(self) -> list[str]:
        return [str(_path("nginx")), "-c", self._written("nginx.conf", NGINX)]

    def _sshd(self) -> list[str]:
        key = self._folder / "ssh_key"
        if not key.exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
        Path("/run/sshd").mkdir(exist_ok=True)
        return [str(_path("sshd")), "-D", "-e", "-f", self._written("sshd_config", SSHD)]

    def _snmpd(self) -> list[str]:
        return [
            str(_path("snmpd")),
            "-f",
            "-Lo",
            "-C",
            "-c",
            self._written("snmpd.conf", SNMPD),
            "-p",
            str(self._folder / "snmpd.pid"),
        ]

    def _postgresql(self) -> list[str]:
        programs = binaries()
        assert programs is not None
        data = self._folder / "postgresql"
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        if not data.exists():
            data.mkdir()
            shutil.chown(data, "postgres")
            run(*as_postgres, str(programs / "initdb"), "-D", str(data), "-A", "trust")
        return [
            *as_postgres,
            str(programs / "postgres"),
            *("-D", str(data), "-c", f"listen_addresses={SERVER_ADDRESS}", "-c", f"unix_socket_directories={data}"),
        ]

    def _written(self, name: str, text: str) -> str:
        path = self._folder / name
        path.write_text(text.format(folder=self._folder, address=SERVER_ADDRESS), encoding="utf-8")
        return str(path)


def _path(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
