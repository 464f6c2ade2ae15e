"""Front matter: the key findings."""

from incident_report.present.findings.box import about_text, findings, findings_box

__all__ = ["about_text", "findings", "findings_box"]
