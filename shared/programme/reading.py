"""Reads YAML with its lines. A mistake becomes a fault and reading goes on, so that all of them are told at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from shared.programme.faults import Fault, nearest

if TYPE_CHECKING:
    from shared.programme.names import Names

T = TypeVar("T")
D = TypeVar("D")
YAML_TAG = "tag:yaml.org,2002:"


class Wrong(Exception):
    """A value is not what was expected. Caught by the mapping or list around it, which notes the fault.

    `found` is said where the value itself would say too little.
    """

    def __init__(self, expected: str, found: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.found = found


class Page:
    """One file being read: where its faults and its names go."""

    def __init__(self, file: str, names: "Names", faults: list[Fault]) -> None:
        self.file = file
        self.names = names
        self.faults = faults


class Spot:
    """A value in a file, and how to speak of it."""

    def __init__(self, page: Page, node: Node, path: str = "", line: int | None = None) -> None:
        self.page = page
        self.node = node
        self.path = path
        self.line = line or int(node.start_mark.line) + 1
        """Counted from 1."""

    @property
    def tag(self) -> str:
        """`str`, `int`, `float`, `bool`, `null`, `timestamp`, `map`, `seq`, or whatever the author made up."""
        return str(self.node.tag).removeprefix(YAML_TAG)

    @property
    def raw(self) -> str:
        """The characters of a scalar; empty for anything else."""
        return str(self.node.value) if isinstance(self.node, ScalarNode) else ""

    @property
    def found(self) -> str:
        """The value in words."""
        if isinstance(self.node, ScalarNode):
            return "nothing" if self.tag == "null" else repr(self.raw) if self.tag == "str" else self.raw
        return "a list" if isinstance(self.node, SequenceNode) else "a mapping"

    def fault(self, expected: str, found: str | None = None) -> None:
        """Note a mistake here and go on."""
        self.page.faults.append(Fault(self.page.file, self.line, self.path, found or self.found, expected))

    def read(self, reader: "Callable[[Spot], T]", default: D) -> T | D:
        """What `reader` makes of this value; `default` if that is a fault, which is noted."""
        try:
            return reader(self)
        except Wrong as wrong:
            self.fault(wrong.expected, wrong.found)
            return default

    def items(self) -> "list[Spot]":
        """The values of a list. Raises Wrong."""
        if not isinstance(self.node, SequenceNode):
            raise Wrong("a list")
        return [Spot(self.page, node, f"{self.path}[{index}]") for index, node in enumerate(self.node.value)]

    def pairs(self) -> "list[tuple[Spot, Spot]]":
        """The keys and values of a mapping, as they stand. Raises Wrong."""
        if not isinstance(self.node, MappingNode):
            raise Wrong("a mapping (key: value)")
        prefix = f"{self.path}." if self.path else ""
        return [self._pair(key, value, f"{prefix}{key.value}") for key, value in self.node.value]

    def _pair(self, key: Node, value: Node, path: str) -> "tuple[Spot, Spot]":
        """A value that was left empty is where its key is; YAML takes it to be where the next thing begins."""
        at_key = Spot(self.page, key, path)
        return at_key, Spot(self.page, value, path, line=at_key.line if value.value == "" else None)

    def entries(self) -> "list[tuple[Spot, Spot]]":
        """`pairs` whose keys are texts and differ, then what is merged in (`<<`). The rest is noted as faults.

        Raises Wrong.
        """
        good: dict[str, tuple[Spot, Spot]] = {}
        merged: list[tuple[Spot, Spot]] = []
        for key, value in self.pairs():
            if key.tag == "merge":
                merged += value.read(Spot.entries, ())
            elif key.tag != "str":
                key.fault("a text as the key")
            elif key.raw in good:
                key.fault(f"each key once; {key.raw!r} stands in line {good[key.raw][0].line} already")
            else:
                good[key.raw] = (key, value)
        return list(({key.raw: (key, value) for key, value in merged} | good).values())

    @contextmanager
    def fields(self) -> "Iterator[Fields]":
        """The mapping's fields; a key that nobody asked for is a fault. Raises Wrong if this is no mapping."""
        fields = Fields(self, {key.raw: (key, value) for key, value in self.entries()})
        yield fields
        fields.refuse_unknown()


class Fields:
    """The fields of one mapping, read one by one."""

    def __init__(self, spot: Spot, entries: dict[str, tuple[Spot, Spot]]) -> None:
        self.spot = spot
        self._entries = entries
        self._asked: list[str] = []
        self._faults_before = len(spot.page.faults)

    @property
    def sound(self) -> bool:
        """Whether everything that was read of this mapping so far is right."""
        return len(self.spot.page.faults) == self._faults_before

    def need(self, key: str, reader: Callable[[Spot], T]) -> T:
        """A field that must be there. After a fault the value is None: `sound` tells, and nothing is made of it."""
        spot = self.at(key)
        if spot is None:
            self.spot.fault(f"the key {key!r} here", "nothing")
            return cast(T, None)
        return cast(T, spot.read(reader, None))

    def get(self, key: str, reader: Callable[[Spot], T], default: D) -> T | D:
        """A field that may be left out, or left empty."""
        spot = self.at(key)
        return default if spot is None or spot.tag == "null" else spot.read(reader, default)

    def at(self, key: str) -> Spot | None:
        """Where a field stands, None if it does not."""
        self._asked.append(key)
        entry = self._entries.get(key)
        return None if entry is None else entry[1]

    def refuse_unknown(self) -> None:
        """A misspelt key must not be silently without effect."""
        for name, (key, _) in self._entries.items():
            if name not in self._asked:
                known = ", ".join(dict.fromkeys(self._asked))
                key.fault(f"one of the keys {known}{nearest(name, self._asked)}", f"the key {name!r}")
