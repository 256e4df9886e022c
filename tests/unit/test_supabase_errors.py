"""What the codes of Postgres, PostgREST and Supabase Auth mean to a person."""

import pytest

from sitethread import errors, supabase_errors


@pytest.mark.parametrize(
    ("code", "message", "details", "kind"),
    [
        ("PT404", "not_found", None, errors.NotFound),
        ("PT409", "answer_running", '{"answer_id": "a"}', errors.AnswerRunning),
        ("PT409", "answer_complete", None, errors.AnswerComplete),
        ("PT409", "no_question", None, errors.NoQuestion),
        ("PT409", "something new", None, errors.Conflict),
        ("PT422", "key_reused", "not json", errors.KeyReused),
        ("PT429", "quota_exceeded", '{"retry_after": 42}', errors.QuotaExceeded),
        ("PT403", "immutable_column", None, errors.Forbidden),
        ("23503", None, None, errors.NotFound),
        ("23505", None, None, errors.Conflict),
        ("23514", None, None, errors.InvalidField),
        ("22P05", None, None, errors.InvalidUnicode),
        ("PGRST002", None, None, errors.DatabaseUnavailable),
        ("53300", None, None, errors.DatabaseUnavailable),
        ("57P03", None, None, errors.DatabaseUnavailable),
        ("08006", None, None, errors.DatabaseUnavailable),
        ("PGRST301", "JWSError", None, errors.InvalidToken),
        ("42P01", "relation does not exist", None, errors.Unexpected),
        ("5730", None, None, errors.Unexpected),
        # Our own faults: what users send is validated before.
        ("42501", "permission denied for table websites", None, errors.Unexpected),
        ("22P02", 'invalid input syntax for type uuid: "x"', None, errors.Unexpected),
        ("22007", 'invalid input syntax for type timestamp: "x"', None, errors.Unexpected),
        ("PGRST100", '"failed to parse filter (x)" (line 1, column 4)', None, errors.Unexpected),
        ("PGRST103", "Requested range not satisfiable", None, errors.Unexpected),
        ("PGRST202", "Could not find the function public.x", None, errors.Unexpected),
        ("57014", "canceling statement due to statement timeout", None, errors.DatabaseBusy),
        ("55P03", "canceling statement due to lock timeout", None, errors.DatabaseBusy),
        ("40P01", "deadlock detected", None, errors.DatabaseBusy),
        ("40001", "could not serialize access", None, errors.DatabaseBusy),
        (None, None, None, errors.Unexpected),
    ],
)
def test_an_error_of_the_database(
    code: str | None, message: str | None, details: str | None, kind: type[errors.DomainError]
) -> None:
    assert type(supabase_errors.from_postgres(code, message, details, "a.b.c")) is kind


@pytest.mark.parametrize(
    ("code", "message", "logged"),
    [
        ("42501", "permission denied for function start_turn", "permission denied for function start_turn"),
        (
            "PGRST202",
            "Could not find the function public.f(a, b) in the schema cache",
            "Could not find the function public.f(a, b) in the schema cache",
        ),
        (
            "57014",
            "canceling statement due to statement timeout",
            "canceling statement due to statement timeout",
        ),
        (
            "22P02",
            'invalid input syntax for type uuid: "my "secret" here"',
            "invalid input syntax for type uuid: …",
        ),
        ("PGRST100", '"failed to parse filter (eq.secret)" (line 1, column 4)', "…"),
        ("22001", "value 'secret", "value …"),
        ("XX000", "lost `secret` (secret", "lost …"),
        ("23514", 'new row for relation "a" violates check constraint "b"', "new row for relation …"),
        ("57014", "x" * 1_000, "x" * 300),
    ],
)
def test_the_log_tells_the_cause_without_values(code: str, message: str, logged: str) -> None:
    error = supabase_errors.from_postgres(code, message, "Key (secret)", None, "websites")
    assert error.cause == {"sqlstate": code, "database_message": logged, "query": "websites"}
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("code", "constraint", "kind", "field"),
    [
        ("23514", "chat_messages_content_not_blank", errors.EmptyMessage, "content"),
        ("23514", "chat_sessions_title_not_blank", errors.InvalidField, "title"),
        ("23514", "chat_sessions_title_length", errors.InvalidField, None),
        ("23503", "chat_sessions_helper_fkey", errors.InvalidField, "helper"),
        ("23503", "chat_sessions_user_id_website_id_fkey", errors.NotFound, None),
    ],
)
def test_a_constraint_says_which_field_is_wrong(
    code: str, constraint: str, kind: type[errors.DomainError], field: str | None
) -> None:
    message = f'new row for relation "chats" violates check constraint "{constraint}"'
    error = supabase_errors.from_postgres(code, message, None, None)
    assert (type(error), error.extra.get("field")) == (kind, field)


def test_facts_raised_in_sql_come_along() -> None:
    running = supabase_errors.from_postgres("PT409", "answer_running", '{"answer_id": "a"}', None)
    assert running.extra == {"answer_id": "a"}
    full = supabase_errors.from_postgres(
        "PT429", "quota_exceeded", '{"quota": "turns", "retry_after": 42.4}', None
    )
    assert full.retry_after == 42
    assert supabase_errors.from_postgres("57P01", None, None, None).retry_after == 2


@pytest.mark.parametrize(
    ("code", "status", "name", "kind"),
    [
        ("invalid_credentials", 400, "AuthApiError", errors.WrongPassword),
        ("user_already_exists", 422, "AuthApiError", errors.EmailTaken),
        ("weak_password", 422, "AuthWeakPasswordError", errors.WeakPassword),
        ("over_request_rate_limit", 429, "AuthApiError", errors.RateLimited),
        (None, 429, "AuthApiError", errors.RateLimited),
        ("refresh_token_already_used", 400, "AuthApiError", errors.TokenExpired),
        (None, 0, "AuthRetryableError", errors.AuthUnavailable),
        ("unexpected_failure", 500, "AuthApiError", errors.AuthUnavailable),
        ("something_new", 418, "AuthApiError", errors.Unexpected),
    ],
)
def test_an_error_of_auth(code: str | None, status: int, name: str, kind: type[errors.DomainError]) -> None:
    assert type(supabase_errors.from_auth(code, status, name)) is kind


def test_every_error_has_a_code_of_its_own_and_words_for_people() -> None:
    kinds = set(errors.DomainError.__subclasses__()) | set(errors.InvalidField.__subclasses__())
    for kind in kinds - {errors.Unexpected}:
        error = kind()
        assert error.named[error.code] is kind, "two errors share a code"
        assert error.message[0].isupper() and error.message.endswith(".")
        assert 400 <= error.status <= 503
