"""Runs checkov. If it asks for the network, it ends and says so: it would look for a newer version of itself, and for a
platform of its maker's."""

import os
import sys


def refuse(event: str, args: tuple) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        os.write(2, f"checkov asked for the network: {event} {args[:2]}\n".encode())
        os._exit(3)


sys.addaudithook(refuse)

from checkov.main import Checkov  # noqa: E402  (it asks while it is imported)

sys.exit(Checkov().run())
