"""Where a value becomes a word: the phrasebook, Jinja2 over Babel.

`templates/words/<language>/phrases.md` holds macros, each a phrase (``count``, ``verdict``, ``span``);
every one is both a function and a filter of all texts. The other files hold the words of records: a
heading ``## fig-counts`` and below it ``### title``, ``### alt``, ``### caption`` …, each Jinja2. What a
language's folder lacks, a phrase or a single field, is taken from English: a field with English days, numbers and
terms, so that no sentence is in two languages. `### text` under the id of a
`%%prose` cell, or under ``chapter/cell`` for a heading, stands in for the notebook's own text.

Two ways to write: *Markdown* (prose, captions, notes), in which every value is escaped, and *plain* (titles,
alternative texts, labels), in which it is literal. A value that is not known never prints: it is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from jinja2 import TemplateError, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.sandbox import SecurityError
from markupsafe import Markup

from incident_report.analysis.expressions import Sandbox
from incident_report.analysis.remember import held
from incident_report.data.cells import unknown
from incident_report.paths import TEMPLATES
from incident_report.periods import QUARTER
from incident_report.present.entries import Entry, WordsError, read_entries
from incident_report.present.passages import Broken, expecting, expects
from incident_report.present.phrases import phrases

LANGUAGE = "en"
LOCALES = {"en": "en_GB"}  # a language that needs a territory; others stand for themselves
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~^@&\"'=:])")
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # no-break spaces stay
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9][\w.:-]*")
# What a text can do wrong: all of it is told as the text's fault, with its line.
_WRONG = (TemplateError, SecurityError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def escape(text: object) -> str:
    """Text from data, made safe and literal inside Markdown."""
    return _MARKDOWN.sub(r"\\\1", _SPACE.sub(" ", str(text)))


class Words:
    r"""The phrasebook of one language.

    Parameters
    ----------
    language : str
        A folder of templates/words/.
    labels : function (value, *columns) -> text, optional
        How the campaign's schema names an enumeration's value that stands in one of these columns.
    folder : Path, optional
        Where the languages lie.
    unit : str
        What the campaign reports by, which texts speak of: ``month``, ``quarter`` or ``year``.

    Examples
    --------
    >>> words = Words()
    >>> words.text("{{ 27 | count('attack', 'attacks') }} from {{ day | date }}.", {"day": date(2020, 7, 1)})
    '27 attacks from 1 July 2020.'
    >>> words.text("{{ name }}", {"name": "*x*"})
    '\\*x\\*'
    """

    def __init__(
        self,
        language: str = LANGUAGE,
        labels: Callable[..., str] | None = None,
        folder: Path = TEMPLATES / "words",
        unit: str = QUARTER,
    ) -> None:
        self.unit = unit
        self.language, self.folder, self._english = language, folder / language, folder / LANGUAGE
        if not (self.folder / "phrases.md").is_file():
            there = ", ".join(sorted(p.parent.name for p in folder.glob("*/phrases.md")))
            raise WordsError(f"there is no phrasebook for language {language!r}; there are {there}")
        self.locale = Locale.parse(LOCALES.get(language, language))
        self._labels = labels or (lambda value, *_: value.replace("_", " ").capitalize())
        self._entries: dict[str, Entry] | None = None

    @cached_property
    def english(self) -> Words:
        """Who writes what this language lacks."""
        return self if self.language == LANGUAGE else Words(LANGUAGE, self._labels, self._english.parent, self.unit)

    @cached_property
    def _markdown(self) -> Sandbox:
        return self._environment(True)

    @cached_property
    def _plain(self) -> Sandbox:
        return self._environment(False)

    def text(
        self,
        source: str,
        *values: Mapping[str, Any],
        name: str = "text",
        markdown: bool = True,
        broken: list[Broken] | None = None,
        read: dict[str, Any] | None = None,
    ) -> str:
        """A text with its values filled in.

        A passage between ``{% expect test %}`` and ``{% endexpect %}`` states what must hold for it. Where
        it no longer does, the passage is struck through (left out of plain text) and told in `broken`.

        Parameters
        ----------
        source : str
            Markdown or plain text with Jinja2.
        *values : mapping ...
            What the text may read by name: a notebook's results, facts, the edition. The first that has a name serves.
        name : str
            For errors: the file or the cell.
        broken : list, optional
            Takes the passages whose test failed.
        read : dict, optional
            Takes what the text reads, by name.

        Raises
        ------
        WordsError
            In one line: where, and what is wrong.
        """
        env = self._markdown if markdown else self._plain
        read = {} if read is None else read
        read |= {n: next(v[n] for v in values if n in v) for n in reads(source) if any(n in v for v in values)}
        try:
            expected = expecting(broken if broken is not None else [], read, markdown)
            return str(env.from_string(expects(source)).render(read, _expected=expected)).strip()
        except _WRONG as error:
            raise WordsError(_told(error, name, source)) from None

    def page(self, file: str, context: Mapping[str, Any]) -> str:
        """A whole file of the language as plain text, such as the README of data.zip."""
        folder = self.folder if (self.folder / file).is_file() else self._english
        return self.text((folder / file).read_text("utf-8"), context, name=file, markdown=False)

    @cached_property
    def terms(self) -> dict[str, str]:
        """What the language calls a campaign's own short words, by what its files write; none for most languages."""
        path = self.folder / "terms.yml"
        return {str(k): str(v) for k, v in yaml.safe_load(path.read_text("utf-8")).items()} if path.is_file() else {}

    def term(self, text: str) -> str:
        """A short text of the campaign in this language, as far as the phrasebook knows it."""
        return self.terms.get(text, text)

    def own(self, id: str) -> str:
        """What this language says in place of a notebook's own text; empty where it says nothing.

        A notebook's own headings are English and speak of quarters.
        """
        if self.language == LANGUAGE and self.unit == QUARTER:
            return ""
        return self.entries[id].fields.get("text", ("", ""))[1] if id in self.entries else ""

    def record(self, id: str, context: Mapping[str, Any]) -> dict[str, str]:
        """The words of a record: every field under its heading, values filled in.

        Parameters
        ----------
        id : str
            Heading in one of the language's files, such as ``fig-counts``.

        Returns
        -------
        dict of field -> text
            ``title``, ``alt`` and ``label-…`` plain, all others Markdown; empty ones, and those of a
            table's columns and cells (see `cells`), left out.
        """
        if id not in self.entries:
            raise WordsError(f"{self.folder.name}: no file has words for {id!r} (a heading '## {id}')")
        fields = [f for f in self.entries[id].fields if not f.startswith(("column-", "cell-", "note"))]
        written = {field: self.field(id, field, context) for field in fields}
        return {k: v for k, v in written.items() if v}

    def field(self, id: str, field: str, context: Mapping[str, Any]) -> str:
        """One field of a record on one line; empty where the phrasebook has none."""
        entry = self.entries[id]
        if field not in entry.fields:
            return ""
        place, source = entry.fields[field]
        markdown = not (field in ("title", "alt") or field.startswith(("label-", "column-", "fact-")))
        name = f"{place} ({id}, {field})"
        return _on_one_line(self._writer(id, field).text(source, context, name=name, markdown=markdown))

    def cells(
        self,
        id: str,
        field: str,
        values: Iterable[Any],
        rows: Sequence[Mapping[str, Any]],
        context: Mapping[str, Any],
    ) -> list[str]:
        """A table's column, each cell written by one text that reads `value` and `row`; Markdown."""
        place, source = self.entries[id].fields[field]
        name = f"{place} ({id}, {field})"
        try:
            template = self._writer(id, field)._markdown.from_string(source)
            pairs = zip(values, rows, strict=True)
            return [_on_one_line(template.render(**context, value=v, row=row)) for v, row in pairs]
        except _WRONG as error:
            raise WordsError(_told(error, name, source)) from None

    def plain(self, value: Any) -> str:
        """A bare value of a table: digits, days in full, a number with three significant digits."""
        if isinstance(value, float):
            return self._decimal(value, 0 if abs(value) >= 100 or value == int(value) else 2)
        return str(self._plain_value(value))

    def phrase(self, name: str, *values: Any) -> str:
        """One phrase of the phrasebook as plain text, for the labels of a chart."""
        return str(self._plain.filters[name](*values))

    @property
    def entries(self) -> dict[str, Entry]:
        """Words of records by id."""
        if self._entries is None:
            self._entries = read_entries(self._english)
            for id, entry in self._own.items():
                self._entries.setdefault(id, Entry(entry.file)).fields.update(entry.fields)
        return self._entries

    @cached_property
    def _own(self) -> dict[str, Entry]:
        """What the language's own files say beside the English ones."""
        return read_entries(self.folder) if self.folder != self._english else {}

    def _writer(self, id: str, field: str) -> Words:
        """Whose words a field is: this language's, where it has the field or the English one has no word of its own."""
        own = id in self._own and field in self._own[id].fields
        wordless = not any(map(str.isalpha, _TAGS.sub("", self.entries[id].fields[field][1])))
        return self if own or wordless else self.english

    def _environment(self, markdown: bool) -> Sandbox:
        env = Sandbox(
            autoescape=markdown,
            finalize=self._markdown_value if markdown else self._plain_value,
        )
        env.globals["reported_by"] = self.unit
        wrap: Callable[[str], str] = Markup if markdown else str
        formats: dict[str, Callable[..., Any]] = {
            "decimal": lambda v, digits=0, beside=None: wrap(self._decimal(v, digits, beside)),
            "percent": lambda v, digits=0: wrap(format_percent(v, "#,##0" + _digits(digits) + "%", locale=self.locale)),
            "cldr_date": lambda v, pattern: wrap(format_date(_day(v), pattern, locale=self.locale)),
            "cldr_list": lambda v, either=False: wrap(self._list(list(v), either, markdown)),
            "plural": lambda n, **forms: self._plural(n, forms, markdown),
            "label": lambda v, *columns: self._escaped(self._labels(str(v), *columns), markdown),
            "key": lambda v: wrap(_key(str(v))),
            "cap": lambda v: wrap(_capital(str(self._escaped(v, markdown)))),
        }
        env.filters.update(formats)
        # One text: a phrase of the language takes the place of the English one in every other phrase, too.
        books = [folder / "phrases.md" for folder in dict.fromkeys((self._english, self.folder))]
        for name, macro in phrases(env, "".join(b.read_text("utf-8") for b in books if b.is_file())).items():
            env.filters[name] = env.globals[name] = _one_line(macro, wrap)
        return env

    def _markdown_value(self, value: Any) -> Any:
        return value if hasattr(value, "__html__") else Markup(escape(self._plain_value(value)))  # noqa: S704

    def _plain_value(self, value: Any) -> Any:
        """How a bare value prints: numbers in digits, days in full; an unknown one not at all."""
        if isinstance(value, Undefined) and "inline if" in str(value._undefined_message):
            return ""  # {{ "x" if test }} without an else
        if unknown(value):
            raise WordsError("a value that is not known would be printed; ask 'is known' first")
        if isinstance(value, bool):
            raise WordsError("yes or no would be printed; write the words")
        if isinstance(value, int) or (hasattr(value, "dtype") and pd.api.types.is_integer(value)):
            return self._decimal(int(value), 0)
        if isinstance(value, float):
            raise WordsError(f"{value:g} would be printed with an unknown number of digits; use decimal, share or rate")
        if isinstance(value, date):
            return format_date(_day(value), "d MMMM y", locale=self.locale)
        return self.term(str(value))

    def _decimal(self, value: float, digits: int, beside: float | None = None) -> str:
        """With as many more digits as keep it on its side of `beside`: 0.0496 is not 0.05 where 0.05 decides."""
        if unknown(value):
            raise WordsError("a number that is not known would be printed; ask 'is known' first")
        if beside is not None:
            more = range(digits, digits + 12)
            digits = next((d for d in more if (round(value, d) < beside) == (value < beside)), digits)
        return str(format_decimal(value, "#,##0" + _digits(digits), locale=self.locale))

    def _list(self, items: list[Any], either: bool, markdown: bool) -> str:
        texts = [str(self._escaped(i, markdown)) for i in items]
        return str(format_list(texts, "or" if either else "standard", locale=self.locale))

    def _plural(self, number: float, forms: Mapping[str, Any], markdown: bool) -> str:
        """The form that the language's plural rule takes: ``plural(n, one='attack', other='attacks')``."""
        if "other" not in forms:
            raise WordsError("plural needs at least other=…")
        return self._escaped(forms.get(self.locale.plural_form(abs(number)), forms["other"]), markdown)

    def _escaped(self, value: Any, markdown: bool) -> str:
        if not markdown:
            return self.term(str(value))
        return value if hasattr(value, "__html__") else Markup(escape(self._plain_value(value)))  # noqa: S704


@cache
def phrasebook(language: str = LANGUAGE, unit: str = QUARTER) -> Words:
    """The phrasebook of a language without a campaign's labels, made once."""
    return Words(language, unit=unit)


def words_of(ed: Any) -> Words:
    """The phrasebook of an edition: its campaign's language and its own labels, made once an edition."""

    def make() -> Words:
        return Words(str(ed.campaign.raw.get("language", LANGUAGE)), ed.data.label, unit=ed.quarter.unit)

    return held(ed.__dict__, "_words", make)


@cache
def free(source: str) -> frozenset[str]:
    """Names that a text reads and does not set itself; those of a malformed one cannot be told: none."""
    try:
        return frozenset(meta.find_undeclared_variables(Sandbox().parse(expects(source))))
    except TemplateSyntaxError:
        return frozenset()


@cache
def reads(source: str) -> frozenset[str]:
    """Names that a text reads, whether it sets them itself or not."""
    try:
        tree = Sandbox().parse(expects(source))
    except TemplateSyntaxError:
        return frozenset()
    return frozenset(n.name for n in tree.find_all(nodes.Name) if n.ctx == "load")


def _one_line(macro: Callable[..., Any], wrap: Callable[[str], str]) -> Callable[..., str]:
    def phrase(*values: Any, **named: Any) -> str:
        return wrap(_on_one_line(str(macro(*values, **named))))

    return phrase


def _digits(digits: int) -> str:
    return "." + "0" * digits if digits else ""


def _key(text: str) -> str:
    """A source's id as a citation takes it; anything else is an error, since it is not escaped."""
    if not _KEY.fullmatch(text):
        raise WordsError(f"{text!r} is no source id")
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.date() if isinstance(value, pd.Timestamp) else value


def _told(error: Exception, name: str, source: str) -> str:
    """File or cell, line, and what is wrong, in one line."""
    line = getattr(error, "lineno", None)
    if line is None:
        at = error.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == "<template>":
                line = at.tb_lineno
            at = at.tb_next
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "boolean value of NA" in text:
        text = "an unknown is asked as if it were yes or no; ask 'is known' first"
    lines = source.splitlines()
    shown = f": {lines[line - 1].strip()[:80]!r}" if line and line <= len(lines) else ""
    return f"{name}, line {line}: {text}{shown}" if line else f"{name}: {text}"


def _on_one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
