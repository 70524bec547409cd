-- One row an entry of the journal, of one stream or one person where they are named, the newest first.
select seq, known, stream, subject, event, who, said
from journal
where known <= $at::timestamp and $scope = 'park'
  and ($stream is null or stream = $stream) and ($who is null or who = $who)
  and ($since is null or known >= $since::timestamp) and ($before is null or seq < $before)
order by seq desc
limit $most
