"""What the page may load and run: what comes from this server, and the tiles that a park names; nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response

_PAGE = "text/html"


def page_policy(scripts: Iterable[str], tiles: str | None) -> str:
    """The Content-Security-Policy of the page.

    Args:
        scripts: hashes of the page's own inline scripts, as the header writes them.
        tiles: address of the map's tiles, ``{z}/{x}/{y}`` and perhaps ``{s}`` in it; None where there are none.
    """
    origin = _origin(tiles) if tiles else ""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *scripts)),
            "style-src 'self' 'unsafe-inline'",  # charts style themselves
            f"img-src 'self' data: blob: {origin}".rstrip(),
            "worker-src blob:",
            "connect-src 'self' ws: wss:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _origin(tiles: str) -> str:
    """Scheme and host of an address; any of its subdomains where it names several."""
    parts = urlsplit(tiles.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def hold_to(app: Flask, policy: str) -> None:
    """Send every page of ``app`` with its policy."""

    @app.after_request
    def said(answer: Response) -> Response:
        if answer.mimetype == _PAGE:
            answer.headers.setdefault("Content-Security-Policy", policy)
        return answer
