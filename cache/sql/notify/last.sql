-- One row: when something of a kind was posted last.
select max(known) as known from notice where ($scope = 'park' or owner = $scope) and kind = $kind and known <= $at::timestamp
