"""Migrations of the schema `voc`, which all services share; whoever starts first applies them."""
