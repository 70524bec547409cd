-- One row: whether sources have told anything of vehicles and of special works at all; without it a nought would be a guess.
select exists (from hazmat_vehicle_at($at)) as vehicles, exists (from special_work_plan_at($at)) as works
where $scope is not null
