"""This machine's logs, followed from where the last look stopped: new errors, and known ones that pile up."""
