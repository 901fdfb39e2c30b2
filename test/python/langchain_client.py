"""LangChain's chat model against the gateway; prints what it saw as one JSON object."""
import json
import sys

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

url, key = sys.argv[1], sys.argv[2]


@tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    return "17 degrees"


def model(name):
    return ChatOpenAI(model=name, base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20)


whole = model("demo-echo").invoke("Hello from LangChain")
called = model("demo-tools").bind_tools([get_weather]).invoke("Weather in Paris?")
print(
    json.dumps(
        {
            "whole": whole.content,
            "usage": whole.usage_metadata["total_tokens"],
            "stream": "".join(chunk.content for chunk in model("demo-echo").stream("Hello from LangChain")),
            "tools": [call["name"] for call in called.tool_calls],
        }
    )
)
