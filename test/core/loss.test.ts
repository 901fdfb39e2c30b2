import { expect, test } from "bun:test";
import { type Loss, lossHeader, lossText } from "../../src/core/loss.ts";

const lost = (path: string, action: Loss["action"] = "dropped"): Loss => ({ path, feature: "f", action });

test("paths, and what became of those that were not dropped", () => {
  const losses = [lost("stop[1]"), lost("max_tokens", "clamped"), lost("temperature>1"), lost("metadata.bad key!")];
  expect(lossHeader(losses)).toBe("stop[1],max_tokens;clamped,temperature>1,metadata.bad key!");
  expect(lossText(losses)).toBe(lossHeader(losses));
});

test("a caller's own keys cannot break a header, nor part an entry", () => {
  const header = lossHeader([lost("a\r\nset-cookie: b"), lost("ключ"), lost("x,y;z%"), lost("half \ud800")]);
  expect(header).toBe("a%0D%0Aset-cookie: b,%D0%BA%D0%BB%D1%8E%D1%87,x%2Cy%3Bz%25,half %EF%BF%BD");
  expect(new Headers({ "x-amazon-chat-losses": header }).get("x-amazon-chat-losses")).toBe(header);
});

test("a long list says how much longer it is", () => {
  const many = Array.from({ length: 5000 }, (_, i) => lost(`key${i}`));
  const header = lossHeader(many);
  expect(header.length).toBeLessThan(4100);
  const shown = header.split(",");
  expect(shown.at(-1)).toBe(`+${5000 - (shown.length - 1)} more`);
  expect(lossText(many).split(",")).toHaveLength(5000);
  expect(lossHeader([lost("x".repeat(5000))])).toBe("+1 more");
});
