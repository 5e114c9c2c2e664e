"""What tests need that start programs."""

import os
import socket
import sys
from pathlib import Path

NACOR = str(Path(sys.executable).parent / "nacor")


def without_settings() -> dict[str, str]:
    """The environment, without what whoever runs the tests has decided for a service."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NACOR_")}


def free_port() -> int:
    """A port of the loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
