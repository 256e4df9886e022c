-- Facts are texts and lists of texts. Whoever publishes straight at PostgREST may send anything: numbers that are short as jsonb and endless as
-- text, or what is nested deeper than the app reads.

create function private.are_facts(given jsonb) returns boolean
language sql immutable set search_path = ''
-- A path that isn't strict looks into lists, one level deep.
return jsonb_typeof(given) = 'object' and not jsonb_path_exists(given, '$.* ? (@.type() != "string")');

-- In a trigger, as the error of a constraint makes a text of the row.
create or replace function private.add_consent() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if not private.are_facts(new.facts) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "facts"}';
    end if;
    new.facts := new.facts - 'consent' || coalesce((
        select jsonb_build_object('consent', settings.consent) from private.form_settings as settings
        where settings.user_id = new.user_id and settings.website_id = new.website_id and settings.consent <> ''
    ), '{}');
    return new;
end
$$;
