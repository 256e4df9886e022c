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
        ("22P02", None, None, errors.NotFound),
        ("22P05", None, None, errors.InvalidUnicode),
        ("42501", None, None, errors.Forbidden),
        ("PGRST002", None, None, errors.DatabaseUnavailable),
        ("53300", None, None, errors.DatabaseUnavailable),
        ("57P03", None, None, errors.DatabaseUnavailable),
        ("08006", None, None, errors.DatabaseUnavailable),
        ("PGRST301", "JWSError", None, errors.InvalidToken),
        ("42P01", "relation does not exist", None, errors.Unexpected),
        ("5730", None, None, errors.Unexpected),
        (None, None, None, errors.Unexpected),
    ],
)
def test_an_error_of_the_database(
    code: str | None, message: str | None, details: str | None, kind: type[errors.DomainError]
) -> None:
    assert type(supabase_errors.from_postgres(code, message, details, "a.b.c")) is kind


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
