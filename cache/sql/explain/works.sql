-- One row a special work that is running at the moment: reported as running, or with a ticket that has begun, and not over.
with ticket as (
    select special_work_plan_id as plan, min(started_at) as started_at,
           bool_and(ended_at <= date_trunc('minute', $at::timestamp)) as ended, any_value(ticket_no) as ticket_no
    from special_work_ticket_at($at) where started_at <= date_trunc('minute', $at::timestamp) group by special_work_plan_id
)
select p.id, 'special_work_plan' as "table", p.from_source as source, coalesce(t.started_at, p.plan_start_at) as ts,
       p.known_from as known, 'good' as quality, p.work_content as name_zh, p.work_content as name_en,
       p.enterprise_id as owner, p.work_type, p.work_level, t.ticket_no,
       p.longitude as lon, p.latitude as lat
from special_work_plan_at($at) p left join ticket t on t.plan = p.id
where p.plan_start_at <= date_trunc('minute', $at::timestamp)
  and p.work_status not in ('03', '04', '05', '06')
  and (p.work_status = '02' or t.plan is not null)
  and not coalesce(t.ended, false)
  and ($scope = 'park' or p.enterprise_id = $scope) and ($enterprise is null or p.enterprise_id = $enterprise)
order by p.work_type, ts desc, p.id
