"""One file of data a survey tool or CRM: how it proves itself and what its payloads say.

To add one: write its file, name it in `shared/programme/sources_file.py`, add golden payloads and its page in
docs/providers.
"""
