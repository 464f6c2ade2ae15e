"""Start a campaign of one's own: a folder to commit, with data to fill, the notebooks, a Makefile and a README."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from incident_report import __version__
from incident_report.data.folders import real_path
from incident_report.errors import BuildError, UsageError, readable
from incident_report.paths import FACE, NOTEBOOKS, TEMPLATES
from incident_report.periods import QUARTER, UNITS, Period

HELP = "start a campaign of one's own in a new folder"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NOBODY = "Authors of the campaign"  # until report.yml names them


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("folder", metavar="NAME", help="the new folder; its name is small letters, digits and hyphens")
    parser.add_argument("--country", default="", metavar="NAME", help="draw its outline and its neighbours on the map")
    parser.add_argument("--quarter", default="", metavar="2020Q4", help="the first period (default: today's)")
    parser.add_argument("--period", default="", choices=UNITS, help="what the campaign reports by (default: quarter)")
    parser.add_argument("--title", default="", metavar="TEXT", help="the report's title")
    parser.add_argument(
        "--from", dest="published", default="", metavar="DATA.ZIP", help="go on from a published report's own data"
    )


def run(args: argparse.Namespace) -> int:
    """Write the folder; nothing is written unless its data pass the checks."""
    from incident_report.data.folders import available, shown

    target = real_path(args.folder, "NAME")
    if not _NAME.fullmatch(target.name):
        raise UsageError(f"{args.folder}: call the folder in small letters, digits and hyphens, like northern-road")
    if args.published and any((args.country, args.quarter, args.title, args.period)):
        raise UsageError("--from brings country, periods and title with it; leave the other options out")
    with readable(target), _placed(target) as folder:
        data = folder / "data"
        data.mkdir()
        values = _published(data, args.published) if args.published else _begun(data, target.name, args)
        values["next"] = str(Period.parse(values["quarter"]).shift(1))
        _project(folder, {"name": target.name, "version": __version__, "author": _NOBODY, **values})
        _checked(data)
        last = available(data)[-1]
    print(f"wrote {shown(target)}: README.md says what to fill, and how to build it")
    if not args.published:
        print(f"first: {shown(target / 'data' / 'incidents' / f'{last}.csv')}, sources.csv and report.yml beside it")
    return 0


@contextmanager
def _placed(target: Path) -> Iterator[Path]:
    """A folder beside the target, which takes its place when all is well; a folder with anything in it stays."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: is there already and not empty; name a new folder, nothing was written")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".init-") as temporary:
        made = Path(temporary) / target.name
        made.mkdir()
        yield made
        if target.exists():
            target.rmdir()
        shutil.move(str(made), target)


def _begun(data: Path, name: str, args: argparse.Namespace) -> dict[str, Any]:
    """A campaign without a row; what its texts read."""
    from incident_report.data.archive import unpack
    from incident_report.data.outlines import region
    from incident_report.data.skeleton import data_files
    from incident_report.present.story_new import scaffold

    try:
        unit = args.period or QUARTER
        quarter = Period.parse(args.quarter, unit) if args.quarter else Period.of(date.today(), unit)
    except ValueError as error:
        raise UsageError(str(error)) from None
    outline = region(args.country) if args.country else None
    country = outline["features"][0]["properties"]["name"] if outline else "the country"
    title = " ".join(args.title.split()) or f"Attacks in {country}"
    values = {
        "title": title, "country": country, "quarter": str(quarter), "author": _NOBODY,
        "unit": quarter.unit, "attribution": outline["attribution"] if outline else "",
    }  # fmt: skip
    unpack(data_files(name, title, quarter, outline), data)
    _write(data / "report.yml", _text("report.yml", values))
    _write(data / "story" / f"{quarter}.md", scaffold(quarter, _campaign(data)))
    return values


def _published(data: Path, text: str) -> dict[str, Any]:
    """The campaign of a published report; what the project's texts read."""
    from incident_report.data.archive import unpack
    from incident_report.data.folders import available
    from incident_report.data.skeleton import published_files

    unpack(published_files(real_path(text, "--from")), data)
    campaign = _campaign(data)
    outline = data / "geo" / "region.geojson"
    drawn = json.loads(outline.read_text("utf-8")) if outline.is_file() else {}
    return {
        "title": campaign.title, "quarter": available(data)[-1], "unit": campaign.period,
        "author": "; ".join(campaign.authors) or _NOBODY,
        "attribution": str(drawn.get("attribution") or ""),
    }  # fmt: skip


def _campaign(data: Path) -> Any:
    return _checked(data).campaign


def _checked(data: Path) -> Any:
    from incident_report.data import check
    from incident_report.data.report import format_errors

    found, faults = check(data)
    if found is None:
        raise BuildError(*format_errors([f for f in faults if f.severity == "error"], "data"))
    return found


def _project(folder: Path, values: Mapping[str, Any]) -> None:
    """What stands around the data: the codebook, notebooks, their face, texts."""
    from incident_report.data import codebook, refresh_package

    refresh_package(folder / "data")
    _write(folder / "data" / "README.md", codebook(folder / "data"))
    for name in ("Makefile", "README.md", "environment.yml", "CITATION.cff"):
        _write(folder / name, _text(name, values))
    _write(folder / ".gitignore", _text("gitignore", values))
    (folder / "notebooks").mkdir()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        shutil.copyfile(path, folder / "notebooks" / path.name)
    (folder / "src").mkdir()
    shutil.copyfile(FACE / "helpers.py", folder / "src" / "helpers.py")


def _text(name: str, values: Mapping[str, Any]) -> str:
    from incident_report.present.words import escape, phrasebook

    values = {**values, "heading": escape(values["title"])}  # for Markdown
    source = (TEMPLATES / "campaign" / name).read_text("utf-8")
    return phrasebook("en").text(source, values, name=name, markdown=False).rstrip("\n") + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
