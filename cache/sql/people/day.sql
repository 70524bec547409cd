-- One row an entry about people of the last 24 hours: sign-ins, refusals, what was done, what became of accounts.
select cast(seq as varchar) as id, 'journal' as "table", who as source, known as ts, known, 'good' as quality,
       subject as name_zh, subject as name_en, stream, subject, event, who
from journal
where stream in ('account', 'audit') and known <= $at::timestamp and known > $at::timestamp - interval 24 hours
  and $scope = 'park'
order by seq desc
