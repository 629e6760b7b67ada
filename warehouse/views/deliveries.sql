SELECT
    delivery.alert_id,
    delivery.channel,
    delivery.state,
    delivery.attempts,
    delivery.last_attempt_at,
    delivery.next_attempt_at,
    delivery.sent_at,
    delivery.detail,
    alert.event_id,
    alert.created_at AS alert_created_at,
    alert.headline
FROM ops.delivery AS delivery
JOIN core.alert AS alert ON alert.alert_id = delivery.alert_id
