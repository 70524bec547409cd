-- One row a gas alarm that is open or was raised today or in the 30 local days before (with $year in the last 12 local months),
-- newest first; part_of: the excess that it is part of.
with today as (select timezone($zone, timezone('UTC', date_trunc('minute', $at::timestamp))) as now),
gas as materialized (
    select * from alarm_at($at)
    where is_gas
      and (open or alarm_at >= (select timezone('UTC', timezone($zone, case when coalesce($year::boolean, false) then date_trunc('month', now) - interval 11 month
                                                 else date_trunc('day', now) - interval 30 day end)) from today))
      and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
),
-- the second limit is passed within an excess of the first: one leak, as grave as its worst
within as (
    select hh.id, max_by(h.id, h.alarm_at) as part_of
    from gas hh join gas h on h.point = hh.point and h.kind = 'H'
      and h.alarm_at <= hh.alarm_at and (h.cleared_at is null or h.cleared_at >= hh.alarm_at)
    where hh.kind = 'HH'
    group by hh.id
),
worst as (
    select w.part_of as id, any_value(g.level) as level, any_value(g.colour) as colour, max(g.value) as value
    from within w join gas g on g.id = w.id
    group by w.part_of
),
told as (
    select id, 'hazard_alarm' as origin, null as diffusion_m, null as unit, handling_measures as measures
    from hazard_alarm_at($at)
    union all
    select id, 'gas_leak_statistic', diffusion_radius,
           case measurement_unit when '03' then '%' when '04' then 'ppm' when '05' then 'mg/m³' end, null
    from gas_leak_statistic_at($at)
    union all
    select id, 'parking_gas_alarm', null, null, handling_measures from parking_gas_alarm_at($at)
)
select a.id, a.origin as "table", a.source, a.alarm_at as ts, a.known, a.level, a.colour, a.kind as alarm_kind,
       a.kind, a.point, coalesce(n.device_id, a.point) as device, a.name_zh, a.name_en, a.medium, a.value, coalesce(a.unit, t.unit) as unit, a.threshold, t.diffusion_m,
       a.alarm_at, a.cleared_at, a.handling, a.open, a.is_gas, t.measures,
       i.part_of, case when a.open then 'lasting' else 'over' end as leak_state, coalesce(w.level, a.level) as leak_level, coalesce(w.colour, a.colour) as leak_colour,
       greatest(a.value, w.value) as leak_value,
       timezone($zone, timezone('UTC', a.alarm_at))::date as day,
       coalesce(u.name_zh, v.name_zh, o.name_zh, a.owner) as place_zh, coalesce(u.name_en, v.name_en, o.name_en, a.owner) as place_en,
       a.owner, coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from gas a
left join within i on i.id = a.id
left join worst w on w.id = a.id
left join told t on t.id = a.id and t.origin = a.origin
left join point p on p.id = a.point
left join indicator_at($at) n on n.id = a.point
left join feature u on u.id = p.parent
left join feature d on d.id = a.point and d.layer <> 'sensors'
left join feature v on v.id = d.props->>'target_unit'
left join feature o on o.layer = 'enterprises' and o.id = a.owner
order by a.open desc, strpos('SABCD', a.level) * a.open::integer, a.alarm_at desc, a.id
