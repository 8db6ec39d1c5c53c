"""Pure: what somebody types into the search as terms, and as a query of `search_words`.

Each customer has a set of words (see the migration that adds them): those of the name, the e-mail
address whole, its parts, its host. Every term must begin one of them. Words are prefixed with the
organization, so that one index serves each organization by itself.
"""

import unicodedata

MAX_TERMS = 8
MAX_TERM = 100
_AROUND = "<>()[]{}\"',;"
# As `customer_search_words` cuts long tags.
_CUT = 300
_MARKS = range(0x300, 0x370)


def terms_of(search: str | None) -> list[str]:
    """The terms of a search: folded to lower case without accents, brackets and quotes left off."""
    words = folded(search or "").split()[:MAX_TERMS]
    return [(word.strip(_AROUND).lstrip("@") or word)[:MAX_TERM] for word in words]


def folded(text: str) -> str:
    """The text as `customer_search_words` of the database folds it."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if ord(letter) not in _MARKS)
    return text.replace("\0", "").lower()


def prefix_query(org_id: int, term: str) -> str:
    """A tsquery of the words that begin with a term."""
    return f"{_quoted(f'{org_id}:{term}')}:*"


def tag_query(org_id: int, tag: str) -> str:
    """A tsquery of a tag, capitals and all; of a long one its beginning, which may stand cut."""
    return _quoted(f"{org_id}#{tag[:_CUT]}") + (":*" if len(tag) > _CUT else "")


def infix_pattern(term: str) -> str:
    """A LIKE pattern of texts that contain a term."""
    literal = term.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{literal}%"


def _quoted(word: str) -> str:
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
