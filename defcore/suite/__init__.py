"""The suite as data: ids, needs, references, API operations and digest of the tests in ``capabilities/``."""

from defcore.suite.collect import SuiteTest, collect, digest, suite_dir

__all__ = ["SuiteTest", "collect", "digest", "suite_dir"]
