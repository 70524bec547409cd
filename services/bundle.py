"""Our own scripts as one file: forty small requests would cost a page half a second before it begins."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response


@dataclass(frozen=True)
class Bundle:
    """Scripts in the order of their folders and names, a library of others before them."""

    body: bytes

    @classmethod
    def of(cls, assets: Path, libraries: tuple[str, ...]) -> Bundle:
        """All scripts of ``assets/js``, after the named libraries of ``assets/vendor``."""
        ours = [Path(at) / name for at, _, names in sorted(os.walk(assets / "js")) for name in sorted(names)]
        paths = [*(assets / "vendor" / name for name in libraries), *(each for each in ours if each.suffix == ".js")]
        return cls(b";\n".join(each.read_bytes() for each in paths))

    @property
    def url(self) -> str:
        """Its address; carries the content's hash."""
        return f"/assets/parktwin.js?v={hashlib.sha256(self.body).hexdigest()[:16]}"

    def serve(self, app: Flask) -> None:
        """Answer at that address."""
        app.add_url_rule("/assets/parktwin.js", "bundle", lambda: Response(self.body, mimetype="text/javascript"))
