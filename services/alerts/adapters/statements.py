"""The queue's statements. Instants are parameters: no statement asks what time it is."""

# What is red is told of before cases: a channel takes a message a second, and a bad morning brings hundreds of cases.
DUE = """
select c.id, c.thread, c.channel, c.address, c.name, c.zone, c.root, c.fence, c.due_at, c.about = 'case' as can_wait
from alerts.conversations c left join alerts.buckets b using (channel, address)
where c.due_at <= :now and c.channel = any(cast(:channels as text[]))
  and (c.lease_until is null or c.lease_until <= :now)
  and (b.free_at is null or b.free_at <= :now)
order by can_wait, c.due_at, c.id limit :most for update of c skip locked
"""
NEXT = """
select min(greatest(c.due_at, c.lease_until, b.free_at))
from alerts.conversations c left join alerts.buckets b using (channel, address)
where c.due_at is not null and c.channel = any(cast(:channels as text[]))
"""
WAITING = """
select id, letter::text as letter, edit, state, tries, tried_at, caused_at, (
    select count(*) from alerts.attempts a where a.delivery = d.id and what = 'send' and outcome in ('unclear', 'fault')
) as lost, exists (
    select from alerts.attempts a where a.delivery = d.id and outcome = 'refused'
) as refused
from alerts.deliveries d
where conversation = :conversation and state in ('queued', 'claimed', 'sending', 'unclear') order by position
"""
# The last message to an address; what lies further back than this is not worth a long look, being only a short cut.
EARLIER = """
select d.reference
from (select position, conversation, reference from alerts.deliveries order by position desc limit 10000) d
     join alerts.conversations c on c.id = d.conversation
where c.channel = :channel and c.address = :address and d.reference is not null
order by d.position desc limit 1
"""
OVERTAKE = """
update alerts.deliveries set state = 'overtaken', done_at = :now, overtaken_by = :by
where id = any(cast(:ids as uuid[]))
"""
REST = "update alerts.conversations set due_at = null, lease_until = null where id = :id"
TAKE_TOKEN = """
insert into alerts.buckets as b (channel, address, free_at) values (:channel, :address, :free_at)
on conflict (channel, address) do update set free_at = excluded.free_at where b.free_at <= :now
"""
PAUSE = """
insert into alerts.buckets as b (channel, address, free_at) values (:channel, :address, :free_at)
on conflict (channel, address) do update set free_at = greatest(b.free_at, excluded.free_at)
"""
CLAIM = """
update alerts.deliveries set state = :state, kind = :kind, letter = cast(:letter as jsonb), tries = :tries
where id = :id
"""
LEASE = "update alerts.conversations set fence = :fence, lease_until = :lease_until where id = :conversation"
RENEW = """
update alerts.conversations set lease_until = :lease_until
where id = :id and fence = :fence and lease_until is not null
"""

OURS = "select true from alerts.conversations where id = :id and fence = :fence for update"
SENDING = "update alerts.deliveries set state = 'sending', tried_at = coalesce(tried_at, :now) where id = :id"
TRY = "insert into alerts.attempts (delivery, fence, what, began_at) values (:id, :fence, :what, :now)"
TRIED = """
update alerts.attempts set ended_at = :now, outcome = :outcome, answer = :answer
where delivery = :id and fence = :fence
"""
SETTLE = """
update alerts.deliveries
set state = :state, answer = :answer, reference = :reference, done_at = :done_at where id = :id
"""
# The first message of a conversation is its root for ever. Another delivery may have been queued meanwhile.
GO_ON = """
update alerts.conversations c
set root = coalesce(root, :root), lease_until = null,
    due_at = case when exists (
        select from alerts.deliveries d where d.conversation = c.id
          and d.state in ('queued', 'claimed', 'sending', 'unclear')
    ) then cast(:due_at as timestamptz) end
where id = :conversation
"""
