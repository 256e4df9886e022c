"""The helpers' instructions say what the rest of the product relies on."""

import pytest

from sitethread import errors, helpers


@pytest.mark.parametrize("helper", helpers.HELPERS.values(), ids=helpers.HELPERS.keys())
def test_a_helper_knows_how_a_page_reaches_the_site(helper: helpers.Helper) -> None:
    assert "```html" in helper.prompt and "<!doctype html>" in helper.prompt
    assert len(helper.prompt) > 1_500 and helper.label in helper.prompt
    assert all("prompt" not in shown for shown in helpers.shown())


def test_the_prompts_differ_in_more_than_their_name() -> None:
    beginnings = {helper.prompt.partition("How a page reaches")[0] for helper in helpers.HELPERS.values()}
    assert len(beginnings) == len(helpers.HELPERS)


def test_an_unknown_helper_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        helpers.find("plumber")


def test_every_prompt_ends_with_the_rules_that_all_share() -> None:
    beginnings = ("How a page reaches the site:\n", "How you work:\n")
    for helper in helpers.HELPERS.values():
        assert [helper.prompt.count(beginning) for beginning in beginnings] == [1, 1]
        assert "+++" not in helper.prompt and not helper.prompt.endswith("\n")
