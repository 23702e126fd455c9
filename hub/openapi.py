"""The OpenAPI 3.1 document of the table. `python -m hub.openapi` prints it, the payloads of Socket.IO included."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from hub import __version__
from hub.errors import HubError
from hub.payloads.operations import Download, StoredFile, Text
from hub.protocol import ANNOUNCEMENTS, EVENTS, ROUTES
from hub.table import Event, Route

Json = dict[str, Any]
Refs = Mapping[tuple[Any, JsonSchemaMode], Json]
REF = "#/components/schemas/{model}"
SDP_CONTENT: dict[str, Json] = {
    "sdp": {"application/sdp": {"schema": {"type": "string"}}},
    "sdpfrag": {"application/trickle-ice-sdpfrag": {"schema": {"type": "string"}}},
}
IF_MATCH: Json = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
PROBLEM: Json = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"enum": sorted(error.code for error in HubError.__subclasses__())},
        "detail": {"type": "string"},
        "field": {"type": "string"},
    },
}


@cache
def write() -> str:
    """The document as text. Making it takes a processor about a second, so whoever asks first waits, not each start."""
    return json.dumps(document())


def document() -> Json:
    schemas, refs = _schemas()
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TwinSpace Hub",
            "version": __version__,
            "summary": "Where twinned schools meet, write and keep what they made together.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "hub_login"},
            },
        },
        "x-socket-events": {
            event.name: {
                "summary": event.summary,
                "act": event.act.value if event.act else None,
                "payload": refs[event.payload, "validation"],
                "reply": refs[event.reply, "serialization"] if event.reply else None,
            }
            for event in EVENTS
        },
        "x-socket-announcements": {
            row.name: {"summary": row.summary, "payload": refs[row.payload, "serialization"]} for row in ANNOUNCEMENTS
        },
    }


def _schemas() -> tuple[dict[str, Json], Refs]:
    rows: list[Route | Event] = [*ROUTES, *EVENTS]
    payloads = {row.payload for row in rows if row.payload}
    replies = {row.reply for row in rows if row.reply} | {row.payload for row in ANNOUNCEMENTS}
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in sorted(payloads, key=_by_name)),
        *((model, "serialization") for model in sorted(replies, key=_by_name)),
    ]
    refs, definitions = models_json_schema(wanted, ref_template=REF)
    return definitions.get("$defs", {}), refs


def _by_name(model: type[BaseModel]) -> tuple[str, str]:
    return model.__name__, model.__module__


def _operation(route: Route, schemas: dict[str, Json], refs: Refs) -> Json:
    in_path = re.findall(r"{(\w+)}", route.path)
    fields: Json = {}
    required: list[str] = []
    if route.payload is not None:
        schema = schemas[refs[route.payload, "validation"]["$ref"].rpartition("/")[2]]
        fields, required = schema.get("properties", {}), schema.get("required", [])
    elsewhere = {*in_path, "sdp", "if_match", *(fields if route.body == "tus" else ())}
    in_query = [] if _has_json_body(route) else [name for name in fields if name not in elsewhere]
    operation: Json = {
        "operationId": route.action.__name__,
        "summary": route.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": fields.get(name, {"type": "string"})}
            for name in in_path
        ]
        + [{"name": name, "in": "query", "required": name in required, "schema": fields[name]} for name in in_query]
        + ([IF_MATCH] if route.body == "sdpfrag" else []),
        "responses": {str(route.status): _answer(route, refs), "default": _problem()},
        "security": [] if route.open else [{"token": []}, {"cookie": []}],
        "x-act": route.act.value if route.act else None,
    }
    if route.body in SDP_CONTENT:
        operation["requestBody"] = {"required": True, "content": SDP_CONTENT[route.body]}
    elif _has_json_body(route):
        body = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: field for name, field in fields.items() if name not in in_path},
            "required": [name for name in required if name not in in_path],
        }
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _has_json_body(route: Route) -> bool:
    return route.body == "json" and route.method in ("POST", "PUT", "PATCH")


def _answer(route: Route, refs: Refs) -> Json:
    if route.body == "sdp":
        return {
            "description": "The answer; Location ends it.",
            "content": SDP_CONTENT["sdp"],
        }
    if route.body == "sdpfrag":
        return {
            "description": "The hub's side after an ICE restart; 204 when candidates were taken.",
            "content": SDP_CONTENT["sdpfrag"],
        }
    if route.reply is None or route.body == "tus":
        return {"description": "Done."}
    if route.reply is Download:
        return {"description": route.summary, "content": {"application/pdf": {"schema": {"type": "string"}}}}
    if route.reply is StoredFile:
        return {"description": route.summary, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
    if route.reply is Text:
        return {"description": route.summary, "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {
        "description": route.summary,
        "content": {"application/json": {"schema": refs[route.reply, "serialization"]}},
    }


def _problem() -> Json:
    return {
        "description": "What was wrong.",
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}},
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")
