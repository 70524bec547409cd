-- One row a person who may stand on a shift: of the exchange's persons, of its rosters, of the address book; one whom
-- several of them know is one row, the exchange's persons first.
with known as (
    select id, name, enterprise_id as org, mobile, 1 as place from person_at($at)
    union all
    select id, name, enterprise, mobile, 2 from recipient_at($at)
    union all
    select duty_person_id, arg_max(duty_person_name, duty_start_at), null, null, 3
    from duty_roster_at($at) where duty_person_id is not null group by duty_person_id
)
select id, first(name order by place) as name, first(org order by place) filter (where org is not null) as org,
       first(mobile order by place) filter (where mobile is not null) as mobile
from known
where id is not null
group by id
having $scope = 'park' or org = $scope
order by id
