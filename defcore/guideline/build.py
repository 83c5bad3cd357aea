"""Between the file's shapes and the model, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.guideline import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.guideline import wire

PUBLISHED_AUTHORITY = model.Authority(
    name="OpenStack Foundation",
    mark="OpenStack Powered",
    label="Unofficial Results - Not Yet Accepted By The OpenStack Foundation",
    process="2016A",
)
"""What a published file leaves unsaid; the label is fixed by process C1.4."""

PUBLISHED_SOURCES = ("openstack/interop", "openstack/defcore")
"""Repositories in which the ancestors were published: what every published file names as its ``source``."""

_KINDS = (
    ("platforms", model.Kind.PLATFORM),
    ("add_ons", model.Kind.ADD_ON),
    ("verticals", model.Kind.VERTICAL),
)


def is_published_source(source: str) -> bool:
    """Tell whether a guideline's ``source`` says that the old working group published it."""
    return any(place in source for place in PUBLISHED_SOURCES)


def build(document: wire.Document) -> model.Guideline:
    """Turn the file's shapes into the model. Ids become bare UUIDs."""
    head, approval = document.metadata, document.metadata.os_trademark_approval
    return model.Guideline(
        id=head.id,
        schema=head.schema_,
        status=approval.status,
        source=head.source,
        reference=head.reference,
        replaces=approval.replaces,
        releases=tuple(approval.releases),
        target_approval=approval.target_approval,
        authority=model.Authority(**head.authority.model_dump()) if head.authority else PUBLISHED_AUTHORITY,
        scoring=model.Scoring(
            head.scoring.cutoff_score,
            tuple(
                model.Criterion(key, item.name, item.description, item.weight)
                for key, item in head.scoring.criteria.items()
            ),
        ),
        programs=tuple(
            _program(name, kind, item)
            for field, kind in _KINDS
            for name, item in (getattr(document, field) or {}).items()
        ),
        components=tuple(
            model.Component(name, _states(item.capabilities), _states(item.designated_sections))
            for name, item in document.components.items()
        ),
        capabilities=tuple(_capability(name, item) for name, item in document.capabilities.items()),
        designated_sections=tuple(
            _section(project, status, item)
            for project, statuses in document.designated_sections.items()
            for status, item in statuses.items()
        ),
        test_repositories=tuple(
            model.TestRepository(name, item.repository, item.reference, item.description)
            for name, item in document.test_repositories.items()
        ),
    )


def unbuild(guideline: model.Guideline) -> dict[str, Any]:
    """Turn the model into the JSON value of a schema 2.0 file. Optional keys that hold nothing are left out."""
    metadata: dict[str, Any] = {
        "id": guideline.id,
        "schema": "2.0",
        "reference": guideline.reference,
        "source": guideline.source,
    }
    if guideline.authority != PUBLISHED_AUTHORITY or not is_published_source(guideline.source):
        found = guideline.authority
        metadata["authority"] = {
            "name": found.name,
            "mark": found.mark,
            "label": found.label,
            "process": found.process,
        }
    metadata["scoring"] = _some(
        cutoff_score=guideline.scoring.cutoff,
        criteria={
            item.key: {"name": item.name, "description": item.description, "weight": item.weight}
            for item in guideline.scoring.criteria
        },
    )
    metadata["os_trademark_approval"] = _some(
        target_approval=guideline.target_approval,
        replaces=guideline.replaces,
        releases=list(guideline.releases),
        status=guideline.status.value,
    )
    return {
        "metadata": metadata,
        **_programs(guideline),
        "components": {item.name: _unbuild_component(item) for item in guideline.components},
        "capabilities": {item.name: _unbuild_capability(item) for item in guideline.capabilities},
        "designated_sections": _unbuild_sections(guideline.designated_sections),
        "test_repositories": {
            item.name: {
                "repository": item.repository,
                "reference": item.reference,
                "description": item.description,
            }
            for item in guideline.test_repositories
        },
    }


def _program(name: str, kind: model.Kind, item: wire.Platform) -> model.Program:
    return model.Program(
        model.slug(name),
        name,
        kind,
        item.description,
        _refs(item.components),
        _refs(item.required_platform_components),
        _refs(item.optional_platform_components),
    )


def _refs(items: Iterable[wire.ComponentRef] | None) -> tuple[model.ComponentRef, ...]:
    return tuple(model.ComponentRef(item.name, item.source) for item in items or ())


def _states(item: wire.States) -> tuple[tuple[model.State, tuple[str, ...]], ...]:
    return tuple((state, tuple(getattr(item, state.value))) for state in model.State)


def _capability(name: str, item: wire.Capability) -> model.Capability:
    return model.Capability(
        name,
        item.description,
        item.project,
        tuple(item.achievements),
        item.admin,
        item.required_since,
        tuple(
            model.Test(
                test.idempotent_id.removeprefix("id-"),
                key,
                tuple(test.aliases or ()),
                model.Flag(**test.flagged.model_dump()) if test.flagged else None,
            )
            for key, test in item.tests.items()
        ),
        item.score_source,
    )


def _section(project: str, status: str, item: wire.Section) -> model.DesignatedSection:
    parts = tuple(
        model.Part(name, part.description, part.designated, part.comment) for name, part in item.sections.items()
    )
    return model.DesignatedSection(project, status, item.guidance, item.comment, parts)


def _some(**items: object) -> dict[str, Any]:
    return {key: value for key, value in items.items() if value is not None}


def _programs(guideline: model.Guideline) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for field, kind in _KINDS:
        found = {
            item.name: _some(
                description=item.description,
                components=_unbuild_refs(item.components),
                required_platform_components=_unbuild_refs(item.required_platform_components) or None,
                optional_platform_components=_unbuild_refs(item.optional_platform_components) or None,
            )
            for item in guideline.programs
            if item.kind is kind
        }
        if found:
            result[field.replace("_", "-")] = found
    return result


def _unbuild_refs(refs: Iterable[model.ComponentRef]) -> list[dict[str, Any]]:
    return [_some(name=item.name, source=item.source) for item in refs]


def _unbuild_component(item: model.Component) -> dict[str, Any]:
    return {
        "capabilities": {state.value: list(names) for state, names in item.capabilities},
        "designated_sections": {state.value: list(names) for state, names in item.designated_sections},
    }


def _unbuild_capability(item: model.Capability) -> dict[str, Any]:
    return _some(
        description=item.description,
        achievements=list(item.achievements),
        admin=item.admin,
        project=item.project,
        required_since=item.required_since,
        score_source=item.score_source,
        tests={
            test.name: _some(
                idempotent_id=f"id-{test.id}",
                aliases=list(test.aliases) or None,
                flagged=_unbuild_flag(test.flag),
            )
            for test in item.tests
        },
    )


def _unbuild_flag(flag: model.Flag | None) -> Mapping[str, str] | None:
    return {"reason": flag.reason, "action": flag.action, "date": flag.date} if flag else None


def _unbuild_sections(sections: Iterable[model.DesignatedSection]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for item in sections:
        parts = {
            part.name: _some(description=part.description, designated=part.designated, comment=part.comment)
            for part in item.parts
        }
        value = _some(guidance=item.guidance, comment=item.comment, sections=parts)
        result.setdefault(item.project, {})[item.status] = value
    return result
