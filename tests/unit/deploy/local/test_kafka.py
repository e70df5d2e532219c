"""What the broker is started with."""

import uuid
from base64 import urlsafe_b64decode

import pytest

from deploy.local.kafka import cluster_id


def test_a_cluster_id_is_never_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    dashed, plain = uuid.UUID(bytes=b"\xf8" + bytes(15)), uuid.UUID(bytes=b"\x10" + bytes(15))
    drawn = iter([dashed, dashed, plain])
    monkeypatch.setattr(uuid, "uuid4", lambda: next(drawn))
    found = cluster_id()
    assert urlsafe_b64decode(found + "==") == plain.bytes
