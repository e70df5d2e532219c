"""Programmes that work, with data that tells their story."""
