"""The page that thanks a visitor who sent a form, where the website has none of its own."""

import html
import re
from collections.abc import Collection

from sitethread.edits import new_pages
from sitethread.publishing.forms import FOLDER

OWN = "thanks.html"
"""The website's own page, which is shown instead."""
PATH = f"{FOLDER}/thanks"
_LANGUAGE = re.compile(r"<html[^>]{0,500}?\slang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
# By language: the title, what has happened, and the link back.
_WORDS = {
    "en": ("Thank you", "Your message has been sent.", "Back to the website"),
    "de": ("Vielen Dank", "Ihre Nachricht wurde gesendet.", "Zurück zur Website"),
    "fr": ("Merci", "Votre message a été envoyé.", "Retour au site"),
    "es": ("Gracias", "Su mensaje se ha enviado.", "Volver al sitio"),
    "it": ("Grazie", "Il messaggio è stato inviato.", "Torna al sito"),
    "pt": ("Obrigado", "A sua mensagem foi enviada.", "Voltar ao site"),
    "nl": ("Bedankt", "Uw bericht is verzonden.", "Terug naar de website"),
    "ja": ("ありがとうございます", "メッセージを送信しました。", "サイトに戻る"),
}


def page(index: str, known: Collection[str]) -> str:
    """Return a page in the style and language of the first page; `known` are the paths of all files."""
    found = _LANGUAGE.search(index[:20_000])
    title, text, back = _WORDS.get(found[1].lower() if found else "en", _WORDS["en"])
    made = new_pages.like(index, title, PATH, known)
    heading = f"<h1>{html.escape(title, quote=False)}</h1>"
    return made.replace(
        heading, f'{heading}\n    <p>{text}</p>\n    <p><a href="../index.html">{back}</a></p>', 1
    )
