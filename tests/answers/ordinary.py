"""Ordinary technical text, which names nobody: what masking should leave alone."""

# ruff: noqa: E501 - lines of logs and lists of words are no better broken

from typing import Final

ORDINARY: Final = tuple(
    r"""
Out of memory: Killed process 4312 (mysqld) total-vm:4811232kB, anon-rss:3901232kB, file-rss:0kB, shmem-rss:0kB
EXT4-fs error (device sda1): ext4_find_entry:1455: inode #131073: comm nginx: reading directory lblock 0
EXT4-fs (nvme0n1p2): warning: mounting fs with errors, running e2fsck is recommended
blk_update_request: I/O error, dev sda, sector 488397168 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0
ata3.00: exception Emask 0x0 SAct 0x7fffffff SErr 0x0 action 0x6 frozen
ata3: hard resetting link; SATA link up 6.0 Gbps (SStatus 133 SControl 300)
BTRFS error (device dm-0): parent transid verify failed on 30408704 wanted 11204 found 11202
md/raid1:md0: Disk failure on sdb1, disabling device. Operation continuing on 1 devices.
e1000e 0000:00:1f.6 eth0: Detected Hardware Unit Hang: TDH <0> TDT <1> next_to_use <1>
NETDEV WATCHDOG: eth0 (r8169): transmit queue 0 timed out 5120 ms
watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:12345]
INFO: task jbd2/sda1-8:312 blocked for more than 120 seconds. Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1
mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 5: bea0000000000108
RIP: 0010:__list_del_entry_valid+0x8b/0x90 RSP: 0018:ffffa1b2c0003d40 EFLAGS: 00010246
Call Trace: <TASK> dump_stack_lvl+0x48/0x70 bad_page.cold+0x63/0x94 free_pcppages_bulk+0x1d1/0x3c0
systemd[1]: nginx.service: Main process exited, code=exited, status=1/FAILURE
systemd[1]: postgresql@15-main.service: Start request repeated too quickly. Failed with result 'exit-code'.
nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
nginx 1.24.0 on Debian 12: 502 Bad Gateway while reading response header from upstream /var/log/nginx/error.log
AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 127.0.1.1
/etc/ssh/sshd_config line 42: Bad configuration option: PermitRootLogon
E: Unable to locate package libssl1.1; dpkg: error processing package linux-image-6.1.0-18-amd64 (--configure)
dpkg: dependency problems prevent configuration of docker-ce: docker-ce depends on containerd.io (>= 1.6.4)
W: GPG error: http://deb.debian.org/debian bookworm InRelease: The following signatures couldn't be verified
Error: Transaction test error: file /usr/lib64/libcrypto.so.3 conflicts between attempted installs of openssl-libs-3.0.7-24.el9.x86_64
ORA-01555: snapshot too old: rollback segment number 10 with name "_SYSSMU10$" too small
ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)
PostgreSQL: FATAL: sorry, too many clients already; LOG: checkpoints are occurring too frequently (9 seconds apart)
ERROR: deadlock detected DETAIL: Process 3122 waits for ShareLock on transaction 8713; blocked by process 3129.
InnoDB: Operating system error number 28 in a file operation. Error number 28 means 'No space left on device'
redis: MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.
docker: Error response from daemon: driver failed programming external connectivity on endpoint: port is already allocated.
OCI runtime create failed: runc create failed: unable to start container process: exec: "python3": executable file not found in $PATH
CrashLoopBackOff: back-off 5m0s restarting failed container; Readiness probe failed: HTTP probe failed with statuscode: 503
kubelet: eviction manager: attempting to reclaim ephemeral-storage; node has DiskPressure; ImageGCFailed
The node was low on resource: memory. Threshold quantity: 100Mi, available: 88308Ki.
error: You must be logged in to the server (Unauthorized); x509: certificate signed by unknown authority
java.lang.OutOfMemoryError: Java heap space at java.base/java.util.Arrays.copyOf(Arrays.java:3512)
Caused by: org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'entityManagerFactory'
at org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:197)
java.net.SocketTimeoutException: Read timed out; javax.net.ssl.SSLHandshakeException: PKIX path building failed
Traceback (most recent call last): File "/usr/lib/python3/dist-packages/django/db/backends/utils.py", line 89, in _execute
django.db.utils.OperationalError: database is locked; sqlite3.DatabaseError: database disk image is malformed
ModuleNotFoundError: No module named 'numpy.core._multiarray_umath' on Python 3.11.2 (x86_64-linux-gnu)
panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation code=0x1]
goroutine 1 [running]: main.main() /usr/local/go/src/net/http/server.go:2136 +0x1a5
terminate called after throwing an instance of 'std::bad_alloc' what(): std::bad_alloc
undefined reference to `QtPrivate::QMetaTypeInterface::ref' in libQt6Core.so.6; collect2: error: ld returned 1 exit status
error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'; npm ERR! code ERESOLVE
TypeError: Cannot read properties of undefined (reading 'map') at Array.forEach (<anonymous>) node v18.19.0
The Windows Update service terminated with error 0x80070422; KB5031356 failed to install with error 0x800f081f
Event ID 7031: The Print Spooler service terminated unexpectedly. It has done this 3 time(s). Exit code 0xc0000005
Event ID 41 Kernel-Power: BugcheckCode 159, BugcheckParameter1 0x3, SleepInProgress 4, PowerButtonTimestamp 0
Faulting application name: explorer.exe, version: 10.0.19041.1266, faulting module name: ntdll.dll, version: 10.0.19041.1288
The DHCP service was unable to contact a directory server; STATUS_LOGON_FAILURE 0xC000006D substatus 0xC0000064
SMART: Reallocated_Sector_Ct 0x0033 100 100 010 Pre-fail Always - 24 Current_Pending_Sector 0x0012 100 100 000
Temperature_Celsius 0x0022 112 094 000 Old_age Always - 38; Power_On_Hours 21034; Load_Cycle_Count 198233
zpool status: state: DEGRADED; action: Replace the faulted device; scan: scrub repaired 0B in 05:12:44 with 0 errors
load average: 12.31, 9.80, 7.02; Mem: 31.2Gi total, 30.1Gi used, 412Mi free; Swap: 2.0Gi 1.9Gi 98Mi
cpu.used 97.2 %, disk.used 92 % of 438 GiB, memory.available 8.1 %, nic.drops 2.4 %, rtt 182 ms, io.wait 41 %
net.ipv4.tcp_tw_reuse = 1, vm.swappiness = 60, fs.inotify.max_user_watches = 524288, kernel.pid_max = 4194304
postfix/qmgr: warning: connect to transport private/smtp-amavis: Connection refused; status=deferred (delivery temporarily suspended)
named: REFUSED unexpected RCODE resolving './NS/IN'; SERVFAIL; managed-keys-zone: Unable to fetch DNSKEY set '.': timed out
chronyd: Can't synchronise: no selectable sources; System clock wrong by 12.41 seconds; ntp stratum 16
wlan0: deauthenticated, Reason: 4=DISASSOC_DUE_TO_INACTIVITY; CTRL-EVENT-DISCONNECTED reason=4 locally_generated=1
TLS handshake error: remote error: tls: unknown certificate; error:0A000086:SSL routines::certificate verify failed
OpenSSL 3.0.11 19 Sep 2023; TLSv1.3 cipher TLS_AES_256_GCM_SHA384, ECDHE-RSA-AES128-GCM-SHA256, X25519, Ed25519
nvidia-smi has failed because it could not communicate with the NVIDIA driver. NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.
kernel: pcieport 0000:00:1c.0: AER: Corrected error received: 0000:02:00.0 type=Physical Layer, (Receiver ID)
mount: /srv: wrong fs type, bad option, bad superblock on /dev/mapper/vg0-srv, missing codepage or helper program
/dev/sda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY. (i.e., without -a or -p options)
df -h: /dev/mapper/ubuntu--vg-ubuntu--lv 98G 93G 0 100% / ; tmpfs 3.2G 2.1M 3.2G 1% /run
journalctl --vacuum-size=500M; apt-get -f install; systemctl daemon-reload; chmod 0600 /etc/ssl/private
2026-11-23T08:11:40.123Z WARN [main] c.z.h.pool.HikariPool - HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta=1m12s)
Nov 23 01:02:03 kernel: usb 3-1: device descriptor read/64, error -71; xhci_hcd 0000:00:14.0: Abort failed to stop command ring
The password authentication method is disabled; the token expired and a new session could not be opened for the user.
Password must contain at least 8 characters. Access is denied for this account; the key file was not found.
GET /index.html HTTP/1.1 200 5123 and POST /login?next=1 HTTP/2.0 302 took 0.123 s; Content-Length: 1234; gzip, deflate
RabbitMQ: disk_free_limit alarm set; ETIMEDOUT; EPIPE; EADDRINUSE; ECONNRESET; ENOSPC; SIGKILL; exit status 137
prometheus: node_filesystem_avail_bytes < 1e9, rate(node_disk_io_time_seconds_total[5m]) > 0.95, 0.5 quantile
Elasticsearch: cluster_block_exception: index blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark
It worked after I moved /var/lib/docker to a larger disk, set vm.overcommit_memory to 1 and restarted the service twice.
Has anybody seen this with kernel 6.8.0-45-generic on Ubuntu 24.04.1 LTS, systemd 255.4-1ubuntu8.4 and glibc 2.39?
""".strip().splitlines()
)
