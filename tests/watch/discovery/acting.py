"""Acts as a device, in a namespace of its own, as the JSON that it is given says, until it is ended.

`ports` say their greeting to who connects, and `endless` one never ends; what was said to each is noted in `heard`.
"""

import json
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path


def serve(port: int, greeting: str, heard: Path) -> None:
    with socket.create_server(("0.0.0.0", port)) as server:  # noqa: S104 - of its own namespace
        while True:
            connection, _ = server.accept()
            threading.Thread(target=talk, args=(connection, greeting, heard / str(port)), daemon=True).start()


def talk(connection: socket.socket, greeting: str, heard: Path) -> None:
    with connection, suppress(OSError):
        if greeting.startswith("endless"):
            connection.sendall(b"HTTP/1.0 200 OK\r\nServer: ")
            while True:
                connection.sendall(b"x" * 65_536)
        connection.sendall(greeting.encode())
        if not greeting.startswith("SSH-"):
            connection.settimeout(3)
            with heard.open("ab") as noted:
                noted.write(connection.recv(65_536))


def announce(address: str, services: dict[str, dict[str, str]]) -> None:
    from zeroconf import ServiceInfo, Zeroconf  # noqa: PLC0415 - one of many devices needs it

    zeroconf = Zeroconf(interfaces=[address])
    for name, texts in services.items():
        kind = f"{name}.local."
        zeroconf.register_service(
            ServiceInfo(
                kind,
                f"{texts.pop('instance')}.{kind}",
                port=int(texts.pop("port", "1")),
                server=f"{texts.pop('host')}.local.",
                addresses=[socket.inet_aton(texts.pop("address", address))],
                properties=texts,
            )
        )


def main() -> None:
    said = json.loads(sys.argv[1])
    for port, greeting in said.get("ports", {}).items():
        threading.Thread(target=serve, args=(int(port), greeting, Path(said["heard"])), daemon=True).start()
    if "services" in said:
        announce(said["address"], said["services"])
    print("ready", flush=True)  # noqa: T201 - who started it waits for that
    sys.stdin.read()


if __name__ == "__main__":
    main()
