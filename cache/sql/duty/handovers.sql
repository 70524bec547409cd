-- One row a handover, those that wait for a signature first, then the newest.
select h.id, 'handover' as "table", h.prepared_by as source, h.prepared_at as ts, h.known_from as known, 'good' as quality,
       case when h.org = 'park' then null else coalesce(e.name_zh, h.org) end as name_zh,
       case when h.org = 'park' then null else coalesce(e.name_en, h.org) end as name_en,
       h.org, case when h.org <> 'park' then h.org end as owner, h.state as handover_state, h.day, h.shift, h.since, h.as_of,
       h.held, h.open_alarms, h.offline, h.repair, h.sources_down, h.raised, h.closed, h.decided, h.remarks, h.prepared_by,
       h.prepared_at, h.given_by, h.given_at, h.taken_by, h.taken_at, h.withdrawn_by, h.withdrawn_at
from handover_at($at) h
left join feature e on e.layer = 'enterprises' and e.id = h.org
where h.org = $scope
order by h.state in ('prepared', 'given') desc, h.prepared_at desc, h.id
limit 500
