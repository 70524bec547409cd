-- One row a point and kind that raised alarms in the analysed period: how often, how soon it was over or came again, by how
-- much it was beyond its limit, what was judged of it (times in seconds, overshoot as a share of the limit).
with told as not materialized (
    select point, kind, owner, is_gas, threshold, judged, clearing_ms, ended_at, alarm_at,
           case kind when 'L' then -1 when 'LL' then -1 else 1 end * (value - threshold) / nullif(abs(threshold), 0) as over
    from analysed_alarm_at($at, $period, $starts, $ends, $earlier_starts, $earlier_ends)
    where not earlier and point is not null
      and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
),
-- there may be millions of alarms: each is put into a class once, and the classes are counted
classed as (
    select point, kind, judged,
           case when clearing_ms < 10000 then 10 when clearing_ms < 30000 then 30 when clearing_ms < 60000 then 60
                when clearing_ms < 120000 then 120 end as lasted,
           case when over < 0 then null when over < 0.02 then 2 when over < 0.05 then 5 when over < 0.1 then 10 end as beyond,
           any_value(owner) as owner, bool_or(is_gas) as is_gas, arg_max(threshold, alarm_at) as threshold,
           max(alarm_at) as newest_at, count(*) as n, count(clearing_ms) as cleared, sum(clearing_ms) as clearing_ms,
           min(clearing_ms) as least_ms, min(over) filter (over >= 0) as least_over
    from told
    group by point, kind, judged, lasted, beyond
),
summed as (
    select point, kind, any_value(owner) as owner, bool_or(is_gas) as is_gas, arg_max(threshold, newest_at) as threshold,
           sum(n)::bigint as n, coalesce(sum(n) filter (judged is not null), 0)::bigint as judged,
           coalesce(sum(n) filter (judged in ('false', 'momentary')), 0)::bigint as idle,
           coalesce(sum(n) filter (judged = 'confirmed'), 0)::bigint as confirmed,
           sum(cleared)::bigint as cleared, coalesce(sum(clearing_ms), 0)::bigint as clearing_ms,
           min(least_ms) filter (judged = 'confirmed') / 1000.0 as real_lasted_s,
           min(least_over) filter (judged = 'confirmed') as real_over,
           coalesce(sum(n) filter (lasted <= 10), 0)::bigint as within_10,
           coalesce(sum(n) filter (lasted <= 10 and judged in ('false', 'momentary')), 0)::bigint as within_idle_10,
           coalesce(sum(n) filter (lasted <= 30), 0)::bigint as within_30,
           coalesce(sum(n) filter (lasted <= 30 and judged in ('false', 'momentary')), 0)::bigint as within_idle_30,
           coalesce(sum(n) filter (lasted <= 60), 0)::bigint as within_60,
           coalesce(sum(n) filter (lasted <= 60 and judged in ('false', 'momentary')), 0)::bigint as within_idle_60,
           coalesce(sum(n) filter (lasted <= 120), 0)::bigint as within_120,
           coalesce(sum(n) filter (lasted <= 120 and judged in ('false', 'momentary')), 0)::bigint as within_idle_120,
           coalesce(sum(n) filter (beyond <= 2), 0)::bigint as beyond_2,
           coalesce(sum(n) filter (beyond <= 2 and judged in ('false', 'momentary')), 0)::bigint as idle_2,
           coalesce(sum(n) filter (beyond <= 5), 0)::bigint as beyond_5,
           coalesce(sum(n) filter (beyond <= 5 and judged in ('false', 'momentary')), 0)::bigint as idle_5,
           coalesce(sum(n) filter (beyond <= 10), 0)::bigint as beyond_10,
           coalesce(sum(n) filter (beyond <= 10 and judged in ('false', 'momentary')), 0)::bigint as idle_10,
           max(newest_at) as newest_at
    from classed
    group by point, kind
),
-- beside the one before it of the same point and kind: numbers alone, for they have to be sorted
keyed as (
    select hash(point, kind) as key, coalesce(judged, '') as judged, epoch_ms(alarm_at) as at_ms, epoch_ms(ended_at) as ended_ms
    from told
),
beside as (
    select key, case judged when 'confirmed' then 1 when 'false' then 2 when 'momentary' then 2 else 0 end as judged,
           at_ms - lag(ended_ms) over ordered as gap, at_ms - lag(at_ms, 2) over ordered <= 60000 as chatters
    from keyed
    window ordered as (partition by key order by at_ms)
),
counted as (
    select key, judged, chatters,
           case when gap < 0 then null when gap < 10000 then 10 when gap < 30000 then 30 when gap < 60000 then 60
                when gap < 120000 then 120 end as again,
           count(*) as n, min(gap) filter (gap >= 0) as least_ms
    from beside
    group by key, judged, chatters, again
),
repeated as (
    select key, coalesce(sum(n) filter (chatters), 0)::bigint as bursts,
           min(least_ms) filter (judged = 1) / 1000.0 as real_gap_s,
           coalesce(sum(n) filter (again <= 10), 0)::bigint as again_10,
           coalesce(sum(n) filter (again <= 10 and judged = 2), 0)::bigint as again_idle_10,
           coalesce(sum(n) filter (again <= 30), 0)::bigint as again_30,
           coalesce(sum(n) filter (again <= 30 and judged = 2), 0)::bigint as again_idle_30,
           coalesce(sum(n) filter (again <= 60), 0)::bigint as again_60,
           coalesce(sum(n) filter (again <= 60 and judged = 2), 0)::bigint as again_idle_60,
           coalesce(sum(n) filter (again <= 120), 0)::bigint as again_120,
           coalesce(sum(n) filter (again <= 120 and judged = 2), 0)::bigint as again_idle_120
    from counted
    group by key
)
select s.*, r.* exclude (key), coalesce(p.name_zh, f.name_zh) as name_zh, coalesce(p.name_en, f.name_en) as name_en, p.unit
from summed s
join repeated r on r.key = hash(s.point, s.kind)
left join point p on p.id = s.point
left join feature f on f.id = s.point and p.id is null
order by s.n desc, s.point, s.kind
