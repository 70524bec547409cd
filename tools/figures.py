"""Writes the figures that ``make bench`` has measured into the READMEs, between their markers."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "out" / "figures.jsonl"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
READMES = {
    "README.md": ("what", "promised", "measured", "Measured on {machine}."),
    "README.zh-CN.md": ("项目", "要求", "实测", "测试机器：{machine}。"),
}


def machine() -> str:
    """The machine's size, without its name."""
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
        memory = f", {gigabytes:.0f} GB memory"
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({platform.machine()}){memory}, {system}"


def _table(rows: list[dict[str, str]], head: tuple[str, str, str, str]) -> str:
    lines = [" | ".join(head[:3]), "|".join(["---"] * 3)]
    lines += [" | ".join(row[name] for name in ("what", "promised", "measured")) for row in rows]
    return "\n".join([head[3].format(machine=machine()), "", *(f"| {line} |" for line in lines)])


def write(text: str, said: str) -> str:
    """The text with what stands between the markers replaced."""
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n{said}\n{END}{after}"


def main() -> None:
    """Write them all; a figure measured twice stands with its last value."""
    if not BOOK.exists():
        sys.exit("no figures were measured; run `make bench`.")
    kept = {row["what"]: row for row in map(json.loads, BOOK.read_text("utf-8").splitlines())}
    for name, head in READMES.items():
        path = ROOT / name
        path.write_text(write(path.read_text("utf-8"), _table(list(kept.values()), head)), "utf-8")


if __name__ == "__main__":
    main()
