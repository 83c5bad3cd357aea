"""Small files in every dialect that the old working group wrote, with the shapes that the real ones have."""

from __future__ import annotations

import copy

from .builders import ID1, ID2, ID3, Doc

SOURCE = "http://git.openstack.org/cgit/openstack/defcore/"
ONE, TWO, THREE = (f"tempest.api.object_storage.test_{name}.ObjectTest.test_{name}" for name in ("put", "get", "acl"))
FLAG = {"reason": "D405 depends on another API", "action": "mend it", "date": "2015-05-06"}


def _states(*required: str, **others: list[str]) -> Doc:
    return {"required": list(required), "advisory": [], "deprecated": [], "removed": [], **others}


def _criteria() -> Doc:
    return {
        "atomic": {"Description": "stands alone", "name": "Atomic", "weight": 40},
        "sticky": {"Description": "was there before", "name": "Core in Last Release", "weight": 60},
    }


def v1_2() -> Doc:
    """Return a file like 2015.03 to 2015.05: tests are names, ``depricated``, sections as an empty list."""
    capability = {"admin": False, "project": "swift", "flagged": [], "guidelines": ["2014.07", "2015.03"]}
    return {
        "id": "2015.03",
        "schema": "1.2",
        "source": SOURCE,
        "status": "superseded",
        "replaces": "2014.07",
        "releases": ["havana", "icehouse"],
        "platform": {"required": ["compute", "object"], "advisory": [], "depricated": [], "removed": []},
        "components": {
            "compute": _states("identity-auth", removed=["volume"]),
            "object": _states("objectstore-object", advisory=["auth-token"]),
        },
        "capabilities": {
            "objectstore-object": {
                **capability,
                "achievements": ["atomic"],
                "status": "required",
                "name": "objectstore-object",
                "description": "A user can put.",
                "flagged": [TWO],
                "tests": [ONE, TWO],
            },
            "identity-auth": {
                **capability,
                "achievements": ["atomic", "sticky"],
                "status": "required",
                "project": "keystone",
                "description": "A user can log in.",
                "tests": [THREE],
            },
            "auth-token": {
                **capability,
                "achievements": [],
                "status": "advisory",
                "guidelines": [],
                "description": "",
                "name": "Tokens",
                "tests": [],
            },
        },
        "designated-sections": {
            "required": {
                "swift": {
                    "guidance": "contain it",
                    "required": True,
                    "comment": "",
                    "sections": {"proxy": {"description": "front", "designated": True, "comment": ""}},
                }
            },
            "advisory": {"keystone": {"guidance": "pending", "comment": "", "sections": []}},
            "deprecated": {},
            "removed": {},
            "informational": {"heat": {"guidance": "no", "required": False, "comment": "", "sections": []}},
        },
        "criteria": _criteria(),
    }


def v1_3(schema: str = "1.3") -> Doc:
    """Return a file of schema 1.3 to 1.6, with what each has that the one before lacked."""
    doc: Doc = {
        "id": "2016.01",
        "schema": schema,
        "reference": "http://github.com/openstack/defcore/schema.rst",
        "source": SOURCE,
        "status": "approved",
        "replaces": "2015.07",
        "releases": ["juno", "kilo"],
        "platform": _states("object"),
        "components": {"object": _states("objectstore-object-put", deprecated=["objectstore-object-acl"])},
        "test-repositories": {
            "tempest": {"git-sha": "26149b612d", "url": "https://git.openstack.org/cgit/openstack/tempest/"}
        },
        "capabilities": {
            "objectstore-object-put": {
                "achievements": ["atomic", "sticky"],
                "admin": False,
                "description": "A user can put.",
                "project": "swift",
                "required-since": "2014.07",
                "tests": {
                    ONE: {"idempotent_id": f"id-{ID1}"},
                    TWO: {"idempotent_id": f"id-{ID2}", "flagged": dict(FLAG)},
                },
            },
            "objectstore-object-acl": {
                "achievements": ["atomic"],
                "admin": False,
                "description": "A user can share.",
                "project": "swift",
                "required-since": "",
                "tests": {THREE: {"idempotent_id": f"id-{ID3}"}},
            },
        },
        "designated-sections": {
            "required": {"swift": {"guidance": "contain it", "comment": "all", "sections": {}}},
            "advisory": {},
            "deprecated": {},
            "removed": {},
        },
        "criteria": _criteria(),
    }
    capability = doc["capabilities"]["objectstore-object-put"]
    if schema == "1.3":
        capability |= {"status": "required", "guidelines": ["deprecated"], "flagged": [], "name": "put"}
    if schema in ("1.4", "1.5", "1.6"):
        doc["target_approval"] = "2016-01-27"
        capability["tests"][ONE]["aliases"] = ["an.older.name"]
    if schema in ("1.5", "1.6"):
        doc["cutoff_score"] = "74"
    if schema == "1.6":
        heat = {"guidance": "no position", "comment": "", "sections": {}}
        doc["designated-sections"]["informational"] = {"heat": heat}
    return doc


def v2_0(name: str = "2018.02") -> Doc:
    """Return a platform of schema 2.0 as the group published it, in the spelling of 2018.02."""
    return {
        "metadata": {
            "id": name,
            "schema": "2.0",
            "reference": "https://opendev.org/openstack/interop/raw/branch/master/doc/source/schema/2.0.json",
            "source": f"https://opendev.org/openstack/interop/raw/branch/master/{name}.json",
            "scoring": {
                "cutoff_score": 74,
                "criteria": {
                    "atomic": {"name": "Atomic", "description": "stands alone", "weight": 40},
                    "sticky": {"name": "Core in Last Release", "description": "was there", "weight": 60},
                },
            },
            "os_trademark_approval": {
                "target_approval": name,
                "replaces": "2017.09",
                "releases": ["newton", "ocata"],
                "status": "approved",
            },
        },
        "platforms": {
            "OpenStack Powered Storage": {"description": "all", "components": [{"name": "os_powered_storage"}]}
        },
        "components": {
            "os_powered_storage": {
                "capabilities": _states("objectstore-object-put", removed=["objectstore-object-acl"]),
                "designated_sections": {"required": ["swift"]},
            }
        },
        "capabilities": {
            "objectstore-object-put": {
                "achievements": ["atomic", "sticky"],
                "admin": False,
                "description": "A user can put.",
                "project": "swift",
                "required_since": "2014.07",
                "tests": {ONE: {"idempotent_id": f"id-{ID1}"}, TWO: {"idempotent_id": f"id-{ID2}"}},
            }
        },
        "designated_sections": {"swift": {"required": {"guidance": "contain it", "sections": {}}}},
        "test_repositories": {
            "tempest": {
                "repository": "https://opendev.org/openstack/tempest/",
                "reference": "9bd78bcd65c46623b6f04ebdc3efe18375fd296f",
                "description": "tests",
            }
        },
    }


def add_on() -> Doc:
    """Return an add-on like dns.2018.02: ids without prefix, and once a space behind a test's name."""
    doc = v2_0("dns.2018.02")
    del doc["platforms"]
    doc["metadata"]["os_trademark_approval"].pop("replaces")
    doc["metadata"]["scoring"]["cutoff_score"] = 60
    doc["add-ons"] = {
        "DNS": {
            "description": "with names",
            "components": [{"name": "os_powered_dns"}],
            "required_platform_components": [
                {"name": "os_powered_storage", "source": "http://opendev.org/openstack/interop/2018.02.json"}
            ],
        }
    }
    doc["components"] = {"os_powered_dns": doc["components"].pop("os_powered_storage")}
    tests = doc["capabilities"]["objectstore-object-put"]["tests"]
    tests.clear()
    tests |= {f"{ONE} ": {"idempotent_id": ID1}, TWO: {"idempotent_id": f"id-{ID2},smoke"}}
    return doc


def vertical() -> Doc:
    """Return a draft like nfv.next: nothing required, and a component taken from a file that lacks it."""
    doc = v2_0("nfv.next")
    doc["metadata"]["os_trademark_approval"] = {"releases": ["newton"], "status": "draft"}
    elsewhere = {"name": "os_powered_compute", "source": "https://opendev.org/openstack/interop/raw/2017.09.json"}
    doc["verticals"] = {"NFV": {"description": "", "components": [{"name": "os_powered_storage"}, elsewhere]}}
    del doc["platforms"]
    doc["designated_sections"]["heat"] = {"informational": {"guidance": "no", "sections": {}}}
    doc["designated_sections"]["networking-bgpvpn"] = {"advisory": {"guidance": "soon", "sections": {}}}
    return doc


EVERY: dict[str, Doc] = {
    "1.2": v1_2(),
    **{schema: v1_3(schema) for schema in ("1.3", "1.4", "1.5", "1.6")},
    "2.0": v2_0(),
    "add-on": add_on(),
    "vertical": vertical(),
}


def every(name: str) -> Doc:
    """Return a fresh file of that dialect."""
    return copy.deepcopy(EVERY[name])
