-- The last line of a question names its pictures ("Pictures: images/beans.webp"): that is no title of a chat.

create function private.typed_in(message text) returns text
language sql immutable set search_path = ''
return (
    select case
        when starts_with(line.last, 'Pictures: ') and line.last ~* '\.(webp|png|jpe?g|gif|avif|svg|ico)$'
            then left(message, char_length(message) - char_length(line.last))
        else message
    end
    from (select right(message, strpos(reverse(E'\n' || message), E'\n') - 1)) as line (last)
);
comment on function private.typed_in(text) is 'What a person typed of a message: all but a last line that names pictures.';

create or replace function private.title_of(message text) returns text
language sql immutable set search_path = ''
return (
    select case
        when char_length(line) <= private.max_title_length() then line
        when substr(line, private.max_title_length() + 1, 1) = ' ' then left(line, private.max_title_length()) || '…'
        -- Give up a broken last word, unless that would give up most of the title.
        else coalesce(
            substring(left(line, private.max_title_length()) from '^(.{25,}) \S*$'), private.whole_characters(line)
        ) || '…'
    end
    from private.title_line(private.typed_in(message)) as line
);
