// Objects that look like a browser's own: `instanceof`, class string, attributes that are inherited and read-only.

type Members<T> = Readonly<Record<string, (held: T) => unknown>>;

/**
 * A maker of objects whose prototype stands below `base`. The browser's own getters refuse objects that are not the
 * browser's, so every attribute is shadowed; the values are out of reach of scripts otherwise.
 */
export function inheriting<T extends object>(
  base: object,
  attributes: Members<T>,
  methods: Members<T>,
): (held: T) => object {
  const values = new WeakMap<object, T>();
  const read = (self: object): T => {
    const held = values.get(self);
    if (!held) throw new TypeError('Illegal invocation');
    return held;
  };
  const prototype: object = Object.create(base);
  const common = { enumerable: true, configurable: true };
  for (const [name, attribute] of Object.entries(attributes)) {
    Object.defineProperty(prototype, name, {
      ...common,
      get(this: object) {
        return attribute(read(this));
      },
    });
  }
  for (const [name, method] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, {
      ...common,
      writable: true,
      value(this: object) {
        return method(read(this));
      },
    });
  }
  return (held) => {
    const made: object = Object.create(prototype);
    values.set(made, held);
    return made;
  };
}
