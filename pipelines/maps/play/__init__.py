"""Scenarios of maps, played through the real engine: staff test a map before a lead is in it."""
