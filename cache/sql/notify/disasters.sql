-- One row a notice of flood or typhoon that was published in the last two days.
select id, disaster_type as kind, published_content as words, publish_date from natural_disaster_notice_at($at)
where $scope = 'park' and list_contains($kinds, disaster_type) and publish_date >= ($at::timestamp - interval 2 day)::date
order by publish_date, id
