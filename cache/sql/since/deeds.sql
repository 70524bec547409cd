-- One row a thing that somebody did since a moment (a day ago where none is given), the newest first.
select cast(seq as varchar) as id, 'journal' as "table", who as source, known as ts, known, 'good' as quality, subject as name_zh,
       subject as name_en, stream, subject, event, who,
       coalesce(json_extract_string(said, '$.note'), json_extract_string(said, '$.reason'), '') as note
from journal
where known > coalesce(try_cast($since as timestamp), $at::timestamp - interval 24 hour) and known <= $at::timestamp
  and $scope = 'park' and stream not in ('account', 'audit') and who <> 'twin' and not contains(who, '/')
order by seq desc limit 500
