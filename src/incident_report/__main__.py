"""`python -m incident_report` is the `incident-report` command."""

import sys

from incident_report.cli import main

sys.exit(main())
