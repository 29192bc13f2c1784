"""Import of the pages of another site: read and convert, store in batches, report (ADR 0036)."""

from bureaus.importing.plan import Plan, plan_import
from bureaus.importing.preparing import Options
from bureaus.importing.redirects import Redirects
from bureaus.importing.remarks import Level, Report, UnreadableSource
from bureaus.importing.run import Importer, Totals, count_findings
from bureaus.importing.sources import read_source

__all__ = [
    "Importer",
    "Level",
    "Options",
    "Plan",
    "Redirects",
    "Report",
    "Totals",
    "UnreadableSource",
    "count_findings",
    "plan_import",
    "read_source",
]
