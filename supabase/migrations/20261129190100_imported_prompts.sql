-- Saved prompts come back with the rest of an account, all that are missing at once.

-- Definer: clients can't write times. Every statement names auth.uid().
create function public.import_prompts(prompts jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _added integer;
begin
    perform private.hold_account(_me);
    insert into public.prompts (user_id, id, name, text, created_at, updated_at)
    select
        _me, given.id, given.name, given.text, coalesce(given.created_at, now()),
        coalesce(given.updated_at, given.created_at, now())
    from jsonb_populate_recordset(null::public.prompts, import_prompts.prompts) as given
    order by given.id
    on conflict (user_id, id) do nothing;
    get diagnostics _added = row_count;
    return _added;
end
$$;
comment on function public.import_prompts(jsonb) is
'Add prompts with the columns they had; returns how many were not there. Raises PT409 too_many_prompts, and adds none then.';

grant execute on function public.import_prompts(jsonb) to authenticated;
