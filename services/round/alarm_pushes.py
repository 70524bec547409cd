"""Alarms that are judged to be real are told to people (R-PU-1, R-PU-2)."""

from __future__ import annotations

from models.alarm_tables import ALARM_TABLES
from models.routing import CONFIRMED
from services.alarm_pushes import Pusher
from services.rounds import Round

ROUND = Round("alarm_pushes", 60.0, lambda store, park: Pusher(store, park, CONFIRMED).look, ALARM_TABLES)
