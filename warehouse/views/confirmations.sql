-- Who first said what now holds of the event: only contacts with the event's present status count.
SELECT
    event_id, pair, side, status, said_at,
    date_diff('minute', min(said_at) OVER (PARTITION BY event_id), said_at) AS minutes_after_first,
    published_precision, contact_id, article_id, address, source, outlet
FROM (
    SELECT
        event.event_id,
        event.pair,
        coalesce(contact.side, 'third') AS side,
        event.status,
        coalesce(contact.published_at, contact.seen_at) AS said_at,
        article.published_precision,
        contact.contact_id,
        contact.article_id,
        contact.address,
        contact.source,
        contact.outlet,
        row_number() OVER (
            PARTITION BY event.event_id, coalesce(contact.side, 'third')
            ORDER BY coalesce(contact.published_at, contact.seen_at), contact.contact_id
        ) AS turn
    FROM core.event AS event
    JOIN core.current_contact AS contact ON contact.event_id = event.event_id AND contact.status = event.status
        AND event.standing = 'stands'
    JOIN core.current_article AS article ON article.article_id = contact.article_id
)
WHERE turn = 1
