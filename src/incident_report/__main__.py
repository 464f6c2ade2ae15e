"""`python -m incident_report` is the `incident-report` command."""

from incident_report.cli import command

command()
