"""The official Python client against the gateway; prints what it saw as one JSON object."""
import asyncio
import json
import sys

import openai

url, key = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20)
hello = [{"role": "user", "content": "Hello from Python"}]
weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
seen = {}

whole = client.chat.completions.create(model="demo-echo", messages=hello)
seen["whole"] = {"text": whole.choices[0].message.content, "finish": whole.choices[0].finish_reason}

stream = client.chat.completions.create(
    model="demo-echo", messages=hello, stream=True, stream_options={"include_usage": True}
)
chunks = list(stream)
seen["stream"] = {
    "text": "".join(c.choices[0].delta.content or "" for c in chunks if c.choices),
    "finish": [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason],
    "ids": len({c.id for c in chunks}),
    "usage": chunks[-1].usage.total_tokens,
}

call = client.chat.completions.create(
    model="demo-tools", messages=[{"role": "user", "content": "Weather in Paris?"}], tools=[weather]
).choices[0]
tool = call.message.tool_calls[0]
answer = client.chat.completions.create(
    model="demo-tools",
    messages=[
        {"role": "user", "content": "Weather in Paris?"},
        call.message,
        {"role": "tool", "tool_call_id": tool.id, "content": "17 degrees"},
    ],
    tools=[weather],
)
seen["tools"] = {
    "finish": call.finish_reason,
    "name": tool.function.name,
    "arguments": json.loads(tool.function.arguments),
    "after": answer.choices[0].finish_reason,
}


def kind(of, **request):
    try:
        of.chat.completions.create(messages=hello, **request)
    except openai.APIError as error:
        return [type(error).__name__, getattr(error, "status_code", None)]
    return None


wrong = openai.OpenAI(base_url=f"{url}/v1", api_key="wrong", max_retries=0)
seen["errors"] = {
    "key": kind(wrong, model="demo-echo"),
    "model": kind(client, model="no-such-model"),
    "rate": kind(client, model="demo-error-429"),
}


async def many():
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as many_client:

        async def one(number):
            text = ""
            async for chunk in await many_client.chat.completions.create(
                model="demo-echo", messages=[{"role": "user", "content": f"number {number}"}], stream=True
            ):
                text += chunk.choices[0].delta.content or ""
            return f"number {number}" in text

        return all(await asyncio.gather(*(one(number) for number in range(20))))


seen["many"] = asyncio.run(many())
seen["models"] = [model.id for model in client.models.list()]
print(json.dumps(seen))
