"""What opens something: keys, tokens, passwords, licences, and what looks like chance."""

# ruff: noqa: E501 - a pattern that is broken over lines is read no better

from collections.abc import Iterator

from rackside.answers import mask_words as words
from rackside.answers.mask_patterns import B64, QUOTED, SEP, TO_END, VALUE, Found, never
from rackside.answers.mask_values import is_no_id, is_no_secret, is_no_serial, is_plain_number, is_plain_value


def secrets() -> Iterator[Found]:
    """Yield what opens something."""
    yield "key", r"(?s)-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", never
    yield "key", r"(?<![\w+/=])[A-Za-z0-9+/=]{1,100}(?:\\n|\s{1,8})-----END [A-Z0-9 ]{1,40}-----", never
    yield (
        "key",
        r"(?i)\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\w{1,20}|sk-\S{1,40}) (?P<x>AAAA\S{1,1000}(?: [^\s,;\"']{1,100})?)",
        never,
    )
    yield "secret", r"(?i)(?<=://)(?P<x>[^\s/@\"'<>]{1,300}(?:@[^\s/@\"'<>]{1,100})?)(?=@)", never
    yield "secret", rf"(?i)\b(?:set-)?cookie2?{SEP}(?P<x>{TO_END})", never
    yield "secret", rf"(?i)\b(?:proxy-)?authori[sz]ation{SEP}[\"']?(?P<x>{TO_END})", never
    yield (
        "secret",
        rf"(?i)\bx-[\w-]{{0,30}}(?:key|token|auth|secret|signature)[\w-]{{0,20}}{SEP}(?P<x>{TO_END})",
        never,
    )
    yield "secret", r"(?i)\b(?:bearer|basic|negotiate|ntlm|digest)\s{1,4}(?P<x>[\w+/.=~-]{6,4000})", is_plain_value
    yield "secret", r"\beyJ[\w-]{8,4000}(?:\.[\w-]{1,4000}){0,2}", never
    yield (
        "secret",
        (
            r"(?<![\w-])(?:gh[pousr]_|github_pat_|gl(?:pat|rt|dt|cbt|ptt|soat|imt|ft|agent)-|xox[abeoprs]-|xapp-|[srp]k[-_]|rk_|whsec_|hf_|npm_"
            r"|pypi-|dop_v1_|do[or]_v1_|GOCSPX-|ya29\.|SG\.|AIza|shp(?:at|ca|pa|ss)_|sq0\w{3}-|hv[sbr]\.|dapi|lin_api_|secret_"
            r"|key-|AGE-SECRET-KEY-|sbp_|nvapi-|gsk_|r8_|tskey-|ops_|PMAK-|NRAK-|glsa_|sntrys_|EAAC|dckr_pat_|ATATT|AP1\.)"
            r"[\w.=/+-]{10,800}"
        ),
        never,
    )
    yield "secret", r"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z0-9]{6,40}\b", never
    yield "secret", r"\b\d{8,12}:AA[\w-]{20,60}", never
    yield "secret", r"\$(?:\d\w?|apr1|y|argon2\w{0,2}|pbkdf2[\w-]{0,20}|sha1|P|H)\$[^\s:\"']{8,400}", never
    yield "licence", r"(?<![\w-])(?:\d{6}-){1,9}\d{1,6}(?![\w-])", is_plain_number
    yield "licence", r"(?<![\w-])[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,9}(?![\w-])", is_no_serial
    yield "secret", rf"(?i)session{SEP}[\"']?(?P<x>[\w+/=-]{{12,400}})", never
    yield "secret", rf"(?i)(?:{words.SECRET_LABELS})[\w.-]{{0,24}}{SEP}(?P<x>{VALUE})", is_plain_value
    yield "secret", r"(?i)<(?:add key=\"[^\"\n]{1,80}\" value=\")(?P<x>[^\"\n]{1,400})", is_plain_value
    yield (
        "secret",
        rf"(?i)<[\w:.-]{{0,30}}(?:{words.SECRET_LABELS})[\w:.-]{{0,30}}>(?P<x>[^<\n]{{1,400}})",
        is_plain_value,
    )
    yield (
        "secret",
        rf"(?i)[\w/-]{{0,20}}(?:--|/|\s-)(?:{words.SECRET_LABELS})[\w-]{{0,24}}[\s=:]{{1,3}}(?P<x>{QUOTED}|[^\s\"'-]\S{{0,400}})",
        is_plain_value,
    )
    yield (
        "secret",
        rf"(?i)\b(?:{words.SECRET_LABELS})[\w-]{{0,24}}\s{{1,4}}(?:is|was|of|to|using)\s{{1,4}}(?P<x>{QUOTED}|\S{{3,400}})",
        is_plain_value,
    )
    yield (
        "secret",
        rf"(?i)\b(?:{words.SECRET_LABELS})\s{{1,4}}(?:string\s|name\s|value\s|hash\s)?(?P<x>{QUOTED}|(?=\S{{0,60}}\d)\S{{4,400}})",
        is_plain_value,
    )
    yield (
        "secret",
        r"(?i)\b(?:identified\s(?:with\s\S{1,40}\s)?by|requirepass|masterauth|r[ow]community6?|com2sec\s\S{1,64}\s\S{1,64}|wpa_passphrase\s\S{1,64}|wpa-psk|trap2?sink\s\S{1,64})\s{1,8}(?P<x>"
        + QUOTED
        + r"|\S{1,400})",
        never,
    )
    yield "secret", r"(?i)\bsnmp-server\s(?:community|host\s\S{1,64}(?:\sversion\s\S{1,4})?)\s(?P<x>\S{1,200})", never
    yield "secret", r"(?i)\bsnmp\w{2,8}\b[^\n]{0,60}?\s-[cAX]\s{0,2}(?P<x>" + QUOTED + r"|\S{1,200})", never
    yield (
        "secret",
        r"(?i)\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,120}?\s-p(?P<x>" + QUOTED + r"|[^\s-]\S{0,200})",
        never,
    )
    yield (
        "secret",
        r"(?i)\b(?:sshpass|redis-cli|7z\w?|unzip|zip|ldapsearch|ldapmodify|ldapadd|htpasswd|ipmitool|plink|putty|psexec|docker login|az login|smbclient|openssl)\b[^\n|;]{0,160}?\s-(?:p|a|P|w|pw|pass|passin|passout)[\s=]{0,1}(?:pass:)?(?P<x>"
        + QUOTED
        + r"|[^\s-]\S{0,200})",
        is_plain_value,
    )
    yield (
        "secret",
        r"(?i)\b(?:curl|wget|http)\b[^\n|;]{0,300}?\s(?:-u|--user)[\s=]{0,2}(?P<x>" + QUOTED + r"|\S{1,200})",
        never,
    )
    yield "secret", r"(?i)\bnet\s{1,3}use\b[^\n|;]{0,160}?\s(?P<x>(?![/\\])\S{1,80})(?=\s{1,3}/)", never
    yield "secret", r"(?i)/(?:user|u):(?:[\w.$-]{1,64}\\)?[\w.$-]{1,64}\s{1,3}(?P<x>[^\s/]\S{0,80})", never
    yield "secret", r"(?i)/(?:pass|p|rp|password|pw):(?P<x>" + QUOTED + r"|\S{1,200})", never
    yield "secret", r"(?i)convertto-securestring\s(?:-string\s)?(?P<x>" + QUOTED + r"|\S{1,200})", never
    yield "secret", r"(?i)\b(?:jdbc:\S{1,40}?:|sqlplus\s(?:-\w\s)?)(?P<x>[\w.$-]{1,64}/[^\s@]{1,100})(?=@)", never
    yield "secret", r"(?i)\becho\s(?:-n\s)?(?P<x>" + QUOTED + r"|\S{4,400})(?=\s?\|)", never
    yield "secret", r"(?<=[?&])[\w.%~\[\]-]{1,64}=(?P<x>[^\s&#\"'<>]{1,2000})", is_plain_value


def ids() -> Iterator[Found]:
    """Yield what is printed on a machine, and what looks like chance."""
    yield (
        "serial",
        rf"(?i)\b(?:{words.SERIAL_LABELS})\.?[\"'\])]{{0,2}}\s{{0,30}}(?:[:=#]|\bis\b)?\s{{0,4}}(?P<x>\"[^\"\n]{{1,100}}\"|(?=[\w-]{{0,40}}\d)[\w][\w./-]{{3,60}})",
        is_plain_value,
    )
    yield (
        "serial",
        r"(?i)(?<![\w-])(?:ata|nvme|usb|scsi|sat|virtio|mmc)-(?P<x>(?=[\w.+-]{0,80}\d{4})[\w.+\U000f0000-\U000ffffd-]{8,120})",
        never,
    )
    yield "serial", r"\[SAT\],\s(?P<x>[^\s,]{4,40})", never
    yield "id", r"\barn:aws[\w-]{0,10}:[\w-]{0,30}:[\w-]{0,20}:(?P<x>\S{1,200})", never
    yield "id", r"(?i)(?<![\w.])(?:\d{2}-\d{6}-\d{6}-\d{1,2}|\d{14,16}|89\d{17,18})(?![\w.])", is_no_id
    yield "secret", rf"(?<![\w+=-])(?<![\w]/){B64}{{16,8000}}", is_no_secret
    yield "id", r"(?i)(?<![a-z0-9])[0-9a-f]{10,512}(?![a-z0-9])", is_no_id
    yield "serial", r"(?<![A-Za-z0-9])[A-Z0-9]{8,40}(?![A-Za-z0-9])", is_no_serial
    yield "serial", r"(?<![\w-])[A-Z]{2,4}-[A-Z0-9]{8,30}(?![A-Za-z0-9])", is_no_serial
