"""A folder of YAML becomes a Programme, or the list of everything that is wrong with it."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node

from shared.programme.faults import Caution, Fault, ProgrammeInvalid, nearest
from shared.programme.journey_file import journey
from shared.programme.model import Journey, Programme
from shared.programme.names import Names
from shared.programme.owners_file import owners
from shared.programme.personas_file import personas
from shared.programme.programme_file import programme
from shared.programme.reading import Page, Spot
from shared.programme.sources_file import sources

T = TypeVar("T")
D = TypeVar("D")
FILES = ("programme.yaml", "personas.yaml", "owners.yaml", "sources.yaml")


def load(folder: Path) -> Programme:
    """Read the programme in `folder`. Raises ProgrammeInvalid with all faults; majors are 1 until it is applied."""
    return load_with_cautions(folder)[0]


def load_with_cautions(folder: Path) -> tuple[Programme, list[Caution]]:
    """The same, with what is no mistake and yet worth a word."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ProgrammeInvalid([Fault(str(folder), 1, "", "no such folder", "the folder of a programme")])
    reader = _Folder(folder)
    read = reader.read()
    if reader.faults or read is None:
        raise ProgrammeInvalid(reader.faults)
    return read, sorted(reader.names.unmatched())


class _Folder:
    """The files of one folder, and what is wrong in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.names = Names()

    def read(self) -> Programme | None:
        """Journeys come first: goals, cases and sources refer to touchpoints."""
        self._refuse_strangers()
        journeys = tuple(self._journeys())
        stated: dict[str, Any] = self._file("programme.yaml", programme, {})
        found = Programme(
            **{"name": "", "timezone": "UTC"} | stated,
            journeys=journeys,
            personas=self._optional("personas.yaml", personas),
            owners=self._optional("owners.yaml", lambda spot: owners(spot, stated.get("timezone") or "UTC")),
            sources=self._optional("sources.yaml", lambda spot: sources(spot, self.folder)),
        )
        self.names.settle()
        return None if self.faults else found

    def _journeys(self) -> Iterator[Journey]:
        files = sorted(path.name for path in (self.folder / "journeys").glob("*.yaml"))
        if not files:
            self._fault("journeys/", "no file", "at least one map, such as journeys/order-to-door.yaml")
        for name in files:
            found = self._file(f"journeys/{name}", journey, None)
            if found is not None:
                yield found

    def _optional(self, name: str, reader: Callable[[Spot], tuple[T, ...]]) -> tuple[T, ...]:
        return self._file(name, reader, ()) if (self.folder / name).exists() else ()

    def _file(self, name: str, reader: Callable[[Spot], T], default: D) -> T | D:
        node = self._node(name)
        if node is None:
            self.names.complete = False
            return default
        return Spot(Page(name, self.names, self.faults), node).read(reader, default)

    def _node(self, name: str) -> Node | None:
        """The YAML of a file, None after a fault. Nothing in it is executed or built: only nodes with their lines."""
        try:
            text = (self.folder / name).read_text(encoding="utf-8-sig")
            node: Node | None = YAML(typ="safe", pure=True).compose(StringIO(text))
        except OSError as error:
            self._fault(name, (error.strerror or "nothing readable").lower(), "a file")
        except UnicodeDecodeError:
            self._fault(name, "other bytes", "text in UTF-8")
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = ", ".join(part for part in (error.context, error.problem) if part)
            self._fault(name, said or "something else", "YAML", line=mark.line + 1 if mark else 1)
        except YAMLError as error:  # a character that YAML forbids; it tells the position, not the line
            position = getattr(error, "position", 0)
            self._fault(name, "a control character", "YAML", line=text.count("\n", 0, position) + 1)
        else:
            if node is None:
                self._fault(name, "nothing", "a mapping (key: value)")
            return node
        return None

    def _refuse_strangers(self) -> None:
        """A file that nobody reads has no effect, and a misspelt name must not have none silently."""
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.name not in FILES:
                self._fault(
                    path.name, "a file that no one reads", f"one of {', '.join(FILES)}{nearest(path.name, FILES)}"
                )
        for path in sorted((self.folder / "journeys").glob("*.yml")):
            self._fault(f"journeys/{path.name}", "the ending .yml", "the ending .yaml")

    def _fault(self, file: str, found: str, expected: str, *, line: int = 1) -> None:
        self.faults.append(Fault(file, line, "", found, expected))
