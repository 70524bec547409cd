"""Gas warnings: looked at as soon as alarms have changed, and every second for what the clock brings."""

from __future__ import annotations

from cache.alarms import ALARM
from cache.warnings import GAS_WARNING
from services.gas_watch import GasWatch
from services.rounds import Round

ROUND = Round("gas_warnings", 1.0, lambda store, park: GasWatch(store, park).look, frozenset({ALARM, GAS_WARNING}))
