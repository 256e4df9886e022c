"""The model: any OpenAI-compatible server. `client` alone imports `openai`; everything else reads and writes JSON."""
