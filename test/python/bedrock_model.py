"""Judges request bodies by the service model that AWS publishes with botocore: one JSON object a line in, faults out.

Beside botocore's own validator (types, required and unknown members, unions, lower bounds) it checks what that one leaves
to the service: enumerations, patterns, upper bounds, and that bytes are base64.
"""

import base64
import binascii
import json
import re
import sys

import botocore.loaders
import botocore.model
import botocore.validate

loader = botocore.loaders.Loader()
service = botocore.model.ServiceModel(loader.load_service_model("bedrock-runtime", "service-2"))
validator = botocore.validate.ParamValidator()


def beyond(shape, value, path):
    """Faults that botocore's validator does not look for. It has found the value to be of the right type."""
    kind = shape.type_name
    rules = shape.metadata
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return
        for name, member in shape.members.items():
            if name in value:
                yield from beyond(member, value[name], f"{path}.{name}")
    elif kind == "list":
        yield from bounds(rules, len(value), path, "items")
        for at, item in enumerate(value):
            yield from beyond(shape.member, item, f"{path}[{at}]")
    elif kind == "map":
        yield from bounds(rules, len(value), path, "pairs")
        for key, item in value.items():
            yield from beyond(shape.key, key, f"{path}.{key}")
            yield from beyond(shape.value, item, f"{path}.{key}")
    elif kind == "blob":
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            yield f"{path}: no base64"
    elif kind == "string":
        yield from bounds(rules, len(value), path, "characters")
        if "enum" in rules and value not in rules["enum"]:
            yield f"{path}: {value!r} is none of {', '.join(rules['enum'])}"
        if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
            yield f"{path}: {value!r} does not match {rules['pattern']}"
    elif kind in ("integer", "long", "float", "double"):
        yield from bounds(rules, value, path, "")


def bounds(rules, size, path, what):
    if "min" in rules and size < rules["min"]:
        yield f"{path}: {size} {what}, at least {rules['min']}"
    if "max" in rules and size > rules["max"]:
        yield f"{path}: {size} {what}, at most {rules['max']}"


def from_headers(shape, headers):
    """Members of InvokeModel that travel as headers, under their own names; what has no member keeps the header's."""
    names = {
        member.serialization["name"].lower(): name
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header"
    }
    return {names.get(header.lower(), header): value for header, value in headers.items()}


def faults(asked):
    shape = service.operation_model(asked["operation"]).input_shape
    params = {"modelId": asked["model"], **asked["params"], **from_headers(shape, asked["headers"])}
    report = validator.validate(params, shape)
    if report.has_errors():
        return report.generate_report().split("\n")
    return list(beyond(shape, params, ""))


answer = [faults(json.loads(line)) for line in sys.stdin]
json.dump(answer, sys.stdout)
