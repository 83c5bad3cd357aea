"""The verdict as an in-toto statement, predicate ``test-result`` v0.1, for policies that know in-toto and not us.

https://in-toto.io/attestation/test-result/v0.1 knows tests that passed, warned and failed. A policy may take what
warned for good, so only tests that decide nothing may warn; whatever decides and did not pass, for whatever reason,
failed. Unsigned: ``cosign attest`` or any in-toto tool signs it. Our own signed reports say more (``defcore sign``).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from defcore.attest.canonical import canonical, sha256_hex
from defcore.attest.intoto import STATEMENT_TYPE
from defcore.attest.statement import Target
from defcore.guideline.ids import spell
from defcore.score.model import Interop

if TYPE_CHECKING:
    from defcore.report.model import ReportView, TestView

PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"


def render(view: ReportView) -> str:
    """Return the statement as JSON. Its subject is the product as signed reports name it, or else the run record.

    Each is named with its sha256: of the target's, or the record's, RFC 8785 bytes.
    """
    name, digest = _subject(view)
    good = [test for test in view.tests if test.outcome.key == "passed"]
    bad = [test for test in view.tests if test.outcome.key != "passed"]
    value = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": "PASSED" if view.card.interop is Interop.PASS else "FAILED",
            "configuration": _configuration(view),
            "passedTests": [_name(test) for test in good],
            "warnedTests": [_name(test) for test in bad if not test.decides],
            "failedTests": [_name(test) for test in bad if test.decides],
        },
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _subject(view: ReportView) -> tuple[str, str]:
    run, product = view.run, view.product
    if product is None:
        return f"defcore-run/{run.id}", sha256_hex(canonical(run.model_dump(mode="json")))
    target = Target(
        vendor=product.vendor,
        product=product.product,
        version=product.version,
        endpoints=run.cloud.catalogue,
        regions=(run.cloud.region,) if run.cloud.region else (),
    )
    return target.name(), target.digest()


def _configuration(view: ReportView) -> list[dict[str, Any]]:
    about = {f"guideline {view.card.guideline}": view.card.guideline_digest}
    if view.run.engine.suite_digest:
        about["test suite"] = view.run.engine.suite_digest
    if view.run.source:
        about[f"imported results: {view.run.source.file}"] = view.run.source.digest
    return [{"name": name, "digest": {"sha256": digest}} for name, digest in about.items()]


def _name(test: TestView) -> str:
    return spell(test.id, test.name)
