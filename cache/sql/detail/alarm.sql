-- One row: an alarm as known at the moment, whatever became of it.
select id, origin, level, colour, kind, point, owner, lon, lat, name_zh, name_en, medium, unit, value, threshold,
       alarm_at, cleared_at, handling, open, is_gas, active, stage, handler, raised, handle_by, first_handled_at, contact_by,
       judged, judged_by, closed_at, closed_as, events, source, known
from alarm_at($at)
where id = $id and ($scope = 'park' or owner = $scope)
