"""Affiliates: who recommends us, by which links, and what they earn by it."""
