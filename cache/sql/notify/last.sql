-- When something of a kind was posted last.
select max(known) as known from notice where kind = $kind and known <= $at::timestamp
