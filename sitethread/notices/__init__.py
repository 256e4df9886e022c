"""Notices: how the owner of a website hears of what its forms bring, by mail and by a webhook."""
