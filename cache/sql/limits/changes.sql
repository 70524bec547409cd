-- One row a change that was asked of a limit, as known at the moment, newest first.
SELECT
    c.id, c.point, c.which, c.old, c.new, c.reason, c.author, c.asked_at, c.approver, c.approved_at, c.refused_at, c.note,
    CASE WHEN c.approved_at IS NOT NULL THEN 'approved' WHEN c.refused_at IS NOT NULL THEN 'refused' ELSE 'waiting' END AS state,
    p.owner, p.unit, p.name_zh, p.name_en
FROM limit_change AS c
LEFT JOIN point AS p ON p.id = c.point
WHERE c.known_from <= $at AND (c.known_to IS NULL OR c.known_to > $at)
    AND ($scope IN ('park', 'masked') OR p.owner = $scope)
    AND ($point IS NULL OR c.point = $point)
    AND ($id IS NULL OR c.id = $id)
    AND ($state IS NULL OR $state = CASE
        WHEN c.approved_at IS NOT NULL THEN 'approved' WHEN c.refused_at IS NOT NULL THEN 'refused' ELSE 'waiting' END)
ORDER BY c.asked_at DESC, c.id DESC
LIMIT $limit
