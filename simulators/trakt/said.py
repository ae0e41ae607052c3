"""Lists and people, as Trakt says them."""

from simulators.trakt.state import Listing, State, User
from simulators.trakt.titles import Json, iso


def list_json(state: State, listing: Listing) -> Json:
    """A list, without what is on it."""
    made = iso(listing.created_at)
    owner = state.users[listing.owner]
    return {
        "name": listing.name,
        "description": listing.description,
        "privacy": listing.privacy,
        "share_link": f"https://trakt.tv/lists/{listing.id}",
        "type": "personal",
        "display_numbers": True,
        "allow_comments": True,
        "sort_by": "rank",
        "sort_how": "asc",
        "created_at": made,
        "updated_at": made,
        "item_count": len(listing.marks),
        "comment_count": 0,
        "likes": listing.likes,
        "ids": {"trakt": listing.id, "slug": listing.slug},
        "user": user_json(owner),
    }


def user_json(user: User) -> Json:
    """Somebody, as others see them."""
    return {
        "username": user.name,
        "private": user.private,
        "deleted": False,
        "name": user.name.title(),
        "vip": user.vip,
        "vip_ep": False,
        "ids": {"slug": user.name},
    }
