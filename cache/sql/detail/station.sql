-- One row: who answers for a station, as the station itself is reported.
select head_name, phone, address from fire_station_at($at) where id = $id and $scope is not null
union all
select head_name, phone, address from gas_rescue_station_at($at) where id = $id
union all
select head_name, phone, address from response_centre_at($at) where id = $id
union all
select head_name, phone, address_description from training_base_at($at) where id = $id
limit 1
