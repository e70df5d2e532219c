"""The schema `scoring`, step by step."""
