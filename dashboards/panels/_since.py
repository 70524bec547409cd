"""What the panels of "since you last looked" share: since when, and what has become of alarms."""

from __future__ import annotations

from datetime import timedelta

from dashboards.panels._desk import OF_LEDGER
from twin.errors import BadInput
from twin.lineage import Inputs
from twin.moment import Moment, parse_moment
from twin.screen import Look

ALARMS, DEEDS = "since/alarms", "since/deeds"
DAY = timedelta(hours=24)
BECOME = ("raised", "again", "worse", "moved", "told", "over", "closed", "passed")
COLUMNS = (("become", "code", None), *(each for each in OF_LEDGER.columns if each[0] != "business"))
OF_ALARMS = Inputs(ALARMS, COLUMNS, ("alarms", "id"))


def since_of(look: Look) -> Moment:
    """Since when changes are told; a day before the moment looked at where nothing, or nothing sensible, is asked."""
    said = look.params.get("since")
    try:
        return parse_moment(said, "since") if said else look.at - DAY
    except BadInput:
        return look.at - DAY
