-- One row a recipient, as known at the moment given, with what their enterprise is called and how many were sent to them.
select r.id, 'recipient' as "table", 'twin' as source, r.known_from as ts, r.known_from as known, 'good' as quality,
       r.name as recipient_name, r.name as name_zh, r.name as name_en, r.post, r.enterprise as owner,
       coalesce(o.name_zh, r.enterprise) as owner_zh, coalesce(o.name_en, r.enterprise) as owner_en, r.mobile, r.email,
       r.account, r.language, r.enabled, r.channels, r.kinds, r.sources, r.levels
from recipient r left join feature o on o.layer = 'enterprises' and o.id = r.enterprise
where r.known_from <= $at::timestamp and (r.known_to is null or r.known_to > $at::timestamp)
  and ($scope = 'park' or r.enterprise = $scope) and ($enterprise is null or r.enterprise = $enterprise)
  and ($words is null or contains(lower(concat_ws(' ', r.id, r.name, r.post, r.enterprise, o.name_zh, o.name_en, r.mobile)), lower($words)))
order by r.enterprise nulls first, r.post, r.name, r.id
