-- One row: who answers for a station, as the station itself is reported.
select id, 'fire_station' as "table", from_source as source, known_from as known, head_name, phone, address from fire_station_at($at) where id = $id and $scope is not null
union all
select id, 'gas_rescue_station' as "table", from_source as source, known_from as known, head_name, phone, address from gas_rescue_station_at($at) where id = $id
union all
select id, 'response_centre' as "table", from_source as source, known_from as known, head_name, phone, address from response_centre_at($at) where id = $id
union all
select id, 'training_base' as "table", from_source as source, known_from as known, head_name, phone, address_description from training_base_at($at) where id = $id
limit 1
