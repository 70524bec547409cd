-- One row a record of video analysis that an alarm came from, or that joined it: its picture and its clip.
select v.id, v.alarm_at, v.alarm_image_file as image, v.alarm_clip_file as clip
from video_ai_alarm_at($at) v
where $scope is not null
  and (v.id = $id or v.id in (select name from alarm_alias where alarm = $id and known <= $at::timestamp))
  and (v.alarm_image_file is not null or v.alarm_clip_file is not null)
order by v.alarm_at, v.id
