/** Reading is pure, and a dozen checks read the same message: what was read of an object once is kept as long as the object. */
export function memo<K extends object, V>(read: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = read(key);
    known.set(key, { value });
    return value;
  };
}
