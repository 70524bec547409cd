"""The server with a commander at its standard input: ``show WALL VIEW`` or ``mode MODE``, one a line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Thread

import app
import serve
from services.compose import Parts


class Commanded(serve.Twin):
    """Hands the commander's words to the hall, as the emergency screens will."""

    def _begin(self, parts: Parts) -> None:
        super()._begin(parts)
        Thread(target=self._obey, daemon=True).start()

    def _obey(self) -> None:
        assert self.hall
        orders: dict[str, Callable[..., object]] = {"show": self.hall.show, "mode": self.hall.tell_mode}
        for line in sys.stdin:
            order, *said = line.split()
            self.bridge.into_hub(orders[order], *said)


if __name__ == "__main__":
    serve.Twin = Commanded  # type: ignore[misc]
    sys.exit(app.main(sys.argv[1:]))
