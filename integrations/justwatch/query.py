"""What we ask JustWatch, as GraphQL: several titles and several countries in one request."""

import re
from functools import lru_cache

_COUNTRY = re.compile(r"[A-Z]{2}")

_OFFER = """\
fragment Seen on Offer {
  monetizationType
  presentationType
  retailPriceValue
  currency
  standardWebURL
  availableTo
  availableToTime
  availableFromTime
  package { packageId }
}"""

POPULAR = """\
query Popular($country: Country!, $language: Language!, $first: Int!, $offset: Int) {
  popularTitles(country: $country, first: $first, offset: $offset, sortBy: POPULAR) {
    totalCount
    edges {
      node {
        ... on MovieOrShowOrSeasonOrEpisode {
          id
          objectType
        }
        ... on MovieOrShowOrSeason {
          content(country: $country, language: $language) {
            title
            originalReleaseYear
            externalIds { imdbId tmdbId }
          }
        }
      }
    }
  }
}"""

SERVICES = """\
query Services($country: Country!) {
  packages(country: $country, platform: WEB) { packageId }
}"""


def is_country(code: str) -> bool:
    """Whether it may stand in a document: a code of two capital letters."""
    return _COUNTRY.fullmatch(code) is not None


def count_of(country: str) -> str:
    """Under which name an answer says how many offers there are in a country."""
    return f"{country}_count"


@lru_cache(64)
def offers(titles: int, countries: tuple[str, ...]) -> str:
    """A document that asks for the offers of some titles, and of a show's seasons, by country.

    Its variables are $n0, $n1, … (the titles' ids), $country, $language and $filter; the answer has
    n0, n1, …, and in each, and in each of its seasons, a list under each country's code and its
    length under `count_of` it. Equal questions are equal texts, which are parsed but once there.
    """
    by_country = "\n    ".join(
        f"{each}: offers(country: {each}, platform: WEB, filter: $filter) {{ ...Seen }}\n    "
        f"{count_of(each)}: offerCount(country: {each}, platform: WEB, filter: $filter)"
        for each in countries
    )
    variables = "".join(f"$n{index}: ID!, " for index in range(titles))
    nodes = "\n  ".join(f"n{index}: node(id: $n{index}) {{ ...Asked }}" for index in range(titles))
    return f"""\
query Offers({variables}$country: Country!, $language: Language!, $filter: OfferFilter) {{
  {nodes}
}}
fragment Asked on Node {{
  id
  ... on MovieOrShowOrSeasonOrEpisode {{
    {by_country}
  }}
  ... on Show {{
    totalSeasonCount
    seasons(sortDirection: ASC) {{
      content(country: $country, language: $language) {{ seasonNumber }}
    {by_country}
    }}
  }}
}}
{_OFFER}"""
