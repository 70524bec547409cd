-- One row a message of the last 30 days, as known at the moment given, with what it was made of and whom it concerns.
CREATE OR REPLACE MACRO message_log_at(moment) AS TABLE
SELECT
    m.id, 'message' AS "table", 'twin' AS source, m.posted_at AS ts, m.known_from AS known, 'good' AS quality, m.notice,
    m.kind AS notice_kind, m.subject, m.level, m.owner, coalesce(o.name_zh, m.owner) AS owner_zh,
    coalesce(o.name_en, m.owner) AS owner_en, m.name AS recipient_name, m.post, m.channel, m.address AS reach, m.title_zh,
    m.title_en, m.body_zh, m.body_en, m.title_zh AS name_zh, m.title_en AS name_en, m.state AS message_state, m.tries,
    m.posted_at, m.tried_at, m.sent_at, m.read_at, m.result, r.reply,
    r.replied_at, n.asked_by, m.place,
    date_diff('millisecond', greatest(m.posted_at, n.due), m.sent_at) / 1000.0 AS took_s,
    lower(concat_ws(' ', m.name, m.title_zh, m.title_en, m.channel, m.state, m.subject, m.address, r.reply)) AS words
FROM message AS m
LEFT JOIN notice AS n ON n.id = m.notice
LEFT JOIN (
    SELECT message, string_agg(words, ' / ' ORDER BY known, id) AS reply, max(known) AS replied_at
    FROM reply WHERE known <= moment GROUP BY message
) AS r ON r.message = m.id
LEFT JOIN feature AS o ON o.layer = 'enterprises' AND o.id = m.owner
WHERE m.posted_at > date_trunc('minute', moment) - INTERVAL 30 DAY
  AND m.known_from <= moment AND (m.known_to IS NULL OR m.known_to > moment)
