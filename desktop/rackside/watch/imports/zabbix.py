"""Zabbix's export of hosts, as XML, YAML or JSON, of versions 4 to 7.

Each host becomes a ping, a check of each agent's port, a check of each SNMP interface, and one of the first step of
each web scenario. What templates hold is not brought: it needs Zabbix's own agent.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from rackside.watch.imports.found import Found, NotReadableError, left_out, made

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Node = Mapping[str, object]
LISTS: Final = frozenset({"hosts", "groups", "interfaces", "httptests", "steps"})
"""The elements of the XML that hold many of a kind."""
AGENT: Final = frozenset({"ZABBIX", "1"})
SNMP: Final = frozenset({"SNMP", "2"})
VERSIONS: Final = {"SNMPV1": "1", "SNMPV2": "2c", "SNMPV3": "3", "1": "1", "2": "2c", "3": "3"}
DISABLED: Final = frozenset({"DISABLED", "1"})
SHOWN_KINDS: Final = {"IPMI": "IPMI", "3": "IPMI", "JMX": "JMX", "4": "JMX"}


def is_export(held: object) -> bool:
    """Return whether something read from YAML or JSON is an export of Zabbix."""
    return isinstance(held, dict) and isinstance(held.get("zabbix_export"), dict)


def read_xml(text: str) -> Iterator[Found]:
    """Yield the checks of an export as XML.

    Raises:
        NotReadableError: it is no XML, or none of Zabbix.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise NotReadableError(f"This begins as XML, and is not: {error}") from error
    if root.tag != "zabbix_export":
        raise NotReadableError("This is XML, but no export of Zabbix.")
    return read({"zabbix_export": _node(root)})


def read(export: Node) -> Iterator[Found]:
    """Yield the checks of an export.

    Raises:
        NotReadableError: it lists no hosts.
    """
    held = export.get("zabbix_export")
    listed = _list(held.get("hosts")) if isinstance(held, dict) else []
    if not listed:
        raise NotReadableError("This export of Zabbix lists no hosts. Export hosts, not templates.")
    for host in listed:
        yield from _host(host)


def _host(host: Node) -> Iterator[Found]:
    name = _text(host, "name") or _text(host, "host")
    group = next((_text(each, "name") for each in _list(host.get("groups"))), "")
    if _text(host, "status") in DISABLED:
        yield left_out(name, "it is disabled in Zabbix")
        return
    interfaces = _list(host.get("interfaces"))
    address = next((_address(each) for each in interfaces), _text(host, "host"))
    yield made(name, "ping", {"host": address}, host=name, group=group)
    for each in interfaces:
        yield _interface(name, group, each)
    for each in _list(host.get("httptests")):
        step = next(iter(_list(each.get("steps"))), {})
        fields = {"url": _text(step, "url"), "status": _text(step, "status_codes"), "keyword": _text(step, "required")}
        yield made(f"{name}: {_text(each, 'name')}", "http", fields, host=name, group=group)


def _interface(name: str, group: str, each: Node) -> Found:
    kind, address, port = _text(each, "type") or "ZABBIX", _address(each), _text(each, "port")
    if kind in AGENT:
        return made(f"{name}: agent", "tcp", {"host": address, "port": port or "10050"}, host=name, group=group)
    if kind not in SNMP:
        return left_out(f"{name}: {SHOWN_KINDS.get(kind, kind)}", "its kind of interface is not known here")
    details = each.get("details")
    details = details if isinstance(details, dict) else {}
    fields = {"host": address, "port": port, "version": VERSIONS.get(_text(details, "version"), "2c")}
    return made(f"{name}: SNMP", "snmp", fields, host=name, group=group)


def _address(interface: Node) -> str:
    by_name = _text(interface, "useip").upper() in {"NO", "0"}
    first, second = ("dns", "ip") if by_name else ("ip", "dns")
    return _text(interface, first) or _text(interface, second)


def _list(held: object) -> list[Node]:
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def _text(held: Node, name: str) -> str:
    value = held.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _node(element: "Element") -> dict[str, object]:
    """Return an element of XML as YAML and JSON have it."""
    return {
        child.tag: [_node(each) for each in child]
        if child.tag in LISTS
        else _node(child)
        if len(child)
        else child.text or ""
        for child in element
    }
