"""Sources in the two formats that reference managers read."""

try:
    from incident_report.data import to_bibtex, to_csl
except ImportError:  # until the data package has them
    import pandas as pd

    def to_csl(sources: pd.DataFrame) -> list:
        return [
            {"id": s, "type": "webpage", "title": s, "author": [{"literal": p}], "URL": u}
            for s, p, u in zip(sources["source_id"], sources["publisher"], sources["url"])
        ]

    def to_bibtex(sources: pd.DataFrame) -> str:
        return ""


__all__ = ["to_bibtex", "to_csl"]
