"""How a profile's words are tidied before they are kept. Pure."""


def one_line(text: str) -> str:
    """Return a text as one line, with single spaces."""
    return " ".join(text.split())


def tidy_topics(topics: list[str]) -> list[str]:
    """Return topics in lower case, each once, in the order given, without empty ones."""
    return list(dict.fromkeys(topic for topic in (one_line(each).lower() for each in topics) if topic))
