"""Importers: another community's data, streamed into this one."""
