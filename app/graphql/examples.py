"""What GraphiQL opens with: the main job first, each tab a question that people have."""

from app.graphql.graphiql import Account, Tab
from domain.accounts.demo import DEMOS, PASSWORD

_TONIGHT = """
query Tonight($input: RecommendInput!) {
  recommend(input: $input) {
    id
    whysPending
    recommendations {
      score
      why
      whySource
      episodesFit
      title { id name year kind runtimeMin genres moods { mood weight } }
      offers { platform { name } url expiresOn daysLeft }
    }
    alternates { why title { name } }
    candidates
    dropped { reason count }
    relax { suggestion wouldAdd constraint timeMin mood groupSize platform { slug } }
  }
}
"""
_WHYS = """
subscription WhysAsTheyAreWritten($id: ID!) {
  whyReady(recommendationId: $id, stream: true) {
    ... on WhyLine { whyId why whySource }
    ... on WhyDraft { whyId why }
  }
}
"""
_LEAVING = """
query LeavingThisWeek {
  leavingSoon(withinDays: 7, first: 10) {
    title { id name kind }
    expiresOn
    daysLeft
    seasons
    staysElsewhere
    regret
    why
  }
  newOnMyPlatforms(first: 5) { title { name } since why }
}
"""
_FINISH = """
query CanIFinishIt {
  leavingSoon(withinDays: 30, first: 20) {
    title {
      name
      kind
      finish {
        sentence
        remainingMinutes
        fillerSkipped
        paceMinutesPerDay
        paceSource
        leavesOn
        startBy
        losesSeasons
      }
    }
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
      seasons {
        number
        episodeCount
        episodes { number absoluteNumber runtimeMin filler fillerSource fillerConfidence }
      }
    }
  }
}
"""
_BINGE = """
query ABingeThatEndsInTime($title: ID!, $week: [Int!]) {
  bingeSchedule(titleId: $title, byWeekday: $week, days: 120, skipFiller: true) {
    title { name }
    sentence
    episodes
    filler
    planned
    minutes
    minutesWithFiller
    fits
    finishesOn
    latestStart
    losses { season episodes trouble until }
    alternatives { change finishesOn sentence }
    preview
    sittings(first: 7) {
      nodes { date minutes episodes { seasonNumber number minutes filler fillerSource } }
    }
  }
}
"""
_FOLLOW_BINGE = """
mutation FollowABinge($input: FollowBingeInput!) {
  followBinge(input: $input) {
    ... on BingeFollowed {
      plan { sentence fits finishesOn slots { date minutes episodes { seasonNumber number } } }
    }
    ... on UserError { code message }
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
_WATCHLIST = """
query MyWatchlist {
  watchlist(first: 20, sort: LEAVING_FIRST, watched: false) {
    nodes {
      title { id name kind }
      warning
      daysLeft
      expiresOn
      offers { platform { name } url expiresOn }
      platformPreference { name }
      note
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_WISH = """
mutation AddAndTickOff($add: AddToWatchlistInput!, $watched: MarkWatchedInput!) {
  addToWatchlist(input: $add) {
    ... on WatchlistItemAdded { item { title { name } expiresOn note } alreadyThere }
    ... on UserError { code message }
  }
  markWatched(input: $watched) {
    ... on TitleMarked { title { name } item { watchedAt } changed clientMutationId }
    ... on UserError { code message }
  }
}
"""
_LIVE = """
subscription WhatChanges {
  availabilityChanged(scope: MY_PLATFORMS) {
    ... on AvailabilityEvent {
      cursor
      kind
      title { name year }
      platform { name }
      expiresOn
      previousExpiresOn
      daysLeft
      source
      at
    }
    ... on Resync { cursor reason }
    ... on Heartbeat { cursor }
  }
}
"""
_CLOCK = """
mutation TwoWeeksLater {
  moveDemoClock(days: 14) {
    ... on DemoClockMoved { clock { now aheadDays } run { id state titles } }
    ... on UserError { code message }
  }
}
"""
_SYNC = """
query TheNightlySync {
  syncRuns(first: 5) {
    nodes {
      id
      source
      reason
      state
      titles
      done
      unchanged
      changed
      added
      updated
      removed
      durationS
      problem
      problems { title { name } problem quarantined }
    }
  }
}
"""
_OPERATIONS = """
query WhatAnAdminLooksAt {
  jobs {
    due
    oldestDueAt
    tallies { kind waiting running done quarantined }
    quarantined(first: 5) { nodes { id kind key problem finishedAt } }
    webhooks(first: 5) { count items { webhookId problem attempts nextTryAt } }
  }
  dataQuality {
    dateConflicts(first: 5) {
      count
      items { title { name } country claims { source expiresOn believed } }
    }
    unconfirmedEnds(first: 5) { count items { title { name } expiresOn source } }
    unknownTitles(first: 5) { count items { justwatchId imdbId sightings } }
    unknownPlatforms(first: 5) { count items { packageId sightings } }
    titlesNowhere(first: 5) { count items { name } }
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
    wish = {
        "add": {"titleId": "title_1", "note": "with popcorn"},
        "watched": {
            "titleId": "title_1",
            "clientMutationId": "send-this-twice-and-it-is-done-once",
        },
    }
    naruto = "title_789"  # of the demo
    binge = {"title": naruto, "week": [60, 60, 0, 60, 60, 120, 120]}
    followed = {"titleId": naruto, "minutesPerDay": 60}
    return (
        Tab("What shall we watch tonight?", _TONIGHT, {"input": tonight}),
        Tab("Whys, word by word (with an Ollama)", _WHYS, {"id": "the id of an answer"}),
        Tab("What leaves this week?", _LEAVING),
        Tab("Can I finish it? (sign in above)", _FINISH),
        Tab("My watchlist, what leaves first (sign in above)", _WATCHLIST),
        Tab("Add a title, tick it off (sign in above)", _WISH, wish),
        Tab("Search, however it is spelt", _SEARCH),
        Tab("Short and funny, on Netflix", _SHORT),
        Tab("A series with its episodes and filler", _SERIES),
        Tab("A binge that ends in time", _BINGE, binge),
        Tab("Follow a binge (sign in as pro above)", _FOLLOW_BINGE, {"input": followed}),
        Tab("Services and what they cost", _PLATFORMS),
        Tab("Who am I? (sign in above)", _ME),
        Tab("What I have and like (sign in above)", _PREFERENCES),
        Tab("What changes, live (sign in above)", _LIVE),
        Tab("Two weeks later: what has left? (sign in above)", _CLOCK),
        Tab("The nightly sync (sign in as admin above)", _SYNC),
        Tab("Jobs and the catalogue's quality (sign in as admin above)", _OPERATIONS),
    )


def demo_accounts() -> tuple[Account, ...]:
    """The accounts of the embedded default, to sign in with one click."""
    return tuple(Account(demo.label, demo.email, PASSWORD) for demo in DEMOS)
