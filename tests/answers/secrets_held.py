"""Lines held out: written when the rules were frozen for the first time, so that they measure and do not teach.

docs/masking.md tells what the first run over them gave away.
"""

# ruff: noqa: E501 - lines of logs and lists of words are no better broken

from typing import Final

HELD: Final = tuple(
    r"""
<34>1 2026-11-23T08:11:40.003Z {host} su - ID47 - 'su root' failed for {user} on /dev/pts/8
Nov 23 08:11:40 {host} dovecot: imap-login: Login: user=<{user}>, method=PLAIN, rip={ipv4}, lip={ipv4}, mpid=811, TLS
Nov 23 08:11:40 {host} pam_unix(sshd:session): session opened for user {user}(uid=1000) by (uid=0)
Nov 23 08:11:40 {host} dnsmasq-dhcp[3]: DHCPACK(br0) {ipv4} {mac} {host}
Nov 23 08:11:40 {host} smbd[22]:   {host} ({ipv4}) couldn't find service {company}
Nov 23 08:11:40 {host} named[44]: client @0x7f3a {ipv4}#51211 ({fqdn}): query failed (SERVFAIL)
journald: _HOSTNAME={host} _MACHINE_ID={uuid} _COMM=sshd USER={user}
audit: type=USER_LOGIN acct="{user}" hostname={host} addr={ipv4} terminal=ssh res=failed
openvpn[88]: {user}/{ipv4}:51820 MULTI: bad source address from client [{ipv6}], packet dropped
haproxy[9]: {ipv4}:50112 [23/Nov/2026:08:11:40.123] fe_https be_shop/{numbered} 0/0/0/12 503 212
squid: 1700000000.123 12 {ipv4} TCP_DENIED/407 312 GET http://{fqdn}/{company}/ {user} HIER_NONE/- text/html
vsftpd: [{user}] FAIL LOGIN: Client "{ipv4}"
fail2ban.actions: NOTICE [sshd] Ban {ipv4}
fail2ban.filter: INFO [sshd] Found {ipv6} - 2026-11-23 08:11:40
iSCSI: Login to iqn.2004-10.com.{company}:storage.disk1 at {ipv4}:3260 failed
multipathd: 3{wwn}: sdc - path offline
ibstat: Port GUID: {wwn}
smartd: Device: /dev/sdb [SAT], {serial}, ATA error count increased from 0 to 2 S/N:{serial}
dmidecode: Product Name: OptiPlex  Serial Number: {serial}  Asset Tag: {serial}
lsblk: sda 1.8T disk SERIAL="{serial}" WWN="{wwn}" UUID="{uuid}"
upower: native-path BAT0 model 5B10W serial {serial} energy 41 Wh
bluetoothctl: Device {mac} {person}'s iPhone not available
nmcli: Connection '{ssid}' ({uuid}) successfully deactivated
hostapd: wlan0: STA {mac} IEEE 802.11: associated with SSID '{ssid}'
iw: Connected to {mac} (on wlan0) SSID: {ssid}
ipmitool -I lanplus -H {ipv4} -U {user} -P {password} chassis status
sshpass -p '{password}' ssh {user}@{fqdn}
redis-cli -h {fqdn} -a {password} ping
mongodb+srv://{user}:{password}@{fqdn}/?retryWrites=true
amqp://{user}:{password}@{host}:5672/vhost
redis://:{password}@{ipv4}:6379/0
jdbc:sqlserver://{fqdn}:1433;databaseName=shop;user={user};password={password}
jdbc:oracle:thin:{user}/{password}@//{host}:1521/ORCL
MSSQL: Login failed for user '{user}'. Reason: Password did not match that for the login provided. [CLIENT: {ipv4}]
docker login -u {user} -p {password} {fqdn}
docker: Error response from daemon: Get "https://{fqdn}/v2/": dial tcp: lookup {fqdn} on {ipv4}:53: server misbehaving
failed to pull image "{fqdn}/{company}/shop:1.2": unauthorized
kubectl config set-credentials {user} --token={jwt}
spec: <<nodeName: {host}, hostIP: {ipv4}, imagePullSecrets: []>>
Node {host} status is now: NodeNotReady
az storage blob list --account-key {token} --account-name {company}
DefaultEndpointsProtocol=https;AccountName={company}shop;AccountKey={token};EndpointSuffix=core.windows.net
gcloud: ERROR: (gcloud.compute.ssh) Could not fetch resource for account [{email}]
arn:aws:iam::123456789012:user/{user} is not authorized to perform: s3:GetObject
slack: POST payload token={token}&channel=ops failed: invalid_auth
<<"level":"error","remote_addr":"{ipv6}","session":"{session}","uid":"{uuid}","msg":"boom">>
  smtp_auth_password: '{password}'
ldap.bind.dn: "uid={user},ou=users,dc={company},dc=com"
ENV: DB_HOST={host} DB_PASS={password} SECRET_KEY_BASE={token}
spring.datasource.password={password}
<add key="ApiKey" value="{token}" />
<password>{password}</password>
NT AUTHORITY logon failure. User: CORP\{user} Computer: {fqdn} SID: {sid}
PS C:\Users\{user}> Get-ADUser : Cannot find an object with identity: '{user}' under: 'DC={company},DC=local'.
The trust relationship between this workstation and the primary domain failed. Source Workstation: {host}
ConvertTo-SecureString "{password}" -AsPlainText -Force
cmdkey /add:{fqdn} /user:{user} /pass:{password}
TermService: Remote Desktop Services: User: CORP\{user} Source Network Address: {ipv4}
robocopy \\{host}\home$\{user} D:\backup /MIR : ERROR 53 (0x00000035)
Profile path: D:\Profiles\{user}\NTUSER.DAT is locked
file:///C:/Users/{user}/Desktop/{company}.pdf
sftp> put /export/home/{user}/db.sql: remote open: Failure
rsync: change_dir "/home/{user}/{company}" on {host} failed: Permission denied (13)
tar: /home/{user}/.ssh/id_rsa: Cannot open: Permission denied
git@{fqdn}:{company}/infra.git: Permission denied (publickey).
Host key for {fqdn} has changed. Offending key in /home/{user}/.ssh/known_hosts:12
requests.exceptions.ConnectionError: HTTPSConnectionPool(host='{fqdn}', port=443): Max retries exceeded with url: /v1?key={token}
psycopg2.OperationalError: connection to server at "{fqdn}" ({ipv4}), port 5432 failed
redis.exceptions.ConnectionError: Error 111 connecting to {host}:6379. Connection refused.
panic: open /home/{user}/go/src/{fqdn}/shop/config.yml: no such file or directory
Message-ID: <20261123081140.811@{fqdn}>
Return-Path: <{email}>
Delivered-To: {email}
NOQUEUE: reject: RCPT from unknown[{ipv4}]: 450 4.7.1 <{email}>: Recipient address rejected; from=<{email}> helo=<{fqdn}>
community string "{password}" rejected by {ipv4}
rocommunity {password} default
traps: {fqdn} UDP: [{ipv4}]:161 agent {ipv6}
Router#show arp  Internet  {ipv4}   12   {mac}  ARPA   Vlan10
bridge fdb: {mac} dev eth0 master br0
neighbor {ipv6} dev eth0 lladdr {mac} STALE
tcpdump: IP {ipv4}.443 > {ipv4}.51122: Flags [R.]
traceroute: 3  {fqdn} ({ipv4})  4.123 ms
wg: peer allowed ips: {ipv4}/32, {ipv6}/128 endpoint: [{ipv6}]:51820
BitLocker: Numerical Password: ID: {uuid} Password: {bitlocker}
slmgr /ipk {licence}
Your licence {licence} for {person} expires
JWT malformed: {jwt}
known hosts say {own}; {own} was rebooted by {user} at 08:11
-- Logs begin. {own} kernel: Linux version 6.1.0
vault: {token} is not valid
lost contact with {numbered} and {numbered}
certificate CN={fqdn} O={company} does not match {fqdn}
-----BEGIN CERTIFICATE----- \nMIIB{token}\n-----END CERTIFICATE-----
{pem}
""".strip().splitlines()
)
