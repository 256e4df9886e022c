-- Automatic titles and previews, made of the beginning of a message.

create function private.plain_text(markdown text) returns text
language sql immutable set search_path = ''
return nullif(btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    left(markdown, 4000),
    '```.*?(```|$)', ' ', 'g'),
    '!?\[([^\]\[]*)\]\([^)]*\)', '\1', 'g'),
    '^\s*(#{1,6}\s+|>\s?|[-*+]\s+|\d+\.\s+)|\*\*|__|~~|[`*]', '', 'gn'),
    '\s+', ' ', 'g')), '');
comment on function private.plain_text(text) is 'The beginning of a markdown text without its marks and code blocks; null when nothing is left.';

create function private.preview_of(markdown text) returns text
language sql immutable set search_path = ''
return left(coalesce(
    private.plain_text(markdown),
    -- Nothing but code or marks: better those than no preview.
    nullif(btrim(regexp_replace(replace(left(markdown, 1000), '`', ''), '\s+', ' ', 'g')), ''),
    nullif(btrim(regexp_replace(left(markdown, 1000), '\s+', ' ', 'g')), '')
), 140);

-- Normalised as titles by users are: one line, composed characters, no marks of direction. A flag keeps its tag characters, and a
-- letter at most three combining marks.
create function private.title_line(message text) returns text
language sql immutable set search_path = ''
return (
    select case when private.is_visible(line) then line else '' end
    from btrim(regexp_replace(
        regexp_replace(
            regexp_replace(
                normalize(regexp_replace(
                    left(message, 1000),
                    '(\U0001f3f4[\U000e0020-\U000e007f]+)|[\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f'
                    '\u3164\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]',
                    '\1', 'g'
                ), nfc),
                '[\u0001-\u0020\u007f-\u00a0\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff]+',
                ' ', 'g'
            ),
            '([\u200c\u200d])[\u200c\u200d]+', '\1', 'g'
        ), replace('([marks]{3})[marks]+', 'marks',
            '\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff'
            '\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef'
        ), '\1', 'g'
    )) as line
);

create function private.max_title_length() returns integer
language sql immutable set search_path = ''
return 50;
comment on function private.max_title_length() is 'Of a title that follows the first message, in characters.';

-- The first characters of a line, as many as fit in a title, without half of what is seen as one: a letter and its marks, joined emoji, a flag.
create function private.whole_characters(line text) returns text
language sql immutable set search_path = ''
return (
    select left(line, coalesce(max(fits), private.max_title_length()))
    from generate_series(25, private.max_title_length()) as fits
    where private.is_visible(substr(line, fits + 1, 1)) and substr(line, fits + 1, 1) !~ '[\U0001f3fb-\U0001f3ff]'
        and substr(line, fits, 1) <> U&'\200d' and not (
            substr(line, fits + 1, 1) ~ '[\U0001f1e6-\U0001f1ff]'
            and char_length(substring(left(line, fits) from '[\U0001f1e6-\U0001f1ff]*$')) % 2 = 1
        )
);

create function private.title_of(message text) returns text
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
    from private.title_line(message) as line
);
