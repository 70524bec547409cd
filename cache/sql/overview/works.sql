-- One row a special work that is running at the moment, hot works first, newest first.
with ticket as (
    select special_work_plan_id as plan, min(started_at) as started_at, bool_and(ended_at <= date_trunc('minute', $at::timestamp)) as ended,
           any_value(ticket_no) as ticket_no, any_value(guardian) as guardian
    from special_work_ticket_at($at) where started_at <= date_trunc('minute', $at::timestamp) group by special_work_plan_id
)
select p.id, p.enterprise_id as owner, p.work_type, p.work_level, p.risk_grade, p.work_content, p.place,
       coalesce(t.started_at, p.plan_start_at) as started_at, p.plan_end_at, p.worker_count, t.guardian,
       p.longitude as lon, p.latitude as lat,
       coalesce(o.name_zh, p.enterprise_id) as owner_zh, coalesce(o.name_en, p.enterprise_id) as owner_en
from special_work_plan_at($at) p left join ticket t on t.plan = p.id
left join feature o on o.layer = 'enterprises' and o.id = p.enterprise_id
where p.plan_start_at <= date_trunc('minute', $at::timestamp)
  and p.work_status not in ('03', '04', '05', '06')
  and (p.work_status = '02' or t.plan is not null)
  and not coalesce(t.ended, false)
  and ($scope = 'park' or p.enterprise_id = $scope) and ($enterprise is null or p.enterprise_id = $enterprise)
order by p.work_type, started_at desc, p.id
