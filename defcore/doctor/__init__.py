"""What stands in the way of a run: looks before anything is created, and says why it matters and what to do."""

from defcore.doctor.examine import BUDGET, examine
from defcore.doctor.model import Diagnosis, Finding, Severity, Wanted

__all__ = ["BUDGET", "Diagnosis", "Finding", "Severity", "Wanted", "examine"]
