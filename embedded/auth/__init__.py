"""A small service that speaks Supabase Auth's protocol, for e-mail and password.

Source: github.com/supabase/auth, openapi.yaml and internal/api; clients are supabase-js and supabase-py, unmodified.
"""
