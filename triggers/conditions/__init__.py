"""Conditions: a JSON tree of fields, operators and values, checked when saved and judged by Python.

Read in this order: `fields` (what may be asked), `tree` (check and compile), `judge` (the answer and
its explanation), `sieve` (a database prefilter that never loses a row), `index` (which of many
conditions are worth judging). Nothing a person types is ever evaluated, matched as a regular
expression or used as the name of a look-up.
"""
