"""Moments: aware, UTC, microseconds. Live is ``at = now``, taken once at the edge and passed down.

``now`` is for edges only (app, api, callbacks, services, adapters and the writer);
models, layers and dashboards are given their moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from twin.errors import BadInput

Moment = datetime
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Two kinds of knowledge of a moment: what was known then, and what is known of it by now.
KNOWN, LATEST = "known", "latest"
_MICROSECOND = timedelta(microseconds=1)


def now() -> Moment:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def to_us(moment: Moment) -> int:
    """Whole microseconds since 1970-01-01 UTC."""
    return (moment - EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> Moment:
    """The moment that many microseconds after 1970-01-01 UTC."""
    return EPOCH + timedelta(microseconds=int(microseconds))


def iso(moment: Moment) -> str:
    """ISO 8601 with the offset Z, milliseconds kept only where there are any."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def parse_moment(text: str, field: str = "at") -> Moment:
    """Read an ISO 8601 time with an offset.

    Raises:
        BadInput: not a time (``bad_time``) or one without an offset (``no_offset``).
    """
    try:
        # '+' in a query string arrives as a space
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
    except (ValueError, AttributeError) as error:
        raise BadInput(f"{field}: '{str(text)[:40]}' is not an ISO 8601 time", field, "bad_time") from error
    if moment.tzinfo is None:
        raise BadInput(f"{field}: '{text[:40]}' has no offset; write it like 2026-11-21T06:00:00Z", field, "no_offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(f"{field}: '{text[:40]}' is out of range", field, "bad_time") from error
