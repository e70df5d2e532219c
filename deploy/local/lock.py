"""For maintainers: `python -m deploy.local.lock` resolves Kafka's jars anew and writes kafka.lock.

Change the versions here, run it, start the tests, commit both. The lock holds names, versions and SHA-256, no
addresses: where jars come from is a matter of each machine.
"""

import tempfile
from pathlib import Path

from deploy.local.jars import LOCK

# Kafka's own set has no logging. Without the `!` log4j's bill of materials brings an older kafka-clients in, and the
# broker dies of it.
_WANTED = "org.apache.kafka:kafka_2.13:4.1.0+org.apache.logging.log4j:log4j-slf4j-impl:2.24.3!"


def main() -> None:
    """Resolve into an empty folder, so that nothing of this machine gets in."""
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext, PythonResolver

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(folder) / "jars")
        EnvironmentBuilder(context=context, cache_dir=Path(folder) / "made").from_endpoint(_WANTED)
        (made,) = Path(folder).glob("made/**/jgo.lock.toml")
        LOCK.write_text(made.read_text())


if __name__ == "__main__":
    main()
