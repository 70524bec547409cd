"""A crowd of viewers in a process of its own: raw WebSockets that watch one screen and note when frames arrive.

``python -m tests.bench.viewers --port 8050 --viewers 1000 --seconds 20`` prints one JSON line:
delay from the frame's moment until its receipt (ms: p50, p95, p99), frames per viewer, gaps in the sequence.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import re
import struct
from time import monotonic

from twin.moment import now, parse_moment

_SEQ = re.compile(rb'"seq":(\d+)')
_AT = re.compile(rb'"at":"([^"]+)"')
_CONNECTED, _ACK, _EVENT = b"40/live", b"43/live", b'42/live,["frame"'


def masked(text: bytes) -> bytes:
    """A client's text message as one frame."""
    key = os.urandom(4)
    size = len(text)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + struct.pack(">H", size)
    return head + key + bytes(each ^ key[index % 4] for index, each in enumerate(text))


class Viewer(asyncio.Protocol):
    """One page, as far as its socket goes."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.seq = 0
        self.frames = 0
        self.gaps = 0
        self._kept = bytearray()
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._line: asyncio.Transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        self._line.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Cut the stream into messages."""
        self._kept += data
        if not self._open:
            end = self._kept.find(b"\r\n\r\n")
            if end < 0:
                return
            self._open = True
            del self._kept[: end + 4]
        while (message := self._next()) is not None:
            self._heard(message)

    def _next(self) -> bytes | None:
        if len(self._kept) < 2:
            return None
        size, start = self._kept[1] & 127, 2
        if size >= 126:
            form, start = (">H", 4) if size == 126 else (">Q", 10)
            if len(self._kept) < start:
                return None
            size = struct.unpack(form, self._kept[2:start])[0]
        if len(self._kept) < start + size:
            return None
        message = bytes(self._kept[start : start + size])
        del self._kept[: start + size]
        return message

    def _heard(self, message: bytes) -> None:
        if message[:1] == b"0":
            self._line.write(masked(b"40/live,"))
        elif message[:1] == b"2":
            self._line.write(masked(b"3"))
        elif message.startswith(_CONNECTED):
            asked = json.dumps(["watch", {"screen": self.crowd.screen, "params": {}}])
            self._line.write(masked(f"42/live,1{asked}".encode()))
        elif message.startswith(_ACK):
            self.seq = int(_SEQ.search(message).group(1))  # type: ignore[union-attr]
            self.crowd.watching += 1
        elif message.startswith(_EVENT):
            self._frame(message)

    def _frame(self, message: bytes) -> None:
        head = message[:400]  # screen, params, build, seq and at stand before the panels
        seq = int(_SEQ.search(head).group(1))  # type: ignore[union-attr]
        self.gaps += self.seq > 0 and seq > self.seq + 1
        self.seq = max(self.seq, seq)
        self.frames += 1
        self.crowd.bytes += len(message)
        if self.crowd.counting:
            at = parse_moment(_AT.search(head).group(1).decode())  # type: ignore[union-attr]
            self.crowd.delays.append((now() - at).total_seconds() * 1000)


class Crowd:
    """All viewers, and what they noted."""

    def __init__(self, port: int, screen: str) -> None:
        self.port = port
        self.screen = screen
        self.watching = 0
        self.counting = False
        self.bytes = 0
        self.delays: list[float] = []

    async def run(self, viewers: int, seconds: float) -> dict[str, float]:
        """Connect everybody, wait until all watch, count for a while."""
        loop = asyncio.get_running_loop()
        people: list[Viewer] = []
        for _ in range(viewers):
            _, viewer = await loop.create_connection(lambda: Viewer(self), "127.0.0.1", self.port)
            people.append(viewer)
            if len(people) - self.watching > 50:
                await asyncio.sleep(0.02)
        deadline = monotonic() + 60
        while self.watching < viewers and monotonic() < deadline:
            await asyncio.sleep(0.05)
        before = sum(each.frames for each in people)
        self.counting, self.bytes = True, 0
        await asyncio.sleep(seconds)
        self.counting = False
        return self._said(people, before, seconds)

    def _said(self, people: list[Viewer], before: int, seconds: float) -> dict[str, float]:
        ordered = sorted(self.delays) or [float("nan")]
        part = {
            f"p{share}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
            for share in (50, 95, 99)
        }
        frames = sum(each.frames for each in people) - before
        return part | {
            "viewers": self.watching,
            "frames_per_viewer": round(frames / max(1, len(people)), 2),
            "fewest": min(each.frames for each in people),
            "gaps": sum(each.gaps for each in people),
            "kB_per_frame": round(self.bytes / max(1, frames) / 1000, 2),
            "seconds": seconds,
        }


def main() -> None:
    """Read the command line, run, print."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, default=8050)
    words.add_argument("--viewers", type=int, default=1000)
    words.add_argument("--seconds", type=float, default=20)
    words.add_argument("--screen", default="overview")
    options = words.parse_args()
    print(json.dumps(asyncio.run(Crowd(options.port, options.screen).run(options.viewers, options.seconds))))


if __name__ == "__main__":
    main()
