"""The evidence for each kind of device, and its weight: 1 is a hint, 3 speaks for itself, 5 is the device's own word.

Every condition of a rule has to hold. Words are regular expressions without case. Where a maker makes everything, its
name weighs little.
"""

from typing import Final, Literal

import msgspec

from rackside.watch.discovery.device import Kind


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence: all of `ports`, any of `services`, any of `exporters`, words, or a fact of the device."""

    kind: Kind
    weight: int
    ports: tuple[int, ...] = ()
    exporters: tuple[int, ...] = ()
    services: tuple[str, ...] = ()
    vendor: str = ""
    named: str = ""
    model: str = ""
    says: str = ""
    fact: Literal["gateway", "routes", ""] = ""
    fact_said: str = ""


RULES: Final = (
    Rule(kind="router", weight=5, fact="gateway", fact_said="is the gateway of this machine"),
    Rule(kind="router", weight=4, fact="routes", fact_said="routes IPv6"),
    Rule(kind="router", weight=5, says=r"RouterOS|EdgeOS|OpenWrt|pfSense|OPNsense|VyOS|FortiGate|FRITZ!Box|Speedport"),
    Rule(kind="router", weight=2, vendor=r"MikroTik|AVM |AVM$|Draytek|Fortinet|Sophos|Juniper|Lancom|Netgate"),
    Rule(kind="router", weight=2, named=r"^(router|gateway|gw|fw|firewall|fritz)\b"),
    Rule(kind="router", weight=1, ports=(53, 80)),
    Rule(kind="switch", weight=6, says=r"\bswitch\b|ProCurve|Catalyst|NX-OS|JetStream|ArubaOS-CX|PowerConnect"),
    Rule(kind="switch", weight=3, named=r"^(sw|switch)[-_0-9]|\bswitch\b"),
    Rule(kind="switch", weight=2, vendor=r"Extreme Networks|Arista|Allied Telesis|Brocade|Edgecore|H3C|ProCurve"),
    Rule(kind="switch", weight=1, vendor=r"Cisco|Netgear|TP-Link|D-Link|Aruba|Hewlett Packard Enterprise"),
    Rule(kind="access point", weight=6, says=r"access point|AIR-(C?AP|LAP)|\bUAP\b|UniFi AP|ArubaOS \(MODEL"),
    Rule(kind="access point", weight=4, model=r"\b(UAP|U6|U7|EAP\d|WAP\d)"),
    Rule(kind="access point", weight=3, named=r"^(ap|wap|uap|u6|u7|eap)[-_0-9]|access.?point"),
    Rule(kind="access point", weight=2, vendor=r"Ruckus|Aerohive|Cambium|Meraki"),
    Rule(kind="access point", weight=1, vendor=r"Ubiquiti|Aruba"),
    Rule(kind="printer", weight=5, ports=(9100,), services=("_ipp._tcp", "_printer._tcp", "_pdl-datastream._tcp")),
    Rule(kind="printer", weight=4, ports=(9100, 515)),
    Rule(kind="printer", weight=3, ports=(9100, 631)),
    Rule(kind="printer", weight=2, ports=(9100,)),
    Rule(kind="printer", weight=3, services=("_pdl-datastream._tcp", "_printer._tcp")),
    Rule(kind="printer", weight=2, services=("_ipp._tcp", "_ipps._tcp")),
    Rule(kind="printer", weight=1, ports=(631,)),
    Rule(kind="printer", weight=1, ports=(515,)),
    Rule(kind="printer", weight=3, vendor=r"Brother|Lexmark|Kyocera|Epson|Xerox|Ricoh|Zebra|Konica|Oki |Canon"),
    Rule(kind="printer", weight=6, says=r"JETDIRECT|LaserJet|OfficeJet|printer|ECOSYS|bizhub|imageRUNNER|MFC-"),
    Rule(kind="printer", weight=4, model=r"LaserJet|OfficeJet|printer|ECOSYS|bizhub|imageRUNNER|MFC-|DeskJet|EcoTank"),
    Rule(kind="printer", weight=3, named=r"^(npi|brw|brn|epson|canon|km)[0-9a-f]{5}|printer|drucker|^prn"),
    Rule(kind="camera", weight=2, ports=(554,)),
    Rule(kind="camera", weight=4, services=("_axis-video._tcp", "_rtsp._tcp")),
    Rule(kind="camera", weight=5, vendor=r"Hikvision|Dahua|Axis Communications|Hanwha|Reolink|Vivotek|Amcrest|Mobotix"),
    Rule(kind="camera", weight=5, says=r"Hikvision|DNVRS|IP ?camera|Network Camera|webcam"),
    Rule(kind="camera", weight=3, named=r"^(cam|ipcam|camera|kamera)[-_0-9]?|[-_](cam|camera)\d*\b"),
    Rule(kind="phone", weight=3, ports=(5060,)),
    Rule(kind="phone", weight=3, services=("_sip._udp", "_sip._tcp")),
    Rule(kind="phone", weight=5, vendor=r"Yealink|Snom|Polycom|Grandstream|Mitel|Avaya|Gigaset|Aastra|Fanvil"),
    Rule(kind="phone", weight=5, says=r"Yealink|snom|Polycom|Grandstream|SIP.?phone|IP Phone"),
    Rule(kind="tv", weight=4, services=("_androidtvremote2._tcp",)),
    Rule(kind="tv", weight=3, services=("_googlecast._tcp",)),
    Rule(kind="tv", weight=5, model=r"AppleTV|Chromecast|BRAVIA|Shield|\bTV\b"),
    Rule(kind="tv", weight=3, vendor=r"Roku|Vizio|Hisense|TCL |Skyworth"),
    Rule(kind="tv", weight=1, vendor=r"LG Electronics|Samsung Electronics|Sony|Philips"),
    Rule(kind="tv", weight=3, named=r"\b(tv|chromecast|roku|bravia)\b|apple-?tv|smart-?tv"),
    Rule(kind="nas", weight=4, services=("_adisk._tcp",)),
    Rule(kind="nas", weight=2, services=("_afpovertcp._tcp",), ports=(445,)),
    Rule(kind="nas", weight=5, vendor=r"Synology|QNAP|Asustor|TerraMaster|Drobo"),
    Rule(kind="nas", weight=5, says=r"Synology|DiskStation|QNAP|TrueNAS|FreeNAS|OpenMediaVault|unRAID"),
    Rule(kind="nas", weight=3, model=r"RackStation|DiskStation|Xserve|DS\d{3}"),
    Rule(kind="nas", weight=2, named=r"\bnas\b|nas\d|diskstation|truenas"),
    Rule(kind="server", weight=3, says=r"Windows Server|Ubuntu.*server|Red Hat Enterprise|Microsoft-IIS"),
    Rule(kind="server", weight=2, says=r"^Linux|Debian|Ubuntu|FreeBSD|AlmaLinux|Rocky"),
    Rule(kind="server", weight=3, ports=(5432,)),
    Rule(kind="server", weight=3, ports=(3306,)),
    Rule(kind="server", weight=3, ports=(25,)),
    Rule(kind="server", weight=3, ports=(53, 445)),
    Rule(kind="server", weight=2, exporters=(9100, 9182, 9090)),
    Rule(kind="server", weight=1, ports=(22,)),
    Rule(kind="server", weight=1, ports=(22, 80)),
    Rule(kind="server", weight=1, ports=(22, 443)),
    Rule(kind="server", weight=2, named=r"^(srv|server|db|mail|web|mx|dc|dns|ns)[-_0-9]|\bserver\b"),
    Rule(kind="server", weight=1, vendor=r"Super ?Micro|Hewlett Packard Enterprise|QEMU|Xen|VMware"),
    Rule(kind="workstation", weight=3, services=("_workstation._tcp",)),
    Rule(kind="workstation", weight=3, ports=(3389,)),
    Rule(kind="workstation", weight=2, ports=(139, 445)),
    Rule(kind="workstation", weight=2, ports=(5900,)),
    Rule(kind="workstation", weight=2, services=("_rfb._tcp", "_companion-link._tcp")),
    Rule(kind="workstation", weight=5, model=r"iMac|Macmini|MacPro|OptiPlex|ThinkCentre"),
    Rule(
        kind="workstation",
        weight=1,
        vendor=r"Dell|HP Inc|Hewlett Packard$|Lenovo|Micro-Star|Giga-?byte|ASUSTek|Fujitsu",
    ),
    Rule(kind="workstation", weight=3, named=r"^(desktop|pc|ws|wks|workstation)[-_0-9]|imac|mac-?mini"),
    Rule(kind="laptop", weight=6, model=r"MacBook|ThinkPad|Latitude|EliteBook|Surface"),
    Rule(kind="laptop", weight=5, named=r"laptop|macbook|thinkpad|notebook|elitebook|^(nb|lt)[-_0-9]"),
    Rule(kind="mobile", weight=5, services=("_apple-mobdev2._tcp",)),
    Rule(kind="mobile", weight=5, named=r"iphone|ipad|android|galaxy|pixel|oneplus|redmi"),
    Rule(kind="mobile", weight=5, model=r"iPhone|iPad|Pixel|SM-[A-Z]\d"),
    Rule(kind="hypervisor", weight=6, says=r"VMware ESXi|pve-api|Proxmox|XenServer|XCP-ng|Hyper-V"),
    Rule(kind="hypervisor", weight=4, named=r"^(esx|esxi|pve|proxmox|xen|hyperv|hv)[-_0-9]|proxmox"),
    Rule(kind="ups", weight=5, says=r"\bUPS\b|APC Web|PowerNet|Network Management Card"),
    Rule(kind="ups", weight=4, services=("_nut._tcp",)),
    Rule(kind="ups", weight=4, vendor=r"American Power|Cyber ?Power|Eaton|Riello|Vertiv|Liebert"),
    Rule(kind="ups", weight=3, named=r"^(ups|usv)[-_0-9]|\bups\b"),
    Rule(kind="iot", weight=5, services=("_hap._tcp", "_matter._tcp", "_esphomelib._tcp", "_hue._tcp", "_shelly._tcp")),
    Rule(kind="iot", weight=4, vendor=r"Espressif|Tuya|Shelly|Allterco|Signify|Nest Labs|Ring LLC|Sonos|ITEAD|Ecobee"),
    Rule(kind="iot", weight=3, services=("_mqtt._tcp",)),
    Rule(kind="iot", weight=3, ports=(1883,)),
    Rule(kind="iot", weight=4, named=r"^(esp|shelly|tasmota|sonoff|hue|tuya)[-_0-9]"),
)
