-- Joins that the points leave in doubt, unless an analyst has said a word on the contact or the event.
SELECT
    contact.event_id,
    contact.contact_id,
    contact.article_id,
    link.doubt,
    contact.join_score,
    contact.join_why,
    contact.address,
    contact.published_at,
    contact.kind,
    contact.status,
    contact.date_from,
    contact.date_to,
    contact.place,
    contact.evidence_quote,
    link.linked_at
FROM core.current_contact AS contact
JOIN core.event_contact AS link ON link.contact_id = contact.contact_id
JOIN core.event AS event ON event.event_id = contact.event_id AND event.standing = 'stands'
ANTI JOIN core.pin AS pin ON pin.contact_id = contact.contact_id
WHERE link.doubt <> ''
