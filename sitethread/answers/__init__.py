"""Answers that are being written: text is stored in the database first, then shown.

`engine` starts them; `generation` reads the model; `flushing` stores the text of all of a worker's answers in one call;
`writing` stores how they end; `following` streams an answer to whoever reads it, from memory in the process that writes
it, from the database in any other.
"""
