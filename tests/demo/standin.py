"""A stand-in for the twin that writes down every push before it acknowledges it; to be killed and started again.

``python -m tests.demo.standin PORT FILE [busy]``: with ``busy`` it turns every push away the first time.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import socketio
from werkzeug.serving import make_server


def main(port: int, book: Path, busy: bool) -> None:
    """Serve until killed."""
    io, turned_away = socketio.Server(async_mode="threading"), set[str]()

    def readings(_: str, body: dict[str, Any]) -> dict[str, Any]:
        if busy and body["batch_id"] not in turned_away:
            turned_away.add(body["batch_id"])
            return {"error": {"code": "busy", "message": "the write queue is full", "field": None}}
        with book.open("ab") as lines:
            lines.write(orjson.dumps(body) + b"\n")
        return {"accepted": len(body["readings"]), "duplicates": 0, "rejected": []}

    io.on("connect", lambda _, __, auth: auth["token"] == "secret", namespace="/ingest")
    io.on("readings", readings, namespace="/ingest")
    make_server("127.0.0.1", port, socketio.WSGIApp(io), threaded=True).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), "busy" in sys.argv)
