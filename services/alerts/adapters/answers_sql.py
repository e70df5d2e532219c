"""A statement a question of the API. Index: episodes_listed, cases_listed, deliveries' position."""

EPISODES = """
select id, document::text as document, opened_at from alerts.episodes
where (cast(:id as uuid) is null or id = :id)
  and (cast(:journey as text) is null or journey = :journey)
  and (cast(:touchpoint as text) is null or touchpoint = :touchpoint)
  and (cast(:open as boolean) is null or (closed_at is null) = :open)
  and (cast(:after_at as timestamptz) is null or (opened_at, id) < (:after_at, cast(:after_id as uuid)))
order by opened_at desc, id desc limit :limit
"""
CASES = """
select id, thread, owner, customer, opened_at, reply_by, document::text as document from alerts.cases
where (cast(:customer as text) is null or customer = :customer)
  and (cast(:owner as text) is null or owner = :owner)
  and (cast(:after_at as timestamptz) is null or (opened_at, id) < (:after_at, cast(:after_id as text)))
order by opened_at desc, id desc limit :limit
"""
DELIVERIES = """
select d.position, d.id, c.about, c.thread, c.channel, c.address, d.kind, d.edit, d.reason, d.state, d.queued_at,
       d.done_at, d.tries, d.reference, d.answer,
       case when d.done_at is null then greatest(c.due_at, b.free_at) end as due_at
from alerts.deliveries d join alerts.conversations c on c.id = d.conversation
     left join alerts.buckets b using (channel, address)
where (cast(:threads as uuid[]) is null or c.thread = any(cast(:threads as uuid[])))
  and (cast(:state as text) is null or d.state = :state)
  and (cast(:channel as text) is null or c.channel = :channel)
  and (cast(:before as bigint) is null or d.position < :before)
order by d.position desc limit cast(:limit as bigint)
"""
ATTEMPTS = """
select delivery, what, began_at, ended_at, outcome, answer from alerts.attempts
where delivery = any(cast(:ids as uuid[])) order by delivery, fence
"""
