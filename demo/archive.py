"""Draws the demo park's documents: plans, drawings, report covers, approvals, its certificate.

``python -m demo.archive demo/park`` writes ``archive/*.svg``, from the park's own map and nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from demo.drawings import Drawing, control_line, fire, industry, land_use, layout, power, water
from demo.folder import Folder
from demo.letters import as_page, certificate, facts, letters
from demo.papers import PLANNER, PLANS
from demo.sheet import Title

FOLDER = "archive"
GRADE_NAME = "safety-risk-grade-2025"
_OF_PLAN: dict[str, Drawing] = {"PLAN-01": layout, "PLAN-02": industry, "PLAN-05": fire}
_OTHERS: tuple[tuple[str, Drawing, Title], ...] = (
    ("land-use-plan", land_use, Title("土地利用规划图", "Land-use plan", "PLAN-01-04", "2020-11-06", *PLANNER)),
    ("control-line-drawing", control_line,
     Title("土地规划安全控制线划定图", "Land-safety control line", "PLAN-04-01", "2022-03-15", *PLANNER)),
    ("water-network", water, Title("供水管网图", "Water network", "NET-W-01", "2024-06-18", *PLANNER)),
    ("power-network", power, Title("供电管网图", "Power network", "NET-P-01", "2024-06-18", *PLANNER)),
)  # fmt: skip


def documents(folder: Folder) -> dict[str, str]:
    """All documents of the demo park by the name of their file, without its end."""
    told = facts(folder)
    made = {each.name: as_page(each, told) for each in letters()}
    made[GRADE_NAME] = certificate(told)
    for plan in (each for each in PLANS if each.id in _OF_PLAN):
        title = Title(plan.name_zh, plan.name_en, plan.id, plan.compiled, *PLANNER)
        made[plan.id] = _OF_PLAN[plan.id](folder, title)
    return made | {name: draw(folder, title) for name, draw, title in _OTHERS}


def main(park: Path) -> None:
    """Write them into the park folder."""
    (park / FOLDER).mkdir(exist_ok=True)
    for name, said in documents(Folder(park)).items():
        (park / FOLDER / f"{name}.svg").write_text(said, "utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
