"""The offline assistant: speaks the OpenAI wire protocol and composes pages by rules, without a model."""
