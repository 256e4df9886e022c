-- What was live when is deleted with its website by the function that deletes comments and figures.

drop trigger drop_publication_events on public.websites;
drop trigger drop_publication_events on public.trash;
drop function private.drop_publication_events();

create trigger drop_publication_events after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('publication_events', 'id');
create trigger drop_publication_events after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('publication_events', 'website_id');

comment on column private.form_settings.proof_hash is
'SHA-256, in hexadecimal digits, of what the app alone can tell of this website; empty when it has no secret to make it of. The publication
has it, too, but is gone when the website goes offline while a notice is on its way.';
