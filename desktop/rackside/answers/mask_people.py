"""Names of people and customers, and the paths that tell them."""

# ruff: noqa: E501 - a pattern that is broken over lines is read no better

from collections.abc import Iterator

from rackside.answers import mask_words as words
from rackside.answers.mask_patterns import EDGE, MASKED, NAME, QUOTED, SEP, Found, never
from rackside.answers.mask_values import is_common_user, is_plain_value


def people() -> Iterator[Found]:
    """Yield names of people and customers, and the paths that tell them."""
    rest = r"(?:[^\\/:*?\"<>|\r\n]{1,80}[\\/]{1,2}){0,20}(?:[^\\/:*?\"<>|\r\n]{1,80}?\.\w{1,5}\b|[^\s\\/:*?\"'<>|,;)\]]{0,120})"
    inner = r"[^\s:\"'<>|,;)\]]{1,400}"
    yield (
        "path",
        rf"(?i)(?:[a-z]:|/mnt/[a-z]|/[a-z])?(?:\\{{1,2}}|/)(?:users|documents and settings|benutzer|utilisateurs|profiles|homes?|userdata|redirected|roaming)(?:\\{{1,2}}|/)(?P<x>(?!public\b|default\b|all users|{MASKED})(?:[^\\/:*?\"'<>|\s]{{1,64}}(?: [A-Z][^\\/:*?\"'<>|\s]{{0,64}}){{0,3}})(?:[\\/]{{1,2}}{rest})?)",
        never,
    )
    yield (
        "path",
        rf"(?i)(?:/|%2F)(?:home|homes|volumes|run/media|media|var/mail|var/spool/mail|var/spool/cron(?:/crontabs|/tabs)?|export/home\d?|net/home|data/home|var/lib/AccountsService/users|maildirs?|afs/[\w.-]{{1,60}}/user)(?:/|%2F)(?P<x>{inner}(?:\\ {inner}){{0,4}})",
        is_common_user,
    )
    yield (
        "path",
        r"(?i)(?<=/)(?:customers?|clients?|tenants?|kunden|mandanten|projects?|accounts?|users?|people|staff|members?|vhosts|sites|sites-(?:available|enabled)|orgs?|organi[sz]ations?|companies|partners?|resourcegroups|subscriptions|departments?|teams?|profiles|mailboxes|patients?|employees?|conf\.d/customers)/(?P<x>[^\s:\"'<>|,;)\]]{2,400})",
        is_common_user,
    )
    yield "path", r"/var/www/(?!html\b)(?P<x>[^\s:\"'<>|,;)\]]{2,400})", never
    yield "path", r"/srv/(?:www|ftp|git|samba|nfs|backup|data|http)/(?P<x>[^\s:\"'<>|,;)\]]{2,400})", never
    yield "path", r"(?<![\w~])~(?P<x>[a-z][\w.-]{1,40}(?:/[^\s:\"'<>|,;)\]]{0,400})?)", never
    yield "share", r"(?<![\w\\])\\\\{1,3}(?P<x>[\w.-]{1,64}(?:\\{1,2}[^\s\\:*?\"'<>|,;]{1,80}){0,20})", never
    yield (
        "serial",
        r"/dev/(?:disk/)?by-(?:id|partuuid|uuid|label|partlabel)/(?:(?:ata|nvme|scsi|usb|wwn|dm-uuid|dm-name|md-uuid|md-name|lvm-pv-uuid|virtio)-)?+(?P<x>[\w.:+\\-]{3,200})",
        never,
    )
    yield (
        "name",
        r"(?i)(?<![\w-])(?:cn|ou|dc|uid|emailaddress|sn|gn|givenname|serialnumber|o|l|st|street|title|mail|samaccountname|member|memberuid|userprincipalname)\s?=\s?(?P<x>\"[^\"\n]{1,200}\"|(?:[^,/+\"'\n\\;>)\]=]|\\.){1,128})(?=[,/+\"'\n\\;>)\]]|$)",
        is_plain_value,
    )
    yield "ssid", rf"(?i)\b(?:{words.SSID_LABELS})\s{{0,30}}[:=]?\s{{0,4}}(?P<x>{QUOTED})", never
    yield "ssid", r"(?im)\b(?:e?ssid|wifi-name)(?:[ _]?name)?\s{0,30}[:=]\s{0,4}(?P<x>[^\"'\s][^\n,;]{0,64})", never
    yield (
        "ssid",
        r"(?i)\b(?:wi-?fi|wlan|wireless|nmcli|network-?manager)\b[^\n]{0,60}?\b(?:connection|network|profile)\s(?:to\s|named\s|called\s)?(?P<x>"
        + QUOTED
        + ")",
        never,
    )
    yield (
        "ssid",
        r"(?i)\b(?:connect(?:ed|ing)?|associat(?:ed|ing)|joined|joining|roam(?:ed|ing)|switched|authenticat(?:ed|ing))\s(?:to|with)\s(?P<x>"
        + QUOTED
        + ")",
        never,
    )
    yield "user", r"(?<![\w\\/.:])(?P<x>[A-Z][A-Z0-9-]{1,14}\\{1,2}[A-Za-z][\w.$-]{1,40})(?![\\\w])", is_common_user
    yield (
        "user",
        rf"(?im){EDGE}(?:{words.USER_LABELS}){SEP}[<\[]?(?P<x>{QUOTED}|{NAME}(?:\\{{1,2}}{NAME})?(?:(?<=[a-z]) [A-Z][a-z'-]{{1,30}}){{0,3}})",
        is_common_user,
    )
    yield "user", rf"(?i)\s--?[\w-]{{0,20}}(?:{words.USER_LABELS})[\s=](?P<x>{QUOTED}|{NAME})", is_common_user
    yield (
        "user",
        rf"[a-z](?:User|UserName|Username|Login|Owner|Account|AccountName){SEP}(?P<x>{QUOTED}|{NAME})",
        is_common_user,
    )
    yield "user", rf"(?i)\[(?P<x>{NAME})\](?=\s(?:fail|ok)\s)", is_common_user
    yield "user", rf"(?<=\s)(?P<x>{NAME})(?=\s(?:HIER_|DIRECT/|NONE/))", is_common_user
    yield (
        "user",
        rf"(?i)(?:--|/|\s-)(?:user(?:name)?|login|owner|u|l|U)[\s=:](?P<x>{QUOTED}|{NAME}(?:\\{{1,2}}{NAME})?)",
        is_common_user,
    )
    yield (
        "user",
        rf"(?i)\b(?:user|login|role|owner|account|principal|member|for|to user|by user|of user|author|customer|client|tenant|cn)\s{{1,4}}(?:invalid user\s|user\s|named\s|'s\s)?(?P<x>{QUOTED})",
        is_common_user,
    )
    yield (
        "user",
        rf"(?i)\b(?:(?:for|of|by|as|to)\s(?:invalid\s|illegal\s|unknown\s)?user|invalid user|illegal user|unknown user|user)\s{{1,2}}(?P<x>{NAME})",
        is_common_user,
    )
    yield (
        "user",
        rf"(?i)\b(?:for|by|user|from user|to)\s(?P<x>{NAME})(?=\s(?:from|by|via|on|at|port|\(uid|with uid)\b|\(uid)",
        is_common_user,
    )
    yield "user", rf"(?i)(?:\bby|\bof|\bto|\bfor)\s(?P<x>{NAME})\(uid=", is_common_user
    yield (
        "user",
        r"(?<=[=\s\d])\((?P<x>[a-z][\w.-]{1,31})\)(?=\s(?:CMD|gid|groups|MAIL|LIST|RELOAD|END|BEGIN|STARTUP|PAM)\b)",
        is_common_user,
    )
    yield "user", r"(?i)\b(?:uid|gid|euid|groups)=\d{1,10}\((?P<x>[\w.-]{1,40})\)", is_common_user
    yield (
        "user",
        r"(?i)\b(?:sudo|su|doas)(?:\[\d{1,7}\])?:\s{1,4}(?:\(to [\w.-]{1,40}\)\s)?(?P<x>[a-z][\w.-]{1,40})(?=\s(?::|on\b))",
        is_common_user,
    )
    yield (
        "user",
        r"(?im)^(?P<x>[a-z][\w.-]{1,31}\+?)(?=\s{1,12}(?:\d{1,7}\s{1,8}\d{1,3}\.\d\s|pts/\d|tty\d|:\d\s))",
        is_common_user,
    )
    yield (
        "user",
        r"(?<=[dlrwxst.+-]{9}\s)\d{1,4}\s{1,4}(?P<x>[a-z][\w.-]{1,31}\s{1,8}[\w.-]{1,31})(?=\s)",
        is_common_user,
    )
    yield (
        "user",
        r"(?i)\b(?:chown|chgrp|chown -R|usermod|useradd|userdel|passwd|id|su -|su|runuser -u|sudo -u|finger|loginctl \w{4,20}-user|crontab -u|groups|set-credentials|adduser|deluser|add-user|net user|identity:)\s{1,2}['\"]?(?P<x>(?!-)[a-z][\w.-]{1,40}(?::[\w.-]{1,40})?)\b",
        is_common_user,
    )
    yield "user", rf"(?i)[\U000f0000-\U000ffffd]\s(?:-|\S{{1,40}})\s(?P<x>{NAME})(?=\s\[)", is_common_user
    yield (
        "user",
        rf"(?i)\b(?:create|alter|drop|grant\s\S{{1,80}}\sto|owner\sto|set)\s(?:role|user|login)\s(?:if (?:not )?exists\s)?(?P<x>{QUOTED}|{NAME})",
        is_common_user,
    )
    yield "user", r"(?i)\bhello,? (?:my name is )?(?P<x>[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?)", is_common_user
