"""Search in all of one's chats."""

import random
from typing import Any

import pytest

from tests.http_client import ApiClient
from tests.stacks import Stack


def search(caller: ApiClient, q: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get("/api/search", q=q, **query)["messages"]
    return found


def said(caller: ApiClient, *texts: str) -> str:
    session: str = caller.new_session()["id"]
    for text in texts:
        caller.new_message(session, text)
    return session


def contents(caller: ApiClient, q: str) -> list[str]:
    """Return the snippets found, each with its matches in brackets."""
    found = []
    for message in search(caller, q):
        snippet = message["snippet"]
        for start, end in reversed(message["matches"]):
            snippet = f"{snippet[:start]}[{snippet[start:end]}]{snippet[end:]}"
        found.append(snippet)
    return found


def test_charlie_finds_nothing_of_alices(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    said(as_alice, "The harbour café")
    for q in ("harbour", "harb", "rbou", "café"):
        found = as_charlie.get(f"/api/search?q={q}")
        assert found == {"success": True, "sessions": [], "messages": [], "newest_only": False}
        assert len(search(as_alice, q)) == 1


def test_a_message_is_found_by_words_phrases_and_the_beginning_of_the_last_word(as_alice: ApiClient) -> None:
    said(as_alice, "Paint the old harbour blue", "The harbour is old", "Nothing of the kind")
    assert len(contents(as_alice, "harbour old")) == 2
    assert contents(as_alice, '"old harbour"') == ["Paint the [old] [harbour] blue"]
    assert contents(as_alice, "harbour -paint") == ["The [harbour] is old"]
    assert contents(as_alice, "HARBOUR bl") == ["Paint the old [harbour] [blue]"]
    assert len(contents(as_alice, "paint or kind")) == 2
    assert contents(as_alice, "harbour nothing") == []


def test_parts_of_words_and_scripts_without_spaces_are_found(as_alice: ApiClient) -> None:
    said(as_alice, "Verschlüsselungstechnik erklärt", "喫茶店のホームページを作ってください", "A 🎉 party")
    assert contents(as_alice, "schlüssel") == ["Ver[schlüssel]ungstechnik erklärt"]
    assert contents(as_alice, "ホームページ") == ["喫茶店の[ホームページ]を作ってください"]
    assert contents(as_alice, "茶店") == ["喫[茶店]のホームページを作ってください"]
    assert contents(as_alice, "🎉") == ["A [🎉] party"]


def test_what_a_result_says(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    session = as_alice.new_session(website_id=website, helper="seo", title="Ranking")["id"]
    message = as_alice.new_message(session, "Find the lighthouse")
    assert search(as_alice, "lighthouse") == [
        {
            "id": message["id"],
            "session_id": session,
            "session_title": "Ranking",
            "website_id": website,
            "helper": "seo",
            "matches_in_chat": 1,
            "seq": 1,
            "role": "user",
            "kind": "chat",
            "created_at": message["created_at"],
            "snippet": "Find the lighthouse",
            "matches": [[9, 19]],
        }
    ]


def test_per_chat_the_best_message_of_each_is_found_and_no_copy_in_a_branch(as_alice: ApiClient) -> None:
    first = said(as_alice, "A lighthouse", "Lighthouse, lighthouse!", "The sea")
    second = said(as_alice, "One more lighthouse")
    last = as_alice.get(f"/api/chat/sessions/{first}")["messages"][-1]["id"]
    branch = as_alice.post(f"/api/chat/messages/{last}/branch", {})["session"]["id"]
    as_alice.new_message(branch, "The sea and its ships")
    found = search(as_alice, "lighthouse", per_chat=True)
    assert {message["session_id"]: message["matches_in_chat"] for message in found} == {first: 2, second: 1}
    assert len(search(as_alice, "lighthouse")) == 5
    assert [message["session_id"] for message in search(as_alice, "ships", per_chat=True)] == [branch]


def test_a_snippet_is_what_was_said_before_it_is_code(as_alice: ApiClient) -> None:
    page = "```html\n<!doctype html><style>.menu { color: red }</style><p class='wide'>The menu of the day</p>\n```"
    said(as_alice, f"{page}\nI added **your menu** below the [map](https://map.example/menu).", page)
    assert contents(as_alice, "menu below") == ["I added your [menu] [below] the map."]
    assert set(contents(as_alice, "menu day")) == {
        "I added your [menu] below the map.",
        "The [menu] of the [day]",
    }
    assert "class='[wide]'" in contents(as_alice, "wide")[0]


def test_chats_are_found_by_title(as_alice: ApiClient) -> None:
    session = as_alice.new_session(title="100% Espresso_Bar")
    as_alice.new_session(title="Unrelated")
    for q in ("espresso", "0% ESP", "o_b"):
        assert as_alice.get("/api/search", q=q)["sessions"] == [session]
    assert as_alice.get("/api/search", q="%")["sessions"] == [session]


def test_the_more_a_message_is_about_it_the_earlier_it_comes(as_alice: ApiClient) -> None:
    said(as_alice, "Tea, tea and more tea", "Coffee with some tea somewhere far down in the text of it")
    assert [message["snippet"][:6] for message in search(as_alice, "tea")] == ["Tea, t", "Coffee"]
    assert len(search(as_alice, "tea", limit=1)) == 1


def test_edited_and_deleted_messages_are_found_as_they_are_now(as_alice: ApiClient) -> None:
    session = said(as_alice, "A zebra")
    trash_id = as_alice.delete(f"/api/chat/sessions/{session}")["trash_id"]
    assert search(as_alice, "zebra") == []
    as_alice.post(f"/api/trash/{trash_id}/restore", status=200)
    assert len(search(as_alice, "zebra")) == 1


def test_markup_in_a_message_stays_text(as_alice: ApiClient) -> None:
    said(as_alice, "<img src=x onerror=alert(1)> needle <script>")
    (message,) = search(as_alice, "needle")
    assert "needle" in message["snippet"] and "\ue000" not in message["snippet"]


def test_marks_of_our_own_in_a_message_change_nothing(as_alice: ApiClient) -> None:
    said(as_alice, "\ue000not\ue001 a haystack")
    assert contents(as_alice, "haystack") == ["not a [haystack]"]


@pytest.mark.parametrize(
    "q",
    [
        "a & | b", "%%%", "'; drop table public.websites; --", '"""', '"', "the", "the of and", "日本語", "🎉", "\\",
        "***", "!!!", "(", "):*", "a:*", "-", "--", "-x", "or", "or or", "a or", "<->", "a <-> b", "\u202e", "é", "ﬁ",
        "x" * 200,
        "' || pg_sleep(5) || '", "$1", "$q$", "_", "\ue000", " ", "\u200b",
    ],
)  # fmt: skip
def test_anything_can_be_searched_for(as_alice: ApiClient, q: str) -> None:
    said(as_alice, "Words of the and a b, 100% sure_thing")
    as_alice.get("/api/search", q=q)  # Or it takes longer than a request may.


def test_a_search_of_10_kilobytes_is_too_long(as_alice: ApiClient) -> None:
    for length in (201, 10_000):
        refused = as_alice.refused("GET", "/api/search", params={"q": "x" * length})
        assert refused == (422, "query_too_long")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing_field"),
        ("q=a%00", "invalid_unicode"),
        ("q=a&limit=0", "invalid_page"),
        ("q=a&limit=101", "invalid_page"),
    ],
)
def test_a_search_that_cannot_be_is_refused(as_alice: ApiClient, query: str, code: str) -> None:
    assert as_alice.refused("GET", f"/api/search?{query}") == (422, code)


def test_a_message_of_a_hundred_thousand_different_words_is_stored_and_found(as_alice: ApiClient) -> None:
    text = " ".join(f"w{number:x}" for number in range(17_000))[:100_000]
    said(as_alice, text)
    assert len(search(as_alice, "w3e8")) == 1


def test_lines_of_dashes_are_no_operators(as_alice: ApiClient) -> None:
    said(as_alice, "Title of the old harbour", "Title")
    for line in ("-" * 33, "- " * 60, "--", "-" * 150):
        assert contents(as_alice, f"title {line} harbour.") == ["[Title] of the old [harbour]"]
    assert contents(as_alice, "title -harbour") == ["[Title]"]
    assert contents(as_alice, 'title -"old harbour"') == ["[Title]"]


def test_punctuation_of_any_kind_is_searched_for(as_alice: ApiClient, stack: Stack) -> None:
    said(as_alice, "A line")
    chance = random.Random(7)
    every = """- -!&|()*:<>\\'"`~@#%^=+[]{};,./?_ab\t\n \u00a0\u3000é日"""
    queries = [
        "".join(
            chance.choices(chance.sample(every, chance.choice([3, 5, len(every)])), k=chance.randint(1, 200))
        )
        for _ in range(3000)
    ]
    # Refused with an error of the parser before: the function alone is quicker than 3,000 requests.
    stack.sql("select private.parsed_query(query) from unnest(%s::text[]) as query", queries)
    for query in queries[:30]:
        as_alice.get("/api/search", q=f"{query[:190]} line")


@pytest.mark.parametrize("query", ["a " * 100, "a a", '"a a"', "a or " * 40, "a,a," * 50, "a b c d e f g"])
def test_a_word_said_ten_thousand_times_is_quoted_from_a_part(
    as_alice: ApiClient, stack: Stack, query: str
) -> None:
    """Trying all with each other took 15 s for a hundred words."""
    text, query = "a " * 10_000, query.strip()
    parsed = "private.parsed_query(%s)"
    (part,) = stack.sql(f"select private.part_to_quote(%s, %s, {parsed}) as text", text, query, query)
    assert len(part["text"]) == 2000
    said(as_alice, text)
    if "b" not in query:
        assert "[a]" in contents(as_alice, query)[0]


def test_repeated_words_are_looked_for_once(stack: Stack) -> None:
    def parsed(query: str) -> str:
        (row,) = stack.sql("select private.parsed_query(%s)::text as words", query)
        return str(row["words"])

    assert parsed("a A b " * 30) == "'a' & 'b'"
    assert parsed("a b or a c") == "'a' & 'b' | 'a' & 'c'"
    assert parsed(", ".join(["a"] * 60)).count("a") == 20


@pytest.mark.parametrize("words", ["harbour", "old harbour", '"old harbour"', "old or harbour"])
def test_a_long_text_with_few_matches_is_quoted_where_they_are(as_alice: ApiClient, words: str) -> None:
    said(as_alice, f"Old things. {'And so on it goes. ' * 900}Paint the old harbour blue")
    assert "harbour]" in contents(as_alice, words)[0] or words == "old or harbour"


def test_a_chat_that_comes_in_whole_is_found_by_and_by(as_alice: ApiClient) -> None:
    messages = [{"role": "user", "content": f"Needle n{number}"} for number in range(900)]
    document = {"format": "sitethread-chat", "version": 1, "session": {}, "messages": messages}
    session = as_alice.post("/api/chat/import", document)["session"]["id"]
    for number in (0, 450, 899):
        assert contents(as_alice, f'"n{number}"') == [f"Needle [n{number}]"]
    trash_id = as_alice.delete(f"/api/chat/sessions/{session}")["trash_id"]
    assert search(as_alice, "needle") == []
    as_alice.post(f"/api/trash/{trash_id}/restore", status=200)
    assert len(search(as_alice, "needle", limit=100)) == 100
    as_alice.new_message(session, "One more needle")
    assert len(search(as_alice, '"one more"')) == 1


def test_of_very_common_words_the_newest_are_found_unless_all_are_asked_for(
    as_alice: ApiClient, stack: Stack
) -> None:
    session = said(as_alice, "The one blue door")
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, role, content, created_at) select user_id, id, 'user', "
        "'a door that is blue, number ' || n, now() + n * interval '1 second' "
        "from public.chat_sessions, generate_series(1, 4500) as n where id = %s",
        session,
    )
    while stack.sql("select 1 from private.chats_to_index where session_id = %s", session):
        search(as_alice, "nothing")
    stack.sql("analyze private.message_words")
    common = as_alice.get("/api/search", q="door", limit=3)
    assert common["newest_only"] is True
    assert [message["snippet"][-4:] for message in common["messages"]] == ["4500", "4499", "4498"]
    # Whether the phrase passes for common depends on what others have written.
    quick = as_alice.get("/api/search", q='"blue door"')
    assert quick["messages"] or quick["newest_only"]
    everything = as_alice.get("/api/search", q='"blue door"', all=True)
    assert [message["snippet"] for message in everything["messages"]] == ["The one blue door"]
    assert everything["newest_only"] is False
    assert as_alice.get("/api/search", q="one")["newest_only"] is False
