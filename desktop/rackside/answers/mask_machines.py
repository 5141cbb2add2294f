"""Hosts, by their place in a line, by what is before them, by their ending and by their shape."""

# ruff: noqa: E501 - a pattern that is broken over lines is read no better

from collections.abc import Iterator

from rackside.answers import mask_words as words
from rackside.answers.mask_patterns import EDGE, HOST, LABEL, MASKED, QUOTED, SEP, SYSLOG_TIME, Found, never
from rackside.answers.mask_values import is_no_address, is_no_host, is_no_label, is_plain_path, is_public_host


def machines() -> Iterator[Found]:
    """Yield hosts by their place in a line, by what is before them, by their ending and by their shape."""
    yield "host", rf"\b[A-Z][a-z]{{1,20}}-[A-Z]\w{{1,40}}\s:\s\[(?P<x>{HOST})\]", is_no_label
    yield (
        "host",
        rf"(?m)(?:^|(?<=\n)|(?<=\s)|(?<=>))(?:<\d{{1,3}}>1?\s?)?{SYSLOG_TIME}\s{{1,3}}(?P<x>{HOST})(?=\s[\w./()@-]{{1,60}}(?:\[\d{{1,8}}\])?:|\s\S{{1,60}}\s(?:\d{{1,8}}|-)\s|\s[\w/.-]{{1,40}}\[)",
        is_no_label,
    )
    yield "host", rf"(?i)(?<=[:@\s\"'])//(?P<x>{HOST})(?=[:/?#\s\"',;)\]<>]|$)", is_public_host
    yield (
        "host",
        rf"(?i){EDGE}(?:{words.HOST_LABELS}){SEP}(?P<x>\"[^\"\n]{{1,200}}\"|'[^'\n]{{1,200}}'|{HOST})",
        is_no_label,
    )
    yield (
        "host",
        rf"[a-z](?:Host|HostName|Hostname|Server|ServerName|Node|NodeName|Addr|Address|Domain|Peer){SEP}(?P<x>{QUOTED}|{HOST})",
        is_no_label,
    )
    yield "host", rf"(?i)\s--?[\w-]{{0,20}}(?:{words.HOST_LABELS})[\s=](?P<x>{QUOTED}|{HOST})", is_no_label
    yield (
        "host",
        rf"(?i)(?<![\w.])(?:mon|mgr|mds|printer|print queue|cluster member|replica set member)[. ](?P<x>{LABEL})(?=\s(?!is\b|not\b)|:)",
        is_no_label,
    )
    yield (
        "host",
        rf"[{{\[](?P<x>{HOST})[}}\]](?=(?:[{{\[][^{{}}\[\]\n]{{0,60}}[}}\]]){{0,2}}[{{\[]{MASKED})",
        is_no_label,
    )
    yield (
        "host",
        rf"(?im)\bDHCP[A-Z]{{3,9}}[^\n]{{0,40}}?{MASKED}\s(?:(?:{MASKED}|[0-9A-Fa-f.:-]{{12,17}})\s)?(?P<x>{HOST})(?=\s|$)",
        is_no_label,
    )
    yield (
        "host",
        rf"(?i)\b(?:on|at|from)\s(?P<x>{LABEL})(?=\s(?:failed|fails|is|was|has|did|does|refused|timed|unreachable|closed|rebooted|went|returned|reset|stopped|crashed)\b)",
        is_no_label,
    )
    yield (
        "host",
        r"(?i)\b(?:host(?:name)?|server|node|machine|computer|workstation|nodename|peer|broker|instance|nfs: server|domain)\s{1,2}(?:name\s|called\s|named\s)?(?P<x>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|“[^”\n]{1,200}”)",
        is_no_host,
    )
    yield (
        "host",
        rf"(?i)\b(?:resolve(?:\shost(?:name)?)?|lookup|getaddrinfo|resolving|hostname|connect to host|connection to|ssh to|ping|traceroute to|nslookup|dig|rdp to|login to|mount\.nfs:|nfs: server|upstream|unknownhostexception:|could not resolve host:?|name or service not known:|no route to host:?|helo|ehlo|from host|on host|to host|remote host|set-hostname|hostnamectl \w{{3,12}}|ssh|scp|rsync|telnet|mtr|host|gaierror:|enotfound|econnrefused|etimedout|kernel on|kubectl \w{{3,10}} node|node/|nodes/|node|drain|cordon)\s{{1,2}}[\"'(\[]?(?P<x>{HOST})(?=[\s\"'):,;\]/]|$)",
        is_no_host,
    )
    yield "host", rf"(?i)(?<=node/)(?P<x>{HOST})", is_no_host
    yield (
        "host",
        rf"(?i)\b(?:to|at|on|from|tcp|udp|addr|address|dial|via|of|with|listen)\s{{1,2}}[\"'(\[]?(?:tcp/|tcp:|udp:)?(?P<x>{HOST})(?=[:/]\d{{2,5}}\b|\s(?:port|\(port|\[|\((?:\d|<|\U000f0000|[\U000f0000-\U000ffffd])))",
        is_no_host,
    )
    yield "host", rf"(?i)(?<![\w./@-])(?P<x>{HOST})(?=:(?:/(?!/)[\w.-]|[A-Za-z]:\\))", is_no_host
    yield "share", r"(?i)\bfind (?:service|share) (?P<x>[^\s\"'<>]{1,80})", never
    yield "host", rf"(?i)(?<=@)(?P<x>{HOST})", is_no_address
    yield (
        "host",
        rf"(?i)(?<![\w./-])(?:http|cifs|host|ldap|nfs|mssqlsvc|termsrv|rpcss|gc|dns|wsman|restrictedkrbhost|imap|smtp|postgres|ftp|vnc|krbtgt)/(?P<x>{HOST})",
        is_no_host,
    )
    yield (
        "host",
        rf"(?i)(?:^|\s)(?:-h|-H|--host(?:name)?|--server|-s|--target|-ComputerName|-Server|-S)[\s=](?P<x>{HOST})",
        is_no_host,
    )
    yield "host", r"(?<![\w$.])[A-Za-z][\w-]{1,14}\$(?=[\s.,;:'\")\]]|$)", never
    yield "host", rf"(?i)@[\"'](?P<x>{HOST})[\"']", is_no_host
    yield (
        "host",
        rf"(?i)\b(?:remote (?:server|machine|computer|host)|kubelet,|kubelet on|from the server|on the server|to the server|domain controller|print server)\s(?P<x>{HOST})",
        is_no_host,
    )
    yield "path", r"(?<=[\U000f0000-\U000ffffd])(?::\d{1,5})?[/:](?P<x>[^\s\"'<>]{1,200}\.git)\b", never
    yield "host", rf"(?m)\((?P<x>{HOST})(?=\s?\[[\U000f0000-\U000ffffd])", is_no_host
    yield "host", rf"(?i)(?<![\w./-])(?P<x>{HOST})(?=\s?[/\[(]\s?[\U000f0000-\U000ffffd])", is_no_label
    yield (
        "host",
        rf"(?i)(?<![\w.@/\\-])(?:[^\W_](?:[\w-]{{0,61}}[^\W_])?\.){{1,9}}(?:{words.TOP_LEVEL_DOMAINS}|xn--[\w-]{{2,59}})\b(?!\.?[\w(])",
        is_no_host,
    )
    yield "host", r"(?<![\w.@/\\-])(?:[^\W\d_](?:[\w-]{0,61}[^\W_])?\.){2,9}[^\W\d_]{2,24}\b(?!\.?[\w(])", is_no_host
    yield (
        "host",
        rf"(?i)(?<![\w.\\-])(?:[a-z][a-z0-9]{{1,14}}-){{0,3}}(?:{words.HOST_WORDS})(?:-[a-z]{{1,12}}){{0,2}}[-_]?\d{{1,4}}[a-z]?(?![\w(]|\.\d|\.\w{{1,4}}:\d)",
        is_no_host,
    )
    yield "host", r"(?i)(?<![\w./\\-])[a-z]{2,15}(?:-[a-z0-9]{1,15}){0,3}-?0\d{1,3}(?![\w(.:]|-\w)", is_no_host
    yield "host", r"\b(?:DESKTOP|LAPTOP|WIN|PC|NB|WS|SRV|MININT)-[A-Z0-9]{3,15}\b", never
    yield "path", rf"(?<={MASKED})(?::\d{{1,5}})?/(?P<x>[^\s\"'<>?#,;)]{{1,400}})", is_plain_path
