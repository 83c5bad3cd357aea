"""The rules of admission: one sentence each, and what to do about it. Scripts may rely on the names.

``refuse``: nothing with such a finding is admitted. ``hold``: it is in order, and is not shown until somebody has
acted. ``note``: worth knowing, stops nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """What a finding does, worst first."""

    REFUSE = "refuse"
    HOLD = "hold"
    NOTE = "note"


class Rule(NamedTuple):
    """``asks`` is the rule as a sentence, ``todo`` what whoever breaks it can do."""

    asks: str
    todo: str
    severity: Severity = Severity.REFUSE


_AGAIN = "Sign the run again with 'defcore sign', and submit the files as they were written."

RULES: dict[str, Rule] = {
    # -- the files -------------------------------------------------------------------------------------------------
    "readable": Rule(
        "Each file is one that defcore writes, byte for byte as it was written, and not too large.", _AGAIN
    ),
    "public": Rule(
        "There is a public report, with the passes only: nothing else is shown.",
        "Submit the file report.public.dsse.json that 'defcore sign' writes beside the full report.",
    ),
    "full": Rule(
        "The full report was looked at too: a public one alone cannot tell whether tests were left out.",
        "Nothing must be done; a reviewer asks for the full report, whose sha256 the public one cites.",
        Severity.NOTE,
    ),
    "pair": Rule("The public report says exactly what the full report gives, and cites it.", _AGAIN),
    # -- who says it -----------------------------------------------------------------------------------------------
    "signature": Rule("Every signature is good: not a byte was changed since.", _AGAIN),
    "key": Rule(
        "The trust policy grants every key that signed to this vendor (or to a lab or a runner), and did so then.",
        "Ask the authority to enter the key ('defcore trust grant'), or sign with the key that it knows.",
    ),
    "vendor": Rule(
        "The authority has admitted the vendor.",
        "Ask the authority for admission ('defcore decide admit').",
        Severity.HOLD,
    ),
    # -- what it says ----------------------------------------------------------------------------------------------
    "guideline": Rule(
        "The guideline is one that is known here, byte for byte.",
        "Score the run by a guideline of this registry; the page of guidelines lists their sha256.",
    ),
    "target": Rule("It is about the very product that it describes.", _AGAIN),
    "complete": Rule(
        "The run is whole: it came to its end, it was not of a subset, and nothing made it void.",
        "Run all tests of the program, and sign that run.",
    ),
    "tests": Rule("It holds each test of its guideline once: none invented, none left out, none twice.", _AGAIN),
    "verdict": Rule("Its verdicts are those that its results give when they are scored here.", _AGAIN),
    "label": Rule(
        "It claims no more than it proves: a self-test is level L0, and no mark stands in the vendor's own words.",
        "Leave level and mark to the authority: take the claim out of product.json, and sign again.",
    ),
    "fresh": Rule(
        "It was signed soon after its run and submitted soon after that, in this order, and nothing is yet to come.",
        "Run the tests again, sign, and submit within {days} days.",
    ),
    "once": Rule(
        "It is here once, and its run stands in no other report on the same guideline and program.",
        "Submit each report once; for a new result, run the tests again.",
    ),
    # -- the product -----------------------------------------------------------------------------------------------
    "product": Rule(
        "The product is described: version, release, and a word on each designated section that its program needs.",
        "Complete product.json ('defcore product init' writes one to fill in), and sign again.",
    ),
    "configuration": Rule(
        "The system under test is described, so that a reader can judge the result.",
        "Say under configuration in product.json what it runs on: hypervisor, storage, network and their versions.",
    ),
    "placeholder": Rule("No placeholder is left in the description.", "Fill in product.json, and sign again."),
    "words": Rule(
        "The vendor's words are plain: not too long, and nothing in them that cannot be seen.",
        "Correct product.json, and sign again.",
    ),
    # -- the folder ------------------------------------------------------------------------------------------------
    "place": Rule(
        "Each report lies where its vendor, product, guideline, day and digest put it, with nothing beside it.",
        "Let 'defcore submit FILES --to DIR' put it in place.",
    ),
    "acts": Rule(
        "Every act is the authority's, signed by as many of its keys as it takes, and lies under its digest.",
        "Ask the authority for the act as it was signed.",
    ),
    "trust": Rule(
        "The trust policy is the one that the registry is pinned to, and goes on from what it was.",
        "Ask the authority for its newest trust policy.",
    ),
    "newer": Rule(
        "The registry's trust policy is as new as any that comes with a submission.",
        "Whoever keeps the registry takes the newer one over, once it is compared with the authority's.",
        Severity.NOTE,
    ),
    "kept": Rule(
        "What was published stays as it is: nothing is changed, and nothing taken away.",
        "Put back what was there; a newer report is added beside the older one.",
    ),
}
