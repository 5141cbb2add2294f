"""Whether a name has a record, at this machine's resolver or at a server that is named."""

from typing import ClassVar, Literal, TypeAlias

from rackside.watch.checks.check import Check, Deadline, Port, Result, Stopwatch
from rackside.watch.proc import printable

Record: TypeAlias = Literal[
    "A",
    "AAAA",
    "CNAME",
    "MX",
    "NS",
    "TXT",
    "SRV",
    "SOA",
    "PTR",
    "CAA",
    "DS",
    "DNSKEY",
    "TLSA",
    "HTTPS",
    "SVCB",
    "NAPTR",
]
SHOWN_RECORDS = 4


class Dns(Check, frozen=True, kw_only=True, tag="dns"):
    """A name has a record. With `expect`, one of its records says so; with `server`, that one is asked."""

    TARGET: ClassVar[str] = "name"
    SHOWN: ClassVar[str] = "a name has a record"
    name: str
    record: Record = "A"
    expect: str = ""
    server: str = ""
    port: Port = 53

    def look(self, until: Deadline) -> Result:
        """Ask."""
        import dns.exception
        import dns.resolver

        watch = Stopwatch()
        try:
            resolver = dns.resolver.Resolver(configure=not self.server)
            if self.server:
                resolver.nameservers, resolver.port = [self.server], self.port
            answer = resolver.resolve(self.name, self.record, lifetime=until.left_s(), search=False)
        except dns.resolver.NoNameservers as error:
            raise OSError("no server answers with anything but a failure") from error
        except dns.exception.Timeout as error:
            raise TimeoutError("no answer in time") from error
        except dns.exception.DNSException as error:
            return Result(level="critical", sentence=printable(str(error)) or type(error).__name__)
        records = [record.to_text().strip('"') for record in answer]
        values = {"time": (watch.ms(), "ms"), "ttl": (float(answer.rrset.ttl if answer.rrset else 0), "s")}
        said = f"{self.name} {self.record} is {printable(', '.join(records[:SHOWN_RECORDS]))}"
        if self.expect and self.expect not in records:
            return Result(level="critical", sentence=f"{said}, not {self.expect}", values=values)
        return Result(level="ok", sentence=said, values=values)
