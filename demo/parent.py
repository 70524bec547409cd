"""Notices that the process which started this one is gone."""

from __future__ import annotations

import ctypes
import os
import sys
from threading import Event

CHECK_S = 1.0
_SYNCHRONIZE, _SIGNALLED = 0x00100000, 0


def _ended_on_windows(pid: int) -> bool:
    windows = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    handle = windows.OpenProcess(_SYNCHRONIZE, False, pid)
    if not handle:
        return True
    ended = bool(windows.WaitForSingleObject(handle, 0) == _SIGNALLED)
    windows.CloseHandle(handle)
    return ended


def ended(pid: int) -> bool:
    """Whether the parent of that id is gone; an orphan has another parent."""
    return _ended_on_windows(pid) if sys.platform == "win32" else os.getppid() != pid


def stop_with_parent(pid: int, stop: Event) -> None:
    """Set ``stop`` when the parent is gone; returns when stopped."""
    while not stop.wait(CHECK_S):
        if ended(pid):
            stop.set()
