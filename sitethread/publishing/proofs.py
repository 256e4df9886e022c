"""Proofs: by them the database knows that the app itself calls an anonymous function for a visitor of a website.

A publication has the hash of its proof, which its owner may know; the proof is made of the secret that all workers
share.
"""

import hashlib
import hmac


def proof_of(secret: str, website_id: str) -> str:
    """Return the proof for a website, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"proof{website_id}".encode(), hashlib.sha256).hexdigest()


def hash_of(proof: str) -> str:
    """Return what the database keeps of a proof, in hexadecimal digits."""
    return hashlib.sha256(proof.encode()).hexdigest()
