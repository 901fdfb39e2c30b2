"""LangChain's chat model on models of every kind; prints what each model showed as one JSON object."""
import json
import sys

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

url, key = sys.argv[1], sys.argv[2]


@tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    return "sunny"


class Weather(BaseModel):
    """The weather."""

    city: str
    celsius: int


def on(name):
    model = ChatOpenAI(model=name, base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20, stream_usage=True)
    whole = model.invoke("Weather in Paris?")
    pieces = list(model.stream("Weather in Paris?"))
    bound = model.bind_tools([get_weather])
    first = bound.invoke("Weather in Paris?")
    call = first.tool_calls[0]
    result = ToolMessage("sunny", tool_call_id=call["id"])
    streamed = None
    for piece in bound.stream("Weather in Paris?"):
        streamed = piece if streamed is None else streamed + piece
    return {
        "whole": whole.content,
        "tokens": whole.usage_metadata["total_tokens"],
        "stream": "".join(piece.content for piece in pieces),
        "call": [call["name"], call["args"]],
        "call_stream": [streamed.tool_calls[0]["name"], streamed.tool_calls[0]["args"]],
        "after": bound.invoke([HumanMessage("Weather in Paris?"), first, result]).content,
        "structured": {
            method: model.with_structured_output(Weather, method=method).invoke("Weather in Paris? JSON.").model_dump()
            for method in ("json_schema", "json_mode")
        },
    }


print(json.dumps({name: on(name) for name in sys.argv[3:]}))
