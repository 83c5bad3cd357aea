"""Words that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path

import click

cloud = click.option("--cloud", "cloud_name", required=True, metavar="NAME", help="Entry of clouds.yaml to test.")
guideline = click.option(
    "--guideline", metavar="G", help="Id or file of the guideline  [default: the newest that ships with defcore]"
)
program = click.option(
    "--program",
    metavar="P",
    help="Key, name or component of the program  [default: the run's own, or the only one that the suite covers]",
)
product = click.option(
    "--product", "product_file", type=click.Path(path_type=Path), metavar="FILE", help="product.json of the product."
)
as_format = click.option(
    "--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
