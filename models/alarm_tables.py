"""The tables from which alarms come in this issue of the twin: whoever shows alarms reads these."""

# a leak closes by the clock, ten minutes after it was last reported (R-GAS-3), in whole minutes
ALARM_TABLES = frozenset({"hazard_alarm", "gas_leak_statistic", "parking_gas_alarm", "minute"})
