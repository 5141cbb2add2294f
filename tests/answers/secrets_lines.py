"""Lines as machines write them, with a place for each secret: `{kind}` of `secrets_values.VALUES`; `<<` is a brace."""

from typing import Final

LINES: Final = tuple(
    r"""
Nov 23 08:11:40 {host} sshd[2211]: Accepted publickey for {user} from {ipv4} port 51122 ssh2: ED25519
Nov 23 08:11:41 {host} sshd[2212]: Failed password for invalid user {user} from {ipv6} port 40022 ssh2
Nov  3 18:01:02 {host} sudo:   {user} : TTY=pts/0 ; PWD=/home/{user}/src ; USER=root ; COMMAND=/usr/bin/apt update
Nov 23 08:11:44 {host} systemd[1]: Started Session 12 of user {user}.
Nov 23 08:11:45 {host} su: (to root) {user} on pts/1
Nov 23 08:11:46 {host} CRON[811]: ({user}) CMD (/home/{user}/bin/backup.sh)
2026-11-23T08:11:40.123456+00:00 {host} kernel: IN=eth0 OUT= MAC=52:54:00:12:34:56 SRC={ipv4} DST={ipv4} LEN=60
2026-11-23T08:11:40Z {fqdn} dhclient[642]: DHCPACK of {ipv4} from {ipv4}
Nov 23 08:12:00 {host} postfix/smtp[991]: 4A1B2C3D4E: to=<{email}>, relay={fqdn}[{ipv4}]:25, delay=0.4, status=bounced
Nov 23 08:12:00 {host} postfix/smtpd[992]: warning: {fqdn}[{ipv4}]: SASL LOGIN authentication failed: sasl_username={user}
Nov 23 08:13:00 {host} NetworkManager[700]: <info> device (wlan0): Activation: (wifi) connection "{ssid}" has security
Nov 23 08:13:00 {host} wpa_supplicant[701]: wlan0: Trying to associate with {mac} (SSID="{ssid}" freq=5180 MHz)
[   12.345678] usb 1-2: SerialNumber: {serial}
[   13.345678] e1000e 0000:00:1f.6 eth0: (PCI Express:2.5GT/s:Width x1) {mac}
[   14.345678] nfs: server {host} not responding, still trying
[   15.345678] EXT4-fs (sda1): mounted filesystem {uuid} r/w with ordered data mode
{ipv4} - {user} [23/Nov/2026:08:11:40 +0000] "GET /api/users/{user}?token={token} HTTP/1.1" 500 312
2026/11/23 08:11:40 [error] 31#31: *9 connect() failed (111: Connection refused) while connecting to upstream, client: {ipv4}, server: {fqdn}, upstream: "http://{ipv4}:8080/", host: "{fqdn}"
[Mon Nov 23 08:11:40.1 2026] [ssl:error] [pid 12] [client {ipv6}] AH02039: Certificate Verification: Error (20)
FATAL:  password authentication failed for user "{user}"
FATAL:  no pg_hba.conf entry for host "{ipv4}", user "{user}", database "shop", no encryption
could not translate host name "{host}" to address: Name or service not known
postgresql://{user}:{password}@{host}:5432/shop?sslmode=require
DATABASE_URL=postgres://{user}:{password}@{fqdn}/app
host={host} port=5432 dbname=shop user={user} password={password} connect_timeout=10
Server={host};Database=Shop;User Id={user};Password={password};Encrypt=true
ERROR 1045 (28000): Access denied for user '{user}'@'{host}' (using password: YES)
mysql -h {host} -u {user} -p{password} shop
CREATE USER '{user}'@'%' IDENTIFIED BY '{password}';
ALTER ROLE {user} WITH PASSWORD '{password}';
{user}   2211  0.0  0.1  12345  678 ?  Ss  08:11  0:00 /usr/bin/app --password {password} --listen 0.0.0.0
root      4312  0.2  1.1 81234 9912 ? Sl 08:11 0:01 restic -r sftp:{user}@{host}:/backup --password={password} backup
curl -u {user}:{password} https://{fqdn}/api/v1/status
curl -H "Authorization: Bearer {jwt}" https://{fqdn}/v2/
Authorization: Basic {password}
Cookie: sessionid={session}; csrftoken={token}
Set-Cookie: PHPSESSID={session}; path=/; HttpOnly
X-Api-Key: {token}
<<"user": "{user}", "password": "{password}", "host": "{host}">>
<<"apiKey":"{token}","clientSecret":"{password}","email":"{email}">>
password: {password}
  api_token: "{token}"
AWS_SECRET_ACCESS_KEY={token}
export GITHUB_TOKEN={token}
aws_access_key_id = {token}
    data: <<username: YWRtaW4=, password: {password}>>
Error: error configuring Terraform AWS Provider: token {token} has expired
https://storage.{fqdn}/bucket/key.bin?X-Amz-Credential={token}&X-Amz-Signature={token}
git clone https://{user}:{token}@{fqdn}/{company}/shop.git
remote: HTTP Basic: Access denied. https://oauth2:{token}@{fqdn}/x.git
E1123 08:11:40.000000 1 reflector.go:138] Failed to watch *v1.Node: dial tcp {ipv4}:6443: connect: connection refused
Warning  FailedMount  2m  kubelet, {host}  Unable to attach or mount volumes: timed out waiting
kubectl describe node {host}
dial tcp: lookup {host} on {ipv4}:53: no such host
java.net.UnknownHostException: {host}: Name or service not known
Caused by: org.postgresql.util.PSQLException: Connection to {host}:5432 refused. Check that the hostname is correct.
  File "/home/{user}/projects/{company}/app/main.py", line 42, in handle
    at com.shop.Main.run(Main.java:42) [file:/Users/{user}/work/{company}/target/app.jar]
/Users/{user}/Library/Logs/DiagnosticReports/app.crash: Permission denied
C:\Users\{user}\AppData\Local\Temp\setup.log could not be opened
"C:\\Users\\{user}\\Documents\\{company}.xlsx"
C:\Users\{person}\Documents\report.docx is in use by another process
\\{host}\{company}$\share: The network path was not found.
/var/mail/{user}: over quota
/run/media/{user}/BACKUP is read-only
/srv/customers/{company}/www/index.php: Permission denied
/var/spool/cron/crontabs/{user}: bad minute
bash: /mnt/c/Users/{user}/x.sh: /bin/sh^M: bad interpreter
cd ~{user}/mail: No such file or directory
Account Name:		{user}
	Account Name:  {user}   Account Domain:  CORP   Logon ID:  0x3E7
	Security ID:		{sid}
Workstation Name:	{host}
The Kerberos client received a KRB_AP_ERR_MODIFIED error from the server {host}$. The target name used was cifs/{fqdn}.
Event 4771: Account: CORP\{user} Client Address: ::ffff:{ipv4} Failure Code: 0x18
krb5: kinit: Client '{user}@CORP.EXAMPLE' not found in Kerberos database while getting initial credentials
New-PSSession : [{host}] Connecting to remote server {host} failed with the following error message : Access is denied.
ldap_bind: Invalid credentials (49) dn: CN={person},OU=Sales,DC={company},DC=local
uid={user},ou=people,dc={company},dc=de
subject=C = DE, O = {company}, CN = {fqdn}
From: {person} <{email}>
To: {email}
Received: from {fqdn} ({fqdn} [{ipv4}]) by mx.{fqdn} with ESMTPS id 4A1B2C for <{email}>
snmp-server community {password} RO
snmpwalk -v2c -c {password} {ipv4} 1.3.6.1.2.1.1
Device Model: Samsung SSD 980  Serial Number:    {serial}
LU WWN Device Id: {wwn}
/dev/disk/by-id/ata-WDC_WD40EFRX-68N32N0_{serial} is missing
Battery serial: {serial}
Serial Number: {serial}
  IMEI: {imei}
modem: imei {imei} registered
link {mac} went down
Interface Wi-Fi: Physical Address {mac}
lladdr {mac} REACHABLE
arp: {ipv4} moved from {mac} to {mac} on em0
PING {fqdn} ({ipv4}) 56(84) bytes of data.
inet6 {ipv6}/64 scope global
connect to [{ipv6}]:443 failed
default via {ipv4} dev eth0
route add {ipv4}/24 failed
UUID={uuid} /srv ext4 defaults 0 2
Job for backup failed. volume {uuid} not found
{pem}
key follows
{pem}
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{token} {user}@{host}
Recovery key: {bitlocker}
Windows product key {licence} is blocked
    SSID                   : {ssid}
ESSID:"{ssid}"
wpa_passphrase={password}
psk="{password}"
backup of {own} failed: disk full on {own}
cannot reach {own} ({ipv4})
Disk /srv on {own} is 92 % full
net use Z: \\{host}\data {password} /user:CORP\{user}
{user}@{host}:~$ systemctl status nginx
-rw-r--r-- 1 {user} staff 1234 Nov 23 08:11 app.log
uid=1000({user}) gid=1000({user}) groups=1000({user}),27(sudo)
client {fqdn} disconnected
{fqdn} is unreachable
TLS certificate of {fqdn}:443 expires in 5 days
""".strip().splitlines()
)
