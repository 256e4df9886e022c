"""Pictures that people upload: each is decoded and encoded anew as WebP, so that nothing of the file itself is stored.

`process` starts `__main__` for it: decoders are C, and a small file may be a very large picture.
"""
