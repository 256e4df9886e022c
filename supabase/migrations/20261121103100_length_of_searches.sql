-- The length of a search is checked before it is parsed.

create function private.max_query_length() returns integer
language sql immutable set search_path = ''
return 200;
comment on function private.max_query_length() is 'Of what is searched for, in characters.';
