"""Edits: validated search and replace in the files of a website.

An answer's hunks are found (`answers`), matched (`matches`), applied all or none (`applying`), and kept within what the
question was about (`targets`).
"""
