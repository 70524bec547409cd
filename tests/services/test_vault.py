"""Page files that several ask for at the same moment, before any of them is packed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import brotli

from services.bridge import Bridge
from services.vault import Vault

MANY = 8
SCRIPT = b"".join(f"const name{each} = {each * 7919 % 104729};\n".encode() for each in range(8000))


def test_a_file_that_many_ask_for_at_once_is_packed_once(tmp_path: Path) -> None:
    begin = Barrier(MANY)

    def ask(address: str) -> tuple[int, str, bytes]:
        begin.wait(timeout=20)
        return 200, "text/javascript", SCRIPT

    vault = Vault(lambda environ, start: [], Bridge(), ask, tmp_path)
    with ThreadPoolExecutor(MANY) as hands:
        kept = list(hands.map(vault.keep, ["/assets/a.v1m2.js"] * MANY))
    assert all(each is not None and brotli.decompress(each.packed) == SCRIPT for each in kept)
    assert [each.suffix for each in tmp_path.iterdir()] == [".br"]
