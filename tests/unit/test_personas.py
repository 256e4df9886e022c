"""The helpers' instructions say what the rest of the product relies on."""

import pytest

from sitethread import errors, personas


@pytest.mark.parametrize("persona", personas.PERSONAS.values(), ids=personas.PERSONAS.keys())
def test_a_helper_knows_how_a_page_reaches_the_site(persona: personas.Persona) -> None:
    assert "```html" in persona.prompt and "<!doctype html>" in persona.prompt
    assert len(persona.prompt) > 1_500 and persona.label in persona.prompt
    assert "prompt" not in persona.shown()


def test_the_prompts_differ_in_more_than_their_name() -> None:
    beginnings = {persona.prompt.partition("How a page reaches")[0] for persona in personas.PERSONAS.values()}
    assert len(beginnings) == len(personas.PERSONAS)


def test_an_unknown_helper_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        personas.find("plumber")
