// Builds elements without innerHTML, so that Trusted Types and the content security policy have nothing to object to.

type Child = Node | string | null | undefined | false;

/** Attributes; `true` is an empty attribute, `false`, null and undefined leave it out. `on…` takes a listener. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>;

/** `element('button', { class: 'primary', onclick: go }, 'Go')`. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

function setAttributes(target: Element, attributes: Attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') target.addEventListener(name.replace(/^on/, ''), value);
    else if (value !== false && value !== null && value !== undefined) {
      target.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

function append(target: Element, children: readonly Child[]) {
  for (const child of children) if (child) target.append(child);
}
