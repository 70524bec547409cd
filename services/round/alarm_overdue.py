"""Alarms that nobody takes in hand in time are told, and once a day those are told who hear of alarms so (R-PU-5)."""

from __future__ import annotations

from models.routing import OVERDUE
from services.alarm_pushes import Digests, Pusher
from services.rounds import Round

_EVERY_S = 5.0
ROUND = Round("alarm_overdue", _EVERY_S, lambda store, park: Pusher(store, park, OVERDUE, Digests(store, park)).look)
