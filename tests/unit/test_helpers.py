"""The helpers' instructions say what the rest of the product relies on."""

import pytest

from sitethread import errors, helpers


@pytest.mark.parametrize("helper", helpers.HELPERS.values(), ids=helpers.HELPERS.keys())
def test_a_helper_is_told_who_it_is_and_what_a_page_is(helper: helpers.Helper) -> None:
    assert len(helper.prompt) > 1_500 and helper.label in helper.prompt
    assert all("prompt" not in shown for shown in helpers.shown())


@pytest.mark.parametrize("name", ["edits", "whole_pages"])
def test_a_page_reaches_the_site_as_a_whole_document_or_by_edits(name: str) -> None:
    rules = helpers.rules(name)
    assert rules.startswith("How a ") and "```html" in rules and "<!doctype html>" in rules
    assert ("<<<<<<< SEARCH" in rules) == (name == "edits")


def test_the_prompts_differ_in_more_than_their_name() -> None:
    beginnings = {helper.prompt.partition("What a page is")[0] for helper in helpers.HELPERS.values()}
    assert len(beginnings) == len(helpers.HELPERS)


def test_an_unknown_helper_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        helpers.find("plumber")


def test_every_prompt_ends_with_the_rules_that_all_share() -> None:
    beginnings = ("What a page is:\n", "How you work:\n")
    for helper in helpers.HELPERS.values():
        assert [helper.prompt.count(beginning) for beginning in beginnings] == [1, 1]
        assert "+++" not in helper.prompt and not helper.prompt.endswith("\n")
