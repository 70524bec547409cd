-- One row an alarm of the ledger that an expired paper has raised: which, and whether it lasts.
select a.id, a.active, a.stage, a.owner
from alarm_at($at) a
where a.origin = 'expiry' and ($scope = 'park' or a.owner = $scope)
order by a.id
