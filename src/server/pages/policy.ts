/** Nothing from elsewhere, no inline script, no frame around it. */
const strict = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Swagger UI and ReDoc write their styles into the page while they run; their scripts are held to the same rule. */
const stylesOfTheirOwn = new Set(["/docs", "/redoc"]);

/** The Content-Security-Policy of a page. */
export function policyOf(path: string): string {
  const rules = stylesOfTheirOwn.has(path) ? { ...strict, "style-src": "'self' 'unsafe-inline'" } : strict;
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}
