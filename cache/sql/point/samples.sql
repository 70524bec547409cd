-- One row per source time of a point: the value known last, with its quality.
SELECT ts, arg_max(value, stored) AS value, arg_max(quality, stored) AS quality
FROM reading
WHERE point = $point AND ts >= $start AND ts <= $end AND known <= $at AND $scope IS NOT NULL
GROUP BY ts
ORDER BY ts
