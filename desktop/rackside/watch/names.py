"""What readings are called where a person sees them. Pure."""

from typing import Final

NAMES: Final = {
    "cpu.used": "CPU",
    "cpu.core": "Core",
    "cpu.iowait": "I/O wait",
    "cpu.steal": "Stolen CPU",
    "load.1": "Load, 1 min",
    "load.5": "Load, 5 min",
    "load.15": "Load, 15 min",
    "load.per_core": "Load per core",
    "memory.used": "Memory",
    "memory.used_share": "Memory used",
    "memory.available": "Memory available",
    "swap.used": "Swap",
    "swap.out": "Swapped out",
    "disk.used": "Disk",
    "disk.free": "Free on",
    "disk.inodes": "Inodes",
    "disk.read": "Reading",
    "disk.write": "Writing",
    "disk.busy": "Busy",
    "nic.down": "Receiving",
    "nic.up": "Sending",
    "nic.use": "Link use",
    "nic.drops": "Drops",
    "temperature": "Temperature",
    "ping.ms": "Round trip to the",
    "dns.ms": "DNS look-up",
    "internet.ms": "Connection to the internet",
    "check.value": "",
}


def name_of(key: str) -> str:
    """Return what a reading is called: `Disk /srv` for `disk.used /srv`."""
    metric, _, component = key.partition(" ")
    if component == metric.partition(".")[0]:
        component = ""
    return f"{NAMES.get(metric, metric.replace('.', ' '))} {component}".strip()
