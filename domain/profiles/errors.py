"""Refusals about profiles."""

from domain.errors import DomainError


class ProfileNameTaken(DomainError):
    """Two profiles of a household can't have names that look the same."""

    code = "PROFILE_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a profile called {name!r} already.", field="name")


class TooManyProfiles(DomainError):
    """The household has as many profiles as it may."""

    code = "TOO_MANY_PROFILES"

    def __init__(self, most: int) -> None:
        super().__init__(f"A household has at most {most} profiles; delete one first.")


class LastProfile(DomainError):
    """The change would leave a household without a profile, or with nobody who can change it."""

    code = "LAST_PROFILE"


class PinRequired(DomainError):
    """The profile opens with a PIN, and none was given."""

    code = "PIN_REQUIRED"

    def __init__(self) -> None:
        super().__init__("This profile opens with its PIN.", field="pin")


class WrongPin(DomainError):
    """The PIN given is not the profile's."""

    code = "WRONG_PIN"

    def __init__(self) -> None:
        super().__init__("That is not this profile's PIN; try again.", field="pin")
