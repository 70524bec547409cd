-- One row an enterprise: how many persons its newest counts of the last 25 hours have inside.
select owner, sum(persons)::bigint as persons
from (
    select enterprise_id as owner, area_type, arg_max(person_count, collected_at) as persons
    from area_presence_at($at)
    where collected_at <= date_trunc('minute', $at::timestamp)
      and collected_at > date_trunc('minute', $at::timestamp) - interval 25 hour and person_count is not null
    group by enterprise_id, area_type
)
where $scope = 'park' or owner = $scope
group by owner
