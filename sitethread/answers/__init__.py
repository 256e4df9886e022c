"""Answers that are being written: stored first, then shown.

`turns` starts them; `reading` reads the model; `flushing` stores the text of all of a worker's answers in one call;
`writing` stores how they end; `following` shows an answer to whoever wants to read it, from memory where it is
written, from the database anywhere else.
"""
