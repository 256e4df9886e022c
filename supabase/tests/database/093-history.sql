-- What is left of an answer for the model, and where a long history begins.
begin;
\ir people.psql
select no_plan();

select is(private.without_page(content, number), shown, says) from (values
    (E'One\n```html\n<!doctype html>\n```\nTwo', 3, E'One\n[page: version 3]\nTwo', 'A page is a mark'),
    (E'```html index.html\n\n <HTML>\n```', 3, '[page: version 3]', 'From beginning to end'),
    (E'One\n```html\n<!doctype html>\n```', null, E'One\n[page]', 'One that was not stored, too'),
    (E'One\n```html\n<!doctype html>', 3, E'One\n[page: version 3]', 'One that was cut off, too'),
    (E'```edit a.html\n<<<<<<< SEARCH\n```\nx\n```edit b.html\n```\ny', 3, E'[page: version 3]\nx\n\ny', 'Edits are one'),
    (E'```html\n<<<<<<< SEARCH\n```\nx', 3, E'[page: version 3]\nx', 'In a block of a page, too'),
    (E'```html index.html\nabout.html\n<html>\n```', 3, '[page: version 3]', 'Its name may be in the block'),
    (E'```html\n<b>\n```\n```html\n<!doctype html>\n```', 3, E'```html\n<b>\n```\n[page: version 3]', 'An example stays'),
    (E'a ```html\n<!doctype html>\n```', 3, E'a ```html\n<!doctype html>\n```', 'What begins no line is no block'),
    (E'```html\n<!doctype html>```js\n```css\n```\nx', 3, E'[page: version 3]\nx', 'Only three marks alone end a block'),
    ('No page', 3, 'No page', 'A text stays'), ('', 3, '', 'Even an empty one')
) as answer (content, number, shown, says);
select is(
    char_length(private.without_page(repeat(E'```html\n<html\n```\n', 1000), null)), 6 + 20 + 980 * 18, 'An answer of nothing but blocks is looked at in part'
);

select is(private.start_of_history(seqs, sizes, 900), kept, says) from (values
    (array[20, 19, 18, 17, 16, 15], array[190, 190, 190, 190, 190], 4, 'It begins with the first of eight messages'),
    (array[24, 23, 22, 21, 20, 19], array[190, 190, 190, 190, 190], 4, 'Or of four'),
    (array[12, 11, 10, 9], array[300, 500, 100], 2, 'Or of two')
) as history (seqs, sizes, kept, says);
select is(private.start_of_history(array[13, 12, 11], array[400, 400], 900), 2, 'Else with the last one that fits');
select is(private.start_of_history(array[20, 19, 18, 17, 16], array[100, 100, 100, 100], 900), 4, 'Not when little is left');
select is(private.start_of_history(array[20], '{}', 900), 0, 'Where none fits, none is told');

select is(private.skeleton_of(page), skeleton, says) from (values
    (
        '<Title>Luna</title><p>x</p><section class="a" id="menu"><h2 class=x>Our <b>menu</b></h2><section><h4>x</h4>',
        '<Title>Luna</title><section class="a" id="menu"><h2 class=x>Our </h2>', 'The tags of an outline stay, with their texts'
    ),
    ('<p>x</p>', '', 'A page without them has none'),
    (repeat('x', 1000000) || '<h1>One</h1><h1>Two</h1>', '', 'What comes late is not looked at')
) as given (page, skeleton, says);
select is(char_length(private.skeleton_of(repeat('<h1>' || repeat('x', 400), 600))), 500 * 300, 'A skeleton is short');

select * from finish();
rollback;
