"""Reading YAML that anybody may have written: no code, no key twice, no bombs, lines kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import yaml

from incident_report.data.cells import suggest
from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.shape import first_line, place

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_BYTES = 1024 * 1024
_MOST_PARTS = 50_000
_LONGEST_NUMBER = 40
_DEEPEST = 50
_Bad = tuple[int | None, str]  # line and message
_EMPTY: _Bad = None, "is empty: it has comments at most; delete the file or fill it"
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Document:
    """A YAML file: its value, and the line on which each part stands."""

    def __init__(self, file: str, node: yaml.Node, value: Any) -> None:
        self.file = file
        self.value = value
        self._node = node

    def line(self, path: Sequence[str | int]) -> int:
        """Line of a part, or of its nearest parent that can be found (line 1 is the first)."""
        node = self._node
        for step in path:
            child = None
            if isinstance(node, yaml.MappingNode):
                child = next((v for k, v in node.value if k.value == str(step)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                child = node.value[step]
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + 1

    def fault(self, path: Sequence[str | int], value: Any, message: str, severity: str = "error") -> Fault:
        """A fault in one part, with the value that stands there."""
        return Fault(self.file, message, self.line(path), place(path), None if value is None else str(value), severity)

    def line_of(self, path: str) -> int:
        """The same for a path as text: ``options[2].filter``."""
        steps = [int(n) if n else name for name, n in _STEP.findall(path)]
        return self.line(steps)


def read_document(folder: Folder, name: str) -> Document | None:
    """A YAML file, or None with a fault."""
    text = folder.read_text(name, _MOST_BYTES)
    return None if text is None else parse_document(name, text, folder.report)


def parse_document(name: str, text: str, report: Callable[[Fault], None]) -> Document | None:
    """YAML text, or None with a fault.

    Parameters
    ----------
    name : str
        The file, for faults.
    """
    loader = _Loader(text)
    node: Any = None
    try:
        bad = _too_much(text)
        node = None if bad else loader.get_single_node()
        bad = bad or _EMPTY if node is None else next(_unwanted(node), None)
        value = None if bad else loader.construct_document(node)
    except (*_UNREADABLE, yaml.YAMLError) as error:
        bad = _why(error)
    finally:
        loader.dispose()
    if not bad and not isinstance(value, dict):
        bad = 1, "must be a mapping: lines of the form `key: value`"
    if bad:
        report(Fault(name, bad[1], line=bad[0]))
        return None
    return Document(name, node, value)


# The parser lets a tag promise what the text does not hold: 2020-13-45, `!!timestamp now`.
_UNREADABLE = (RecursionError, ValueError, ArithmeticError, TypeError, AttributeError, LookupError)


def _why(error: Exception) -> _Bad:
    """What to say of an error of the parser."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return mark.line + 1 if mark else None, f"is not valid YAML: {error.problem or error.context}"
    if isinstance(error, yaml.YAMLError):
        return None, f"is not valid YAML: {' '.join(str(error).split())[:160]}"
    return None, f"holds a value that cannot be read: {str(error)[:160]}; put text in quotes"


def _too_much(text: str) -> _Bad | None:
    """Nesting that the parser, which calls itself for each level, would not survive, or endless parts."""
    depth = parts = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        parts += isinstance(event, yaml.NodeEvent)
        if depth > _DEEPEST or parts > _MOST_PARTS:
            line = event.start_mark.line + 1 if event.start_mark else 1
            deep = f"is nested more than {_DEEPEST} levels deep"
            return line, deep if depth > _DEEPEST else f"is larger than {_MOST_PARTS} parts"
    return None


def _unwanted(root: yaml.Node) -> Iterator[_Bad]:
    """Keys that stand twice (the first would be lost), and aliases that loop or blow a small file up."""
    sizes: dict[int, int] = {}
    depths: dict[int, int] = {}
    stack: list[tuple[yaml.Node, bool]] = [(root, False)]
    while stack:
        node, seen_children = stack.pop()
        line = node.start_mark.line + 1
        if seen_children:
            sizes[id(node)] = 1 + sum(sizes[id(c)] for c in _children(node))
            depths[id(node)] = 1 + max((depths[id(c)] for c in _children(node)), default=0)
            if depths[id(node)] > _DEEPEST:
                yield line, f"is nested more than {_DEEPEST} levels deep"
                return
            if sizes[id(node)] > _MOST_PARTS:
                yield line, f"is larger than {_MOST_PARTS} parts once its aliases (*) are written out"
                return
        elif id(node) in sizes:
            if not sizes[id(node)]:
                yield line, "has an alias (*) that holds itself"
                return
        else:
            sizes[id(node)] = 0  # begun, not ended
            yield from _bad_keys(node)
            yield from _bad_number(node)
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node))


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _bad_keys(node: yaml.Node) -> Iterator[_Bad]:
    keys: set[str] = set()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield line, "has a key that is not plain text"
        elif key.value in keys:
            yield line, f"has the key {key.value!r} twice in one place"
        else:
            keys.add(key.value)


def _bad_number(node: yaml.Node) -> Iterator[_Bad]:
    """A number so long that reading it would take for ever (``1:1:1:1…`` is a number in YAML 1.1)."""
    if node.tag.endswith((":int", ":float")) and len(str(node.value)) > _LONGEST_NUMBER:
        yield node.start_mark.line + 1, f"holds a number of more than {_LONGEST_NUMBER} signs; put text in quotes"


def with_hint(error: Any) -> str:
    """`shape.first_line`, for people who type keys by hand: a key that is not known, and what may be meant."""
    if error.validator == "additionalProperties":
        unknown = sorted(set(map(str, error.instance)) - set(error.schema["properties"]))
        return f"{', '.join(unknown)}: not a key that is known here{suggest(unknown[0], error.schema['properties'])}"
    return first_line(error).replace("is a required property", "is missing")


def members_of(part: Any, at: str = "", *, without: Collection[str] = ()) -> Iterator[tuple[str, str, Any]]:
    """Every member of a document, outermost first: its place (``options[2].who.text``), its key, its value.

    Parameters
    ----------
    without : collection of str
        Keys that are passed over, with all below them. A member of a list has none.
    """
    if isinstance(part, Mapping):
        inner = [(f"{at}.{key}".lstrip("."), str(key), value) for key, value in part.items() if key not in without]
    elif isinstance(part, (list, tuple)):
        inner = [(f"{at}[{i}]", "", value) for i, value in enumerate(part)]
    else:
        return
    for where, key, value in inner:
        yield where, key, value
        yield from members_of(value, where, without=without)
