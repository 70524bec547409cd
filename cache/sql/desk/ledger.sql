-- One row an alarm that the desk's filters let through, newest first, the newest two thousand; total: how many there are.
with told as (
    select a.*, p.parent,
           case when a.is_gas then 'gas' when a.origin = 'video_ai_alarm' then 'video' when a.origin = 'closure_alarm' then 'closure'
                when a.origin = 'special_work_alarm' then 'work' when a.kind = 'expiry' then 'expiry'
                when a.kind in ('offline', 'source', 'frozen') then 'device' else 'process' end as business,
           coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
    from alarm_at($at) a
    left join feature o on o.layer = 'enterprises' and o.id = a.owner
    left join point p on p.id = a.point
    where ($scope = 'park' or a.owner = $scope)
      and ($enterprise is null or a.owner = $enterprise)
      and case coalesce($show, 'open') when 'open' then a.stage <> 'closed' when 'closed' then a.stage = 'closed' else true end
      and ($levels is null or contains($levels, a.level))
)
select id, origin as "table", source, alarm_at as ts, known, 'good' as quality, level, colour, kind as alarm_kind, business, point,
       coalesce(parent, point, owner, '') as unit_id, owner, owner_zh, owner_en, name_zh, name_en, medium, unit, value, threshold,
       alarm_at, cleared_at, raised, handle_by, first_handled_at, closed_at, active, open, is_gas, stage, handling, handler,
       coalesce(handler, last_by) as by_whom, judged, count(*) over () as total
from told
where ($group is null or business = $group)
  and ($words is null or contains(lower(concat_ws(' ', id, point, name_zh, name_en, owner, owner_zh, owner_en, medium)), lower($words)))
order by alarm_at desc, id
limit 2000
