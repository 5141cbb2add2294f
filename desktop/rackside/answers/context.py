"""From what this console sees to what is asked: an alert becomes a query, in the words that people use. Pure."""

from typing import Final

from rackside_protocol.queries import Query
from rackside_ranking import context

KIND_WORDS: Final[dict[str, str]] = {
    "disk.used": "disk full no space left on device filesystem usage",
    "disk.filling": "disk filling fast growing no space left filesystem",
    "disk.inodes": "inodes exhausted no space left on device df -i small files",
    "inodes.filling": "inodes running out no space left on device df -i small files",
    "memory.available": "memory low available out of memory usage leak",
    "memory.oom": "out of memory oom killer killed process cgroup",
    "swap.used": "swap swapping swappiness swapped out memory pressure",
    "cpu.used": "cpu 100 percent high usage busy process",
    "load": "load average high runnable blocked processes",
    "io.wait": "iowait i/o wait slow disk latency blocked",
    "nic.use": "network interface saturated bandwidth throughput link utilisation",
    "nic.drops": "network interface dropped packets rx drops ring buffer errors",
    "nic.link": "network link down carrier lost cable interface flapping",
    "ping.loss": "packet loss ping icmp",
    "ping.down": "host unreachable down ping timeout",
    "rtt": "latency high round trip time slow network bufferbloat",
    "dns": "dns resolution resolver lookup timeout servfail",
    "internet": "internet connection unreachable uplink outage",
    "gateway": "default gateway unreachable arp router",
    "temperature": "temperature overheating thermal throttling fan",
    "service.failed": "service failed systemd unit start exit code",
    "service.restarts": "service restarts loop systemd restart start limit",
    "tls.expiry": "tls certificate expires renew expired",
    "clock.offset": "clock time drift ntp chrony offset",
    "raid": "raid array degraded disk mdadm failed",
    "log.error": "log error message syslog journal journalctl logged",
    "heartbeat": "heartbeat backup job cron timer did not run missed",
    "disk.smart": "smart disk failing reallocated pending sectors smartctl self-assessment",
    "updates.security": "security updates pending unattended upgrades patch apt dnf",
    "reboot.required": "reboot required restart after kernel update running kernel",
    "check.tcp": "port connection refused timeout tcp",
    "check.warns": "warning level threshold exporter snmp prometheus metric",
    "check.http": "http status 5xx timeout web server",
}
"""What people call each kind of alert when they ask about it."""
MACHINES_MARKS: Final = (":", "=", "[", "_", "0x")


def from_alert(signature: str, summary: str, *, component: str = "", machine: str = "") -> Query:
    """Make the query of an alert.

    Args:
        signature: `kind/component/normalised error`.
        summary: the alert's sentence.
        component: the class of what is affected, such as `ext4` or `wireless`.
        machine: operating system with version, whose words prefer and never exclude.
    """
    kind, _, error = signature.partition("/")
    parts = {"name": KIND_WORDS.get(kind.strip(), kind), "summary": summary, "info": error, "component": component}
    return context.from_alert(parts, signature=signature, machine=machine)


def from_text(text: str, *, machine: str = "") -> Query:
    """Make the query of an error text as logged, or of a person's question: whichever it looks like."""
    if looks_logged(text):
        return context.from_error(text, machine=machine)
    title, _, body = text.strip().partition("\n")
    return context.from_question(title, body, machine=machine)


def looks_logged(text: str) -> bool:
    """Say whether a text is rather a program's than a person's: it has more marks of machines than sentences have."""
    return (
        text.count(":") + text.count("=") + text.count("[") + text.count("_") + text.count("0x") > text.count("?") + 1
    )
