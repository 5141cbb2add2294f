"""A second set of lines held out, written when the rules had been mended after the first: see docs/masking.md."""

# ruff: noqa: E501 - lines of logs and lists of words are no better broken

from typing import Final

HELD: Final = tuple(
    r"""
Nov 23 08:11:40 {host} polkitd[5]: Operator of unix-process:811 successfully authenticated as unix-user:{user} to gain authorization
Nov 23 08:11:40 {host} systemd-logind[6]: New session c3 of user {user}.
Nov 23 08:11:40 {host} cupsd[7]: Unable to open printer {company}-3rd-floor: lpd://{ipv4}/queue
2026-11-23 08:11:40,123 ERROR [http-nio-8080-exec-1] c.shop.LoginService - Login of {email} failed from {ipv6}
Nov 23 08:11:40 {host} charon: 12[IKE] no matching peer config found for {fqdn}...{ipv4}
kernel: CIFS: VFS: \\{fqdn}\{company} BAD_NETWORK_NAME
kernel: device {mac} entered promiscuous mode, source {ipv6}
minio: Error: Access denied, request from {ipv4} access key {token}
ceph: mon.{host} calling monitor election, osd.3 {ipv4}:6800 down
etcd: lost the TCP streaming connection with peer {numbered} (endpoint https://{ipv4}:2380)
Elastic: master not discovered; discovered [<<{host}>><<abc>><<{ipv4}>>]
rabbit@{host}: connection attempt from disallowed node
kafka: Connection to node 2 ({fqdn}/{ipv4}:9092) could not be established
consul: Join cluster failed: peer={ipv4}:8301 token={uuid}
jenkins: ERROR: Could not connect as {user}@{fqdn}: Auth fail
ansible: fatal: [{fqdn}]: UNREACHABLE! => <<"msg": "Failed to connect to the host via ssh: {user}@{ipv4}: Permission denied">>
terraform: token = "{token}"
OPENAI_API_KEY={token} SMTP_PASSWORD="{password}"
<connectionString>Data Source={fqdn};User ID={user};Password={password}</connectionString>
wget --user={user} --password={password} https://{fqdn}/f.iso
openssl: key passphrase: {password}
w32tm: The time provider NtpClient: no valid response from {fqdn} (ntp.m|0x8|0.0.0.0:123->{ipv4}:123)
DCOM was unable to communicate with the computer {ipv4} using any of the configured protocols
The processing of Group Policy failed. Windows could not resolve the user name CORP\{user} on {fqdn}
MSExchange: mailbox of {person} <{email}> exceeded quota
Windows Firewall: Computer name: {host} Profile: Domain User: CORP\{user} SID {sid}
outlook: C:\Users\{user}\OneDrive - {company}\mail.ost
macOS: /Users/{user}/Library/Caches: Operation not permitted on host {host}.local
scan /srv/projects/{company}/2026 took 12 s
tail: /home/{user}/logs/{company}.log: file truncated
ethtool: Permanent address: {mac}
lshw: serial: {serial} size: 931GiB
nvme: sn : {serial} fr : 3B2QGXA7
MegaRAID: Enclosure 252 Slot 1 S.N {serial} predictive failure
zpool: ata-ST8000VN004_{serial} FAULTED
asset {serial} (serial number {serial}) is out of warranty
ModemManager: equipment identifier: '{imei}'
wifi: connected to "{ssid}" at {mac}
key id {bitlocker} unlocked volume {uuid}
licence={licence}
Authorization: Bearer {token}
cookie: sid={session}; theme=dark
session id {session} expired
ssh -i /home/{user}/.ssh/id {user}@{ipv4}
{own}: temperature 91; fan of {own} stopped
ping {ipv6}%eth0: sendmsg: Operation not permitted
""".strip().splitlines()
)
