"""Words that masking knows: what is a secret's label, and which names are everybody's and therefore stay."""

# ruff: noqa: E501, S105 - lists of words are no better broken; a label of a secret is none

from typing import Final

SECRET_LABELS: Final = (
    "pass(?:word|wd|phrase|code)?|passwort|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key"
    "|private[_-]?key|encryption[_-]?key|master[_-]?key|shared[_-]?key|license[_-]?key|licence[_-]?key|product[_-]?key"
    "|recovery[_-]?(?:key|password)|installation[_-]?id|activation[_-]?code|signature|credentials?|community|psk"
    "|pre-?shared[_-]?key|cookie|sess(?:ion)?[_-]?id|sess(?:ion)?[_-]?key|(?<![^\\W_])(?:sid|nonce|otp|pin|salt|dsn)(?![^\\W_])"
)
USER_LABELS: Final = (
    r"user(?:[ _-]?(?:name|id))?|identity|usr|login|logname|log[io]n[_ ]?name|ruser|euser|remote_user|account(?:[ _-]?name)?"
    r"|acct|samaccountname|sasl_username|run_?as|owner|member|assignee|reviewer|author|principal|full[ _-]?name"
    r"|display[ _-]?name|real[ _-]?name|given[ _-]?name|first[ _-]?name|last[ _-]?name|surname|customer|client[ _-]?name"
    r"|organi[sz]ation|company|tenant(?:[ _-]?name)?|account[ _]domain"
)
HOST_LABELS: Final = (
    r"host(?:[ _-]?name)?|(?:ws|work)station(?:[ _-]?name)?|computer(?:[ _-]?name)?|machine(?:[ _-]?name)?|rhost|nodename"
    r"|node(?:[ _-]?name)?|instance|server(?:[ _]?(?:name|addr|address))?|data source|upstream|backend|peer|relay|nas"
    r"|address|addr|target|source[ _]?host|destination[ _]?host|device[ _-]?name|dc|domain controller|logon[ _]?server"
    r"|fqdn|hostport|broker|endpoint|caller computer name|client[ _-]?name|helo|domain(?:[ _-]?name)?|realm|workgroup"
)
SERIAL_LABELS: Final = (
    r"serial(?:[ _-]?(?:no|nr|num|number))?|ser\.? ?no|s[/.]n|sn|asset(?:[ _-]?tag)?|service[ _-]?tag|express service code"
    r"|id_serial(?:_short)?|lu wwn device id|wwn|wwpn|wwnn|imei|imsi|iccid|meid|eid|udid|device[ _-]?id|hardware[ _-]?id"
    r"|machine[ _-]?id|part[ _-]?uuid|inventory(?:[ _-]?(?:no|number))?|barcode|uuid|guid|hwid|unit id"
)
SSID_LABELS: Final = r"e?ssid(?:[ _-]?name)?|wireless network|wi-?fi network|wlan network|access point|profile name"

KNOWN_USERS: Final = frozenset(
    """
    root admin administrator system nobody daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc
    gnats systemd-network systemd-resolve systemd-timesync messagebus sshd ntp chrony postfix dovecot postgres mysql
    mariadb redis mongodb nginx apache httpd tomcat jenkins git docker kube prometheus grafana elasticsearch rabbitmq
    named bind dnsmasq polkitd avahi colord lightdm gdm sddm tss rpc rpcuser nfsnobody statd snmp zabbix nagios munin
    guest public local service network anonymous unknown none null true false yes no default user users username login
    account name password group staff wheel sudo adm dialout nogroup sa dbo everyone self anybody owner member field
    invalid error failed failure denied disabled enabled empty missing required not is was has does the a an and or to
    from for by in on of at with cannot could can may must will agent space id ids mode data session process processes
    input interface code defined specified supplied request requests limit quota level manager slice
    """.split()  # noqa: SIM905 - prose reads better than a list of quoted words
)
"""Accounts of every system, and words that follow "user" or "for" without being a name."""

KNOWN_HOSTS: Final = frozenset(
    """
    localhost localhost.localdomain archive.ubuntu.com security.ubuntu.com ports.ubuntu.com deb.debian.org
    security.debian.org download.docker.com registry-1.docker.io docker.io ghcr.io quay.io registry.k8s.io k8s.io
    kubernetes.io pypi.org files.pythonhosted.org registry.npmjs.org crates.io kernel.org www.kernel.org github.com
    mirrors.fedoraproject.org fedoraproject.org packages.microsoft.com microsoft.com go.microsoft.com
    windowsupdate.microsoft.com proxy.golang.org repo.maven.apache.org rubygems.org
    """.split()  # noqa: SIM905 - as above
)
"""Everybody's hosts: which mirror fails is worth telling and names nobody."""

HOST_WORDS: Final = (
    "web|www|db|sql|pg|mysql|srv|server|serv|host|node|app|api|mail|smtp|imap|mx|dc|ad|fs|filer|files?|nas|san|proxy|lb"
    "|vm|vms|esxi?|hv|hyperv|pve|ns|vpn|gw|fw|sw|switch|router|rtr|core|edge|ap|wlc|pc|laptop|desktop|notebook|ws|nb"
    "|workstation|client|kiosk|prod|prd|stage|staging|stg|test|dev|qa|uat|worker|master|control|ctrl|etcd|kafka|zk|mq"
    "|redis|cache|log|logs|elk|es|mon|monitor|backup|bkp|bak|print|prt|printer|term|ts|rds|ctx|build|ci|runner|git"
    "|ldap|kdc|ipa|radius|syslog|ntp|dns|dhcp|tftp|pxe|cam|nvr|pbx|voip|sip|phone|ups|pdu|ilo|idrac|ipmi|bmc|rack"
    "|storage|ceph|osd|gluster|mongo|ora|oracle|sap|erp|crm|wiki|jira|store|shop|site|office|hq|branch|gpu|hpc|compute"
)
"""What machines are called before their number: `web-03`, `db7`."""

DEVICE_WORDS: Final = frozenset(
    """
    sda sdb sdc sdd hda vda xvda nvme eth ens enp eno wlan wlp tty pts loop md dm sr cpu core gpu node ata usb pci hwmon
    scsi host target bus port rack socket zone irq utf iso rfc http https sha md5 ipv ext python debian ubuntu
    test error code line exit status event signal worker thread runner log rule step page phase part stage level
    """.split()  # noqa: SIM905 - as above
)
"""What has a number and is no machine: `cpu0`, `worker-3`; a host only where its number begins with a nought."""

FILE_ENDINGS: Final = frozenset(
    """
    service socket timer mount device target slice scope path swap automount conf cfg cnf ini yaml yml json toml xml html htm
    php js ts jsx tsx css log txt md rst py pyc pyx rb pl pm sh bash zsh go rs c h cc cpp hpp cs java class jar war ear
    kt scala lua sql db sqlite so dll exe sys msi bat ps1 psm1 vbs reg inf cat mui drv ocx efi ko o a la rpm deb apk snap
    whl egg gz bz2 xz zst zip tar tgz iso img qcow2 vmdk vhd vhdx vdi pem crt cer key csr p12 pfx pub pid lock sock tmp
    bak old orig swp rules list repo sources desktop pdf doc docx xls xlsx ppt pptx csv tsv png jpg jpeg gif svg ico bmp
    mp3 mp4 mkv avi wav evtx etl dmp mdmp core cache state net map proto tf tfvars gradle properties lst env ost pst
    error exception default value name type size count length enabled disabled status id key index version mode
    """.split()  # noqa: SIM905 - as above
)
"""What ends a dotted word that is a file, a unit or a setting, where the ending is no well-known top level domain."""

TOP_LEVEL_DOMAINS: Final = (
    "local|lan|corp|internal|intra|intranet|home|localdomain|arpa|test|example|invalid|onion|com|net|org|edu|gov|mil|int"
    "|io|dev|cloud|eu|info|biz|me|co|ai|app|tech|online|site|store|shop|xyz|top|club|live|agency|network|systems"
    "|solutions|services|hosting|digital|software|company|group|global|world|today|email|gmbh|ltd|llc|swiss|berlin"
    "|hamburg|koeln|bayern|wien|tirol|paris|london|nyc|tokyo|amsterdam|museum|bank|health|care|clinic|hospital|school"
    "|university|academy|engineering|consulting|ac|ad|ae|af|ag|al|am|ao|ar|at|au|az|ba|bd|be|bg|bh|bo|br|by|bz|ca|cd|ch"
    "|ci|cl|cm|cn|cr|cu|cy|cz|de|dk|dz|ec|ee|eg|es|et|fi|fr|ga|ge|gh|gr|gt|hk|hn|hr|hu|id|ie|il|in|iq|ir|it|jm|jo|jp|ke"
    "|kg|kr|kw|kz|lb|li|lk|lt|lu|lv|ly|ma|mg|mk|mm|mn|mo|mt|mu|mx|my|mz|na|ng|ni|nl|no|np|nz|om|pa|pe|pk|pl|pr|pt"
    "|py|qa|ro|rs|ru|sa|se|sg|si|sk|sn|su|sv|sy|th|tn|tr|tt|tv|tw|tz|ua|ug|uk|us|uy|uz|va|ve|vn|ye|za|zm|zw"
)
CODE_ROOTS: Final = frozenset(
    """
    com org net io java javax jakarta jdk sun scala kotlin android dev edu gov system microsoft python django os std
    kernel vm fs dev net crypto sched github.com golang.org google.golang.org gopkg.in k8s.io
    """.split()  # noqa: SIM905 - as above
)
"""What begins the full name of a class, a module or a kernel setting, and no host."""
COMMON_NOUNS: Final = frozenset(
    """
    device disk drive port line boot startup start shutdown restart resume interface address memory error errors socket
    stdin stdout stderr behalf demand top it this that which there here network local remote server client host node
    machine computer page table index column row file directory folder path mount volume partition filesystem system
    kernel module driver service unit process thread task job queue cluster database connection session channel stream
    request response message packet link bus slot battery power screen console terminal windows linux debian ubuntu
    fedora macos android ios container pod image registry upstream downstream source target destination master replica
    slave primary secondary all both one two three each every another other first last next previous any least most
    cpu gpu ram rom api url uri http https ssh tcp udp dns dhcp ntp tls ssl ftp smtp imap sql level time what where up
    down out zero outside inside begin beginning end position offset release version read write open close exit init
    """.split()  # noqa: SIM905 - as above
)
"""What follows "on", "from" or "server" without being a name."""

PRODUCTS: Final = frozenset(
    """
    windows linux microsoft server update service services event log logs manager red hat apple google intel exchange
    active directory power shell remote desktop visual studio sql office internet explorer edge chrome firefox amazon
    azure cloud docker kubernetes oracle java runtime debian ubuntu fedora suse enterprise mac android samsung western
    digital seagate dell lenovo nvidia amd realtek broadcom cisco juniper device devices network system control panel
    task scheduler print spooler security center defender key keys error errors access denied permission protocol api
    http https tcp udp dns dhcp tls ssl file files data base host machine group policy domain controller certificate
    authority root bios uefi boot secure the this all web hosting new old version build release core hyper virtual
    machines managed identity single sign web socket not found bad request gateway bus main thread memory disk hardware
    detected unit hang call trace machine check physical layer receiver old age always last known good
    """.split()  # noqa: SIM905 - as above
)
"""Words of the names of products and parts, which are capitalised as people's names are."""

PATH_WORDS: Final = frozenset(
    """
    api rest graphql rpc v1 v2 v3 v4 status health healthz ready readyz live livez metrics ping version login logout
    auth oauth oauth2 token authorize callback index html htm php js css json xml favicon ico robots txt static assets
    public admin users search query upload download file files image images home about help docs well known
    challenge simple dists debian ubuntu stable main universe inrelease release packages pool repo repos repository
    archive latest manifest manifests blobs tags list items library cgi bin wp content includes login null src http https
    """.split()  # noqa: SIM905 - as above
)
"""What the paths of every service are made of."""

STANDARDS: Final = (
    "0x",
    "0X",
    "CVE",
    "KB",
    "SHA",
    "AES",
    "RSA",
    "UTF",
    "ISO",
    "MD5",
    "RFC",
    "IEEE",
    "TLS",
    "DDR",
    "PCI",
)
"""How names of standards and notices begin, which look like serials."""
