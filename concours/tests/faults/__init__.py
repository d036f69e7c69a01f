"""Fault tests: real processes, killed, paused and cut off, and an oracle that compares what was promised with
what happened.
"""
