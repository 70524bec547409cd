"""What the alarms that screens show depend on: whoever shows alarms reads these."""

# "alarm" is touched by whatever changes an alarm, be it a reading, a record or a person; and a leak ends by the clock,
# ten minutes after it was last reported (R-GAS-3), in whole minutes
ALARM_TABLES = frozenset({"alarm", "minute"})
