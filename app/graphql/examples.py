"""What GraphiQL opens with: the main job first, each tab a question that people have."""

from app.graphql.graphiql import Account, Tab
from domain.accounts.demo import DEMOS, PASSWORD

_TONIGHT = """
query Tonight($input: RecommendInput!) {
  recommend(input: $input) {
    recommendations {
      score
      why
      episodesFit
      title { id name year kind runtimeMin genres moods { mood weight } }
      offers { platform { name } url expiresOn daysLeft }
    }
    alternates { why title { name } }
    candidates
    dropped { reason count }
    relax { suggestion wouldAdd }
  }
}
"""
_SEARCH = """
query Search {
  titles(search: "brking bad", first: 5) {
    nodes {
      id
      name
      year
      seasonCount
      offers { platform { name } monetization quality price currency expiresOn }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_SHORT = """
query ShortAndFunny {
  titles(moods: [FUNNY], kinds: [FILM], maxRuntimeMin: 95, platforms: ["netflix"], first: 10) {
    nodes { name year runtimeMin audienceScore synopsis }
  }
}
"""
_SERIES = """
query Naruto {
  titles(search: "naruto", kinds: [SERIES], first: 1) {
    nodes {
      name
      episodeCount
      externalIds { imdb tmdb mal justwatch }
      seasons { number episodeCount episodes { number absoluteNumber runtimeMin filler } }
    }
  }
}
"""
_PLATFORMS = """
query Platforms {
  platforms { slug name homeUrl plans { name monthlyPrice currency withAds } }
}
"""
_ME = """
query Me {
  me {
    email
    plan
    country
    profile { name maturityCeiling platforms { slug } moodPreferences avoidedGenres }
    profiles { id name maturityCeiling hasPin }
    sessions { id current userAgent lastSeenAt }
  }
}
"""
_PREFERENCES = """
mutation WhatIHave {
  setSubscribedPlatforms(platforms: ["netflix", "disney-plus"]) {
    ... on ProfileChanged { profile { name platforms { name } } }
    ... on UserError { code message }
  }
  updatePreferences(input: { moodPreferences: [COZY, FUNNY], avoidedGenres: [HORROR] }) {
    ... on ProfileChanged { profile { moodPreferences avoidedGenres } }
    ... on UserError { code message }
  }
}
"""


def tabs() -> tuple[Tab, ...]:
    """The example tabs."""
    tonight = {
        "mood": "TENSE",
        "timeMin": 120,
        "groupSize": 2,
        "subscribedPlatforms": ["netflix", "disney-plus"],
    }
    return (
        Tab("What shall we watch tonight?", _TONIGHT, {"input": tonight}),
        Tab("Search, however it is spelt", _SEARCH),
        Tab("Short and funny, on Netflix", _SHORT),
        Tab("A series with its episodes and filler", _SERIES),
        Tab("Services and what they cost", _PLATFORMS),
        Tab("Who am I? (sign in above)", _ME),
        Tab("What I have and like (sign in above)", _PREFERENCES),
    )


def demo_accounts() -> tuple[Account, ...]:
    """The accounts of the embedded default, to sign in with one click."""
    return tuple(Account(demo.email.partition("@")[0], demo.email, PASSWORD) for demo in DEMOS)
