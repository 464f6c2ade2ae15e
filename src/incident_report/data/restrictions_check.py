"""Whether a campaign's restrictions.yml can be carried out: a line for each fault, with what there is instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import yaml

Known = Mapping[str, Mapping[str, Sequence[str]]]  # table -> column -> the values that it may have, or none
Values = Mapping[str, Collection[str]]
_Path = Sequence[str | int]
_TEXT = {"type": "string", "pattern": r"\S"}
_TEXTS = {"type": "array", "items": _TEXT}
_WORDS = {"type": "string", "pattern": r"^[\w{][\w{}(), -]*$"}  # put into YAML and stories as they are
_STEP = {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 5}, {"const": "none"}]}
_COUNT = {"type": "integer", "minimum": 0}
_MOVING = "routes.targets"
_KINDS = {"sites": ("sites", "precision"), "targets": ("incidents", "target_category")}


def faults(text: str, own: Any, known: Known, default: Mapping[str, Any]) -> Iterator[str]:
    """Lines on what is wrong with a campaign's rules.

    Parameters
    ----------
    text : str
        Of the file, which tells the lines.
    own : object
        What it holds.
    known : mapping
        Table -> column -> the values that the schema lists for it, of the campaign and of the default.
    default : mapping
        The rules that come with the package; a campaign may write anew whatever they name.

    Yields
    ------
    str
        ``12: coordinates.sites.site_pont: is not known here; there are …``.
    """
    # A campaign without such a file, and a build that has nothing to do, do not pay for it.
    from incident_report.data.shape import shape_errors

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return
    yield from _twice(root)
    told = [one for error in shape_errors(own, _schema(known, default)) for one in _told(error, known)]
    for path, message in sorted(told, key=lambda one: (_line(root, one[0]), list(map(str, one[0])))):
        yield f"{_line(root, path)}: {'.'.join(map(str, path)) or 'the file'}: {message}"


def idle(
    found: Mapping[str, Any], own: Mapping[str, Any], listed: Values, default: Values, *, roads: bool
) -> Iterator[tuple[str, str]]:
    """Rules that name values which the campaign's schema has not, and so do nothing there, each with a message.

    A default rule is told of only where it may have missed something: the schema lists values of its own that no rule
    names, or there are roads and none of the kinds of target that move along them.

    Parameters
    ----------
    found, own : mapping
        The rules as they hold, and those of them that the campaign writes.
    listed, default : mapping of column -> values
        Of incidents, in the campaign's schema and in the default one.
    roads : bool
        Whether the campaign has a table of roads.
    """
    home = "this file" if own else "a restrictions.yml"
    for rule, column, named, written in _named(found, own):
        there = [*listed.get(column, ())]
        lost, new = _without(named, there), _without(there, [*default.get(column, ()), *named])
        alone = roads and rule == _MOVING and len(lost) == len(named)
        if there and lost and any((written, new, alone)):
            yield (
                rule,
                (
                    f"names {', '.join(lost)}, which {column} of this campaign's schema does not list: "
                    f"nothing is withheld or told more coarsely by that; write {rule} in {home} with "
                    f"the values that it is to hold for, if any; there are {', '.join(new or there)}"
                ),
            )


def _without(values: Collection[str], others: Collection[str]) -> list[str]:
    return [value for value in values if value not in others]


def _named(found: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, str, Collection[str], bool]]:
    """Rules that name values of incidents: rule, column, values, and whether the campaign writes it."""
    yield _MOVING, "target_category", found["routes"]["targets"], "targets" in own.get("routes", {})
    for column, values in found["given_by_sources"].items():
        yield f"given_by_sources.{column}", column, values, column in own.get("given_by_sources", {})
    kinds = {*own.get("coordinates", {}).get("targets", {})} - {"other"}
    yield "coordinates.targets", "target_category", sorted(kinds), True


def _schema(known: Known, default: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of the file, with every name that this campaign has."""
    kinds = {name: (*known[table][column], *default["coordinates"][name]) for name, (table, column) in _KINDS.items()}
    steps = {name: _keys(dict.fromkeys(found, _STEP)) for name, found in kinds.items()}
    listed = {column: {"type": "array", "items": {"enum": [*values]} if values else _TEXT}
              for column, values in known["incidents"].items()}  # fmt: skip
    columns = {f"{table}.{column}": _TEXT for table, found in known.items() for column in found}
    signed = _keys({"by": _TEXT, "date": {"anyOf": [_TEXT, {"not": {"type": ["number", "null"]}}]}}, needed=True)
    person = {"name": _TEXT, "accused_of": _TEXT, "spelt": _TEXTS, "signed_off": signed}
    return _keys(
        {
            "coordinates": _keys({**steps, "routes": _STEP}),
            "routes": _keys(
                {
                    "targets": {"type": "array", "items": {"enum": [*dict.fromkeys(kinds["targets"])]}},
                    "highways": _TEXTS,
                    "details": _TEXTS,
                }
            ),
            "given_by_sources": _keys(listed),
            "columns": _keys(columns),
            "persons": {"type": "array", "items": {**_keys(person), "required": ["name", "accused_of"]}},
            "words": _keys(dict.fromkeys(default["words"], _WORDS)),
            # Written by a public build alone: how much the copy that it is made of leaves out.
            "withheld": _keys(
                {
                    "rows": {"type": "object", "additionalProperties": _COUNT},
                    "columns": _TEXTS,
                    **dict.fromkeys(("persons", "passages", "places"), _COUNT),
                }
            ),
        }
    )


def _keys(members: Mapping[str, Any], *, needed: bool = False) -> dict[str, Any]:
    """A mapping with these keys and no other."""
    found = {"type": "object", "additionalProperties": False, "properties": dict(members)}
    return {**found, "required": [*members]} if needed else found


def _told(error: Any, known: Known) -> Iterator[tuple[_Path, str]]:
    """The place and the words of what a validator found."""
    path = [*error.absolute_path]
    if error.validator == "additionalProperties":
        there = error.schema["properties"]
        for key in (k for k in error.instance if k not in there):
            said = _no_column(str(key), known) if path == ["columns"] else f"is not known here; {_are(there)}"
            yield [*path, key], said
    elif error.validator == "enum":
        yield path, f"{error.instance!r} is not known here; {_are(error.validator_value)}"
    else:
        yield path, str(error.message)[:160]


def _no_column(name: str, known: Known) -> str:
    table = name.partition(".")[0]
    there = f"{table} has {', '.join(known[table])}" if table in known else f"tables are {', '.join(known)}"
    return f"is no column of this campaign; write table.column; {there}"


def _are(names: Collection[str]) -> str:
    return f"there are {', '.join(dict.fromkeys(names))}"


def _twice(root: yaml.Node) -> Iterator[str]:
    """Keys that stand twice in one place: the first would be lost, and with it what it withholds."""
    seen = set()
    for key, _ in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value in seen:
            yield f"{key.start_mark.line + 1}: {key.value}: stands twice in one place; keep one"
        seen.add(key.value)
    for child in _children(root):
        yield from _twice(child)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _line(root: yaml.Node, path: _Path) -> int:
    """The line of a part, or of what it would be a part of."""
    node, line = root, root.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            key, node = next(((k, v) for k, v in node.value if k.value == str(step)), (node, node))
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line
