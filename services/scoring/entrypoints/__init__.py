"""The loops: read and fold, fire timers, publish the outbox."""
