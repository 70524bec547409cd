-- One row an alarm that the desk's filters let through, newest first, the newest two thousand; total: how many there are.
with told as (
    select a.* exclude (kind, origin), coalesce(p.parent, a.point, a.owner, '') as unit_id,
           case when a.is_gas then 'gas' when a.origin = 'video_ai_alarm' then 'video' when a.origin = 'closure_alarm' then 'closure'
                when a.origin = 'special_work_alarm' then 'work' when a.kind = 'expiry' then 'expiry'
                when a.kind in ('offline', 'source', 'frozen') then 'device' else 'process' end as business
    from desk_alarm_at($at) a left join point p on p.id = a.point
    where ($scope = 'park' or a.owner = $scope)
      and ($enterprise is null or a.owner = $enterprise)
      and case coalesce($show, 'open') when 'open' then a.stage <> 'closed' when 'closed' then a.stage = 'closed' else true end
      and ($levels is null or contains($levels, a.level))
)
select *, count(*) over () as total
from told
where ($group is null or business = $group)
  and ($words is null or contains(lower(concat_ws(' ', id, point, name_zh, name_en, owner, owner_zh, owner_en, medium)), lower($words)))
order by alarm_at desc, id
limit 2000
