"""Which countries belong to the network, and which of their schools the hub knows."""

from __future__ import annotations

from hub.context import Caller, Context
from hub.errors import NotFound
from hub.payloads.fields import Nothing
from hub.payloads.people import School
from hub.payloads.places import Countries, Country, Schools, SchoolsOf


async def list_countries(context: Context, caller: Caller, payload: Nothing) -> Countries:
    now = context.countries.at(context.now_ms())
    return Countries(
        countries=[Country(code=one.code, status=one.status, consent_age=one.consent_age) for one in now.values()]
    )


async def list_schools(context: Context, caller: Caller, payload: SchoolsOf) -> Schools:
    """Raise NotFound for a country outside the network."""
    if payload.country not in context.countries.at(context.now_ms()):
        raise NotFound
    users, services = context.storage.users, context.storage.services
    regional = await services.find("regional", payload.country)
    places = [await users.get_school(service.id) for service in regional]
    return Schools(
        schools=[School.of(school) for school in await users.schools_of(payload.country)],
        regions=sorted(place.region for place in places),
    )
