import { emptyAnswer, readPiece, readWhole } from "./answers.js";
import { bodyOf, curlOf } from "./bodies.js";
import { readEvents } from "./events.js";
import { show, showAnswer, showExplanation, showFailure, showLosses, showModels } from "./show.js";

const at = (id) => document.getElementById(id);
/** Answers of this request by format, so that switching back does not ask again. */
let answers = new Map();
let running;

function wish() {
  const number = (id) => (at(id).value === "" ? undefined : Number(at(id).value));
  const chosen = at("model").value;
  return {
    model: chosen === "other" ? at("other-model").value.trim() : chosen,
    message: at("message").value,
    system: at("system").value.trim(),
    maxTokens: number("max-tokens"),
    temperature: number("temperature"),
    stream: at("stream").checked,
  };
}

const format = () => document.querySelector("input[name=format]:checked").value;

function headers(more = {}) {
  const key = at("key").value;
  return {
    "content-type": "application/json",
    ...(key !== "" && { authorization: `Bearer ${key}` }),
    ...(at("strict").checked && { "x-amazon-chat-strict": "true" }),
    ...more,
  };
}

const address = (target) => `/v1/chat/completions?target_format=${target}`;

/** The request panel follows the form. */
function preview() {
  at("request-line").textContent = `POST ${address(format())}`;
  at("request").textContent = JSON.stringify(bodyOf(format(), wish()), null, 2);
}

/** The form says something else now: no answer belongs to it. */
function changed() {
  answers = new Map();
  at("other-model").hidden = at("model").value !== "other";
  preview();
}

async function explain(target, signal) {
  const response = await fetch(address(target), {
    method: "POST",
    headers: headers({ "x-amazon-chat-explain": "true", "x-amazon-chat-strict": "false" }),
    body: JSON.stringify(bodyOf(target, wish())),
    signal,
  });
  const json = await response.json();
  showExplanation(response.ok ? json : undefined, readWhole(target, json).error);
}

async function ask(target, signal) {
  const seen = {
    answer: emptyAnswer(),
    raw: "",
    status: 0,
    losses: null,
    started: performance.now(),
    first: 0,
    total: 0,
  };
  answers.set(target, seen);
  const response = await fetch(address(target), {
    method: "POST",
    headers: headers(),
    body: JSON.stringify(bodyOf(target, wish())),
    signal,
  });
  seen.status = response.status;
  seen.losses = response.headers.get("x-amazon-chat-losses");
  const streamed = response.headers.get("content-type")?.startsWith("text/event-stream");
  const update = () => {
    if (format() === target) showAnswer(seen);
  };
  if (streamed) {
    await readEvents(
      response.body,
      (text) => {
        seen.raw += text;
      },
      (data) => {
        readPiece(target, data, seen.answer);
        if (seen.first === 0 && (seen.answer.text !== "" || seen.answer.reasoning !== "")) {
          seen.first = performance.now() - seen.started;
        }
        update();
      },
    );
  } else {
    seen.raw = await response.text();
    seen.answer = readWhole(target, JSON.parse(seen.raw));
    seen.raw = JSON.stringify(JSON.parse(seen.raw), null, 2);
  }
  seen.total = performance.now() - seen.started;
  update();
}

/** Runs one errand; a newer one ends it. */
async function run(name, errand) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  busy(name);
  try {
    await errand(mine.signal);
    if (running === mine) show.state(at("failure").hidden ? "Done" : "Failed");
  } catch (error) {
    if (mine.signal.aborted) {
      if (running === mine) show.state("Stopped");
    } else
      showFailure(
        error instanceof SyntaxError
          ? "The gateway sent no JSON."
          : `The gateway could not be reached: ${error.message}`,
      );
  } finally {
    if (running === mine) {
      running = undefined;
      busy(undefined);
    }
  }
}

function busy(name) {
  at("stop").disabled = name === undefined;
  at("send").disabled = name !== undefined;
  if (name !== undefined) show.state(name);
}

function send() {
  if (!at("ask").reportValidity()) return;
  const target = format();
  answers = new Map();
  show.clear();
  preview();
  void run("Answering…", (signal) =>
    Promise.all([ask(target, signal), explain(target, signal).catch(() => undefined)]),
  );
}

/** The same request in another format: what is known is shown; a demo model is asked, as it costs nothing. */
function switched() {
  preview();
  const target = format();
  const known = answers.get(target);
  show.clear();
  if (known) showAnswer(known);
  if (answers.size === 0) return;
  void run("Explaining…", async (signal) => {
    if (!known && wish().model.startsWith("demo-")) await ask(target, signal);
    at("again").hidden = answers.has(target);
    await explain(target, signal);
    if (answers.has(target)) showLosses(answers.get(target).losses);
  });
}

async function loadModels() {
  const response = await fetch("/v1/models", { headers: headers() });
  if (response.status === 401) {
    at("key").closest("details").open = true;
    at("key").setAttribute("aria-invalid", String(at("key").value !== ""));
    showModels([]);
    showFailure(
      at("key").value === ""
        ? "This gateway asks for a key: write it under “More settings”."
        : "The key was not accepted.",
    );
    return;
  }
  at("key").removeAttribute("aria-invalid");
  showFailure(undefined);
  showModels((await response.json()).data ?? []);
}

async function copy(button) {
  const { copy: id } = button.dataset;
  const text =
    id === "request"
      ? curlOf(location.origin, format(), bodyOf(format(), wish()), at("key").value !== "")
      : at(id).textContent;
  await navigator.clipboard.writeText(text);
  show.state("Copied");
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
at("ask").addEventListener("input", (event) => {
  if (event.target.name !== "format" && event.target.id !== "key") changed();
});
for (const radio of document.querySelectorAll("input[name=format]")) radio.addEventListener("change", switched);
at("key").addEventListener("change", () => void loadModels().then(changed));
at("explain").addEventListener("click", () => void run("Explaining…", (signal) => explain(format(), signal)));
at("again").addEventListener("click", () => void run("Answering…", (signal) => ask(format(), signal)));
at("stop").addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "message") send();
});
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener(
    "click",
    () => void copy(button).catch(() => show.state("The browser does not let pages copy")),
  );
}

await loadModels().catch((error) => showFailure(`The gateway could not be reached: ${error.message}`));
changed();
