"""What clients send to the users room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """What a new account starts with."""

    email_address: str
    username: str
    password: str
    first_name: str | None = None
    last_name: str | None = None
    ui_dark_mode_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePassword:
    """A new password and the one in force."""

    old_password: str
    new_password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateUser:
    """What to change about an account; None stays as it is."""

    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    location: str | None = None
    description: str | None = None
    twitter_handle: str | None = None
    git_hub_handle: str | None = None
    website: str | None = None
    website_is_public: bool | None = None
    name_is_public: bool | None = None
    location_is_public: bool | None = None
    twitter_handle_is_public: bool | None = None
    git_hub_handle_is_public: bool | None = None
    email_address_is_public: bool | None = None
    ui_dark_mode_enabled: bool | None = None
