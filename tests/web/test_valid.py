"""Every page in `pages.json` as it is drawn, put to html-validate."""

import pytest

from tests.web.conftest import Script
from tests.web.test_pages import PAGES, name_of
from tests.web.test_sources import HTML_RULES

# A browser writes what it has drawn in its own style; `style:` is written as an attribute then.
AS_WRITTEN = (
    "doctype-style",
    "attribute-empty-style",
    "attribute-boolean-style",
    "no-inline-style",
)
RULES = {
    **HTML_RULES,
    "root": True,
    "rules": {
        **HTML_RULES["rules"],
        **dict.fromkeys(AS_WRITTEN, "off"),
        # VoiceOver takes a list without bullets for none, unless it says that it is one.
        "no-redundant-role": "off",
        # Controls that answer at once have no button.
        "wcag/h32": "off",
        # A field that finds titles while one types is no <select>.
        "prefer-native-element": ["error", {"exclude": ["listbox"]}],
    },
}


@pytest.mark.timeout(300)
def test_every_page_is_valid_as_it_is_drawn(script: Script) -> None:
    # One test, since each worker would look at all of them for its share.
    pages = [{**page, "name": name_of(page)} for page in PAGES]
    told = {
        line["name"]: line["messages"] for line in script("valid.mjs", pages=pages, rules=RULES)
    }
    assert told == {page["name"]: [] for page in pages}
