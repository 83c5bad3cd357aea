"""The registry: a folder of signed reports is the truth; admission rules, pages and data are made from it."""
