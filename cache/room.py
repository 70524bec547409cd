"""Room on the disk: how to tell that an error means there is none."""

from __future__ import annotations

import errno
import os

_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def no_room(error: BaseException) -> bool:
    """Whether a write failed because the disk, a quota or a file is full; DuckDB hands on the system's own words."""
    return any(said in str(error) for said in _FULL)
