-- One row a row that was refused of the files of rosters read last, in the order of the file.
select r.id, 'roster_refusal' as "table", i.read_by as source, r.known as ts, r.known, 'good' as quality,
       i.file as name_zh, i.file as name_en, r.import, r.org, case when r.org <> 'park' then r.org end as owner, r.line,
       r.field, r.code as fault_code, r.value as said, r.message, r.raw
from roster_refusal r join roster_import i on i.id = r.import
where r.known <= $at::timestamp and (r.org = $scope or $scope = 'park')
  and r.import in (
      select id from roster_import where known <= $at::timestamp and (org = $scope or $scope = 'park')
      order by known desc, id limit 20
  )
order by r.known desc, r.import, r.line
limit 2000
