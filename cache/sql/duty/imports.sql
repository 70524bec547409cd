-- One row a file of rosters that was read, the newest first.
select i.id, 'roster_import' as "table", i.read_by as source, i.known as ts, i.known, 'good' as quality, i.file as name_zh,
       i.file as name_en, i.org, case when i.org <> 'park' then i.org end as owner, i.file, i.read_by, i.good, i.bad
from roster_import i
where i.known <= $at::timestamp and (i.org = $scope or $scope = 'park')
order by i.known desc, i.id
limit 20
