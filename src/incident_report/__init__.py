"""Reports on armed-attack campaigns, built from curated incident data."""

import sys

__version__ = "0.1.0"

# Where JupyterLab is installed, `import jsonschema` finds `rfc3987_syntax`, which compiles a grammar for
# 1.6 to 2 s in every process, for a format (IRI) that no schema here uses. Without it jsonschema does not
# offer that one format.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
