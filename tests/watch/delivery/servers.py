"""A mail server and a web server on this machine, as small as can be, that remember what they were given."""

import asyncio
import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "localhost"


@dataclass
class MailServer:
    """Speaks enough SMTP (RFC 5321), STARTTLS (RFC 3207) and AUTH (RFC 4954); how it behaves can be changed."""

    context: ssl.SSLContext | None = None
    implicit: bool = False
    starttls: bool = True
    password: str = ""
    refuses: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    """What it answers to a verb instead of what it would."""
    endless: bool = False
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one client."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            return
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: C901, PLR0912 - a verb a case
        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        secure, to = self.implicit, list[str]()
        while self.endless:
            await say("220-" + "x" * 900)
        await say(self.answers.get("CONNECT", "220 test ESMTP"))
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb in self.answers:
                await say(self.answers[verb])
                continue
            match verb:
                case "EHLO":
                    offered = ["250-test"]
                    if self.starttls and not secure and self.context:
                        offered.append("250-STARTTLS")
                    if self.password:
                        offered.append("250-AUTH PLAIN")
                    await say("\r\n".join([*offered, "250 8BITMIME"]))
                case "STARTTLS":
                    assert self.context is not None
                    await say("220 go ahead")
                    await writer.start_tls(self.context)
                    secure = True
                case "AUTH":
                    _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
                    self.logins.append(user)
                    await say("235 ok" if password == self.password else "535 5.7.8 bad\x1b[2J password")
                case "RCPT":
                    name = rest.partition("<")[2].partition(">")[0]
                    if name not in self.refuses:
                        to.append(name)
                    await say(self.refuses.get(name, "250 ok"))
                case "DATA":
                    await say("354 go on")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    message = message_from_bytes(content[:-5], policy=policy.default)
                    assert isinstance(message, EmailMessage)
                    self.taken.append(message)
                    self.recipients.append(to)
                    self.encrypted.append(secure)
                    to = []
                    await say(self.answers.get("END", "250 queued"))
                case "QUIT":
                    await say("221 bye")
                    return
                case _:
                    await say("250 ok")


@contextmanager
def mail_server(server: MailServer) -> Iterator[MailServer]:
    """Run a mail server."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        context = server.context if server.implicit else None
        async with await asyncio.start_server(server.talk, HOST, server.port, ssl=context) as listening:
            server.port = listening.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass
class WebServer:
    """Takes what is posted to it, and answers as told."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def web_server(server: WebServer, context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Run a web server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append((self.path, dict(self.headers.items()), body))
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust the certificate is no news."""

    listening = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
    server.url = f"{'https' if context else 'http'}://localhost:{listening.server_port}/hook"
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
