"""What this machine is built of: its make, processor, memory, disks, network cards, PCI and USB devices.

Serial numbers are not read: most need root, and nothing here needs them.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside import words
from rackside.watch import proc
from rackside.watch.collectors.disks import BLOCK, SECTOR_BYTES, find_disks
from rackside.watch.inventory.section import CannotTellError, bounded, word

NAME = "hardware"
SYS: Final = Path("/sys")
CPUINFO: Final = Path("/proc/cpuinfo")
MEMINFO: Final = Path("/proc/meminfo")
KIB: Final = 1_024
GIB: Final = 1_024**3
MOST_DEVICES: Final = 2_000
MOST_BYTES: Final = 4 * 1024 * 1024


def stamp() -> str:
    """Return nothing: what is built in has no file that says when it changed."""
    return ""


def read() -> dict[str, str]:
    """Return what there is.

    Raises:
        CannotTellError: this is not Linux.
    """
    if not proc.LINUX:
        raise CannotTellError("What a machine is built of is read from Linux's /sys only.")
    return bounded((name, value) for name, value in _items() if value)


def _items() -> Iterator[tuple[str, str]]:
    yield from make(SYS / "class/dmi/id")
    with CPUINFO.open("rb") as file:
        yield "processor", processor(file.read(MOST_BYTES).decode("utf-8", "replace"))
    kib = proc.number(MEMINFO.read_bytes(), b"MemTotal:") or 0
    # The kernel keeps a part for itself, another one with each version: what is built in is whole GiB.
    yield "memory", words.size(-(-kib * KIB // GIB) * GIB)
    for name, stat in find_disks(BLOCK):
        yield f"disk {name}", disk(Path(stat).parent)
    yield from cards(SYS / "class/net")
    yield from pci(SYS / "bus/pci/devices")
    yield from usb(SYS / "bus/usb/devices")


def make(dmi: Path) -> Iterator[tuple[str, str]]:
    """Yield who made the machine, its board and its firmware."""
    for name, fields in (
        ("machine", ("sys_vendor", "product_name", "product_version")),
        ("board", ("board_vendor", "board_name")),
        ("firmware", ("bios_vendor", "bios_version", "bios_date")),
    ):
        yield name, " ".join(each for field in fields if (each := word(dmi / field)))


def processor(cpuinfo: str) -> str:
    """Return the model and how many of them the kernel runs: `8 of Intel(R) Core(TM) i7`."""
    lines = [line.partition(":") for line in cpuinfo.splitlines()]
    named = [value.strip() for name, _, value in lines if name.strip() == "model name"]
    number = sum(name.strip() == "processor" for name, _, _ in lines)
    model = named[0] if named else next((v.strip() for n, _, v in lines if n.strip() in {"Model", "CPU part"}), "")
    return f"{number} of {model or 'unknown'}" if number else ""


def disk(folder: Path) -> str:
    """Return a disk's model and size."""
    sectors = word(folder / "size")
    size = words.size(int(sectors) * SECTOR_BYTES) if sectors.isdecimal() else ""
    maker, model = word(folder / "device/vendor"), word(folder / "device/model")
    # A number in place of a name is a virtual disk's, and ATA is how it is plugged in.
    made = " ".join(each for each in (maker, model) if each and each != "ATA" and not each.startswith("0x"))
    return ", ".join(each for each in (made, size) if each)


def cards(net: Path) -> Iterator[tuple[str, str]]:
    """Yield the network cards that are devices, with their driver and their number."""
    for card in _listed(net):
        device = card / "device"
        if device.exists():
            number = ":".join(each.removeprefix("0x") for part in ("vendor", "device") if (each := word(device / part)))
            yield f"network card {card.name}", " ".join(filter(None, (_driver(device), number))) or "unknown"


def pci(devices: Path) -> Iterator[tuple[str, str]]:
    """Yield the devices of the PCI bus by their place, with the numbers of their class and model."""
    for device in _listed(devices):
        vendor, model, kind = (word(device / part).removeprefix("0x") for part in ("vendor", "device", "class"))
        yield f"PCI device {device.name}", f"{vendor}:{model}, class {kind}"


def usb(devices: Path) -> Iterator[tuple[str, str]]:
    """Yield USB devices by what they are, not where they are plugged in, and how many; hubs of the machine are none."""
    seen: Counter[str] = Counter()
    for device in _listed(devices):
        number = f"{word(device / 'idVendor')}:{word(device / 'idProduct')}"
        if number == ":" or device.name.startswith("usb"):
            continue
        name = " ".join(f"{word(device / 'manufacturer')} {word(device / 'product')}".split())
        seen[f"USB device {name or 'without a name'} ({number})"] += 1
    for name, count in seen.items():
        yield name, str(count)


def _driver(device: Path) -> str:
    try:
        return (device / "driver").readlink().name
    except OSError:
        return ""


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())[:MOST_DEVICES] if folder.is_dir() else []
