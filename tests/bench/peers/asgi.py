"""How the peers on ASGI listen and say where."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn


def serve(app: Any) -> None:
    """Serve *app* on a free port of this machine, print the address, and go on until the end."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_level="warning", lifespan="off"
    )
    uvicorn.Server(config).run(sockets=[listener])
