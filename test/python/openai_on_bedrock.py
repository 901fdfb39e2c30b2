"""The official Python client's helpers against models of every kind; prints what each model showed as one JSON object."""
import asyncio
import json
import sys

import openai
from pydantic import BaseModel

url, key = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20)
asked = [{"role": "user", "content": "Weather in Paris?"}]


class Weather(BaseModel):
    city: str
    celsius: int


class GetWeather(BaseModel):
    """Weather of a city."""

    city: str


def on(model):
    completions = client.chat.completions
    seen = {"whole": completions.create(model=model, messages=asked).choices[0].message.content}
    with completions.stream(model=model, messages=asked, stream_options={"include_usage": True}) as stream:
        seen["stream"] = "".join(event.delta for event in stream if event.type == "content.delta")
        seen["tokens"] = stream.get_final_completion().usage.total_tokens
    parsed = completions.parse(model=model, messages=asked, response_format=Weather).choices[0]
    seen["parsed"] = [type(parsed.message.parsed).__name__, parsed.message.parsed.model_dump(), parsed.finish_reason]
    with completions.stream(model=model, messages=asked, response_format=Weather) as stream:
        seen["parsed_stream"] = stream.get_final_completion().choices[0].message.parsed.model_dump()
    tools = [openai.pydantic_function_tool(GetWeather)]
    called = completions.parse(model=model, messages=asked, tools=tools).choices[0].message
    seen["arguments"] = called.tool_calls[0].function.parsed_arguments.model_dump()
    with completions.stream(model=model, messages=asked, tools=tools) as stream:
        done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    seen["arguments_stream"] = [event.parsed_arguments.model_dump() for event in done]
    result = {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": "sunny"}
    seen["after"] = completions.create(model=model, messages=[*asked, called, result], tools=tools).choices[0].message.content
    seen["async"] = asyncio.run(alone(model))
    return seen


async def alone(model):
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as other:
        async with other.chat.completions.stream(model=model, messages=asked) as stream:
            return (await stream.get_final_completion()).choices[0].message.content


print(json.dumps({model: on(model) for model in sys.argv[3:]}))
