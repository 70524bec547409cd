"""The error tree. Every error a user, a source or an operator can meet is drawn here.

Outside, all of them have one JSON shape: ``{"error": {"code", "message", "field"}}``; where the page can say it in the
viewer's language and the park's time, a phrase of the catalogue stands beside it as ``said``.
"""

from __future__ import annotations

from typing import Any


class TwinError(Exception):
    """Root of the tree. ``code`` is stable for programs, the message is for people, ``said`` for the page: a phrase."""

    code = "error"
    status = 500

    def __init__(self, message: str, field: str | None = None, code: str | None = None, said: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or type(self).code
        self.said = said

    def as_json(self) -> dict[str, dict[str, Any]]:
        """The one shape outside."""
        error = {"code": self.code, "message": self.message, "field": self.field}
        return {"error": error | ({"said": self.said} if self.said else {})}


class BadInput(TwinError):
    """What was sent cannot be understood; ``field`` names the place."""

    code, status = "bad_input", 400


class NotSignedIn(TwinError):
    """No token, or one that is not ours."""

    code, status = "not_signed_in", 401


class NotAllowed(TwinError):
    """Known, but without the right; also a foreign Host or Origin."""

    code, status = "not_allowed", 403


class NotFound(TwinError):
    """No screen, layer, point or record of that name."""

    code, status = "not_found", 404


class Conflict(TwinError):
    """The state does not allow it."""

    code, status = "conflict", 409


class TooLarge(TwinError):
    """A body beyond the limit, before or after unpacking."""

    code, status = "too_large", 413


class BadMedia(TwinError):
    """A content type or an encoding that is not taken."""

    code, status = "unsupported_media_type", 415


class Busy(TwinError):
    """The write queue is full; try again after ``retry_after_s`` seconds."""

    code, status, retry_after_s = "busy", 429, 1


class TooMany(TwinError):
    """Too many calls in too short a time; try again after ``retry_after_s`` seconds."""

    code, status = "too_many", 429

    def __init__(self, message: str, retry_after_s: int, code: str | None = None) -> None:
        super().__init__(message, None, code)
        self.retry_after_s = retry_after_s


class Starting(TwinError):
    """Not ready yet."""

    code, status = "starting", 503


class DiskLow(TwinError):
    """No room to promise durability."""

    code, status = "disk_low", 507


class StoreError(TwinError):
    """The cache file cannot be opened or written."""

    code = "store"


class ParkError(TwinError):
    """A park folder cannot be opened."""

    code, status = "park", 400


class SourceError(TwinError):
    """A source did not answer, or answered nonsense."""

    code = "source"
