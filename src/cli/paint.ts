const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Colours text for one stream; hands it back untouched where colour is off. */
export type Paint = { readonly [Style in keyof typeof codes]: (text: string) => string };

export function paint(on: boolean): Paint {
  const style = (name: keyof typeof codes) => {
    const [open, close] = codes[name];
    return (text: string) => (on && text !== "" ? `\x1b[${open}m${text}\x1b[${close}m` : text);
  };
  return {
    bold: style("bold"),
    dim: style("dim"),
    underline: style("underline"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}
