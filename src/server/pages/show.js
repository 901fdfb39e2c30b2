// Writes into the page. Only textContent: what a model says is never taken for HTML.

const at = (id) => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

const ms = (value) => (value > 0 ? (value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`) : "–");
const count = (value) => (value === undefined || value === null ? "–" : String(value));

export const show = {
  state(text) {
    at("state").textContent = text;
  },
  clear() {
    at("answer").replaceChildren();
    at("raw").textContent = "";
    at("upstream").textContent = "";
    at("again").hidden = true;
    showFailure(undefined);
    showLosses(null);
    for (const id of ["first-token", "total-time", "tokens-in", "tokens-out", "finish"]) at(id).textContent = "–";
  },
};

/** All of an answer, or what is there of it. */
export function showAnswer({ answer, raw, status, losses, first, total }) {
  const parts = [];
  if (answer.reasoning !== "") parts.push(element("p", "reasoning", answer.reasoning));
  if (answer.text !== "") parts.push(element("div", "text", answer.text));
  for (const tool of answer.tools.filter(Boolean)) parts.push(element("div", "tool", `→ ${tool.name}(${tool.input})`));
  at("answer").replaceChildren(...parts);
  at("raw").textContent = raw;
  at("raw-line").textContent = `Status ${status}`;
  at("first-token").textContent = ms(first);
  at("total-time").textContent = ms(total);
  at("tokens-in").textContent = count(answer.tokensIn);
  at("tokens-out").textContent = count(answer.tokensOut);
  at("finish").textContent = count(answer.finish);
  showLosses(losses);
  if (answer.error !== undefined) showFailure(`${status === 200 ? "Broken off" : status}: ${answer.error}`);
  else if (total > 0 && !answer.ended) showFailure("The stream ended without its end mark: the answer is not whole.");
}

/** The header's list: paths, with what was done to those that were not dropped. */
export function showLosses(header) {
  const items = (header ?? "").split(/,\s*/).filter((item) => item !== "");
  at("losses").hidden = items.length === 0;
  at("loss-list").replaceChildren(
    ...items.map((item) => {
      const [path, action = "dropped"] = item.split(";");
      return element("li", "", `${path}: ${action}`);
    }),
  );
}

export function showFailure(message) {
  at("failure").hidden = message === undefined;
  at("failure").textContent = message ?? "";
}

/** What `explain` told: the plan in a line, the request in full. */
export function showExplanation(told, error) {
  if (told === undefined) {
    at("upstream-line").textContent = "There is none: the request is refused.";
    at("upstream").textContent = error ?? "";
    return;
  }
  const { plan, upstream } = told;
  const edge = (word) => (word === "verbatim" ? "as it is" : "translated");
  at("upstream-line").textContent =
    `${told.provider}: ${plan.request} → ${plan.upstream} (${edge(plan.to_upstream)}), answer ${edge(plan.to_client)}.` +
    (told.problem === null ? "" : ` Cannot be called now: ${told.problem}`);
  const head = Object.entries(upstream.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  at("upstream").textContent = [
    `${upstream.method ?? "POST"} ${upstream.url ?? ""}`,
    ...head,
    "",
    JSON.stringify(upstream.body, null, 2),
  ].join("\n");
  showLosses(told.losses_header);
}

export function showModels(models) {
  const select = at("model");
  const before = select.value;
  const groups = Map.groupBy(models, (model) => model.owned_by);
  const made = [...groups].map(([owner, members]) => {
    const group = document.createElement("optgroup");
    group.label = owner;
    group.append(...members.map(({ id }) => new Option(id, id)));
    return group;
  });
  select.replaceChildren(...made, new Option("Another id…", "other"));
  if (models.some(({ id }) => id === before)) select.value = before;
  else select.selectedIndex = 0;
}
