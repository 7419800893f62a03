// What the playground remembers in the browser: tabs, history, sizes. Never headers, passwords, tokens or codes.

const STRUCTURED = /:(tabState|queries|favorites)$/;
const SECRET = /((?:password|ticket|token|oneTimeCode)\w*"?\s*:\s*)(?:"""[^]*?"""|"(?:[^"\\\n]|\\.)*")/gi;

/**
 * Return a Storage for one endpoint, so that two registries behind one host never mix; null where
 * the browser is set to keep nothing.
 */
export function storageFor(endpoint) {
  if (!isAvailable()) return null;
  const prefix = `litereg ${endpoint} `;
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  return {
    getItem: (name) => localStorage.getItem(prefix + name),
    setItem: (name, value) => localStorage.setItem(prefix + name, withoutSecrets(name, value)),
    removeItem: (name) => localStorage.removeItem(prefix + name),
    clear: () => names().forEach((name) => localStorage.removeItem(name)),
    get length() {
      return names().length;
    },
  };
}

/** Return *value* as it may be kept on disk. GraphiQL's history would keep the headers. */
export function withoutSecrets(name, value) {
  if (!STRUCTURED.test(name)) return name.endsWith(":headers") ? "" : blankSecrets(value);
  return JSON.stringify(JSON.parse(value), (key, inner) => {
    if (key === "headers") return null;
    return typeof inner === "string" ? blankSecrets(inner) : inner;
  });
}

function isAvailable() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

function blankSecrets(text) {
  return text.replace(SECRET, '$1""');
}
