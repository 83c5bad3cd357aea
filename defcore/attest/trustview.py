"""A trust policy for people and for scripts: who may do what on a day, and what waits for signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.attest.canonical import printable
from defcore.attest.chain import Draft, lacking
from defcore.attest.trust import standing

if TYPE_CHECKING:
    import datetime as dt

    from defcore.attest.trust import Policy, Version


def draft_json(draft: Draft, at: dt.datetime) -> dict[str, Any]:
    """Return the value of ``defcore trust show --format json``; ``pin`` is null while version 1 lacks signatures."""
    versions = draft.trust.versions if draft.trust else ()
    pending = draft.pending
    return {
        "format": "defcore-trust-view/1",
        "pin": draft.trust.pin if draft.trust else None,
        "versions": [_version_json(item) for item in versions],
        "policy": _policy_json(draft.trust.latest, at) if draft.trust else None,
        "pending": pending
        and {
            **_version_json(pending),
            "lacks": lacking(versions[-1].policy if versions else None, pending),
            "policy": _policy_json(pending.policy, at),
        },
    }


def draft_text(draft: Draft, at: dt.datetime) -> str:
    """Return the same for people."""
    lines: list[str] = []
    old = None
    if draft.trust is not None:
        old = draft.trust.latest
        lines += [f"{old.authority}", f"pin        {draft.trust.pin}"]
        lines += [f"version    {old.version} of {old.issued_at}", *_policy_lines(old, at)]
    if draft.pending is not None:
        new = draft.pending.policy
        lines += [
            "",
            f"Version {new.version}, proposed {new.issued_at}, lacks signatures: {lacking(old, draft.pending)}",
        ]
        lines += [f"  signed by {item}" for item in draft.pending.signers]
        before = set(_policy_lines(old, at)) if old else set()
        after = _policy_lines(new, at)
        lines += [f"  - {line.strip()}" for line in sorted(before - set(after))]
        lines += [f"  + {line.strip()}" for line in after if line not in before]
    return "".join(printable(line) + "\n" for line in lines)


def _policy_lines(policy: Policy, at: dt.datetime) -> list[str]:
    roots, quorum = policy.roots, policy.quorum.model_dump()
    found = [f"roots      {roots.threshold} of {len(roots.keyids)} for every change"]
    found += [f"           {item}" for item in roots.keyids]
    found.append("quorum     " + ", ".join(f"{name} {number}" for name, number in quorum.items()))
    for item in policy.grants:
        span = f"from {item.since}" + (f" until {item.until}" if item.until else "")
        line = f"{standing(item, at):<10} {item.role} for {item.party}: {item.keyid} {span}"
        if item.revoked is not None:
            line += f", revoked for what was signed from {item.revoked.valid_before} on: {item.revoked.reason}"
        found.append(line)
    return found


def _version_json(version: Version) -> dict[str, Any]:
    policy = version.policy
    return {
        "version": policy.version,
        "digest": version.digest,
        "issued_at": policy.issued_at,
        "signers": list(version.signers),
    }


def _policy_json(policy: Policy, at: dt.datetime) -> dict[str, Any]:
    value = policy.model_dump(mode="json")
    for item, grant in zip(value["grants"], policy.grants, strict=True):
        item["standing"] = standing(grant, at)
    return value
