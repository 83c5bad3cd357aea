"""A judgement in plain words: what is proved, what is only claimed, where the product stands on the day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from defcore.attest import render
from defcore.attest.acts import Act, Decision
from defcore.attest.award import Status
from defcore.attest.canonical import printable
from defcore.attest.stamp import write_stamp
from defcore.attest.trust import Role, is_revoked, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.attest.disclosure import Disclosed
    from defcore.attest.judge import Judgement

_SIGNS = {
    Role.VENDOR: "the vendor {0} itself",
    Role.LAB: "the lab {0}",
    Role.RUNNER: "the runner {0}",
}


def headline(judgement: Judgement) -> str:
    """Say in one sentence where the product stands."""
    found, day = judgement.award, f"{judgement.at:%F}"
    terms = found.predicate.terms if found else None
    who = judgement.trust.latest.authority
    if terms is None:
        return f"Self-tested: on {day} this file shows no award by {who}."
    if judgement.status is Status.AWARDED:
        waived = f", with {len(terms.waivers)} waivers" if terms.waivers else ""
        return f"Awarded by {who}, valid from {_when(terms.since)} until {_when(terms.until)}{waived}."
    if judgement.status is Status.EXPIRED:
        return f"Expired: it was awarded by {who} until {_when(terms.until)}, and is so no longer on {day}."
    if judgement.status is Status.REVOKED:
        taken = judgement.revocations[0].predicate.terms
        return f"Revoked: {who} took the award back from {_when(taken.since)} on: {taken.reason}"
    return f"Self-tested: {who} awards it from {_when(terms.since)} on, and not yet on {day}."


def level(judgement: Judgement) -> str:
    """Say who vouches for the results: no more than the one who signed them, until there are challenges and a log."""
    words = "whose key is enrolled; no challenge, no log, no witness"
    return f"{judgement.report.card.level}: signed by {_signer(judgement)}, {words}"


def proved(judgement: Judgement, *, paired: bool = False, opened: Sequence[Disclosed] = ()) -> tuple[str, ...]:
    """Say what the check itself has shown, of the report too (``paired``, ``opened``: see ``render.proved``)."""
    policy, trust = judgement.trust.latest, judgement.trust
    count = len(trust.versions)
    found = [f"the trust policy is that of {policy.authority} (pin {trust.pin}); its {count} versions hang together"]
    found += [
        f"the report is signed by {_SIGNS[grant.role].format(grant.party)}: at {_when(_issued(judgement))} its key"
        f" {grant.keyid} was granted to it"
        for grant in judgement.signers
    ]
    acts = (judgement.approval, judgement.admission, judgement.award, *judgement.revocations)
    found += [f"{_did(item)} on {_when(item.issued_at)}, with {_signed(judgement, item)}" for item in acts if item]
    if judgement.award is not None:
        found.append("the award follows from this very report: scored again, its results earn it")
    # The authority's approval says more of the guideline than that the verifier holds it, and may say it alone.
    report = replace(judgement.report, guideline_known=False) if judgement.approval else judgement.report
    return tuple(map(printable, (*found, *render.proved(report, paired=paired, opened=opened))))


def claimed(judgement: Judgement, *, paired: bool = False) -> tuple[str, ...]:
    """Say what rests on somebody's word, the most important first (``paired``: see ``render.claimed``)."""
    last = judgement.trust.latest
    found = [*render.claimed(judgement.report, paired=paired, signer=_signer(judgement))]
    found += [
        f"that {last.authority} granted each key to the right party",
        (
            "every time of signing: it is the signer's own clock, no log bears witness to it yet, so whoever steals a"
            " key can date something back to before the theft was noticed"
        ),
        (
            f"that nothing was decided since: version {last.version} of the trust policy ({_when(last.issued_at)})"
            f" and {len(judgement.decisions)} acts are here; ask for later ones"
        ),
    ]
    return tuple(map(printable, found))


def limits(judgement: Judgement) -> tuple[str, ...]:
    """Say what somebody who relies on this ought to know."""
    found = []
    for item in _all_keys(judgement):
        for grant in judgement.trust.grants(item, tuple(Role)):
            if is_revoked(grant, judgement.at) and grant.revoked is not None:
                found.append(
                    f"the key {item} of {grant.party} was revoked since: what it signed before"
                    f" {_when(grant.revoked.valid_before)} keeps its worth ({grant.revoked.reason})"
                )
            elif standing(grant, judgement.at) == "ended":
                found.append(
                    f"the key {item} of {grant.party} is out of use as {grant.role} since {_when(grant.until)}"
                )
    if judgement.award is not None:
        terms = judgement.award.predicate.terms
        found += [f"waiver for {item.scope} {item.name}: {item.reason}" for item in terms.waivers]
        found += [f"condition of the award: {item}" for item in terms.conditions]
    if judgement.admission is not None:
        found += [f"condition of the admission: {item}" for item in judgement.admission.predicate.conditions]
    return tuple(map(printable, (*found, *render.limits(judgement.report))))


def judgement_json(judgement: Judgement, *, paired: bool = False, opened: Sequence[Disclosed] = ()) -> dict[str, Any]:
    """Return the JSON value of ``defcore verify BUNDLE --format json``."""
    trust = judgement.trust
    return {
        "format": "defcore-judgement/1",
        "status": judgement.status.value,
        "at": write_stamp(judgement.at),
        "authority": trust.latest.authority,
        "trust": {"pin": trust.pin, "version": trust.latest.version, "issued_at": trust.latest.issued_at},
        "signers": [item.model_dump(mode="json") for item in judgement.signers],
        "award": _act_json(judgement.award),
        "revocations": [_act_json(item) for item in judgement.revocations],
        "approval": _act_json(judgement.approval),
        "admission": _act_json(judgement.admission),
        "proved": list(proved(judgement, paired=paired, opened=opened)),
        "claimed": list(claimed(judgement, paired=paired)),
        "limits": list(limits(judgement)),
        "report": render.verification_json(judgement.report, paired=paired, opened=opened),
    }


def judgement_text(judgement: Judgement, *, paired: bool = False, opened: Sequence[Disclosed] = ()) -> str:
    """Return the same for people; nothing that somebody else wrote can act on a terminal."""
    report = judgement.report
    rows = [
        ("status", f"{judgement.status} on {judgement.at:%F}"),
        *((name, level(judgement) if name == "level" else value) for name, value in render.rows(report)),
        ("authority", f"{judgement.trust.latest.authority}, trust policy version {judgement.trust.latest.version}"),
    ]
    lines = [printable(headline(judgement)), ""]
    lines += [f"{name:<10} {printable(value)}" for name, value in rows]
    for title, items in (
        ("Proved", proved(judgement, paired=paired, opened=opened)),
        ("Only claimed", claimed(judgement, paired=paired)),
        ("To know", limits(judgement)),
        ("Why", render.reasons(replace(report, card=judgement.card))),
    ):
        if items:
            lines += ["", title, *(f"  - {item}" for item in items)]
    return "\n".join(lines) + "\n"


def act_text(act: Decision, has: int, takes: int) -> str:
    """Say in a few lines what an act is, for those who look at it alone."""
    predicate = act.predicate
    holder = getattr(predicate, "terms", predicate)
    rows = [
        ("act", act.act.value),
        ("about", f"{act.subject[0]} (sha256 {act.subject[1]})"),
        ("issued", act.issued_at),
        ("digest", act.digest),
        ("signed", f"{has} of {takes} keys of the authority"),
    ]
    rows += [
        (name, str(value))
        for name in ("guideline", "vendor", "program", "since", "until", "reason", "award")
        if (value := getattr(holder, name, None))
    ]
    rows += [("waiver", f"{item.scope} {item.name}: {item.reason}") for item in getattr(holder, "waivers", ())]
    rows += [("condition", item) for item in getattr(holder, "conditions", ())]
    return "".join(f"{name:<10} {printable(value)}\n" for name, value in rows)


def act_json(act: Decision, has: int, takes: int) -> dict[str, Any]:
    """Return an act as JSON: what it is, and its statement as it was signed."""
    return {
        "format": "defcore-act/1",
        "act": act.act.value,
        "digest": act.digest,
        "issued_at": act.issued_at,
        "signers": list(act.signers),
        "signed": has,
        "takes": takes,
        "statement": act.statement.model_dump(mode="json", by_alias=True),
    }


def _act_json(act: Decision | None) -> dict[str, Any] | None:
    if act is None:
        return None
    return {
        "digest": act.digest,
        "issued_at": act.issued_at,
        "signers": list(act.signers),
        **act.predicate.model_dump(mode="json", by_alias=True),
    }


def _did(item: Decision) -> str:
    words = {
        Act.APPROVE: f"the authority approved guideline {item.subject[0]}, these very bytes,",
        Act.ADMIT: f"the authority admitted the vendor {item.subject[0]}",
        Act.AWARD: f"the authority made the award to {item.subject[0]}",
        Act.REVOKE: "the authority took the award back",
    }
    return words[item.act]


def _signed(judgement: Judgement, item: Decision) -> str:
    takes = getattr(judgement.trust.policy_at(item.moment).quorum, item.act.value)
    return f"{len(item.signers)} of its keys ({takes} needed)"


def _when(stamp: str | None) -> str:
    """Write a moment as people read it: to the second, and the beginning of a day as that day."""
    return (stamp or "")[:19].removesuffix("T00:00:00").replace("T", " ") + ("" if stamp is None else " UTC")


def _signer(judgement: Judgement) -> str:
    return " and ".join(_SIGNS[item.role].format(item.party) for item in judgement.signers)


def _issued(judgement: Judgement) -> str:
    return judgement.report.statement.predicate.issued_at


def _all_keys(judgement: Judgement) -> Iterator[str]:
    seen = dict.fromkeys(judgement.report.signers)
    for item in (judgement.approval, judgement.admission, judgement.award, *judgement.revocations):
        seen |= dict.fromkeys(item.signers) if item else {}
    yield from seen
