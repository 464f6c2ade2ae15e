"""Reports on armed-attack campaigns, built from curated incident data."""

__version__ = "0.1.0"
