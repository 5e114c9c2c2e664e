"""The page about the API says what its OpenAPI description says."""

from app.portal.api_reference import Field, reference_of

OPENAPI = {
    "paths": {
        "/v1/things/{thing_id}": {
            "get": {
                "tags": ["things"],
                "summary": "Read Thing",
                "description": "One thing.\n\nWith all\nits parts.",
                "security": [{"HTTPBearer": []}],
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "required": False,
                        "schema": {"type": "integer", "maximum": 500, "minimum": 1, "default": 50},
                        "description": "How many.",
                    },
                    {"name": "practice_id", "in": "query", "required": True, "schema": {}},
                ],
                "responses": {
                    "200": {
                        "description": "Successful Response",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/ThingOut"}
                            }
                        },
                    },
                    "default": {"description": "A problem."},
                },
            },
            "post": {
                "tags": ["things"],
                "requestBody": {
                    "description": "A case file.",
                    "content": {"application/xml": {"schema": {"type": "string"}}},
                },
            },
        }
    },
    "components": {
        "schemas": {
            "ThingOut": {
                "description": "A thing.",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Color"}},
                    "seen": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                },
            },
            "Color": {"type": "string", "enum": ["red", "blue"]},
            "app__things__wire__CountsOut": {"properties": {}},
        }
    },
}
REFERENCE = reference_of(OPENAPI, "https://registry.example")
READ, SEND = REFERENCE.tags["things"]
SHAPES = {shape.name: shape for shape in REFERENCE.shapes}


def field(fields: tuple[Field, ...], name: str) -> Field:
    return next(each for each in fields if each.name == name)


def test_a_call_is_told_with_its_parameters() -> None:
    assert (READ.method, READ.path, READ.title) == ("GET", "/v1/things/{thing_id}", "Read thing")
    assert READ.paragraphs == ("One thing.", "With all its parts.")
    assert READ.needs_key
    assert not SEND.needs_key
    limit = field(READ.fields, "limit")
    assert (limit.place, limit.type.before, limit.required) == ("query", "whole number", False)
    assert limit.bounds == ("default 50", "from 1", "up to 500")


def test_an_answer_refers_to_its_shape_and_has_an_example() -> None:
    (answer,) = READ.answers  # that a call may be refused holds for all of them
    (body,) = answer.bodies
    assert (answer.status, answer.about, body.type.shape) == ("200", "OK", "ThingOut")
    assert body.example is not None
    assert '"parts": [\n    "red"\n  ]' in body.example


def test_a_shape_is_told_with_its_members() -> None:
    members = SHAPES["ThingOut"].fields
    assert SHAPES["ThingOut"].title == "Thing"
    assert field(members, "id").required
    parts = field(members, "parts").type
    assert (parts.before, parts.shape) == ("list of ", "Color")
    seen = field(members, "seen").type
    assert (seen.before, seen.after) == ("date", " or null")
    assert SHAPES["Color"].choices == ("red", "blue")
    assert SHAPES["app__things__wire__CountsOut"].title == "Counts"


def test_a_call_can_be_made_as_it_is_shown() -> None:
    assert READ.curl == (
        'curl "https://registry.example/v1/things/{thing_id}?practice_id={practice_id}" \\\n'
        '     -H "Authorization: Bearer $NACOR_API_KEY"'
    )
    assert SEND.curl == (
        'curl -X POST "https://registry.example/v1/things/{thing_id}" \\\n'
        '     -H "Content-Type: application/xml" \\\n'
        "     --data-binary @march.xml"
    )
