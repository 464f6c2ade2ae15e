"""Reports on armed-attack campaigns, built from curated incident data."""

import time

__version__ = "0.1.0"
BEGAN = time.time()  # what has changed since then may not be what this process runs
